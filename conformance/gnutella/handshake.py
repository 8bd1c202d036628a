"""Handshake: three header blocks, and nothing else before the third; or the two lines of 0.4.

A handshake that succeeds is not believed until a Ping is answered on the link: closing, or a friendly answer alone,
passes nothing.
"""

from __future__ import annotations

import re

import pytest

from ...codecs.gnutella import Descriptor, Ping, Pong, Query
from ..checks import checks
from ..outcomes import Failure, Inconclusive, Sign, Symptom, assuming
from .bench import Bench
from .connection import ACCEPTED, Block

_BLOCK = re.compile(
    rb"GNUTELLA/0\.6 [0-9]{3} [^\r\n]+\r\n"
    rb"(?:[!-9;-~]+:[^\r\n]*\r\n(?:[ \t][^\r\n]*\r\n)*)*"
    rb"\r\n"
)
_REQUEST = re.compile(rb"GNUTELLA CONNECT/0\.6\r\n(?:[!-9;-~]+:[^\r\n]*\r\n(?:[ \t][^\r\n]*\r\n)*)*\r\n")
_HOST = re.compile(r"(\d{1,3}(?:\.\d{1,3}){3}):(\d{1,5})(?:\s.*)?")
_BUSY = b"GNUTELLA/0.6 503 Busy\r\n\r\n"
_HEADER_BLOCK_LIMIT = 64 * 1024
_HANDSHAKE_SECONDS = 120.0


# --- the answer


@checks("GNU-HSK-01")
@pytest.mark.parametrize("bare", [False, True], ids=["usual headers", "no headers"])
def test_a_request_is_answered_by_a_status_line_headers_and_an_empty_line(bench: Bench, bare: bool) -> None:
    answer = bench.raw().ask(request=b"GNUTELLA CONNECT/0.6\r\n\r\n" if bare else None)
    if not _BLOCK.fullmatch(answer.raw):
        raise Failure(expected="GNUTELLA/0.6 <3 digits> <phrase>, header lines, an empty line", actual=repr(answer.raw))
    bench.peer()


@checks("GNU-HSK-04")
@pytest.mark.parametrize("version", ["0.7", "1.0"])
def test_a_request_of_a_higher_version_is_answered_at_0_6(bench: Bench, version: str) -> None:
    bench.peer()
    caller = bench.raw()
    request = caller.request()
    answer = caller.ask(request=request.replace(b"CONNECT/0.6", f"CONNECT/{version}".encode(), 1))
    assert answer.first_line.startswith("GNUTELLA/0.6 200"), answer.first_line
    caller.finish().assert_answers()


@checks("GNU-HSK-05")
def test_a_0_4_request_is_answered_by_gnutella_ok_and_then_descriptors(bench: Bench) -> None:
    bench.peer()
    caller = bench.raw()
    caller.send(b"GNUTELLA CONNECT/0.4\n\n")
    answer = caller.read(len(b"GNUTELLA OK\n\n"))
    assert answer == b"GNUTELLA OK\n\n"
    caller.become_peer().assert_answers()


@checks("GNU-HSK-19")
def test_the_answer_names_the_software(bench: Bench) -> None:
    bench.peer()
    answer = bench.raw().ask()
    assert answer.get("User-Agent"), "no User-Agent header"


# --- headers


@checks("GNU-HSK-06")
def test_unknown_headers_are_ignored(bench: Bench) -> None:
    bench.peer()
    caller = bench.raw()
    answer = caller.ask({"X-Peerspec-Unknown": "1", "Zz": "", "X-Odd!#$%&'*+.^_`|~": "tokens, all of them; q=1"})
    assert answer.code == 200, answer.first_line
    caller.finish().assert_answers()


def _bye_after(bench: Bench, announcement: dict[str, str | None]) -> bool:
    """Whether a peer that said `announcement` in its request is told Bye when it offends."""
    return bench.provoke_bye(bench.peer(announcement)) is not None


@checks("GNU-HSK-07")
@pytest.mark.parametrize("name", ["bye-packet", "BYE-PACKET", "bYE-pACKET"])
def test_header_names_are_read_in_any_case(bench: Bench, name: str) -> None:
    if not _bye_after(bench, {}):
        raise Inconclusive("the node says no Bye, through which the reading of headers could be seen")
    assert _bye_after(bench, {"Bye-Packet": None, name: "0.1"}), f"the header {name} was not understood"


@checks("GNU-HSK-08")
@pytest.mark.parametrize("fold", ["\r\n ", "\r\n\t", "\r\n  \t "], ids=["blank", "tab", "many"])
def test_a_continued_header_line_is_read_as_one(bench: Bench, fold: str) -> None:
    if not _bye_after(bench, {}):
        raise Inconclusive("the node says no Bye, through which the reading of headers could be seen")
    caller = bench.raw()
    request = caller.request()
    answer = caller.ask(request=request.replace(b"Bye-Packet: 0.1", f"Bye-Packet:{fold}0.1".encode()))
    assert answer.code == 200, answer.first_line
    assert bench.provoke_bye(caller.finish()), "the continued header was not understood"


@checks("GNU-HSK-20")
def test_lines_that_end_in_lf_alone_are_accepted(bench: Bench) -> None:
    bench.peer()
    caller = bench.raw()
    request = caller.request()
    assert caller.ask(request=request.replace(b"\r\n", b"\n")).code == 200
    caller.finish(b"GNUTELLA/0.6 200 OK\n\n").assert_answers()


# --- segments


@checks("GNU-HSK-10")
def test_a_handshake_that_comes_byte_by_byte_is_accepted(bench: Bench) -> None:
    bench.peer()
    caller = bench.raw()
    caller.send_bytewise(caller.request())
    answer = caller.read_block()
    assert answer.code == 200, answer.first_line
    caller.send_bytewise(ACCEPTED)
    caller.become_peer().assert_answers()


@checks("GNU-HSK-10")
@pytest.mark.parametrize("cut", [1, 21, -3, -1], ids=lambda cut: f"at {cut}")
def test_a_handshake_that_comes_in_two_segments_is_accepted(bench: Bench, cut: int) -> None:
    bench.peer()
    caller = bench.raw()
    request = caller.request()
    caller.send(request[:cut])
    caller.send(request[cut:])
    answer = caller.read_block()
    assert answer.code == 200, answer.first_line
    caller.send(ACCEPTED[:cut])
    caller.send(ACCEPTED[cut:])
    caller.become_peer().assert_answers()


@checks("GNU-HSK-11")
def test_a_ping_in_the_segment_of_the_final_block_is_answered(bench: Bench) -> None:
    bench.peer()
    ping = Descriptor.of(Ping(), guid=bench.new_guid(), ttl=1)
    bench.peer(glue=ping.encode(), check=False).expect_answer(ping, Pong)


@checks("GNU-HSK-11")
def test_a_query_in_the_segment_of_the_final_block_is_forwarded(bench: Bench) -> None:
    bob, alice = bench.peers(2)
    with assuming("a Query is forwarded"):
        bob.expect(alice.send(Query(bench.unique())))
    query = Descriptor.of(Query(bench.unique()), guid=bench.new_guid(), ttl=4)
    bench.peer(glue=query.encode(), check=False)
    bob.expect(query)


# --- nothing before the final block, and no link without it


@checks("GNU-HSK-02")
def test_no_descriptor_comes_before_the_final_block(bench: Bench) -> None:
    alice, bob = bench.peers(2)
    caller = bench.raw()
    assert caller.ask().code == 200
    with assuming("a Query is forwarded"):
        bob.expect(alice.send(Query(bench.unique())))
    assert caller.pending() == b"", "bytes before the final block"
    carol = caller.finish()
    with assuming("the link works once the final block has come"):
        carol.assert_answers()


@checks("GNU-HSK-03")
@pytest.mark.parametrize("final", [_BUSY, b"GNUTELLA/0.6 403 Not you\r\nX-Try:\r\n\r\n"], ids=["503", "403"])
def test_a_caller_that_ends_the_handshake_with_another_code_is_closed(bench: Bench, final: bytes) -> None:
    bench.peer()
    caller = bench.raw()
    with assuming("the node accepts"):
        assert caller.ask().code == 200
    caller.send(final)
    caller.expect_close()
    bench.assert_alive()


# --- refusal


@checks("GNU-HSK-12")
def test_a_caller_that_was_refused_is_closed(bench: Bench) -> None:
    with bench.full() as refusal:
        if refusal.answer is None:
            raise Inconclusive(f"the node refused without an answer: {refusal.said}")
        refusal.caller.expect_close()
        refusal.links[0].assert_answers()


@checks("GNU-HSK-13")
def test_a_refusal_offers_other_hosts(bench: Bench) -> None:
    with bench.full() as refusal:
        if refusal.answer is None:
            raise Inconclusive(f"the node refused without an answer: {refusal.said}")
        if not _offers(refusal.answer):
            raise Failure(
                expected="X-Try or X-Try-Ultrapeers with an address",
                actual=repr(refusal.answer.raw),
                symptom=Symptom(sign=Sign.MISSING, wire=refusal.caller.wire.number, pattern={"text": "\nX-Try"}),
            )
        with assuming("the node goes on to serve"):
            refusal.links[0].assert_answers()


@checks("GNU-HSK-14")
def test_the_hosts_offered_are_listening_addresses(bench: Bench) -> None:
    with bench.full() as refusal:
        if refusal.answer is None or not (offers := _offers(refusal.answer)):
            raise Inconclusive(f"the node offered no hosts: {refusal.said}")
        dialled_from = {link.wire.local for link in refusal.links}
        for offer in offers:
            found = _HOST.fullmatch(offer)
            assert found, f"{offer!r} is no ip:port"
            host = (found[1], int(found[2]))
            assert 0 < host[1] < 65536, f"{offer} has no port"
            assert host not in dialled_from, f"{offer} is the address that a peer dialled from"
        with assuming("the node goes on to serve"):
            refusal.links[0].assert_answers()


@checks("GNU-HSK-15")
def test_want_of_room_is_answered_by_503(bench: Bench) -> None:
    with bench.full() as refusal:
        assert refusal.answer is not None, f"refused without an answer: {refusal.said}"
        assert refusal.answer.code == 503, refusal.said
        with assuming("the node goes on to serve"):
            refusal.links[0].assert_answers()


def _offers(answer: Block) -> list[str]:
    """The hosts that a block offers."""
    joined = ",".join(answer.get(name) or "" for name in ("X-Try", "X-Try-Ultrapeers"))
    return [offer.strip() for offer in joined.split(",") if offer.strip()]


# --- what is no handshake, and what never ends


@checks("GNU-HSK-16")
@pytest.mark.parametrize(
    "line", [b"HELLO PEERSPEC/0.6", b"EHLO example.net", b"GNUTELLA FROBNICATE/0.6"], ids=["hello", "smtp", "verb"]
)
def test_a_first_line_of_no_known_protocol_is_closed(bench: Bench, line: bytes) -> None:
    bench.peer()
    caller = bench.raw()
    caller.send(line + b"\r\n\r\n")
    caller.expect_close()
    bench.assert_alive()


@checks("GNU-HSK-17")
def test_a_header_block_without_end_is_given_up(bench: Bench) -> None:
    with assuming("a block of ordinary length is accepted"):
        bench.peer({f"X-Filler-{number}": "x" * 100 for number in range(10)})
    caller = bench.raw()
    line = b"X-Filler: " + b"x" * 1000 + b"\r\n"
    caller.send(b"GNUTELLA CONNECT/0.6\r\n" + line * (_HEADER_BLOCK_LIMIT * 5 // 4 // len(line)))
    caller.expect_close()
    bench.assert_alive()


@checks("GNU-HSK-18")
@pytest.mark.parametrize("half_asked", [True, False], ids=["request without end", "no final block"])
def test_a_handshake_that_never_ends_is_given_up(bench: Bench, half_asked: bool) -> None:
    alice = bench.peer()
    caller = bench.raw()
    if half_asked:
        caller.send(b"GNUTELLA CONNECT/0.6\r\nUser-Agent: peer")
    else:
        with assuming("the node answers"):
            caller.ask()
    bench.elapse(_HANDSHAKE_SECONDS, keep=[alice])
    caller.expect_close()
    with assuming("a link that is attended stays"):
        alice.sync()
    bench.assert_alive()


# --- the node as initiator


@checks("GNU-HSK-21", feature="dial")
def test_a_dialling_node_opens_with_a_request(bench: Bench) -> None:
    listener = bench.listen()
    bench.instance().dial(listener.address)
    caller = listener.accept()
    request = caller.read_block()
    if not _REQUEST.fullmatch(request.raw):
        raise Failure(expected="GNUTELLA CONNECT/0.6, header lines, an empty line", actual=repr(request.raw))
    with assuming("the handshake goes on"):
        caller.send(ACCEPTED)
        caller.read_block()
        caller.become_peer().assert_answers()


@checks("GNU-HSK-22", feature="dial")
def test_a_dialling_node_completes_the_handshake_before_any_descriptor(bench: Bench) -> None:
    listener = bench.listen()
    bench.instance().dial(listener.address)
    with assuming("the node dials and asks"):
        caller = listener.accept()
        caller.read_block()
    assert caller.pending() == b"", "bytes after the request and before the answer"
    caller.send(ACCEPTED)
    start = caller.read(len(b"GNUTELLA/0.6 200 "))
    assert start == b"GNUTELLA/0.6 200 ", f"after the answer came {start!r}"
    caller.read_block()
    with assuming("the link works"):
        caller.become_peer().assert_answers()


@checks("GNU-HSK-23", feature="dial")
def test_a_dialling_node_closes_after_another_answer_than_200(bench: Bench) -> None:
    accepting, refusing = bench.listen(), bench.listen()
    with assuming("the node dials, and keeps a link that is accepted"):
        bench.instance().dial(accepting.address)
        friend = accepting.accept()
        friend.read_block()
        friend.send(ACCEPTED)
        friend.read_block()
        link = friend.become_peer()
        link.assert_answers()
    bench.instance().dial(refusing.address)
    with assuming("the node dials and asks"):
        caller = refusing.accept()
        caller.read_block()
    caller.send(_BUSY)
    caller.expect_close()
    link.sync()
