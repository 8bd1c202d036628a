"""The worlds in which a tester meets a node: real sockets, and the virtual network. Cases cannot tell them apart."""

from __future__ import annotations

from .base import Endpoint, Listener, Wire, World
from .transcript import NOWHERE, Address, Event, Kind, Transcript

__all__ = ["NOWHERE", "Address", "Endpoint", "Event", "Kind", "Listener", "Transcript", "Wire", "World"]
