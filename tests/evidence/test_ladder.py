from __future__ import annotations

from xml.etree import ElementTree as ET

from peerspec.codecs.gnutella import Descriptor, Query
from peerspec.conformance.evidence.dissect import Dissector
from peerspec.conformance.evidence.ladder import Ladder, draw
from peerspec.conformance.worlds import Event, Kind, Transcript

from .conftest import NODE, PROBE, Failing, transcript

SVG = "{http://www.w3.org/2000/svg}"
EVIL = "\x1b[31m<b>\u202e&\n]]>"


def drawn(found: Transcript) -> Ladder:
    return draw(found, Dissector("gnutella"), NODE)


def query(text: str) -> bytes:
    return Descriptor.of(Query(text), guid=bytes(16), ttl=4).encode()


def test_rows_say_who_sent_what_to_whom_and_when() -> None:
    ladder = drawn(transcript((Kind.OPEN, b""), (Kind.SENT, query("needle"), 0.5), (Kind.EOF, b"", 1.0)))
    assert [lane.title for lane in ladder.lanes] == ["node 127.0.0.1:6346", "A 127.0.1.1:40000"]
    assert [(row.time, row.source, row.target, row.label, row.kind) for row in ladder.rows] == [
        (0.0, 1, 0, "connects", "open"),
        (0.5, 1, 0, "Query", "message"),
        (1.5, 0, 1, "closes", "end"),
    ]
    assert "text=needle" in ladder.rows[1].text
    assert bytes.fromhex(ladder.rows[1].hex) == query("needle")


def test_what_happens_on_no_wire_has_its_row() -> None:
    found = Transcript()
    second = ("127.0.0.1", 7000)
    found.add(Event(0, Kind.LISTEN, 0, PROBE, ("", 0)))
    found.add(Event(0, Kind.INSTANCE, 0, ("", 0), second, b"", "{}"))
    found.add(Event(0, Kind.DIAL, 0, PROBE, second))
    found.add(Event(1, Kind.ELAPSE, 0, ("", 0), ("", 0), b"", "5"))
    found.add(Event(2, Kind.ACCEPT, 1, PROBE, ("127.0.0.1", 50000)))
    ladder = drawn(found)
    assert [row.label for row in ladder.rows] == [
        "listens",
        "is started",
        "is told to dial 127.0.1.1:40000",
        "5 s of node time pass",
        "connects",
    ]
    assert ladder.lanes[ladder.rows[-1].source].title == "instance 127.0.0.1:7000"


def test_text_shows_the_last_rows_and_says_how_many_it_hides() -> None:
    ladder = drawn(transcript((Kind.OPEN, b""), *((Kind.SENT, query(f"word{number}")) for number in range(30))))
    text = ladder.text(20)
    assert text.count("Query") == 20
    assert "(11 rows before)" in text
    assert "word29" in text
    assert "word9 " not in text
    assert ladder.text().count("Query") == 30


def test_nothing_that_a_node_sent_reaches_the_terminal_or_the_page_as_it_is() -> None:
    block = f"GNUTELLA/0.6 200 OK\r\nUser-Agent: {EVIL[:-4]}\r\n\r\n".encode()
    received = [query(EVIL), block, f"HTTP/1.1 200 {EVIL}\r\n\r\n".encode(), b"\x1b\x07" * 40]
    for data in received:
        ladder = drawn(transcript((Kind.OPEN, b""), (Kind.RECEIVED, data), (Kind.EOF, b"")))
        assert all(line.isprintable() for line in ladder.text().split("\n"))
        svg = ladder.svg(EVIL.replace("\x1b", ""))
        root = ET.fromstring(svg)
        assert {child.tag for child in root.iter()} <= {
            SVG + name for name in ("svg", "title", "desc", "style", "line", "text", "g", "path", "circle")
        }
        assert "\x1b" not in svg


def test_the_picture_says_what_it_is_and_takes_the_colours_of_the_page() -> None:
    svg = drawn(transcript((Kind.OPEN, b""), (Kind.SENT, query("needle")))).svg("The messages")
    root = ET.fromstring(svg)
    assert root.findtext(SVG + "title") == "The messages"
    assert "A 127.0.1.1:40000" in (root.findtext(SVG + "desc") or "")
    style = root.findtext(SVG + "style") or ""
    assert "currentColor" in style
    assert "prefers-color-scheme: dark" in style
    assert sum("needle" in (text.text or "") for text in root.iter(SVG + "text")) == 1


def test_what_followed_the_verdict_is_not_shown() -> None:
    found = transcript((Kind.OPEN, b""), (Kind.SENT, query("needle")))
    found.conclude()
    found.add(Event(9, Kind.CLOSE, 1, PROBE, NODE))
    assert drawn(found).rows[-1].label == "Query"


def test_a_failing_case_has_its_messages_in_order(failing: Failing) -> None:
    result, target = failing("KeepsTheTtl")
    assert result.transcript is not None
    ladder = draw(result.transcript, target.network.dissector(), target.address)
    assert [row.label for row in ladder.rows if row.kind == "message"][-2:] == ["Query", "Query"]
    assert [row.time for row in ladder.rows] == sorted(row.time for row in ladder.rows)
