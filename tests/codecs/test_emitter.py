"""The emitter: what it prints, what its errors say, what it takes and what it costs."""

from __future__ import annotations

import ast
import subprocess
import sys
import traceback

import pytest

from peerspec.codecs import emitter
from peerspec.codecs.errors import DecodeError, EncodeError
from peerspec.codecs.gnutella import (
    Bye,
    ConnectRequest,
    ConnectResponse,
    GetRequest,
    Giv,
    Header,
    HeaderLine,
    LegacyConnect,
    OpenData,
    Ping,
    Pong,
    Query,
    QueryHit,
    Result,
    Trailer,
)
from peerspec.codecs.message import Message, message_named, messages

GUID = bytes(range(16))
HIT = QueryHit(6346, "10.0.0.1", 1000, (Result(7, 5000, "a"), Result(8, 1, "b", extension=b"xy")), GUID)
FULL = HIT.replace(trailer=Trailer(b"LIME", OpenData(1, 2, more=b"m"), private=b"p"))
ALL = [*messages("gnutella"), *messages("text"), *messages("specimen")]


def head(count: int) -> bytes:
    """What stands before the results of `HIT`."""
    return bytes([count]) + HIT.encode()[1:11]


@pytest.mark.parametrize("cls", ALL, ids=lambda cls: cls.__name__)
def test_the_source_is_a_module_of_two_functions(cls: type[Message]) -> None:
    tree = ast.parse(emitter.source(cls))
    assert [node.name for node in tree.body if isinstance(node, ast.FunctionDef)] == ["decode", "encode"]
    assert f"{cls.network}.{cls.__name__}" in (ast.get_docstring(tree) or "")


def test_neighbouring_fixed_fields_are_one_struct_call() -> None:
    source = emitter.source(Header)
    assert 'LAYOUT_1 = Struct("<16sBBBL")' in source
    assert source.count(".unpack_from(") == source.count(".pack(") == 1
    assert emitter.source(message_named("specimen", "Numbers")).count(".unpack_from(") == 4  # one for each byte order


def test_a_traceback_through_emitted_code_shows_its_lines() -> None:
    try:
        Pong.decode(b"")
    except DecodeError as error:
        shown = "".join(traceback.format_exception(error))
    assert "<emitted gnutella.Pong>" in shown
    assert "raise malformed(*short(" in shown


@pytest.mark.parametrize(
    ("cls", "raw", "path", "offset", "reason"),
    [
        (Header, b"", "guid", 0, "23 bytes missing"),
        (Header, bytes(15), "guid", 15, "8 bytes missing"),
        (Header, bytes(16), "type", 16, "7 bytes missing"),
        (Header, bytes(22), "length", 22, "1 byte missing"),
        (Header, bytes(25), "", 23, "2 bytes left over"),
        (Pong, bytes(3), "ip", 3, "11 bytes missing"),
        (Ping, bytes(70000), "extension", 65536, "70000 bytes where at most 65536 are allowed"),
        (Query, b"\0\0abc", "text", 5, r"no b'\x00' before the end"),
        (Query, bytes(2) + b"a" * 70000 + b"\0", "text", 65538, r"no b'\x00' within 65536 bytes"),
        (Bye, b"\xc8", "code", 1, "1 byte missing"),
        (QueryHit, head(1) + bytes(3), "results[0].index", 14, "5 bytes missing"),
        (QueryHit, head(1) + bytes(6), "results[0].size", 17, "2 bytes missing"),
        (QueryHit, head(2) + bytes(9) + b"\0" + bytes(8) + b"abc", "results[1].name", 32, r"no b'\x00' before the end"),
        (QueryHit, head(1) + bytes(9) + b"abc", "results[0].extension", 23, r"no b'\x00' before the end"),
        (QueryHit, head(0) + bytes(15), "trailer", 26, "fewer than 16 bytes to the end"),
        (QueryHit, head(0) + b"LIM" + GUID, "trailer.vendor", 14, "2 bytes missing"),
        (QueryHit, head(0) + b"LIME" + GUID, "trailer.open_data", 15, "1 byte missing"),
        (QueryHit, head(0) + b"LIME\x03ab" + GUID, "trailer.open_data", 18, "3 bytes announced, 2 follow"),
        (QueryHit, head(0) + b"LIME\x01a" + GUID, "trailer.open_data.mask", 17, "1 byte missing"),
        (LegacyConnect, b"GNUTELLA CONNECT/0.6\n\n", "line", 19, r"b'GNUTELLA CONNECT/0.4\n\n' wanted"),
        (LegacyConnect, b"GNUT", "line", 4, r"b'GNUTELLA CONNECT/0.4\n\n' wanted"),
        (LegacyConnect, b"GNUTELLA CONNECT/0.4\n\n\n", "", 22, "1 byte left over"),
        (ConnectRequest, b"GNUTELLA CONNECT/0x6\r\n\r\n", "version", 18, "a byte that is not allowed here: b'x'"),
        (ConnectRequest, b"GNUTELLA CONNECT/\r\n\r\n", "version", 17, "0 bytes where at least 1 are wanted"),
        (
            ConnectRequest,
            b"GNUTELLA CONNECT/0.6\r\nA: b\r\nB : c\r\n\r\n",
            "headers[1].name",
            29,
            "a byte that is not allowed here: b' '",
        ),
        (
            ConnectRequest,
            b"GNUTELLA CONNECT/0.6\r\nA: b\nc\r\n\r\n",
            "headers[0].raw",
            26,
            "no CRLF at the end of the line",
        ),
        (ConnectRequest, b"GNUTELLA CONNECT/0.6\r\n" + b"a:\r\n" * 257, "headers", 1046, "more than 256 lines"),
        (
            HeaderLine,
            b"a:" + b"x" * 65540 + b"\r\n",
            "raw",
            65538,
            "65540 bytes where at most 65536 are allowed",
        ),
        (ConnectResponse, b"GNUTELLA/0.6 2000 OK\r\n\r\n", "code", 16, "no b' ' within 3 bytes"),
        (ConnectResponse, b"GNUTELLA/0.6 20 OK\r\n\r\n", "code", 15, "2 bytes where at least 3 are wanted"),
        (GetRequest, b"GET /get/01/a HTTP/1.1\r\n\r\n", "index", 9, "a leading zero"),
        (GetRequest, b"GET /get/-1/a HTTP/1.1\r\n\r\n", "index", 9, "a byte that is not allowed here: b'-'"),
        (GetRequest, b"GET /get//a HTTP/1.1\r\n\r\n", "index", 9, "0 bytes where at least 1 are wanted"),
        (GetRequest, b"GET /get/4294967296/ HTTP/1.1\r\n\r\n", "index", 9, "4294967296 is above 4294967295"),
        (GetRequest, b"GET /get/1", "index", 10, "no b'/' before the end"),
        (Giv, b"GIV 1:" + b"a" * 31 + b"g/f\n\n", "servent_id", 37, "not hexadecimal: b'g'"),
        (Giv, b"GIV 1:" + b"a" * 30, "servent_id", 36, "2 bytes missing"),
        (Giv, b"GIV 1:" + b"a" * 33 + b"/f\n\n", "servent_id", 38, "b'/' wanted"),
    ],
)
def test_a_decode_error_names_the_field_and_the_first_bad_or_missing_byte(
    cls: type[Message], raw: bytes, path: str, offset: int, reason: str
) -> None:
    with pytest.raises(DecodeError) as caught:
        cls.decode(raw)
    error = caught.value
    assert (error.message, error.path, error.offset, error.reason) == (cls.__name__, path, offset, reason)


@pytest.mark.parametrize(
    ("message", "path", "reason"),
    [
        (Header(GUID, 256, 0, 0, 0), "type", "256 is not in 0..255"),
        (Header(GUID, 0, 0, -1, 0), "hops", "-1 is not in 0..255"),
        (Header(GUID, 0, 0, 0, 2**32), "length", "4294967296 is not in 0..4294967295"),
        (Header(GUID, True, 0, 0, 0), "type", "int wanted, not bool"),
        (Header(GUID, "1", 0, 0, 0), "type", "int wanted, not str"),  # type: ignore[arg-type]
        (Header(GUID[1:], 0, 0, 0, 0), "guid", "15 bytes where 16 are wanted"),
        (Header(bytearray(16), 0, 0, 0, 0), "guid", "bytes wanted, not bytearray"),  # type: ignore[arg-type]
        (Pong(0, "1.2.3", 0, 0), "ip", "'1.2.3' is no dotted decimal IPv4 address"),
        (Pong(0, "127.1", 0, 0), "ip", "'127.1' is no dotted decimal IPv4 address"),
        (Pong(0, b"abcd", 0, 0), "ip", "dotted decimal address wanted, not bytes"),  # type: ignore[arg-type]
        (Query("a\0b"), "text", r"b'\x00' inside"),
        (Query("a" * 65537), "text", "65537 bytes where at most 65536 are allowed"),
        (Query("\ud800"), "text", "a surrogate that no byte stands for"),
        (Query(b"a"), "text", "str wanted, not bytes"),  # type: ignore[arg-type]
        (Ping(extension=bytes(65537)), "extension", "65537 bytes where at most 65536 are allowed"),
        (HIT.replace(results=[]), "results", "tuple wanted, not list"),
        (HIT.replace(results=HIT.results * 128), "results", "256 items where at most 255 are allowed"),
        (HIT.replace(results=(*HIT.results, Ping())), "results[2]", "Result wanted, not Ping"),
        (HIT.replace(results=(*HIT.results, Result(-1, 0, ""))), "results[2].index", "-1 is not in 0..4294967295"),
        (HIT.replace(results=(Result(0, 0, "", extension=b"\0"),)), "results[0].extension", r"b'\x00' inside"),
        (FULL.replace(trailer=OpenData(0, 0)), "trailer", "Trailer wanted, not OpenData"),
        (
            FULL.replace(trailer=Trailer(b"LIME", OpenData(0, 0, more=bytes(254)))),
            "trailer.open_data.more",
            "254 bytes where at most 253 are allowed",
        ),
        (ConnectRequest(version=""), "version", "0 bytes where 1 to 16 are allowed"),
        (ConnectRequest(version="1\r\n"), "version", r"b'\r\n' inside"),
        (ConnectRequest(version="1,0"), "version", "a byte that is not allowed here: b','"),
        (ConnectRequest(headers=(HeaderLine("a", "b\r\nc"),)), "headers[0].raw", "a line break that is no fold"),
        (ConnectRequest(headers=(HeaderLine("a", "b\r\n"),)), "headers[0].raw", "a line break that is no fold"),
        (ConnectRequest(headers=(HeaderLine("a", ""),) * 257), "headers", "257 items where at most 256 are allowed"),
        (ConnectResponse(1000, ""), "code", "1000 is not in 0..999"),
        (Giv(1, GUID, "a\n"), "name", r"b'\n\n' inside"),  # across the seam
        (Giv(1, GUID, "a\nb"), "name", r"a byte that is not allowed here: b'\n'"),
    ],
)
def test_an_encode_error_names_the_field(message: Message, path: str, reason: str) -> None:
    with pytest.raises(EncodeError) as caught:
        message.encode()
    assert (caught.value.path, caught.value.reason) == (path, reason)


def test_a_region_without_room_for_its_content_is_an_encode_error() -> None:
    cls = message_named("specimen", "Inner")
    with pytest.raises(EncodeError, match=r"note: 301 bytes where at most 300"):
        cls((), bytes(301), "0.0.0.0").encode()


@pytest.mark.parametrize("size", range(20))
def test_nothing_is_found_beyond_the_end_of_a_region(size: int) -> None:
    cls = message_named("specimen", "Scoped")
    whole = b"ab\0cd\nef\r\n=0a;12.x\0!"
    assert cls.decode(bytes([len(whole)]) + whole).encode()[1:] == whole
    with pytest.raises(DecodeError) as caught:
        cls.decode(bytes([size]) + whole)
    assert caught.value.path.startswith("phrase.")
    assert caught.value.offset <= size + 1


def test_any_bytes_like_object_is_decoded() -> None:
    raw = FULL.encode()
    every_other = memoryview(bytes(byte for byte in raw for _ in range(2)))[::2]
    for given in (raw, bytearray(raw), memoryview(raw), every_other):
        assert QueryHit.decode(given) == FULL


@pytest.mark.parametrize("wrong", ["text", 5, None, [1, 2]])
def test_what_is_no_bytes_is_a_type_error(wrong: object) -> None:
    with pytest.raises(TypeError):
        Ping.decode(wrong)  # type: ignore[arg-type]


def test_values_are_plain_whatever_they_were_built_from() -> None:
    decoded = QueryHit.decode(memoryview(FULL.encode()))
    assert (type(decoded.servent_id), type(decoded.results), type(decoded.ip)) == (bytes, tuple, str)


def test_text_that_is_no_utf8_survives() -> None:
    assert Query.decode(b"\0\0a\xffb\0").encode() == b"\0\0a\xffb\0"
    assert Query.decode(b"\0\0a\xffb\0").text == "a\udcffb"


def test_code_is_emitted_at_first_use_and_only_then() -> None:
    script = (
        "import sys, peerspec.codecs.gnutella as g\n"
        "heavy = ['peerspec.codecs.emitter', 'peerspec.codecs.oracle', 'hypothesis', 'scapy']\n"
        "assert not [name for name in heavy if name in sys.modules], sys.modules.keys()\n"
        "decode = g.Ping.decode\n"  # taken before the first use, it must work after it
        "assert g.Ping.decode(b'') == decode(b'') == g.Ping()\n"
        "assert 'peerspec.codecs.emitter' in sys.modules and 'hypothesis' not in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", script], check=True)  # the import of the codecs stays cheap


def test_numbers_and_what_is_around_them_are_one_formatting() -> None:
    assert "return b'%b /get/%d/%b HTTP/%b\\r\\n%b\\r\\n' % (" in emitter.source(GetRequest)
    line = emitter.source(message_named("specimen", "Line"))
    assert """b'LINE*%%%b %b "%b" "%b" %d %d%b' % (""" in line
    assert "join" not in emitter.source(message_named("specimen", "Limit"))
