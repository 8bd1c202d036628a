"""Steps that send descriptors: each is made from its data, noted with what is due on account of it, and sent."""

from __future__ import annotations

from ....codecs.gnutella import (
    Bye,
    Descriptor,
    Header,
    OpenData,
    Payload,
    Ping,
    Pong,
    Push,
    Query,
    QueryHit,
    Result,
    Trailer,
)
from ..hitparts import words_of
from . import answers, floods
from . import steps as s
from .downloads import UNKNOWN_INDEX, judge_callbacks
from .memory import USUAL_TTL, Clauses, Link, Sent
from .routes import reads
from .table import Table

_RESULT_SIZE = 100
_LARGEST_PAYLOAD = 65_536
_MALFORMED = ("GNU-HDR-11",)
_MINIMUM = {0x01: 14, 0x02: 2, 0x40: 26, 0x80: 3, 0x81: 27}


class Speaking(Table):
    """Descriptors sent on links."""

    obeyed = False
    """Whether the node has called back for a Push in this scenario."""

    # Parts of steps

    def _guid(self, step: s.Spoken) -> bytes:
        """The GUID that a step asks for."""
        if step.same and (other := self.memory.by_label.get(step.same)):
            return other.guid
        guid = bytearray(self.bench.new_guid())
        if step.guid == "zeros":
            guid[4:] = bytes(12)
        elif step.guid == "unmarked":
            guid[8], guid[15] = 0x11, 0x80
        elif step.guid == "seven":
            guid[15] = 7
        return bytes(guid)

    def _sent(self, step: s.Spoken, link: Link, what: Payload | bytes, wire_type: int = 0) -> Sent:
        """What is about to be sent; `what` is a payload, or the bytes of one of type `wire_type`."""
        guid = self._guid(step)
        if isinstance(what, bytes):
            descriptor = Descriptor.of_raw(wire_type, what, guid=guid, ttl=step.ttl, hops=step.hops)
        else:
            descriptor = Descriptor.of(what, guid=guid, ttl=step.ttl, hops=step.hops)
        return Sent(step.label, link, descriptor, self.memory.now)

    def _say(self, step: s.Spoken, sent: Sent) -> bool:
        """Note and send; nothing is due but by the rule of segments when they are unusual."""
        self.memory.note(sent)
        if step.split != "whole":
            sent.link.last = sent.link.last or ("GNU-HDR-02",)
            sent.answer_due = ("GNU-HDR-02", *sent.answer_due) if sent.answer_due else ()
            sent.due = {name: ("GNU-HDR-02", *clauses) for name, clauses in sent.due.items()}
        self.deliver(sent.link, sent.descriptor, step.split)
        return True

    # Steps

    def ping(self, step: s.Ping) -> bool:
        """Send a Ping."""
        if (link := self.usable(step.link)) is None:
            return False
        sent = self._sent(step, link, Ping(extension=bytes.fromhex(step.payload)))
        self.hosts.sent_ping(sent)
        return self._say(step, sent)

    def pong(self, step: s.Pong) -> bool:
        """Send Pongs of hosts that nobody else speaks of."""
        if (link := self.usable(step.link)) is None:
            return False
        guid = self._guid(step)
        if step.of:
            asked = self.memory.by_label.get(step.of)
            if asked is None or asked.type != Ping.wire_type:
                return False
            guid = asked.guid
        link.last = ()
        for number in range(step.number):
            ip = f"127.{100 + step.host % 100}.{number // 250}.{number % 250 + 1}"
            pong = Pong(step.port, ip, 3, 8)
            self.hosts.give(link, pong, guid, step.hops)
            sent = Sent(step.label, link, Descriptor.of(pong, guid=guid, ttl=step.ttl, hops=step.hops), self.memory.now)
            if step.ttl == 0 or step.hops == 0xFF:
                link.stained = True
            self._say(step, sent)
        return True

    def _text(self, step: s.Query) -> str:
        """The text that a Query asks for; files that are not known make it a word of its own."""
        shares = self.memory.shares
        if step.text == "empty":
            return ""
        if step.text == "index":
            return "    "
        if step.text == "unique" or not shares:
            return self.bench.unique()
        words = words_of(shares[step.share % len(shares)])
        if step.text == "letter":
            return next((word for share in shares for word in share.name.split() if len(word) == 1), words[0][0])
        return {
            "words": " ".join(words),
            "reversed": " ".join(reversed(words)),
            "upper": " ".join(words).upper(),
            "one": max(words, key=len),
            "almost": " ".join([*words, self.bench.unique()]),
        }[step.text]

    def query(self, step: s.Query) -> bool:
        """Send a Query."""
        if (link := self.usable(step.link)) is None:
            return False
        text = self._text(step)
        padded = text + ("  " + "x" * max(0, step.padding - 2) if step.padding else "")
        body = Query(padded, min_speed=step.speed, extension=bytes.fromhex(step.extension)).encode()
        if not step.nul:
            body = body.rstrip(b"\0")
            self.blame = ("GNU-QRY-09",)
        sent = self._sent(step, link, body, Query.wire_type or 0)
        link.last = () if step.nul else ("GNU-QRY-09",)
        unique = text.encode() if step.text == "unique" else b""
        stained = link.stained
        floods.sent_query(self.memory, sent, unique)
        answers.sent_query(self.memory, sent, padded)
        if not step.nul:
            link.stained = stained
        return self._say(step, sent)

    def hit(self, step: s.Hit) -> bool:
        """Send a QueryHit."""
        if (link := self.usable(step.link)) is None:
            return False
        ip, port = link.peer.listens_at
        count = max(step.results, step.size // _RESULT_SIZE)
        results = tuple(
            Result(number, 1000, f"tested {step.label} {number} {'x' * (80 if step.size else 0)}.bin")
            for number in range(1, count + 1)
        )[:255]
        trailer = Trailer(b"TEST", OpenData(0x3C, 0x01), private=bytes.fromhex(step.private)) if step.trailer else None
        servent_id = b"peerspec servent" if not step.servent else step.servent.to_bytes(16, "big")
        hit = QueryHit(port, ip, 1000, results, servent_id, trailer=trailer)
        if step.of:
            asked = self.memory.by_label.get(step.of)
            if asked is None or asked.type != Query.wire_type:
                return False
            descriptor = Descriptor.of(hit, guid=asked.guid, ttl=step.ttl, hops=step.hops)
            sent = Sent(step.label, link, descriptor, self.memory.now)
        else:
            sent = self._sent(step, link, hit)
        link.last = ()
        self.routes.sent_hit(sent)
        return self._say(step, sent)

    def push(self, step: s.Push) -> bool:
        """Send Pushes that ask to call a port of the tester's, and look who calls."""
        if (link := self.usable(step.link)) is None:
            return False
        servent_id = self._servent_of(step)
        if servent_id is None:
            return False
        listener = self.bench.listen()
        ip, port = listener.address
        index = next(iter(self.memory.indexes.values()), 1) if step.known_index else UNKNOWN_INDEX
        push = Push(servent_id, index, ip, port, extension=bytes.fromhex(step.extension))
        due, obeyed = False, self.obeyed
        for _ in range(step.number):
            sent = self._sent(step, link, push)
            again = self.memory.maybe_known(sent.guid, sent.type)
            self.routes.sent_push(sent, servent_id, own=step.own)
            due = due or (
                step.own and not again and 1 <= step.ttl <= USUAL_TTL and step.hops <= USUAL_TTL and link.clean
            )
            if step.own:
                sent.answered.add(sent.guid)
            self._say(step, sent)
        link.last = ()
        self.settle(link)
        if due and step.own:
            self.bench.world.wait([listener.socket])
        usual: Clauses = ("GNU-PSH-06",) if step.known_index else ("GNU-PSH-08",)
        judge_callbacks(
            self.memory, step, listener, due=("GNU-DUP-06", *usual) if due and obeyed else usual if due else ()
        )
        self.obeyed = obeyed or due
        return True

    def _servent_of(self, step: s.Push) -> bytes | None:
        """The servent that a Push names; None when it can't be known."""
        if step.own:
            return self.memory.servent_id
        if not step.of:
            return b"nobody knows me!"
        hit = self.memory.by_label.get(step.of)
        return hit.descriptor.body[-16:] if hit is not None and hit.type == QueryHit.wire_type else None

    def bye(self, step: s.Bye) -> bool:
        """Send a Bye, which ends the link when it is the neighbour's own."""
        if (link := self.usable(step.link)) is None:
            return False
        sent = self._sent(step, link, Bye(200, "leaving"))
        self.memory.note(sent)
        genuine = step.ttl == 1 and step.hops == 0
        if genuine:
            link.must_end = ("GNU-BYE-01",)
        elif step.ttl == 0:
            link.stained = True
        link.last = ("GNU-BYE-07",)
        data = sent.descriptor.encode()
        if step.tail:
            body = Query(self.bench.unique()).encode()
            tail = Sent(
                -step.label,
                link,
                Descriptor.of_raw(0x80, body, guid=self.bench.new_guid(), ttl=4, hops=0),
                self.memory.now,
            )
            tail.barred = tail.answer_barred = ("GNU-BYE-05",) if genuine else ()
            self.bench.sent_guids.add(tail.guid)
            self.memory.note(tail)
            data += tail.descriptor.encode()
        self.bench.sent_guids.add(sent.guid)
        link.peer.send_bytes(data)
        return True

    def raw(self, step: s.Raw) -> bool:
        """Send a descriptor that is not what it should be."""
        if (link := self.usable(step.link)) is None:
            return False
        if step.announced >= 0:
            self._announce(step, link)
        else:
            self._send_raw(step, link)
        return True

    def _announce(self, step: s.Raw, link: Link) -> None:
        """Send a header whose length is not that of what follows: nothing more can be said on the link."""
        body = bytes.fromhex(step.body)
        header = Header(self._guid(step), step.type, step.ttl, step.hops, step.announced)
        whole = Descriptor.of_raw(header.type, body[: header.length], guid=header.guid, ttl=step.ttl, hops=step.hops)
        sent = Sent(step.label, link, whole, self.memory.now, sound=False)
        self._note_pong(sent)
        self.memory.note(sent)
        link.stained = link.lost = True
        if step.announced > _LARGEST_PAYLOAD:
            link.offence = "announced"
            link.must_end = ("GNU-HDR-08",)
            self.blame = ("GNU-HDR-09",)
        self.bench.sent_guids.add(header.guid)
        link.peer.send_bytes(Descriptor(header, body).encode())

    def _send_raw(self, step: s.Raw, link: Link) -> None:
        """Send a descriptor of any type and payload, with the rules of its type."""
        sent = self._sent(step, link, bytes.fromhex(step.body), step.type)
        known = {Query.wire_type, QueryHit.wire_type, Push.wire_type, Ping.wire_type}
        if step.type in known or step.type in _MINIMUM:
            link.stained = True
            self.blame = _MALFORMED if len(sent.descriptor.body) < _MINIMUM.get(step.type, 0) else ("GNU-LIM-01",)
        else:
            link.last = ("GNU-HDR-06",)
        if step.type == Query.wire_type:
            floods.sent_query(self.memory, sent, b"")
        elif step.type == QueryHit.wire_type:
            self.routes.sent_hit(sent)
            sent.allowed = None
        elif step.type == Push.wire_type:
            self.routes.sent_push(sent, sent.descriptor.body[:16], own=False)
            sent.barred = ()
            sent.allowed = None
        sent.due = {}
        sent.sound = False
        self._note_pong(sent)
        self._say(step, sent)

    def _note_pong(self, sent: Sent) -> None:
        """Remember the host of a raw descriptor that is a Pong after all."""
        if sent.type == Pong.wire_type and reads(Pong, sent.descriptor.body):
            self.hosts.give(sent.link, Pong.decode(sent.descriptor.body), sent.guid, sent.descriptor.hops)

    def again(self, step: s.Again) -> bool:
        """Send what was sent before once more, or another payload under its type and GUID."""
        link, first = self.usable(step.link), self.memory.by_label.get(step.of)
        if link is None or first is None or first.type not in (Ping.wire_type, Query.wire_type, Push.wire_type, 0x81):
            return False
        was = first.descriptor
        body, text = was.body, b""
        if step.change and first.type == Query.wire_type:
            text = self.bench.unique().encode()
            body = Query(text.decode()).encode()
        elif step.change and first.type == QueryHit.wire_type:
            hit = QueryHit.decode(was.body) if first.sound else None
            body = hit.replace(speed=hit.speed + step.label).encode() if hit is not None else was.body
        elif step.change and first.type == Push.wire_type and first.sound:
            body = Push.decode(was.body).replace(index=step.label).encode()
        copy = Descriptor.of_raw(was.type, body, guid=was.guid, ttl=was.ttl, hops=was.hops)
        sent = Sent(step.label, link, copy, self.memory.now)
        if first.type == Ping.wire_type:
            self.hosts.sent_ping(sent)
        elif first.type == Query.wire_type:
            floods.sent_query(self.memory, sent, text)
            answers.sent_query(self.memory, sent, body[2:].partition(b"\0")[0].decode("utf-8", "replace"))
            sent.matches, sent.wanted = first.matches, frozenset()
            sent.answer_due = ()
            if not sent.barred:
                sent.answer_barred = ()
        elif first.type == QueryHit.wire_type:
            self.routes.sent_hit(sent)
        else:
            self.routes.sent_push(sent, body[:16], own=body[:16] == self.memory.servent_id)
        self.memory.note(sent)
        self.deliver(link, copy, "whole")
        return True

    def leave(self, step: s.Leave) -> bool:
        """End a link."""
        link = self.memory.links.get(step.link)
        if link is None or link.gone or link.peer.wire.closed:
            return False
        if step.cut and not link.half:
            query = Descriptor.of(Query(self.bench.unique()), guid=self.bench.new_guid(), ttl=4)
            link.peer.send_bytes(query.encode()[:-3])
            self.blame = ("GNU-HDR-10",)
        if step.reset:
            link.peer.abort()
        else:
            link.peer.close()
        link.gone = True
        return True

    def mute(self, step: s.Mute) -> bool:
        """Answer no Pings from now on."""
        if (link := self.usable(step.link)) is None or link.mute:
            return False
        link.mute = True
        link.mute_since = self.memory.now
        link.peer.answers_pings = False
        return True
