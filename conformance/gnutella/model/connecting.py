"""Steps that make connections: handshakes usual and unusual, intruders, a crowd, and a node that dials."""

from __future__ import annotations

from ....codecs.gnutella import Descriptor, Ping, Query
from ...outcomes import Failure, Inconclusive
from ..connection import ACCEPTED, RawPeer
from . import floods, links
from . import steps as s
from .memory import Clauses, Link, Sent
from .table import Table

_MOST_LINKS = 64
_LEGACY_OK = b"GNUTELLA OK\n\n"
_ENDLESS = 80 * 1024
_LINES = {
    "hello": b"HELLO PEERSPEC/0.6\r\n\r\n",
    "smtp": b"EHLO example.net\r\n\r\n",
    "verb": b"GNUTELLA FROBNICATE/0.6\r\n\r\n",
    "odd": b"GNUTELLA CONNECT/0.6\r\nno colon in this line\r\n: no name in this one\r\n\r\n",
    "half": b"GNUTELLA CONNECT/0.6\r\nUser-Agent: peer",
}
_UNKNOWN = {"X-Peerspec-Unknown": "1", "Zz": "", "X-Odd!#$%&'*+.^_`|~": "tokens, all of them; q=1"}


class Connecting(Table):
    """Connections made."""

    # A handshake

    def connect(self, step: s.Connect) -> bool:
        """Make a link, in the way that the step says."""
        if step.link in self.memory.links:
            return False
        if step.version == "0.4" and "legacy" not in self.bench.target.features:
            return False
        caller = self.caller()
        self.blame = links.request_clauses(step)
        if not self._ask(step, caller):
            return step.label > 0
        link = self._new_link(step, caller)
        if step.version == "0.4":
            return self._legacy(link)
        link.half = True
        self.settle(None)
        if step.final == 200:
            self._complete(step, link)
        elif step.final:
            caller.send(f"GNUTELLA/0.6 {step.final} Not you\r\n\r\n".encode())
            link.must_end = ("GNU-HSK-03",)
        elif step.glue:
            link.stained = True
            self._glue(step, link, b"", ("GNU-FWD-13",))
        return True

    def _request(self, step: s.Connect, caller: RawPeer) -> bytes:
        """The bytes of the first block."""
        if step.version == "0.4":
            return b"GNUTELLA CONNECT/0.4\n\n"
        headers: dict[str, str | None] = dict(_UNKNOWN) if step.unknown else {}
        if step.bye in ("none", "case"):
            headers["Bye-Packet"] = None
        if step.bye == "case":
            headers["bye-packet"] = "0.1"
        request = caller.request(headers)
        if step.bye == "folded":
            request = request.replace(b"Bye-Packet: 0.1", b"Bye-Packet:\r\n 0.1")
        request = request.replace(b"CONNECT/0.6", f"CONNECT/{step.version}".encode(), 1)
        return request.replace(b"\r\n", b"\n") if step.lf else request

    def _ask(self, step: s.Connect, caller: RawPeer) -> bool:
        """Send the request and compare the answer; whether the handshake goes on."""
        memory, request = self.memory, self._request(step, caller)
        if step.bytewise:
            caller.send_bytewise(request)
        else:
            caller.send(request)
        try:
            if step.version == "0.4":
                answer = caller.read(len(_LEGACY_OK))
                if answer != _LEGACY_OK:
                    memory.deviation(("GNU-HSK-05",), "GNUTELLA OK and two LF", repr(answer))
                return answer == _LEGACY_OK
            block = caller.read_block()
        except Failure as failure:
            if not step.lf:
                memory.deviation(links.request_clauses(step), "an answer that accepts", failure.actual, links.PLAIN)
            return False
        if block.code == 200:
            links.judge_answer(memory, step, block)
            return not memory.deviations
        if block.code == 503 and not self.bench.target.isolated:
            raise Inconclusive(f"the node has no room: {block.first_line}")
        if not step.lf:
            memory.deviation(links.request_clauses(step), "an answer that accepts", block.first_line, links.PLAIN)
        return False

    def _new_link(self, step: s.Connect, caller: RawPeer) -> Link:
        peer = caller.become_peer()
        link = Link(step.link, peer, bye=step.bye != "none" and step.version != "0.4", announced=step.bye)
        link.made = link.idle_since = self.memory.now
        self.memory.links[step.link] = link
        return link

    def _legacy(self, link: Link) -> bool:
        link.last = ("GNU-HSK-05",)
        self.assert_served(link, ("GNU-HSK-05",))
        return True

    def _complete(self, step: s.Connect, link: Link) -> None:
        """Send the final block, and see that the link works."""
        final = ACCEPTED.replace(b"\r\n", b"\n") if step.lf else ACCEPTED
        link.half = False
        clauses = links.request_clauses(step, ("GNU-PNG-01",))
        if step.bytewise:
            link.peer.send_bytewise(final)
        elif step.glue:
            self._glue(step, link, final, ("GNU-HSK-11",))
            return
        else:
            link.peer.send_bytes(final)
        if step.lf:
            link.stained = True
            self.settle(link)
        elif step.label or not self.bench.target.isolated:
            self.assert_served(link, clauses)

    def _glue(self, step: s.Connect, link: Link, final: bytes, clauses: Clauses) -> None:
        """Send a descriptor in the segment of the final block: it is processed, if there is such a block."""
        guid, memory = self.bench.new_guid(), self.memory
        word = self.bench.unique()
        if step.glue == "query":
            descriptor = Descriptor.of(Query(word), guid=guid, ttl=4)
        else:
            descriptor = Descriptor.of(Ping(), guid=guid, ttl=1)
        sent = Sent(step.label, link, descriptor, memory.now)
        if not final:
            sent.barred = sent.answer_barred = clauses
        elif step.glue == "query":
            floods.sent_query(memory, sent, word.encode())
            sent.due = dict.fromkeys(sent.due, clauses)
        else:
            self.hosts.sent_ping(sent)
            sent.answer_due = clauses
        memory.note(sent)
        self.bench.sent_guids.add(guid)
        link.last = clauses
        link.peer.send_bytes(final + descriptor.encode())

    # What is no handshake

    def intrude(self, step: s.Intrude) -> bool:
        """Open a connection with something else, or with something that never ends."""
        if step.link in self.memory.links:
            return False
        caller = self.caller()
        if step.what in ("ping", "query"):
            payload = Ping() if step.what == "ping" else Query(self.bench.unique())
            descriptor = Descriptor.of(payload, guid=self.bench.new_guid(), ttl=4)
            data = descriptor.encode()
        elif step.what == "endless":
            line = b"X-Filler: " + b"x" * 1000 + b"\r\n"
            data = b"GNUTELLA CONNECT/0.6\r\n" + line * (_ENDLESS // len(line))
        else:
            data = _LINES[step.what]
        caller.send(data)
        link = self._new_link(s.Connect(link=step.link), caller)
        link.half = True
        if step.what in ("ping", "query"):
            link.stained = True
            sent = Sent(step.label, link, descriptor, self.memory.now)
            sent.barred = sent.answer_barred = ("GNU-FWD-13",)
            self.memory.note(sent)
            self.bench.sent_guids.add(sent.guid)
        elif step.what == "odd":
            link.stained = True
        elif step.what != "half":
            link.must_end = ("GNU-HSK-17",) if step.what == "endless" else ("GNU-HSK-16",)
        return True

    # Many at once

    def crowd(self, step: s.Crowd) -> bool:
        """Fill the node, look at the refusal, and make room again."""
        del step
        if not self.bench.target.isolated:
            return False
        callers: list[RawPeer] = []
        sources = {link.peer.wire.local for link in self.memory.links.values()}
        try:
            while len(callers) < _MOST_LINKS:
                caller = self.caller()
                callers.append(caller)
                sources.add(caller.wire.local)
                answer = caller.ask()
                if answer.code != 200:
                    links.judge_refusal(self.memory, answer, sources)
                    self.bench.world.poll()
                    if not caller.wire.eof:
                        self.memory.deviation(("GNU-HSK-12",), "a caller that was refused is closed", "it stays open")
                    break
                caller.send(ACCEPTED)
        except Failure as failure:
            self.memory.deviation(("GNU-HSK-15",), "code 503 for want of room", failure.actual)
        for caller in callers:
            caller.close()
        self.bench.world.poll()
        return True

    # A node that dials

    def dialled(self, step: s.Dialled) -> bool:
        """Have a second node connect to us, and answer it."""
        if "dial" not in self.bench.target.features:
            return False
        listener = self.bench.listen()
        self.bench.instance().dial(listener.address)
        memory = self.memory
        clauses: Clauses = ("GNU-HSK-21",)
        try:
            caller = listener.accept()
            request = caller.read_block()
            if not links.REQUEST.fullmatch(request.raw):
                memory.deviation(clauses, "GNUTELLA CONNECT/0.6, header lines, an empty line", repr(request.raw[:120]))
                return True
            clauses = ("GNU-HSK-22",)
            if early := caller.pending():
                memory.deviation(clauses, "nothing between the request and the answer", repr(early[:80]))
                return True
            if step.answer != 200:
                caller.send(f"GNUTELLA/0.6 {step.answer} Not you\r\n\r\n".encode())
                clauses = ("GNU-HSK-23",)
                caller.expect_close()
                return True
            caller.send(ACCEPTED)
            start = caller.read(len(b"GNUTELLA/0.6 200 "))
            if start != b"GNUTELLA/0.6 200 ":
                memory.deviation(clauses, "a final block that says 200 before anything else", repr(start))
                return True
            caller.read_block()
            caller.become_peer().assert_answers()
        except Failure as failure:
            memory.deviation(clauses, " or ".join(failure.expected) or "a handshake", failure.actual)
        return True
