"""HttpPeer: a tester's HTTP connection to the node. h11 reads the answers; the requests are our own bytes.

A request must be able to say what a client library refuses to (raw blanks in a name), and to claim any version; an
answer is held to the letter by h11.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import h11

from ..outcomes import Failure, Sign, Symptom
from .connection import Connection

if TYPE_CHECKING:
    from ..worlds import Wire
    from .bench import Bench

_LARGEST_BODY = 16 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Response:
    """An answer read to its end. Header names are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class HttpPeer(Connection):
    """One connection for one or more requests."""

    def __init__(self, bench: Bench, wire: Wire, rest: bytes = b"") -> None:
        super().__init__(bench, wire)
        self._rest += rest
        self._method = "GET"

    def get(
        self,
        target: str,
        headers: Mapping[str, str] | None = None,
        *,
        version: str = "1.1",
        method: str = "GET",
    ) -> Response:
        """Ask, and read the answer to its end. Failure when none comes or it is not HTTP."""
        self.request(target, headers, version=version, method=method)
        return self.response()

    def request(
        self,
        target: str,
        headers: Mapping[str, str] | None = None,
        *,
        version: str = "1.1",
        method: str = "GET",
    ) -> None:
        """Ask without reading the answer."""
        lines = {"Host": f"{self.wire.remote[0]}:{self.wire.remote[1]}", "User-Agent": "peerspec", **(headers or {})}
        self._method = method
        head = f"{method} {target} HTTP/{version}\r\n" + "".join(
            f"{name}: {value}\r\n" for name, value in lines.items()
        )
        self.send(head.encode("utf-8", "surrogateescape") + b"\r\n")

    def response(self) -> Response:
        """Read one answer to its end."""
        reader = h11.Connection(h11.CLIENT, max_incomplete_event_size=65536)
        reader.send(h11.Request(method=self._method, target="/", headers=[("Host", "peerspec")]))
        reader.send(h11.EndOfMessage())
        head: h11.Response | None = None
        body = bytearray()
        while True:
            event = self._next_event(reader)
            if isinstance(event, h11.Response):
                head = event
            elif isinstance(event, h11.Data):
                body += event.data
                if len(body) > _LARGEST_BODY:
                    raise Failure(expected="a body of the file's size", actual=f"more than {_LARGEST_BODY} bytes")
            elif isinstance(event, h11.EndOfMessage):
                break
        self._rest[:0] = reader.trailing_data[0]
        if head is None:
            raise Failure(expected="an HTTP answer", actual="an empty one")
        names = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in head.headers}
        return Response(head.status_code, names, bytes(body))

    def _next_event(self, reader: h11.Connection) -> object:
        world, deadline = self.bench.world, self.bench.deadline()
        silent = Symptom(sign=Sign.SILENT, wire=self.wire.number)
        self.wire.looked()
        while True:
            try:
                event = reader.next_event()
            except h11.RemoteProtocolError as error:
                raise Failure(expected="an HTTP answer", actual=str(error)) from error
            if event is not h11.NEED_DATA:
                if isinstance(event, h11.ConnectionClosed) or event is h11.PAUSED:
                    raise Failure(expected="an HTTP answer", actual="the connection was closed", symptom=silent)
                return event
            if self._rest:
                data = self._consume(len(self._rest))
            else:
                if not self.wire.ready and not self.wire.eof and not world.wait([self.wire], deadline):
                    raise Failure(
                        expected="an HTTP answer, complete",
                        actual=f"no more within {self.bench.timing.timeout:g} s",
                        symptom=silent,
                    )
                data = self.wire.take()
            reader.receive_data(data)  # empty at the end of the stream
