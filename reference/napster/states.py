"""The states of both roles, as tables, by the names under which the documentation draws them."""

from .peer.states import TABLES as _PEER
from .server.states import TABLES as _SERVER

TABLES = {**_SERVER, **_PEER}
"""State machines by name; those of the peer that the server has too begin with `peer_`."""
