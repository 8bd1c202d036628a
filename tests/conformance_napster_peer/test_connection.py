"""Connections for files before scripted peers: what is read of them, and what is told when it does not come."""

from __future__ import annotations

import pytest

from peerspec.codecs.napster import GetFile, Login
from peerspec.conformance.napster_peer.bench import Bench
from peerspec.conformance.napster_peer.connection import Connection
from peerspec.conformance.outcomes import Failure, Inconclusive, Sign

from .conftest import MakeBench
from .scripted import Answer, Scripted

LOGIN = Login("someone", "secret", 6699, "scripted 1", 3)
GET = GetFile("bob", "C:\\mp3\\a song.mp3", 0)


def _before(make_bench: MakeBench, answer: Answer, greeting: bytes = b"1") -> Bench:
    return make_bench(lambda random: Scripted(random, LOGIN, answer=answer, greeting=greeting))


def _saying(*pieces: bytes, then_closes: bool = False) -> Answer:
    """An answer of these pieces to whatever comes, each in a segment of its own."""

    def answer(peer: Scripted, link: int, data: bytes) -> None:
        del data
        for piece in pieces:
            peer.write(link, piece)
        if then_closes:
            peer.hang_up(link)

    return answer


def _asked(bench: Bench) -> Connection:
    caller = bench.caller()
    caller.send(b"anything")
    return caller


@pytest.mark.parametrize(
    ("greeting", "said"), [(b"2", "b'2' came"), (b"", "nothing came"), (b"hello", "b'hello' came")]
)
def test_another_greeting_than_the_1_is_a_failure(make_bench: MakeBench, greeting: bytes, said: str) -> None:
    bench = _before(make_bench, _saying(), greeting)
    with pytest.raises(Failure, match=said):
        bench.call().expect_greeting()
    with pytest.raises(Inconclusive, match="writes the character 1"):
        bench.caller()


def test_nothing_is_said_of_a_connection_that_is_refused(make_bench: MakeBench) -> None:
    bench = _before(make_bench, _saying())
    with pytest.raises(Failure, match="connection refused") as failure:
        bench.call(("127.0.0.1", 9))
    assert failure.value.symptom is not None
    assert failure.value.symptom.sign is Sign.REFUSED
    assert bench.refuses_connection(("127.0.0.1", 9))
    assert not bench.refuses_connection(bench.address)


@pytest.mark.parametrize("request_", [GET, GET.replace(offset=1234)], ids=["a zero", "four digits"])
def test_a_request_is_read_to_the_end_of_its_number(make_bench: MakeBench, request_: GetFile) -> None:
    raw = request_.encode()
    bench = _before(make_bench, _saying(*(raw[at : at + 1] for at in range(len(raw)))))
    assert _asked(bench).expect_get() == request_


@pytest.mark.parametrize("raw", [b'GET bob "x" 0', b'GETbob  "x" 0', b'GETbob "x" 0\n'], ids=["after", "twice", "lf"])
def test_a_request_of_another_form_is_for_the_case_about_its_form(make_bench: MakeBench, raw: bytes) -> None:
    with pytest.raises((Inconclusive, Failure), match="request"):
        _asked(_before(make_bench, _saying(raw))).expect_get()


@pytest.mark.parametrize("offset", [b"0", b"1500"])
def test_an_offset_is_a_number_and_nothing_else(make_bench: MakeBench, offset: bytes) -> None:
    assert _asked(_before(make_bench, _saying(offset))).expect_offset() == int(offset)
    with pytest.raises(Failure, match="and nothing else"):
        _asked(_before(make_bench, _saying(offset + b"\n"))).expect_offset()
    with pytest.raises(Failure, match="an offset in decimal"):
        _asked(_before(make_bench, _saying(b"INVALID REQUEST"))).expect_offset()


def test_a_refusal_begins_with_no_digit_and_ends_the_connection(make_bench: MakeBench) -> None:
    assert _asked(_before(make_bench, _saying(b"NO", then_closes=True))).expect_refusal() == b"NO"
    with pytest.raises(Failure, match="b'404 NO' came"):
        _asked(_before(make_bench, _saying(b"404 NO", then_closes=True))).expect_refusal()
    with pytest.raises(Failure, match="it stays open"):
        _asked(_before(make_bench, _saying(b"NO"))).expect_refusal()


def test_a_peer_that_refuses_without_a_word_does_not_serve(make_bench: MakeBench) -> None:
    bench = _before(make_bench, _saying(then_closes=True))
    bench.assert_greets()
    with pytest.raises(Failure, match="a refusal"):
        bench.assert_serves()


def test_a_listener_tells_of_connections_that_come_and_of_those_that_do_not(make_bench: MakeBench) -> None:
    bench = _before(make_bench, _saying())
    listener = bench.listen()
    listener.expect_none("yet")
    with pytest.raises(Failure, match="none came") as failure:
        listener.expect()
    assert failure.value.symptom is not None
    assert failure.value.symptom.sign is Sign.UNCALLED
    bench.instance().dial(listener.address)
    listener.expect()
    bench.instance().dial(listener.address)
    bench.world.wait([listener.socket])
    with pytest.raises(Failure, match="any more"):
        listener.expect_none("any more")


def test_a_port_that_is_taken_at_one_address_is_had_at_another(make_bench: MakeBench) -> None:
    bench = _before(make_bench, _saying())
    taken = [bench.world.listen(f"127.0.1.{number}", 8875) for number in (1, 2)]
    found = bench.listen_at(8875)
    assert found.port == 8875
    assert found.ip not in {each.address[0] for each in taken}


def test_time_passes_in_seconds_and_is_attended(make_bench: MakeBench) -> None:
    bench = _before(make_bench, _saying())
    began, seen = bench.world.now(), []
    bench.attend_for(4, lambda: seen.append(bench.world.now() - began))
    assert [round(each) for each in seen] == [1, 2, 3, 4]
