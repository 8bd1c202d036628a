"""Gnutella on the wire: the handshake blocks, the descriptors, the download request.

Sources: the Gnutella protocol specification 0.4 (Clip2, revision 1.6, annotated) and the RFC-Gnutella 0.6 draft
(Klingberg and Manfredi, June 2002). All integers are little-endian; IPv4 addresses are in network order.
"""

from ..text import HeaderLine, TextReader, header_value, with_crlf
from .bye import Bye
from .descriptor import Descriptor, DescriptorReader, Payload, new_guid
from .handshake import ConnectRequest, ConnectResponse, LegacyConnect, LegacyOk
from .header import Header
from .ping import Ping
from .pong import Pong
from .push import Push
from .query import Query
from .queryhit import OpenData, QueryHit, Result, Trailer
from .transfer import GetRequest, Giv

__all__ = [
    "Bye",
    "ConnectRequest",
    "ConnectResponse",
    "Descriptor",
    "DescriptorReader",
    "GetRequest",
    "Giv",
    "Header",
    "HeaderLine",
    "LegacyConnect",
    "LegacyOk",
    "OpenData",
    "Payload",
    "Ping",
    "Pong",
    "Push",
    "Query",
    "QueryHit",
    "Result",
    "TextReader",
    "Trailer",
    "header_value",
    "new_guid",
    "with_crlf",
]
