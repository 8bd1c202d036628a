"""Peers with one rule broken on purpose, a module for each section of cases.

Each is the reference peer with one method overridden. Its docstring says the defect as a user would report it; many of
them are defects of peers that have been in use.
"""

from . import (
    browsing,
    downloads,
    firewalled,
    firewalledowners,
    givingup,
    limits,
    listening,
    login,
    metaserver,
    requests,
    searching,
    sharing,
    unasked,
    uploads,
)

__all__ = [
    "browsing",
    "downloads",
    "firewalled",
    "firewalledowners",
    "givingup",
    "limits",
    "listening",
    "login",
    "metaserver",
    "requests",
    "searching",
    "sharing",
    "unasked",
    "uploads",
]
