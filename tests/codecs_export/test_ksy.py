"""What Kaitai's compiler makes of our specification reads what our decoder reads."""

from __future__ import annotations

import io
import random
from collections.abc import Callable
from pathlib import Path
from socket import inet_ntoa
from typing import Any

import construct as cs
import pytest
from kaitaistruct import KaitaiStream, KaitaiStructError

from peerspec.codecs import gnutella, napster, subset
from peerspec.codecs.constructs import (
    Bounded,
    FoldedText,
    IPv4,
    Lines,
    NulText,
    Record,
    Repeat,
    TextUntil,
    UpTo,
    to_text,
)
from peerspec.codecs.errors import DecodeError
from peerspec.codecs.export import kaitai_struct
from peerspec.codecs.export.ksy import type_name
from peerspec.codecs.framing import Frame
from peerspec.codecs.message import Message, meanings, messages
from peerspec.codecs.streams import frame_class
from peerspec.codecs.words import Address, Choice, Enumerated, Quoted, RestText, Series, Word

from . import toy
from .kaitai import PACKAGES, readers

NETWORKS = ["gnutella", "napster", toy.NETWORK]
EACH = {"napster": 10}
#: what a reader made by Kaitai raises on bytes that are none
REFUSALS = (EOFError, KaitaiStructError, ValueError)


@pytest.fixture(scope="module", params=NETWORKS)
def network(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def kaitai(network: str, tmp_path_factory: pytest.TempPathFactory, npm_modules: Callable[..., Path]) -> Any:
    return readers(kaitai_struct(network), network, tmp_path_factory.mktemp(network), npm_modules(*PACKAGES))


def read(kaitai: Any, network: str, cls: type[Message], data: bytes) -> tuple[Any, int]:
    """A message as Kaitai reads it, and the bytes that it took."""
    name = "".join(word.capitalize() for word in type_name(cls, network).split("_"))
    stream = KaitaiStream(io.BytesIO(data))
    return getattr(kaitai, name)(stream), stream.pos()


def value_of(node: Any, name: str, construct: Any) -> Any:
    """The value of a field as our decoder would give it, from where the rules of `ksy` say that it is."""
    if isinstance(construct, Repeat):
        return tuple(content_of(item, construct.subcon) for item in getattr(node, name))
    if isinstance(construct, Lines):
        *lines, last = getattr(node, name).items
        assert last.stop == construct.stop
        return tuple(content_of(item.line, construct.subcon) for item in lines)
    if isinstance(construct, Series):
        return tuple(content_of(each.item, construct.subcon) for each in getattr(node, name).items)
    if isinstance(construct, Bounded | UpTo):
        found = getattr(node, name, None)  # what is absent is no attribute
        return None if found is None else content_of(found, construct.subcon)
    if isinstance(construct, Record | Choice):
        return content_of(getattr(node, name), construct)
    return leaf_of(getattr(node, name), construct)


def content_of(node: Any, construct: Any) -> Any:
    if isinstance(construct, Choice):
        (record,) = (each for each in construct.records if node.head in construct.words(each).values())
        node, construct = node.chosen, record
    if not isinstance(construct, Record):
        return value_of(node, "value", construct)
    cls = construct.cls
    return cls(**{name: value_of(node, name, cls.specs[name].construct) for name in cls.__struct_fields__})


def leaf_of(found: Any, construct: Any) -> Any:
    if isinstance(construct, TextUntil) and not isinstance(found, bytes):
        return to_text(bytes(found.octets).removesuffix(construct.stop))
    if isinstance(construct, FoldedText):
        return to_text(b"".join(part.octets for part in found.parts).removesuffix(b"\r\n"))
    if isinstance(construct, TextUntil | NulText | Word | Quoted | RestText):
        return to_text(found)
    if isinstance(construct, Enumerated):
        return found
    if isinstance(construct, Address):
        return inet_ntoa(found.to_bytes(4, "little"))
    if isinstance(construct, IPv4):
        return inet_ntoa(found)
    return bytes.fromhex(found) if isinstance(found, str) else found


def test_every_valid_message_is_read_as_our_decoder_reads_it(kaitai: Any, network: str) -> None:
    seen = set()
    for message in toy.valid(network, EACH.get(network, 40)):
        raw = message.encode()
        node, size = read(kaitai, network, type(message), raw)
        assert size == len(raw), message
        assert content_of(node, message.layout) == message
        seen.add(type(message))
    assert seen == set(messages(network))


def test_derived_fields_constants_and_lengths_are_there_too(kaitai: Any) -> None:
    hit = gnutella.QueryHit(1, "1.2.3.4", 2, (gnutella.Result(3, 4, "a"),) * 3, bytes(16))
    request = gnutella.ConnectRequest()
    if kaitai.__name__ == "Napster":
        relayed = napster.Relayed("me", body="a")
        assert read(kaitai, "napster", napster.Relayed, relayed.encode())[0].mark == b":"
    elif kaitai.__name__ == "Gnutella":
        assert read(kaitai, "gnutella", gnutella.QueryHit, hit.encode())[0].count == 3
        assert read(kaitai, "gnutella", gnutella.ConnectRequest, request.encode())[0].verb == b"GNUTELLA CONNECT/"
    else:
        regions = toy.Regions(toy.Pair(1), "abc", bytes(6))
        node, _ = read(kaitai, toy.NETWORK, toy.Regions, regions.encode())
        assert (node.magic, node.pair_size, node.title_size) == (b"\x89RG\x00", 4, 4)


def test_what_is_cut_short_is_refused(kaitai: Any, network: str) -> None:
    refused = set()
    for message in toy.valid(network, 3 if network == "napster" else 12):
        raw = message.encode()
        if len(raw) > 2000:
            continue
        for size in range(len(raw)):
            try:
                type(message).decode(raw[:size])
            except DecodeError:
                with pytest.raises(REFUSALS):
                    read(kaitai, network, type(message), raw[:size])
                refused.add(type(message))
    whole = {gnutella.Ping, toy.Nothing}  # which are whole at any size
    if network == "napster":
        assert refused >= {cls for cls in messages(network) if subset.minimum_size(cls.layout)}
    else:
        assert refused == set(messages(network)) - whole


def test_wrong_constants_and_what_is_too_long_are_refused(kaitai: Any, network: str) -> None:
    if network == "gnutella":
        wrong: list[tuple[type[Message], bytes]] = [
            (gnutella.Giv, b"GIB 1:" + b"0" * 32 + b"/a\n\n"),
            (gnutella.Giv, b"GIV 1:" + b"0" * 32 + b"-a\n\n"),
            (gnutella.Giv, b"GIV 12345678901:" + b"0" * 32 + b"/a\n\n"),
            (gnutella.ConnectRequest, b"GNUTELLA CONNECT/0.6\r\r\n\r\n"),
            (gnutella.ConnectRequest, b"GNUTELLA CONNECT/0.6\r\na:b\n\r\n"),
            (gnutella.ConnectResponse, b"GNUTELLA/0.6 200 " + b"a" * 1025 + b"\r\n\r\n"),
            (gnutella.Bye, b"\0\0" + b"a" * 4097 + b"\0"),
        ]
    elif network == "napster":
        wrong = [
            (napster.Login, b"me secret 6699 nap 3"),
            (napster.Login, b'me secret 6699 "nap 3'),
            (napster.Login, b'me  6699 "nap" 3'),
            (napster.SetUserLevel, b"me King"),
            (napster.GetFile, b'GIT me "a" 0'),
            (napster.Search, b"FILENAME CONTAINS a"),
            (napster.Search, b"MAX_RESULTS 10  MAX_RESULTS 10"),
        ]
    else:
        wrong = [(toy.Regions, b"\x89RH" + bytes(30)), (toy.Words, b"12345678901\0\0\0")]
    for cls, raw in wrong:
        with pytest.raises(REFUSALS):
            read(kaitai, network, cls, raw)


def test_a_stream_of_frames_is_read_as_a_whole(kaitai: Any, network: str) -> None:
    frame = frame_class(network)
    assert frame is not None
    sent: list[Frame[Any]] = [toy.framed(frame, message) for message in toy.valid(network, 5) if message.wire_type]
    sent.append(type(sent[0])(sent[0].header.replace(**{frame.type_field: 0x77, frame.length_field: 3}), b"abc"))
    random.Random(1).shuffle(sent)
    whole = kaitai(KaitaiStream(io.BytesIO(b"".join(one.encode() for one in sent))))
    assert len(whole.frames) == len(sent)
    for found, one in zip(whole.frames, sent, strict=True):
        assert content_of(found.header, one.header.layout) == one.header
        payload = one.payload()
        if len(meanings(network, one.type)) > 1:
            assert found.payload == one.body
        elif isinstance(payload, Message):
            assert content_of(found.payload, payload.layout) == payload
        else:
            assert found.payload == payload.data


def test_every_field_is_explained() -> None:
    text = kaitai_struct("gnutella")
    for cls in messages("gnutella"):
        assert cls.summary() in text
        for spec in cls.specs.values():
            assert isinstance(spec.construct, cs.Construct)
            assert spec.doc in text


def test_the_text_is_always_the_same() -> None:
    assert kaitai_struct("gnutella") == kaitai_struct("gnutella")


def test_a_network_without_codecs_is_refused() -> None:
    with pytest.raises(ValueError, match="no codecs of a network 'nosuch'"):
        kaitai_struct("nosuch")
