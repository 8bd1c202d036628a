"""Downloads between servents: direct, by Push, in parts, and when things go wrong."""

from pathlib import Path
from random import Random

import pytest

from peerspec.codecs.gnutella import Push
from peerspec.reference.gnutella import Download, Found, Servent, ServentConfig, Shares
from peerspec.reference.worlds.virtual import VirtualNetwork

from .conftest import Neighbourhood

CONTENT = Random(7).randbytes(300_000)


def fetch(near: Neighbourhood, servent: Servent, found: Found, part: bytes = b"", wait: float = 120) -> Download:
    download = near.network.call(servent, lambda node, now: node.download(now, found, part=part))
    near.network.run_until(lambda: download.finished, wait)
    return download


def find(near: Neighbourhood, servent: Servent, text: str) -> Found:
    (found,) = servent.results(near.search(servent, text))
    return found


@pytest.mark.parametrize("content", [b"", b"x", CONTENT], ids=["empty", "one byte", "several pieces"])
@pytest.mark.parametrize("firewalled", [False, True], ids=["direct", "by Push"])
def test_what_was_found_is_fetched(near: Neighbourhood, content: bytes, firewalled: bool) -> None:
    asker = near.servent()
    middle = near.servent()
    owner = near.servent({"a needle & more é.txt": content}, firewalled=firewalled)
    near.link(asker, middle)
    near.link(middle, owner)
    found = find(near, asker, "needle")
    assert found.push is firewalled
    download = fetch(near, asker, found)
    assert (download.state, bytes(download.data), download.attempts) == ("done", content, 1)
    near.network.run_for(60)
    assert (download.state, download.attempts) == ("done", 1)
    assert [len(servent.links) for servent in (asker, middle, owner)] == [1, 2, 1]


def test_a_servent_that_can_not_be_reached_is_asked_to_call_back(near: Neighbourhood) -> None:
    asker, owner = near.line({}, {"needle": CONTENT})
    found = find(near, asker, "needle")
    blocked = Found(("10.0.0.99", 1), found.index, found.name, found.size, found.servent_id, push=False)
    download = fetch(near, asker, blocked)
    assert (download.state, bytes(download.data), download.attempts) == ("done", CONTENT, 2)
    assert owner.links


def test_a_part_that_is_there_is_not_fetched_again(near: Neighbourhood) -> None:
    asker, _ = near.line({}, {"needle": CONTENT})
    found = find(near, asker, "needle")
    near.network.trace = []
    download = fetch(near, asker, found, part=CONTENT[:290_000])
    assert (download.state, bytes(download.data)) == ("done", CONTENT)
    assert sum(len(data) for _, _, _, data in near.network.trace) < 11_000
    assert fetch(near, asker, found, part=CONTENT).state == "done"


def test_a_download_that_breaks_off_goes_on_where_it_stopped() -> None:
    near = Neighbourhood(VirtualNetwork(1, latency=(0.1, 0.1)))
    asker, owner = near.line({}, {"needle": CONTENT})
    found = find(near, asker, "needle")
    near.network.trace = []
    download = near.network.call(asker, lambda node, now: node.download(now, found))
    assert near.network.run_until(lambda: len(download.data) >= 100_000, 60)
    near.network.partition([{"10.0.0.1"}])
    near.network.run_for(1)
    near.network.heal()
    assert near.network.run_until(lambda: download.finished, 60)
    assert (download.state, bytes(download.data), download.attempts) == ("done", CONTENT, 2)
    assert sum(len(data) for _, sender, _, data in near.network.trace if sender[0] == owner.address[0]) < 380_000


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"index": 9}, "answered 404"),
        ({"name": "other"}, "answered 404"),
        ({"size": 5}, "more bytes than the hit announced"),
        ({"size": len(CONTENT) + 5}, "answered 416"),
    ],
)
def test_a_hit_that_lies_leads_to_no_file(near: Neighbourhood, change: dict[str, object], reason: str) -> None:
    asker, _ = near.line({}, {"needle": CONTENT})
    found = find(near, asker, "needle")
    facts = {name: getattr(found, name) for name in ("address", "index", "name", "size", "servent_id", "push")}
    download = fetch(near, asker, Found(**{**facts, **change}))
    assert (download.state, download.reason) == ("failed", reason)


@pytest.mark.parametrize(
    ("answer", "state"),
    [
        (b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nneedle", "done"),
        (b"HTTP/1.1 200 OK\r\n\r\nneedle", "done"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nnee", "failed"),
        (b"HTTP/1.1 206 Partial Content\r\nContent-Range: bytes 3-5/6\r\nContent-Length: 3\r\n\r\ndle", "failed"),
        (b"HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n", "failed"),
        (b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nneedle", "done"),
        (b"\x00" * 100 + b"\r\n\r\n", "failed"),
        (b"", "failed"),
        (b"HTTP/1.1 200 OK\r\nX: " + b"x" * 200_000, "failed"),
    ],
)
def test_whatever_a_stranger_answers(near: Neighbourhood, answer: bytes, state: str) -> None:
    asker = near.servent(download_attempts=1)
    listener = near.network.listen("10.9.1.1", 80)
    found = Found(listener.address, 1, "needle", 6, bytes(16), push=False)
    download = near.network.call(asker, lambda node, now: node.download(now, found))
    near.network.run_for(1)
    stream = listener.accept()
    assert stream is not None
    assert stream.take().startswith(b"GET /get/1/needle HTTP/1.1\r\n")
    if answer:
        stream.send(answer)
    stream.close()
    near.network.run_until(lambda: download.finished, 60)
    assert download.state == state
    assert (bytes(download.data) == b"needle") is (state == "done")
    assert asker.links == {}


def test_a_giv_that_nobody_waits_for_is_closed(near: Neighbourhood) -> None:
    servent = near.servent()
    for giv in (b"GIV 1:" + b"ab" * 16 + b"/file\n\n", b"GIV nonsense\n\n"):
        stream = near.network.dial("10.9.1.1", servent.address)
        stream.send(giv)
        near.network.run_for(1)
        assert stream.eof
    assert servent.links == {}


def test_a_callback_that_does_not_come_is_given_up(near: Neighbourhood) -> None:
    asker, owner = near.line({}, {"needle": CONTENT}, firewalled=True, handshake_patience=10.0, download_attempts=2)
    found = find(near, asker, "needle")
    other = Found(found.address, 1, "needle", 6, found.servent_id, push=True)
    near.network.partition([{"10.0.0.1", "10.0.0.2"}])
    near.network.remove(owner.address)
    download = fetch(near, asker, other)
    assert (download.state, download.reason, download.attempts) == ("failed", "no way to the servent", 2)


def test_callbacks_to_one_address_are_few(near: Neighbourhood) -> None:
    servent = near.servent(max_callbacks=3, callback_period=60.0)
    tester = near.tester(servent)
    victim = near.network.listen("10.9.1.1", 80)
    for _ in range(20):
        tester.send(Push(servent.servent_id, 1, *victim.address))
    near.network.run_for(1)
    assert len(victim.pending) == 3
    near.network.run_for(61)
    tester.send(Push(servent.servent_id, 1, *victim.address))
    near.network.run_for(1)
    assert len(victim.pending) == 4


def test_callbacks_to_all_addresses_together_are_bounded(near: Neighbourhood) -> None:
    servent = near.servent(max_callbacks_in_all=10)
    tester = near.tester(servent)
    victims = [near.network.listen(f"10.9.1.{number}", 80) for number in range(1, 31)]
    for victim in victims:
        tester.send(Push(servent.servent_id, 1, *victim.address))
    near.network.run_for(1)
    assert sum(len(victim.pending) for victim in victims) == 10


def test_pipelined_requests_are_answered_in_order(near: Neighbourhood) -> None:
    servent = near.servent({"a": b"first", "b": CONTENT, "c": b"third"})
    stream = near.network.dial("10.9.1.1", servent.address)
    stream.send(b"".join(b"GET /get/%d/%c HTTP/1.1\r\nHost: x\r\n\r\n" % (number, 96 + number) for number in (1, 2, 3)))
    near.network.run_for(1)
    answers = stream.take()
    assert answers.count(b"HTTP/1.1 200 OK\r\n") == 3
    assert answers.index(b"first") < answers.index(CONTENT) < answers.index(b"third")


def test_a_thousand_pipelined_requests_do_not_nest(near: Neighbourhood) -> None:
    servent = near.servent({"a": b"body"})
    stream = near.network.dial("10.9.1.1", servent.address)
    stream.send(b"GET /get/1/a HTTP/1.1\r\n\r\n" * 2000)
    near.network.run_for(1)
    assert stream.take().count(b"\r\n\r\nbody") == 2000


def test_requests_that_wait_are_bounded(near: Neighbourhood) -> None:
    servent = near.servent({"a": CONTENT})
    stream = near.network.dial("10.9.1.1", servent.address)
    stream.pause()
    requests = b"GET /get/1/a HTTP/1.1\r\n\r\n" * 1000
    for _ in range(3):
        stream.send(requests)
        near.network.run_for(1)
    assert stream.reset


def test_uploads_at_one_time_are_bounded(near: Neighbourhood) -> None:
    servent = near.servent({"a": CONTENT}, max_uploads=2)
    streams = [near.network.dial(f"10.9.1.{number}", servent.address) for number in range(1, 4)]
    for stream in streams:
        stream.pause()
        stream.send(b"GET /get/1/a HTTP/1.1\r\n\r\n")
        near.network.run_for(0.1)
    for stream in streams:
        stream.resume()
    near.network.run_for(1)
    assert [stream.take()[9:12] for stream in streams] == [b"200", b"200", b"503"]


def test_a_reader_that_stops_costs_one_piece_and_is_given_up(near: Neighbourhood) -> None:
    servent = near.servent({"a": bytes(10_000_000)}, http_patience=60.0)
    stream = near.network.dial("10.9.1.1", servent.address)
    stream.pause()
    stream.send(b"GET /get/1/a HTTP/1.1\r\n\r\n")
    near.network.run_for(30)
    (link,) = servent.links.values()
    assert 0 < link.queued < 70_000
    near.network.run_for(31)
    assert servent.links == {}


def test_a_file_that_vanishes_ends_the_connection_and_no_more(near: Neighbourhood, tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(CONTENT)
    servent = Servent(ServentConfig(), Random(1), Shares.from_folder(tmp_path))
    near.network.add(servent, ("10.0.0.77", 6346))
    (tmp_path / "a").unlink()
    stream = near.network.dial("10.9.1.1", servent.address)
    stream.send(b"GET /get/1/a HTTP/1.1\r\n\r\n")
    near.network.run_for(1)
    assert stream.reset
    assert near.network.alive(servent.address)


@pytest.mark.parametrize(
    "request_block",
    [
        b"GET /get/1/a HTTP/9.9\r\n\r\n",
        b"GET /get/1/a HTTP/1.1\r\nContent-Length: 5\r\n\r\n12345",
        b"GET /get/1/a HTTP/1.1\r\nno colon\r\n\r\n",
        b"HEAD \r\n\r\n",
        b"GET /get/1/a HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n",
    ],
)
def test_a_request_that_is_none_is_refused(near: Neighbourhood, request_block: bytes) -> None:
    servent = near.servent({"a": b"body"})
    stream = near.network.dial("10.9.1.1", servent.address)
    stream.send(request_block)
    near.network.run_for(1)
    assert stream.take()[9:10] in (b"4", b"5")
    assert near.network.alive(servent.address)
