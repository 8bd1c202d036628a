"""Servers with one rule broken on purpose, a module for each section of cases.

Each is the reference server with one method overridden. Its docstring says the defect as a user would report it; many
of them are defects of servers that have been in use.
"""

from . import (
    bans,
    channellists,
    channelrules,
    channels,
    fields,
    framing,
    hotlist,
    ignoring,
    limits,
    links,
    login,
    messages,
    metaserver,
    nicks,
    operators,
    people,
    registration,
    session,
    signalling,
    statistics,
    transfers,
)

__all__ = [
    "bans",
    "channellists",
    "channelrules",
    "channels",
    "fields",
    "framing",
    "hotlist",
    "ignoring",
    "limits",
    "links",
    "login",
    "messages",
    "metaserver",
    "nicks",
    "operators",
    "people",
    "registration",
    "session",
    "signalling",
    "statistics",
    "transfers",
]
