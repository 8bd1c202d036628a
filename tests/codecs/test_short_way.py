"""The short way through a line of words: what it takes, what it leaves, and that it never differs from the long way."""

from __future__ import annotations

import random
from collections.abc import Callable
from itertools import islice
from typing import Any

import pytest

import peerspec.codecs.gnutella
import peerspec.codecs.napster  # noqa: F401 - registers
from peerspec.codecs import emitter
from peerspec.codecs.constructs import NulText, UpTo
from peerspec.codecs.defects import near_valid
from peerspec.codecs.emitter import parser
from peerspec.codecs.errors import CodecError
from peerspec.codecs.generate import values
from peerspec.codecs.message import Message, constant, field, message_named, messages
from peerspec.codecs.words import Quoted, Series, Word

ALL = [*messages("gnutella"), *messages("napster"), *messages("specimen")]
SHORT = [cls for cls in ALL if "data.isascii():" in emitter.source(cls)]
LINE = 'LINE*%me loud "AT EASE" "a b" 16777343 7'


class Kept(Message, network="none"):
    """Something that may be absent before the end."""

    word: str | None = field(UpTo(2, Word(5)), "a word")
    mark = constant(b" !", "two bytes")


class Mark(Message, network="none"):
    """A literal."""

    mark = constant(b" !", "it")


class Marked(Message, network="none"):
    """A literal that may be absent."""

    word: str = field(Word(5, lead=b""), "a word")
    mark: Mark | None = field(UpTo(0, Mark.layout), "it", default=None, kw_only=True)


class Tail(Message, network="none"):
    """A word and a list of words."""

    word: str = field(Word(5), "a word")
    words: tuple[str, ...] = field(Series(Word(5), 3), "words")


class Tailed(Message, network="none"):
    """A list that may be absent with what is before it."""

    word: str = field(Word(5, lead=b""), "a word")
    tail: Tail | None = field(UpTo(0, Tail.layout), "it", default=None, kw_only=True)


class Marks(Message, network="none"):
    """A list of literals."""

    word: str = field(Word(5, lead=b""), "a word")
    marks: tuple[Mark, ...] = field(Series(Mark.layout, 3), "them")


class Latin(Message, network="none"):
    """A literal that is not ASCII."""

    verb = constant(b"\xe9", "it")
    word: str = field(Word(5, lead=b""), "a word")


class Mixed(Message, network="none"):
    """A word, and text that ends otherwise."""

    word: str = field(Quoted(5, lead=b""), "a word")
    text: str = field(NulText(5), "text")


def long_way(cls: type[Message], monkeypatch: pytest.MonkeyPatch) -> Callable[[bytes], Any]:
    """The parser of a class without the short way."""
    with monkeypatch.context() as without:
        without.setattr(parser, "emit_short_way", lambda *_: None)
        return emitter.compiled(cls)[0]


def short(cls: type[Message], line: bytes) -> bool:
    """Whether the short way takes this line."""
    return line.isascii() and bool(emitter.compiled(cls)[0].__globals__["PATTERN_1"].fullmatch(line.decode()))


def takes_the_long_way(cls: type[Message], line: bytes) -> bool:
    """Whether the parser of a class asks for the size of the line once more than to see if it is worth the try."""
    parse, asked = emitter.compiled(cls)[0], []

    def length(thing: Any) -> int:
        asked.append(type(thing))
        return len(thing)

    parse.__globals__["len"] = length
    outcome(parse, line)
    return asked.count(bytes) > ("if len(data) <= " in emitter.source(cls))


def outcome(parse: Callable[[bytes], Any], raw: bytes) -> Any:
    try:
        return parse(raw)
    except CodecError as error:
        return str(error)


def test_lines_of_words_have_a_short_way() -> None:
    names = {cls.__name__ for cls in SHORT}
    assert {"Line", "Login", "ShareFile", "SearchResult", "DownloadAck", "Whois", "GetFile"} <= names
    assert {"Search", "ShareDirectory", "BrowseDirectory", "Questions", "Answers"} <= names
    assert len([cls for cls in SHORT if cls.network == "napster"]) > 100
    assert not [cls for cls in SHORT if cls.network == "gnutella"]


@pytest.mark.parametrize("cls", [Kept, Marked, Tailed, Marks, Latin, Mixed])
def test_what_one_match_cannot_tell_apart_has_none(cls: type[Message]) -> None:
    assert "isascii" not in emitter.source(cls)


@pytest.mark.parametrize("name", ["LoginError", "PasswordOk", "Greeting"])
def test_what_needs_no_search_has_none(name: str) -> None:
    assert "isascii" not in emitter.source(message_named("napster", name))


@pytest.mark.parametrize("name", ["Login", "ShareDirectory"])
def test_the_names_of_the_long_way_are_as_without_the_short_one(name: str) -> None:
    source = emitter.source(message_named("napster", name))
    assert "nick_ = " not in source
    assert "directory_ = " not in source


@pytest.mark.parametrize("cls", SHORT, ids=lambda cls: cls.__name__)
def test_the_two_ways_never_differ(cls: type[Message], monkeypatch: pytest.MonkeyPatch) -> None:
    parse = long_way(cls, monkeypatch)
    chance = random.Random("ways")
    lines = [message.encode() for message in islice(values(cls, chance), 40)]
    lines += [made.data for made in islice(near_valid(cls, chance), 40)]
    for line in lines:
        for raw in (line, bytes(byte & 0x7F for byte in line), line[: chance.randint(0, len(line))]):
            assert outcome(cls.decode, raw) == outcome(parse, raw)


@pytest.mark.parametrize(
    "line",
    [
        LINE,
        LINE.replace("loud", "loud.er"),
        LINE.replace("16777343", "3999999999"),
        LINE.replace("16777343", "0"),
        LINE.replace(" 7", " 99"),
        LINE.replace("a b", ""),
        LINE.replace("a b", "a\n\0\tb"),
        f"{LINE} a 0",
        f"{LINE} -]^ 0",
        f"{LINE} a 0 ",
        f'{LINE} a 0 b "c"\n',
    ],
)
def test_the_short_way_takes_what_is_in_order(line: str, monkeypatch: pytest.MonkeyPatch) -> None:
    cls = message_named("specimen", "Line")
    raw = line.encode()
    assert short(cls, raw)
    assert cls.decode(raw) == long_way(cls, monkeypatch)(raw)
    assert cls.decode(raw).encode() == raw


@pytest.mark.parametrize(
    "line",
    [
        LINE.replace("loud", "Loud"),
        LINE.replace("me", "mé"),
        LINE.replace("16777343", "4294967295"),
        LINE.replace(" 7", " 999"),
        f"{LINE} a 9",
    ],
)
def test_what_the_short_way_leaves_the_long_way_takes(line: str) -> None:
    cls = message_named("specimen", "Line")
    raw = line.encode()
    assert not short(cls, raw)
    assert cls.decode(raw).encode() == raw.replace(b"Loud", b"loud")


@pytest.mark.parametrize(
    "line",
    [
        LINE.replace("LINE*%", "LINE"),
        LINE.replace("LINE*%", "LINEE%"),
        LINE.replace("me", "m" * 10),
        LINE.replace("me", 'm"e'),
        LINE.replace("me", "m\x7fe"),
        LINE.replace("%me", "%"),
        LINE.replace("loud", "louder"),
        LINE.replace("loud", "loudxer"),
        LINE.replace('"AT EASE"', "AT EASE"),
        LINE.replace("a b", "a" * 13),
        LINE.replace(" 7", " 07"),
        LINE.replace(" 7", " 00"),
        LINE.replace(" 7", "  7"),
        LINE.replace(" 7", " 1000"),
        LINE.replace("16777343", "4294967296"),
        LINE.replace("16777343", "39999999990"),
        f"{LINE} ",
        f"{LINE}\n",
        f"{LINE} a",
        f"{LINE} d 0",
        f"{LINE} a 0x",
        f"{LINE} a 0 {'x' * 11}",
    ],
)
def test_the_long_way_says_what_is_wrong(line: str) -> None:
    cls = message_named("specimen", "Line")
    assert not short(cls, line.encode())
    with pytest.raises(CodecError):
        cls.decode(line.encode())


@pytest.mark.parametrize(
    ("name", "line", "taken"),
    [
        ("Questions", "", True),
        ("Questions", "NEW", True),
        ("Questions", 'NAME "a b" MOST 7 OLD NEW title ""', True),
        ("Questions", "NEW NEW NEW NEW NEW", True),
        ("Questions", "NEW new", False),
        ("Questions", "MOST 1000", False),
        ("Answers", " a b c d", True),
        ("Answers", "", True),
        ("Answers", " a \xe9", False),
    ],
)
def test_a_list_is_taken_item_by_item(name: str, line: str, taken: bool) -> None:
    cls = message_named("specimen", name)
    raw = line.encode()
    assert takes_the_long_way(cls, raw) is not taken
    assert cls.decode(raw).encode() == raw.replace(b"new", b"NEW")


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("Questions", "NEW NEW NEW NEW NEW NEW"),
        ("Questions", "NEW "),
        ("Questions", " NEW"),
        ("Questions", "NEW  NEW"),
        ("Questions", "NEWNEW"),
        ("Questions", 'NAME "a"OLD'),
        ("Questions", "MOST 07"),
        ("Questions", "MOST 7x"),
        ("Questions", "MOST OLD"),
        ("Questions", 'title "abcdef"'),
        ("Answers", " a b c d e"),
        ("Answers", "a"),
        ("Answers", " a  b"),
        ("Answers", " a "),
        ("Answers", " abcdefg"),
    ],
)
def test_a_list_that_is_not_in_order_is_refused_by_the_long_way(name: str, line: str) -> None:
    cls = message_named("specimen", name)
    assert takes_the_long_way(cls, line.encode())
    with pytest.raises(CodecError):
        cls.decode(line.encode())


def test_a_number_may_stand_in_quotes_or_not() -> None:
    cls = message_named("napster", "LimitClause")
    for line in (b"MAX_RESULTS 0", b'MAX_RESULTS "0"', b'MAX_RESULTS "100"', b"MAX_RESULTS 100"):
        assert not takes_the_long_way(cls, line)
        assert cls.decode(line).encode() == line.replace(b'"', b"")
    for line in (b'MAX_RESULTS "0', b'MAX_RESULTS 0"', b'MAX_RESULTS ""', b'MAX_RESULTS "01"'):
        with pytest.raises(CodecError):
            cls.decode(line)


def test_a_very_long_list_is_read_but_once() -> None:
    cls = message_named("napster", "ShareDirectory")
    item = b' "a" x 1 2 3 4'
    assert not takes_the_long_way(cls, b'"a"' + 1000 * item)
    assert takes_the_long_way(cls, b'"a"' + 2000 * item)
    assert len(cls.decode(b'"a"' + 2000 * item).files) == 2000  # type: ignore[attr-defined]
