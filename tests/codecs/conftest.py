"""Specimens: messages of a network that does not exist, which use what Gnutella's messages leave unused."""

from __future__ import annotations

from construct import (
    Bytes,
    Int8sb,
    Int8ul,
    Int16sl,
    Int16ub,
    Int16ul,
    Int32ub,
    Int32ul,
    Int64sl,
    Int64ub,
    len_,
    this,
)

from peerspec.codecs.constructs import (
    Bounded,
    Decimal,
    FoldedText,
    HexBytes,
    IPv4,
    Lines,
    NulBytes,
    NulText,
    Repeat,
    RestBytes,
    TextUntil,
    UpTo,
)
from peerspec.codecs.message import Message, Tolerance, constant, derived, field
from peerspec.codecs.words import Address, Choice, Enumerated, Number, Quoted, RestText, Series, Word


class Numbers(Message, network="specimen", wire_type=1):
    """Integers of every width, sign and byte order, side by side."""

    small: int = field(Int8sb, "-128 to 127")
    low: int = field(Int16ul, "low byte first")
    high: int = field(Int16ub, "high byte first")
    mark: bytes = field(Bytes(3), "no byte order")
    high_again: int = field(Int32ub, "joins `high`")
    low_again: int = field(Int32ul, "does not")
    signed: int = field(Int16sl, "joins `low_again`")
    long_signed: int = field(Int64sl, "joins too")
    long: int = field(Int64ub, "does not")


class Nothing(Message, network="specimen", wire_type=2):
    """No field at all."""


class Shadows(Message, network="specimen", wire_type=3):
    """Fields named as emitted code names its own things."""

    data: int = field(Int8ul, "a word of the emitter")
    end: str = field(NulText(10), "a word of the emitter")
    pos: str = field(NulText(10), "a word of the emitter")
    self: bytes = field(NulBytes(10), "a word of the emitter")
    len: int = field(Int8ul, "a builtin")
    text: bytes = field(RestBytes(10), "a helper of emitted code")


class Inner(Message, network="specimen"):
    """A record with a list, a region and an address."""

    count = derived(Int8ul, "numbers that follow", len_(this.numbers))
    numbers: tuple[int, ...] = field(Repeat(this.count, Int16ub), "a list of integers")
    note: bytes = field(Bounded(Int16ub, RestBytes(300)), "a region without a record")
    address: str = field(IPv4(), "an address")


class Nested(Message, network="specimen", wire_type=4):
    """Two lists counted before either, one of records with lists."""

    inners = derived(Int8ul, "records", len_(this.records))
    addresses = derived(Int16ul, "addresses", len_(this.hosts))
    records: tuple[Inner, ...] = field(Repeat(this.inners, Inner.layout), "records")
    hosts: tuple[str, ...] = field(Repeat(this.addresses, IPv4()), "addresses")


class Pair(Message, network="specimen"):
    """Four bytes."""

    left: int = field(Int16ub, "the first two")
    right: int = field(Int16ub, "the others", default=7, kw_only=True)


class Regions(Message, network="specimen", wire_type=5):
    """Regions that need not be used up, so that surplus bytes are a fault of their own."""

    magic = constant(b"\x89RG\x00", "not text")
    pair: Pair = field(Bounded(Int8ul, Pair.layout), "a region of fixed content")
    title: str = field(
        Bounded(Int16ul, NulText(40)), "a region of one text", tolerance={"no terminator": Tolerance.MUST_ACCEPT}
    )
    tail: Pair | None = field(UpTo(6, Pair.layout), "there or not", default=None, kw_only=True)
    check: bytes = field(Bytes(6), "always there")


class Leaf(Message, network="specimen", wire_type=6):
    """An optional region without a record."""

    word: str | None = field(UpTo(1, NulText(20)), "there or not")
    flag: int = field(Int8ul, "always there")


class Words(Message, network="specimen"):
    """Text of every kind."""

    verb = constant(b"WORDS ", "what it is")
    octet: int = field(Decimal(b" ", 255), "three digits, but not all of them")
    percent: int = field(Decimal(b" ", 99), "two digits, all of them")
    code: int = field(Decimal(b"; ", 599, width=3), "always three digits")
    key: bytes = field(HexBytes(2, b""), "digits that nothing follows")
    any: str = field(TextUntil(b"--", 20), "any bytes")
    word: str = field(TextUntil(b"\n", 8, minimum=2, allowed=b"abcdefgh"), "some bytes")
    line: str = field(FoldedText(30), "a line that may be folded")
    numbers: tuple[int, ...] = field(Lines(Decimal(b"\n", 255), 3, b".\n"), "a list of lines without records")
    last = constant(b"END", "the end")


class Narrow(Message, network="specimen", wire_type=7):
    """A region whose length says less than its content could hold."""

    note: bytes = field(Bounded(Int8ul, RestBytes(300)), "at most 255 bytes")


class Listing(Message, network="specimen"):
    """A list whose items might be taken for its end."""

    names: tuple[str, ...] = field(Lines(NulText(5), 3, b"."), "names, but none that begins with a full stop")


class Phrase(Message, network="specimen"):
    """Text of every kind and then the rest, so that a search beyond the region would go unnoticed at its end."""

    first: str = field(NulText(10), "up to a NUL")
    second: str = field(TextUntil(b"\n", 10), "up to a line feed")
    third: str = field(FoldedText(10), "up to a CRLF")
    mark = constant(b"=", "one byte")
    key: bytes = field(HexBytes(1, b";"), "two digits")
    number: int = field(Decimal(b".", 99), "up to a full stop")
    names: tuple[str, ...] = field(Lines(NulText(5), 3, b"!"), "up to an exclamation mark")
    rest: bytes = field(RestBytes(10), "what is left")


class Scoped(Message, network="specimen", wire_type=8):
    """A region of text, and after it bytes that could end each of its fields."""

    phrase: Phrase = field(Bounded(Int8ul, Phrase.layout), "the region")
    after: bytes = field(RestBytes(60), "anything")


class Talk(Message, network="specimen", wire_type=9):
    """Words of every kind, and one that may be absent."""

    verb = constant(b"TALK", "what it is; the first word follows at once")
    nick: str = field(Word(9, lead=b""), "a bare word")
    kind: str = field(Enumerated("loud", "Quiet"), "one of two words")
    mood: str = field(Enumerated("AT EASE", "IN HASTE", quoted=True), "one of two in quotes")
    text: str = field(Quoted(12), "text in quotes")
    address: str = field(Address(), "an address as a number")
    count: int = field(Number(99), "two digits, all of them")
    limit: int = field(Number(2**40, quoted=True), "in quotes, which may be absent")
    rank: int = field(Number(255, either=True), "without quotes, which may be there")
    short: str = field(Word(4, minimum=2, allowed=b"abc"), "some bytes")
    rest: str | None = field(UpTo(0, RestText(30)), "anything, or nothing", default=None, kw_only=True)


class Details(Message, network="specimen"):
    """What may stand at the end of a line, itself with an end that may be absent."""

    place: str = field(Word(5, allowed=b"-abc]^"), "letters, and what means something in an expression")
    number: int = field(Number(9), "one digit")
    note: str | None = field(UpTo(0, RestText(10)), "anything, or nothing", default=None, kw_only=True)


class Line(Message, network="specimen", wire_type=12):
    """Words that one match finds, of every kind that it can."""

    verb = constant(b"LINE*%", "what it is, with what means something in an expression and in a format")
    nick: str = field(Word(9, lead=b""), "a bare word")
    kind: str = field(Enumerated("loud", "loud.er", "Quiet"), "one of three words, two of which begin alike")
    mood: str = field(Enumerated("AT EASE", "IN HASTE", quoted=True), "one of two in quotes")
    text: str = field(Quoted(12), "text in quotes")
    address: str = field(Address(), "an address as a number")
    count: int = field(Number(999), "three digits, all of them")
    details: Details | None = field(UpTo(0, Details.layout), "there or not", default=None, kw_only=True)


class Ask(Message, network="specimen"):
    """A clause with text."""

    subject: str = field(Enumerated("NAME", "title", lead=b""), "what it is about")
    text: str = field(Quoted(5), "compared with")


class Limit(Message, network="specimen"):
    """A clause with a number, which ends bare."""

    subject: str = field(Enumerated("MOST", lead=b""), "what it is about", default="MOST", kw_only=True)
    number: int = field(Number(1000), "compared with")


class Wish(Message, network="specimen"):
    """A clause of one word."""

    subject: str = field(Enumerated("NEW", "OLD", lead=b""), "what it is about")


class Questions(Message, network="specimen", wire_type=10, sender="client"):
    """A list of clauses of several kinds, inside a region."""

    clauses: tuple[Message, ...] = field(
        Series(Choice(Ask.layout, Limit.layout, Wish.layout), 5, between=b" "), "clauses in any order"
    )


class Answers(Message, network="specimen", wire_type=10, sender=("server", "link")):
    """What the same number means from the other side: words to the end of a region, and bytes after it."""

    names: tuple[str, ...] = field(Series(Word(6), 4), "each with its blank")


class Pressed(Message, network="specimen", wire_type=11):
    """Words in regions, so that a search beyond the region would go unnoticed at its end."""

    questions: Questions = field(Bounded(Int8ul, Questions.layout), "a region of clauses")
    talk: Talk = field(Bounded(Int8ul, Talk.layout), "a region of words")
    answers: Answers = field(Bounded(Int8ul, Answers.layout), "a region of one list")
    note: str = field(Bounded(Int8ul, RestText(9, lead=b"", minimum=1)), "a region of text")
    after: bytes = field(RestBytes(60), "anything")
