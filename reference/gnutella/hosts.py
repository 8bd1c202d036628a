"""Other servents that can be offered to whoever is refused.

Rules of this file:

- Only listening addresses are kept: those that peers announce in Listen-IP and those that Pongs tell. The source port
  of a connection is nobody's listening port.
"""

import re
from random import Random

from ..ageing import AgeingTable
from ..node import Address
from .config import ServentConfig
from .core import Core
from .link import Link
from .shares import Shares

_OCTET = "(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])"
_ADDRESS = re.compile(rf"\s*({_OCTET}(?:\.{_OCTET}){{3}}):([0-9]{{1,5}})\s*")


def parse_address(text: str | None) -> Address | None:
    """Return the address that `ip:port` names; None for anything else, port 0 included."""
    match = _ADDRESS.fullmatch(text or "")
    if match is None or not 0 < int(match[2]) <= 0xFFFF:
        return None
    return match[1], int(match[2])


class Hosts(Core):
    """The host cache."""

    def __init__(self, config: ServentConfig, random: Random, shares: Shares) -> None:
        super().__init__(config, random, shares)
        self.hosts: AgeingTable[Address, None] = AgeingTable(config.max_hosts, config.route_lifetime)

    def remember_host(self, address: Address | None) -> None:
        """Keep an address to offer; port 0 can't be connected to (GNU-PNG-12)."""
        if address is not None and self.pong_is_reachable(address[1]):
            self.hosts.put(self.now, address, None)

    def pong_is_reachable(self, port: int) -> bool:
        """Return whether a servent with this port is worth telling others of: not with port 0 (GNU-PNG-12)."""
        return port != 0

    def offered_address(self, link: Link) -> Address | None:
        """Return the address under which a peer is offered: what it announced, never its source port (GNU-HSK-14)."""
        return link.listen

    def hosts_to_try(self) -> list[Address]:
        """Return the hosts to offer when refusing: the peers first, then those heard of (GNU-HSK-13)."""
        offered = [self.offered_address(link) for link in self.peers()]
        known = [address for address in offered if address is not None] + self.hosts.keys(self.now)
        return list(dict.fromkeys(known))[: self.config.hosts_offered]
