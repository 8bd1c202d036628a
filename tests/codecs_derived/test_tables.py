"""Field tables and bit notation: every byte of every message is named, in order, at the right place."""

import json

import construct as cs
import pytest

from peerspec.codecs import message, napster
from peerspec.codecs.constructs import UpTo
from peerspec.codecs.gnutella import Bye, ConnectResponse, Giv, Header, LegacyOk, Pong, Query, QueryHit, Result, Trailer
from peerspec.codecs.message import FieldSpec, Message, field, messages
from peerspec.codecs.pieces import extent, is_text, pieces, quoted, words_of
from peerspec.codecs.tables import Row, field_table, notation, origin
from peerspec.codecs.text import HeaderLine

ALL: list[type[Message]] = [*messages("gnutella"), *(cls for cls in messages("napster") if cls.specs), HeaderLine]


def row(cls: type[Message], name: str) -> Row:
    return next(row for row in field_table(cls) if row.name == name)


@pytest.mark.parametrize("cls", ALL, ids=lambda cls: cls.__name__)
def test_every_declared_field_has_one_row_in_wire_order(cls: type[Message]) -> None:
    rows = field_table(cls)
    assert [row.name for row in rows] == list(cls.specs)
    assert all(row.doc and row.type and row.size and row.offset for row in rows)
    assert json.loads(json.dumps([row.as_dict() for row in rows]))[0]["name"] == rows[0].name


def test_a_header_is_the_table_of_the_specification() -> None:
    assert [(row.offset, row.size, row.name, row.type) for row in field_table(Header)] == [
        ("0", "16", "guid", "bytes"),
        ("16", "1", "type", "u8"),
        ("17", "1", "ttl", "u8"),
        ("18", "1", "hops", "u8"),
        ("19", "4", "length", "u32 little-endian"),
    ]


def test_offsets_are_unknown_after_a_field_of_variable_size_and_count_from_the_end_before_a_known_tail() -> None:
    assert [row.offset for row in field_table(Query)] == ["0", "2", "?"]
    assert [row.offset for row in field_table(QueryHit)] == ["0", "1", "3", "7", "11", "?", "-16"]


def test_each_field_of_a_tail_knows_its_place_from_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(message, "_by_name", {})  # no other test shall meet this message

    class Tailed(Message, network="test"):
        """A region and two fields behind it."""

        head: bytes = field(cs.Bytes(2), "before")
        region: Trailer | None = field(UpTo(6, Trailer.layout), "may be absent", default=None, kw_only=True)
        one: int = field(cs.Int16ub, "behind")
        two: bytes = field(cs.Bytes(4), "last")

    assert [row.offset for row in field_table(Tailed)] == ["0", "2", "-6", "-4"]


def test_words_say_what_stands_around_them() -> None:
    assert [(row.offset, row.size, row.name, row.type) for row in field_table(napster.Login)] == [
        ("0", "1 to 255", "nick", "word"),
        ("?", "2 to 256", "password", "word, after SP"),
        ("?", "2 to 11", "port", "decimal, after SP"),
        ("?", "3 to 2051", "info", "text without quotes, after SP DQUOTE, ended by DQUOTE"),
        ("?", "2 to 11", "link", "decimal, after SP"),
        ("?", "0 to 11", "build", "decimal after SP, may be absent"),
    ]
    (clauses,) = field_table(napster.Search)
    assert clauses.type.startswith("0 to 64 x FilenameClause or LimitClause or")
    assert clauses.type.endswith(", SP between them")
    assert notation(napster.DownloadRequest).splitlines()[1:-1] == [
        "  nick (8..2040),",
        '  (16) = " \\"",',
        "  file (..16384),",
        '  (8) = "\\""',
    ]
    assert row(napster.PeerAddress, "ip").type == "IPv4 address as a decimal number, first octet lowest, after SP"
    assert row(napster.QualityClause, "number").type.startswith("decimal, with or without quotes, after SP DQUOTE")


def test_units_and_legal_values_are_carried() -> None:
    assert row(Pong, "kib").unit == "KiB"
    assert row(Header, "ttl").legal == "1 to 7 when originated"


def test_derived_fields_and_constants_say_so() -> None:
    count = row(QueryHit, "count")
    assert (count.kind, count.type) == ("derived", "u8, number of results")
    line = row(LegacyOk, "line")
    assert (line.kind, line.type, line.size) == ("constant", r'constant "GNUTELLA OK\n\n"', "13")
    assert row(Pong, "port").kind == "field"


def test_records_are_named() -> None:
    assert (row(QueryHit, "results").record, row(QueryHit, "results").type) == ("Result", "count x Result")
    assert (row(QueryHit, "trailer").record, row(Trailer, "open_data").record) == ("Trailer", "OpenData")
    assert row(QueryHit, "trailer").type == "Trailer, up to the last 16 bytes"
    assert row(Trailer, "open_data").type == "u8 length, then OpenData"
    assert row(Trailer, "open_data").size == "3 to 256"


def test_sizes_count_terminators() -> None:
    assert (row(Bye, "reason").size, row(Bye, "reason").type) == ("1 to 4097", "text, ended by NUL")
    assert row(Giv, "servent_id").size == "33"
    assert row(ConnectResponse, "code").size == "4"
    assert row(QueryHit, "results").size == "any"
    assert row(ConnectResponse, "headers").size == "2 or more"


def test_the_sizes_of_fixed_fields_are_those_of_a_built_message() -> None:
    built = Pong(1, "127.0.0.1", 2, 3).encode()
    assert sum(int(row.size) for row in field_table(Pong) if row.name != "extension") == len(built) == 14


def test_notation_of_binary_messages() -> None:
    assert notation(Result).splitlines() == [
        "Result {",
        "  index (32 LE),",
        "  size (32 LE),",
        "  name (..524288),",
        "  (8) = 00,",
        "  extension (..524288),",
        "  (8) = 00",
        "}",
    ]
    assert notation(QueryHit).splitlines()[1] == "  count (8) = number of results,"
    assert "  results (Result) ...," in notation(QueryHit)
    assert "  [trailer (Trailer)]," in notation(QueryHit)
    assert "  open_data_length (8) = bytes of open_data," in notation(Trailer)


def test_notation_of_text_messages() -> None:
    assert notation(ConnectResponse).splitlines() == [
        "ConnectResponse {",
        '  protocol (72) = "GNUTELLA/",',
        "  version (8..128),",
        '  (8) = " ",',
        "  code (24),",
        '  (8) = " ",',
        "  phrase (..8192),",
        r'  (16) = "\r\n",',
        "  headers (HeaderLine) ...,",
        r'  (16) = "\r\n"',
        "}",
    ]


def test_big_endian_signed_and_floating_numbers_have_words() -> None:
    assert [words_of(construct) for construct in (cs.Int16ub, cs.Int32sl, cs.Int8sb, cs.Float64b)] == [
        "u16 big-endian",
        "i32 little-endian",
        "i8",
        "f64 big-endian",
    ]


def test_a_construct_that_no_layout_may_use_is_refused() -> None:
    with pytest.raises(TypeError, match="GreedyRange"):
        extent(cs.GreedyRange(cs.Byte))
    with pytest.raises(TypeError, match="no number"):
        extent(cs.Bytes(cs.this.length))


def test_text_messages_are_told_from_binary_ones() -> None:
    assert {cls.__name__ for cls in ALL if is_text(cls) and cls.network != "napster"} == {
        "LegacyConnect",
        "LegacyOk",
        "ConnectRequest",
        "ConnectResponse",
        "GetRequest",
        "Giv",
        "HeaderLine",
    }


def test_bytes_are_quoted_for_people() -> None:
    assert [quoted(raw) for raw in (b"\0", b"\r\n", b" ", b"a\tb", b"\xff\x00")] == [
        "NUL",
        "CRLF",
        "SP",
        r'"a\tb"',
        "ff00",
    ]


def test_pieces_know_the_field_they_belong_to() -> None:
    parts = list(pieces(Trailer))
    assert [part.name for part in parts] == ["vendor", "open_data length", "open_data", "private"]
    assert all(isinstance(part.spec, FieldSpec) for part in parts)


def test_a_body_of_words_is_text_and_one_with_bytes_is_not() -> None:
    others = {"Header", "BigEndianHeader", "BinaryShare", "BinaryBlocked", "Encapsulated"}
    assert {cls.__name__ for cls in messages("napster") if not is_text(cls)} == others


def test_the_origin_of_a_message_is_who_sends_it_and_since_when() -> None:
    assert origin(napster.UnsharedAll) == "sender: server; since revision N"
    assert origin(napster.Disconnecting) == "sender: client, server; since revision A"
    assert origin(napster.GetList) == "since revision D"
    assert origin(Pong) == ""
