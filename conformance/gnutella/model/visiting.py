"""Steps beside the links: downloads, and a second node that is stopped."""

from __future__ import annotations

from ....codecs.errors import DecodeError
from ....codecs.gnutella import Bye
from ...outcomes import Failure
from ..hitparts import wire_name
from . import steps as s
from .downloads import judge_get
from .table import Table

_FAREWELL = 200


class Visiting(Table):
    """Downloads and shutdown."""

    def get(self, step: s.Get) -> bool:
        """Download, when a hit has told the index."""
        memory = self.memory
        if step.share >= len(memory.shares) or wire_name(memory.shares[step.share]) not in memory.indexes:
            return False
        http = self.bench.http(memory.address)
        judge_get(memory, step, http)
        http.close()
        return True

    def shutdown(self, step: s.Shutdown) -> bool:
        """Stop a second node that has two peers: one that announced Bye-Packet and one that did not."""
        del step
        if "stop" not in self.bench.target.features:
            return False
        node = self.bench.instance()
        told = self.bench.peer(at=node.address)
        untold = self.bench.peer({"Bye-Packet": None}, at=node.address)
        node.shutdown()
        try:
            bye = told.expect_type(Bye)
            code = Bye.decode(bye.body).code
            if code != _FAREWELL:
                self.memory.deviation(("GNU-BYE-06",), "a Bye 200 on an orderly shutdown", f"a Bye {code}")
        except (Failure, DecodeError) as failure:
            self.memory.deviation(("GNU-BYE-06",), "a Bye 200 on an orderly shutdown", str(failure))
        if untold.wait_for(lambda got: got.type == Bye.wire_type):
            self.memory.deviation(("GNU-BYE-03",), "no Bye for a peer that did not announce Bye-Packet", "one came")
        return True
