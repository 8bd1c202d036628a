"""Servents with one rule broken on purpose, a module for each section of cases.

Each is the reference servent with one method overridden. Its docstring says the defect as a user would report it; many
of them are defects of servents that have been in use.
"""

from . import bye, download, duplicates, forwarding, handshake, headers, hits, limits, pingpong, push, queries, routing

__all__ = [
    "bye",
    "download",
    "duplicates",
    "forwarding",
    "handshake",
    "headers",
    "hits",
    "limits",
    "pingpong",
    "push",
    "queries",
    "routing",
]
