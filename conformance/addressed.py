"""Targets that somebody else runs: an address is all that is known of them. Also: how an address is written."""

from __future__ import annotations

import ipaddress
import socket
from types import MappingProxyType
from typing import TYPE_CHECKING

from .target import Address, Deviation, Target, TargetUsageError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .bench import Timing
    from .networks import Network, Share
    from .worlds import World

_LOOPBACK_BLOCK = "127.0.0.0/8"


class AddressTarget(Target):
    """A node that already runs at `address`. On loopback every wire gets a source address of its own."""

    ours = False

    def __init__(
        self,
        network: Network,
        address: Address,
        *,
        name: str = "",
        role: str | None = None,
        features: frozenset[str] = frozenset(),
        shares: tuple[Share, ...] = (),
        known: Mapping[str, str] = MappingProxyType({}),
        deviations: tuple[Deviation, ...] = (),
        sources: str | None = None,
    ) -> None:
        if sources is None and is_loopback(address[0]):
            sources = _LOOPBACK_BLOCK
        super().__init__(
            network,
            role=role,
            features=features,
            shares=shares,
            known=known,
            deviations=deviations,
            sources=sources or None,
        )
        self.address = address
        self.name = name or f"{address[0]}:{address[1]}"

    def start(self) -> None:
        """Nothing to do: it runs, or the session will find that it does not."""

    def stop(self) -> None:
        """Nothing to do: it is not ours."""

    def world(self, timing: Timing) -> World:
        from .worlds.real import RealWorld

        return RealWorld(timeout=timing.timeout, budget=timing.budget)


def is_loopback(host: str) -> bool:
    """Whether an IPv4 address in dotted form is a loopback address."""
    return ipaddress.IPv4Address(host).is_loopback


def parse_address(text: str) -> Address:
    """The address that `host:port` means, names resolved to IPv4 (TargetUsageError)."""
    host, colon, port = text.rpartition(":")
    if not colon or not host or not port.isascii() or not port.isdigit():
        raise TargetUsageError(f"{text!r} is no address: expected HOST:PORT, such as 127.0.0.1:6346")
    if not 1 <= int(port[:6]) <= 65535:
        raise TargetUsageError(f"{text!r}: a port is a number from 1 to 65535")
    if "[" in host or ":" in host:
        raise TargetUsageError(f"{text!r}: IPv6 addresses are not supported")
    try:
        return (str(ipaddress.IPv4Address(host)), int(port))
    except ValueError:
        pass
    try:
        found = socket.getaddrinfo(host, int(port), socket.AF_INET, socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise TargetUsageError(f"{host!r} can't be resolved to an IPv4 address") from error
    address = found[0][4]
    return (str(address[0]), int(address[1]))
