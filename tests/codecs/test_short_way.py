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
from peerspec.codecs.words import Number, Quoted, Word

ALL = [*messages("gnutella"), *messages("napster"), *messages("specimen")]
SHORT = [cls for cls in ALL if ".fullmatch(data.decode())" in emitter.source(cls)]
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


class Either(Message, network="none"):
    """A number with quotes or without."""

    word: str = field(Word(5, lead=b""), "a word")
    number: int = field(Number(9, either=True), "a number")


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


def outcome(parse: Callable[[bytes], Any], raw: bytes) -> Any:
    try:
        return parse(raw)
    except CodecError as error:
        return str(error)


def test_lines_of_words_have_a_short_way() -> None:
    names = {cls.__name__ for cls in SHORT}
    assert {"Line", "Login", "ShareFile", "SearchResult", "DownloadAck", "Whois", "PrivateMessage", "GetFile"} <= names
    assert len([cls for cls in SHORT if cls.network == "napster"]) > 100
    assert not [cls for cls in SHORT if cls.network == "gnutella"]


@pytest.mark.parametrize("cls", [Kept, Marked, Either, Latin, Mixed])
def test_what_one_match_cannot_tell_apart_has_none(cls: type[Message]) -> None:
    assert ".fullmatch(data" not in emitter.source(cls)


@pytest.mark.parametrize("name", ["LoginError", "PasswordOk", "Greeting", "Search"])
def test_what_needs_no_search_or_is_a_list_has_none(name: str) -> None:
    assert ".fullmatch(data" not in emitter.source(message_named("napster", name))


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
