"""What a tester does with a servent, as data: descriptors sent on links, connections opened and ended, time, HTTP.

Rules of this file:

- A link is named by a letter. What was sent earlier is named by the label of its step: `of` what is answered, `same`
  whose GUID is used once more.
- Bytes are hexadecimal, so that a saved scenario can be read.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, ClassVar, Self

import msgspec
from msgspec import Meta

from ...explore.scenario import Scenario
from ...explore.scenario import Step as BaseStep
from ..probe import name_of

GUIDS = ("new", "zeros", "unmarked", "seven")
"""Kinds of a new GUID: marked as usual, nearly zero, without the marks, with 7 in byte 15."""

SPLITS = ("whole", "bytes", "halves", "train")
"""How a descriptor's bytes go out: in one segment, one by one, in two, or in one with a Ping after them."""


Label = Annotated[int, Meta(ge=0, le=1_000_000)]
Byte = Annotated[int, Meta(ge=0, le=0xFF)]
Short = Annotated[int, Meta(ge=0, le=0xFFFF)]
Number = Annotated[int, Meta(ge=1, le=1000)]
Size = Annotated[int, Meta(ge=0, le=60_000)]
Hex = Annotated[str, Meta(pattern="^([0-9a-f]{2})*$", max_length=120_000)]
LinkName = Annotated[str, Meta(pattern="^[A-Z][0-9]{0,3}$")]

MANY_SHARES, FIREWALLED = "many shares", "firewalled"
"""Variants of the node."""


class Step(BaseStep, frozen=True, kw_only=True):
    """One thing that the tester does on `link`."""

    link: LinkName = "A"

    @property
    def links(self) -> tuple[str, ...]:
        return (self.link,)

    def renamed(self, names: Mapping[str, str]) -> Self:
        if not self.links:
            return self
        return msgspec.structs.replace(self, link=names.get(self.link, self.link))


class Spoken(Step, frozen=True, kw_only=True):
    """A descriptor that is sent. `same` is the label of the step whose GUID it gets instead of a new one."""

    ttl: Byte = 4
    hops: Byte = 0
    guid: Annotated[str, Meta(pattern=f"^({'|'.join(GUIDS)})$")] = "new"
    same: Label = 0
    split: Annotated[str, Meta(pattern=f"^({'|'.join(SPLITS)})$")] = "whole"

    NAME: ClassVar[str] = "descriptor"

    def words(self) -> str:
        return f"{self.link} sends {self.what()}, TTL {self.ttl}, Hops {self.hops}{self.manner()} (#{self.label})"

    def what(self) -> str:
        """The descriptor in words, without TTL and Hops."""
        return f"a {self.NAME}"

    def manner(self) -> str:
        """What is unusual about its GUID and its segments."""
        guid = {
            "new": "",
            "zeros": ", GUID nearly zero",
            "unmarked": ", GUID without marks",
            "seven": ", byte 15 of the GUID 7",
        }[self.guid]
        if self.same:
            guid = f", GUID of #{self.same}"
        split = {
            "whole": "",
            "bytes": ", byte by byte",
            "halves": ", in two segments",
            "train": ", with a Ping in the same segment",
        }[self.split]
        return guid + split


class Ping(Spoken, frozen=True, kw_only=True, tag="ping"):
    """A Ping; `payload` is its payload, if it has one."""

    ttl: Byte = 1
    payload: Hex = ""

    NAME = "Ping"

    def what(self) -> str:
        kind = "" if not self.payload else " with GGEP" if self.payload.startswith("c3") else " with a strange payload"
        return f"a Ping{kind}"


class Pong(Spoken, frozen=True, kw_only=True, tag="pong"):
    """Pongs of `number` hosts, the first of which is `host`, for the Ping of the step `of`; for no Ping without it."""

    of: Label = 0
    host: Byte = 1
    number: Number = 1
    port: Short = 6346

    NAME = "Pong"

    def what(self) -> str:
        many = "a Pong" if self.number == 1 else f"{self.number} Pongs"
        return f"{many}{f' of port {self.port}' if self.port != 6346 else ''} {_for(self.of, 'the Ping', 'no Ping')}"


class Query(Spoken, frozen=True, kw_only=True, tag="query"):
    """A Query. `text` says which: a `unique` word, the words of the share number `share` in some form, or less.

    `padding` bytes are added to the text, `extension` is what follows it; without `nul` the text has no end.
    """

    text: Annotated[str, Meta(pattern="^(unique|words|reversed|upper|one|almost|empty|letter|index)$")] = "unique"
    share: Short = 0
    speed: Short = 0x80
    extension: Hex = ""
    padding: Size = 0
    nul: bool = True

    NAME = "Query"

    def what(self) -> str:
        kinds = {
            "unique": "for a word of its own",
            "words": f"for file {self.share + 1}",
            "reversed": f"for file {self.share + 1}, words reversed",
            "upper": f"for file {self.share + 1}, in upper case",
            "one": f"for one word of file {self.share + 1}",
            "almost": f"for file {self.share + 1} and one word more",
            "empty": "without text",
            "letter": "for one letter",
            "index": "for all files (four blanks)",
        }
        parts = [
            f"a Query {kinds[self.text]}",
            f"minimum speed {self.speed:#06x}" if self.speed != 0x80 else "",
            "with an extension" if self.extension else "",
            f"{self.padding} bytes longer" if self.padding else "",
            "without NUL" if not self.nul else "",
        ]
        return ", ".join(part for part in parts if part)


class Hit(Spoken, frozen=True, kw_only=True, tag="hit"):
    """A QueryHit of the sender for the Query of the step `of`; for no Query without it.

    `servent` tells the servent ids of a scenario apart; `size` is about how long the payload is.
    """

    of: Label = 0
    servent: Short = 1
    results: Byte = 1
    size: Size = 0
    trailer: bool = True
    private: Hex = ""

    NAME = "QueryHit"

    def what(self) -> str:
        parts = [
            f"a QueryHit of servent {self.servent} {_for(self.of, 'the Query', 'no Query')}",
            "" if self.results else "without results",
            f"of {self.size} bytes" if self.size else "",
            "" if self.trailer else "without trailer",
            "with a private area" if self.private else "",
        ]
        return ", ".join(part for part in parts if part)


class Push(Spoken, frozen=True, kw_only=True, tag="push"):
    """A Push to the servent of the hit of the step `of`, to the node itself (`own`), or to nobody known.

    It asks to be called at a port where the tester listens. `index`: of a file of the node's, or one that it has not.
    `fetch`: what is done on the callback is a download. `number` Pushes are sent, each under a GUID of its own.
    """

    of: Label = 0
    own: bool = False
    known_index: bool = True
    extension: Hex = ""
    number: Number = 1
    fetch: bool = False

    NAME = "Push"

    def what(self) -> str:
        to = "to the node itself" if self.own else _for(self.of, "the QueryHit", "nobody known")
        parts = [
            f"{'a Push' if self.number == 1 else f'{self.number} Pushes'} {to}",
            "" if self.known_index else "for an unknown index",
            "with GGEP" if self.extension else "",
            "and fetches a file on the callback" if self.fetch else "",
        ]
        return ", ".join(part for part in parts if part)


class Bye(Spoken, frozen=True, kw_only=True, tag="bye"):
    """A Bye; with `tail`, a Query follows in the same segment."""

    ttl: Byte = 1
    tail: bool = False

    NAME = "Bye"

    def what(self) -> str:
        return "a Bye, and after it a Query in the same segment" if self.tail else "a Bye"


class Raw(Spoken, frozen=True, kw_only=True, tag="raw"):
    """A descriptor of any type and payload. `announced` is the length in the header, when it is not the true one."""

    type: Byte = 0x99
    body: Hex = "70656572"
    announced: Annotated[int, Meta(ge=-1, le=0xFFFF_FFFF)] = -1
    defect: str = ""

    def what(self) -> str:
        size = len(self.body) // 2
        kind = f"a {name_of(self.type)}" if name_of(self.type)[0].isupper() else f"a descriptor of {name_of(self.type)}"
        announced = "" if self.announced < 0 else f", announced as {self.announced}"
        return f"{kind} of {size} bytes{announced}{f', {self.defect}' if self.defect else ''}"

    def simpler(self) -> Iterator[Self]:
        yield from super().simpler()
        if len(self.body) > 2:
            yield msgspec.structs.replace(self, body="")


class Again(Step, frozen=True, kw_only=True, tag="again"):
    """The descriptor of the step `of` once more; with `change`, another payload under the same type and GUID."""

    of: Label = 0
    change: bool = False

    def words(self) -> str:
        what = "another payload under the GUID of" if self.change else "once more"
        return f"{self.link} sends {what} #{self.of}"


class Leave(Step, frozen=True, kw_only=True, tag="leave"):
    """The link ends: closed, reset, or with `cut` in the middle of a descriptor."""

    reset: bool = False
    cut: bool = False

    def words(self) -> str:
        cut = "in the middle of a descriptor, " if self.cut else ""
        return f"{self.link}, {cut}{'resets' if self.reset else 'closes'} the connection"


class Mute(Step, frozen=True, kw_only=True, tag="mute"):
    """The peer answers no Ping of the node's from now on."""

    def words(self) -> str:
        return f"{self.link} answers no Ping from now on"


class Connect(Step, frozen=True, kw_only=True, tag="connect"):
    """A new link. `bye`: how Bye-Packet is announced. `final`: the code of the final block, 0 for none at all.

    `glue` is what follows the final block in the same segment: a Ping or a Query.
    """

    version: Annotated[str, Meta(pattern=r"^[0-9]\.[0-9]$")] = "0.6"
    bye: Annotated[str, Meta(pattern="^(plain|none|case|folded)$")] = "plain"
    unknown: bool = False
    lf: bool = False
    bytewise: bool = False
    final: Annotated[int, Meta(ge=0, le=999)] = 200
    glue: Annotated[str, Meta(pattern="^(ping|query)?$")] = ""

    def words(self) -> str:
        parts = [
            f"{self.link} connects",
            f"by version {self.version}" if self.version != "0.6" else "",
            {
                "plain": "",
                "none": "without Bye-Packet",
                "case": "with bye-packet in lower case",
                "folded": "with Bye-Packet in a folded line",
            }[self.bye],
            "with unknown headers" if self.unknown else "",
            "lines end in LF" if self.lf else "",
            "byte by byte" if self.bytewise else "",
            {200: "", 0: "and sends no final block"}.get(self.final, f"and ends the handshake with {self.final}"),
            f"a {self.glue.capitalize()} in the segment of the final block" if self.glue else "",
        ]
        return ", ".join(part for part in parts if part)


class Intrude(Step, frozen=True, kw_only=True, tag="intrude"):
    """A connection that does not begin as it should. `what` says how."""

    what: Annotated[str, Meta(pattern="^(hello|smtp|verb|ping|query|endless|half|odd)$")] = "hello"

    def words(self) -> str:
        said = {
            "hello": "a line of no known protocol",
            "smtp": "a line of SMTP",
            "verb": "GNUTELLA with an unknown verb",
            "ping": "a Ping without a handshake",
            "query": "a Query without a handshake",
            "endless": "a header block without end",
            "half": "half a request",
            "odd": "header lines that can't be read",
        }[self.what]
        return f"{self.link} connects and sends {said}"


class Crowd(Step, frozen=True, kw_only=True, tag="crowd"):
    """More and more links, until the node refuses one; then they close again."""

    @property
    def links(self) -> tuple[str, ...]:
        return ()

    def words(self) -> str:
        return "links are opened until the node refuses one"


class Dialled(Step, frozen=True, kw_only=True, tag="dialled"):
    """A second node of the same kind is told to connect to the tester, who answers with the code `answer`."""

    answer: Annotated[int, Meta(ge=100, le=999)] = 200

    @property
    def links(self) -> tuple[str, ...]:
        return ()

    def words(self) -> str:
        return f"a second node is told to connect, and is answered {self.answer}"


class Shutdown(Step, frozen=True, kw_only=True, tag="shutdown"):
    """A second node of the same kind, with two links, is stopped in good order."""

    @property
    def links(self) -> tuple[str, ...]:
        return ()

    def words(self) -> str:
        return "a second node, with two links, is stopped in good order"


class Elapse(Step, frozen=True, kw_only=True, tag="elapse"):
    """Node time passes."""

    seconds: Annotated[int, Meta(ge=1, le=3600)] = 30

    @property
    def links(self) -> tuple[str, ...]:
        return ()

    def words(self) -> str:
        return f"{self.seconds} seconds pass"


class Get(Step, frozen=True, kw_only=True, tag="get"):
    """A download of the share number `share`, at the address and by the index of a hit that came before.

    `name`: `quoted` as needed, all in `hex`, `raw`, with the `slash` of 0.4, `wrong`, or an `escape` out of the shares.
    """

    share: Short = 0
    method: Annotated[str, Meta(pattern="^(GET|HEAD)$")] = "GET"
    version: Annotated[str, Meta(pattern=r"^1\.[01]$")] = "1.1"
    name: Annotated[str, Meta(pattern="^(quoted|hex|raw|slash|wrong|escape)$")] = "quoted"
    known_index: bool = True
    range: Annotated[str, Meta(pattern="^([0-9]{1,10}-[0-9]{0,10}|-[0-9]{1,10})?$")] = ""
    close: bool = False
    unknown: bool = False
    again: bool = False

    @property
    def links(self) -> tuple[str, ...]:
        return ()

    def words(self) -> str:
        names = {
            "quoted": "",
            "hex": "all of the name percent-encoded",
            "raw": "the name not encoded",
            "slash": "a slash after the name",
            "wrong": "another name",
            "escape": "a path out of the shares",
        }
        parts = [
            f"{self.method} of file {self.share + 1} by HTTP/{self.version}",
            names[self.name],
            "" if self.known_index else "unknown index",
            f"Range: bytes={self.range}" if self.range else "",
            "Connection: close" if self.close else "",
            "an unknown header" if self.unknown else "",
            "then a second request" if self.again else "",
        ]
        return ", ".join(part for part in parts if part)


def _for(label: int, what: str, nothing: str) -> str:
    return f"for {what} #{label}" if label else f"for {nothing}"


AnyStep = (
    Ping
    | Pong
    | Query
    | Hit
    | Push
    | Bye
    | Raw
    | Again
    | Leave
    | Mute
    | Connect
    | Intrude
    | Crowd
    | Dialled
    | Shutdown
    | Elapse
    | Get
)


class GnutellaScenario(Scenario, frozen=True, kw_only=True):
    """A scenario of Gnutella. `node`: `firewalled`, or `many shares`."""

    steps: Annotated[tuple[AnyStep, ...], Meta(max_length=1000)] = ()
    node: Annotated[str, Meta(pattern=f"^({MANY_SHARES}|{FIREWALLED})?$")] = ""

    network = "gnutella"
