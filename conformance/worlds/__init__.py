"""The worlds in which a tester meets a node: real sockets, and the virtual network. Cases cannot tell them apart."""

from __future__ import annotations

from .base import Endpoint, Listener, Wire, World
from .transcript import Event, Kind, Transcript

__all__ = ["Endpoint", "Event", "Kind", "Listener", "Transcript", "Wire", "World"]
