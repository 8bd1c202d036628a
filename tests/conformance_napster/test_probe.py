"""The verbs of a user, against nodes that do exactly what a test says."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

import pytest

from peerspec.codecs.napster import (
    Browse,
    BrowseEnd,
    BrowseEntry,
    ErrorText,
    Header,
    LoginAck,
    Packet,
    PrivateMessage,
    SearchEnd,
    SearchResult,
    ServerPing,
    Stats,
    UserSpeed,
    UserSpeedRequest,
)
from peerspec.conformance.napster.probe import folded
from peerspec.conformance.outcomes import Failure, Inconclusive, Sign

from .conftest import MakeBench
from .scripted import Scripted, ignores, relays, scripted


def answers_750(*packets: Packet) -> Callable[[Random], Scripted]:
    """A node that answers a 750 with these packets."""

    def rule(node: Scripted, link: int, packet: Packet) -> None:
        if packet.type == ServerPing.wire_type:
            for each in packets:
                node.send(link, each.encode())

    return scripted(rule)


def result(word: str) -> Packet:
    return Packet.of(SearchResult(f"C:\\{word}.mp3", "0" * 32, 1, 128, 44_100, 1, "alice", "127.0.0.2", 9))


def test_what_comes_is_told_apart_by_kind_and_by_what_is_asked_of_it(make_bench: MakeBench) -> None:
    alice, bob = make_bench(scripted(relays)).users(2)
    bob.send(PrivateMessage(alice.nick, "other"), PrivateMessage(alice.nick, "wanted"))
    assert alice.expect(PrivateMessage, where=lambda got: got.text == "wanted").nick == bob.nick
    assert alice.expect(PrivateMessage).text == "other"


def test_what_was_expected_once_is_not_expected_again(make_bench: MakeBench) -> None:
    alice, bob = make_bench(scripted(relays)).users(2)
    bob.send(PrivateMessage(alice.nick, "once"))
    alice.expect(PrivateMessage)
    alice.expect_none(PrivateMessage, fence=bob)
    with pytest.raises(Failure, match=r"expected 205 \(PrivateMessage\); got .*205 .* came") as raised:
        alice.expect(PrivateMessage)
    assert raised.value.symptom is not None
    assert (raised.value.symptom.sign, raised.value.symptom.already) == (Sign.MISSING, 1)


def test_what_should_not_come_is_seen(make_bench: MakeBench) -> None:
    alice, bob = make_bench(scripted(relays)).users(2)
    bob.send(PrivateMessage(alice.nick, "unwanted"))
    with pytest.raises(Failure, match="no 205"):
        alice.expect_none(PrivateMessage, fence=bob)


def test_what_should_not_come_is_seen_though_the_fence_is_never_answered(make_bench: MakeBench) -> None:
    def rule(node: Scripted, link: int, packet: Packet) -> None:
        if packet.type == UserSpeedRequest.wire_type:
            node.say(link, ErrorText("unwanted"))

    alice = make_bench(scripted(rule, takes_fences=True)).user(check=False)
    with pytest.raises(Failure, match="no 404"):
        alice.expect_none(ErrorText)


def test_a_fence_that_is_not_answered_leaves_the_case_open(make_bench: MakeBench) -> None:
    bench = make_bench(scripted(ignores, takes_fences=True))
    with pytest.raises(Inconclusive, match="fence was not answered"):
        bench.user(check=False).sync()
    with pytest.raises(Inconclusive, match="fence was not answered"):
        bench.raw().sync()


def test_a_connection_that_is_closed_needs_no_fence(make_bench: MakeBench) -> None:
    def rule(node: Scripted, link: int, packet: Packet) -> None:
        node.close(link)

    alice, bob = make_bench(scripted(rule)).users(2)
    alice.send(ServerPing())
    bob.expect_none(PrivateMessage, fence=alice)
    assert alice.closed
    alice.expect_close()
    with pytest.raises(Failure, match="stays open"):
        bob.expect_close()


def test_the_fence_is_the_answer_to_its_own_question(make_bench: MakeBench) -> None:
    """A server may be slow: the answer to a question that the case has asked before is not the fence's."""
    held: list[Packet] = []

    def rule(node: Scripted, link: int, packet: Packet) -> None:
        held.append(packet)
        if len(held) == 2:
            node.pass_fence(link, held[0])
            node.say(link, ErrorText("between"))
            node.pass_fence(link, held[1])

    alice = make_bench(scripted(rule, takes_fences=True)).user(check=False)
    alice.send(UserSpeedRequest(alice.nick))
    alice.sync()
    assert alice.seen(ErrorText), "what came before the fence's answer was not read"
    assert alice.expect(UserSpeed).link == 8


def test_the_answer_to_the_fence_is_not_taken_for_another(make_bench: MakeBench) -> None:
    alice = make_bench(scripted(ignores)).user()
    alice.sync()
    with pytest.raises(Failure):
        alice.expect(UserSpeed)


def test_answers_are_those_before_the_end(make_bench: MakeBench) -> None:
    end = Packet.of(SearchEnd())
    alice = make_bench(answers_750(result("a"), result("b"), end, result("c"), end)).user()
    alice.send(ServerPing())
    assert [each.file for each in alice.answers(SearchResult, until=SearchEnd)] == ["C:\\a.mp3", "C:\\b.mp3"]
    assert [each.file for each in alice.answers(SearchResult, until=SearchEnd)] == ["C:\\c.mp3"]


def test_answers_without_an_end_are_a_failure(make_bench: MakeBench) -> None:
    alice = make_bench(answers_750(result("a"))).user()
    alice.send(ServerPing())
    with pytest.raises(Failure, match="SearchEnd"):
        alice.answers(SearchResult, until=SearchEnd)


def test_a_body_that_fits_no_layout_leaves_the_case_open(make_bench: MakeBench) -> None:
    alice = make_bench(answers_750(Packet.of_raw(201, b"C:\\a.mp3 0"), Packet.of(SearchEnd()))).user()
    alice.send(ServerPing())
    with pytest.raises(Inconclusive, match="can't be read"):
        alice.expect(SearchResult)
    with pytest.raises(Inconclusive, match="can't be read"):
        alice.expect_none(SearchResult)
    assert alice.expect_packet(201).body == b"C:\\a.mp3 0"


def test_bytes_that_belong_to_no_message_leave_the_case_open(make_bench: MakeBench) -> None:
    def rule(node: Scripted, link: int, packet: Packet) -> None:
        node.send(link, Header(100, 202).encode() + b"too short")

    alice = make_bench(scripted(rule)).user()
    alice.send(ServerPing())
    with pytest.raises(Inconclusive, match="13 bytes are left over"):
        alice.expect(SearchEnd)


def test_each_byte_can_be_sent_by_itself(make_bench: MakeBench) -> None:
    alice, bob = make_bench(scripted(relays)).users(2)
    bob.send_bytewise(PrivateMessage(alice.nick, "slowly"))
    assert alice.expect(PrivateMessage).text == "slowly"


def test_a_link_type_is_told_of_those_who_are_there(make_bench: MakeBench) -> None:
    alice, bob = make_bench(scripted(ignores)).users(2)
    assert alice.link_of(bob.nick.upper()) == 8
    assert alice.link_of(alice.nick) == 8
    assert alice.link_of("nobody") is None
    with pytest.raises(Failure):
        alice.expect(UserSpeed)


def test_statistics_are_those_that_were_asked_for(make_bench: MakeBench) -> None:
    def rule(node: Scripted, link: int, packet: Packet) -> None:
        if packet.type == Stats.wire_type:
            node.say(link, Stats(2, 0, 0))
        elif packet.type == ServerPing.wire_type:
            node.say(link, Stats(1, 0, 0))

    alice = make_bench(scripted(rule)).user()
    alice.send(ServerPing())
    assert alice.stats().users == 2


def test_a_browse_is_what_came_before_its_end(make_bench: MakeBench) -> None:
    def rule(node: Scripted, link: int, packet: Packet) -> None:
        nick = Browse.decode(packet.body).nick
        node.say(link, BrowseEntry(nick, "C:\\a.mp3", "0" * 32, 1, 128, 44_100, 1))
        node.say(link, BrowseEnd(nick))

    alice = make_bench(scripted(rule)).user()
    assert [each.file for each in alice.browse("bob")] == ["C:\\a.mp3"]


def test_a_login_is_answered_or_not(make_bench: MakeBench) -> None:
    bench = make_bench(scripted(ignores))
    assert isinstance(bench.raw().enter(bench.login()), LoginAck)
    assert bench.raw().enter(Packet.of_raw(1000, b"")) is None


@pytest.mark.parametrize(("nick", "expected"), [("Alice", "alice"), ("a[B]", "a[b]"), ("\u00c4B", "\u00c4b")])
def test_nicks_are_folded_in_ascii_only(nick: str, expected: str) -> None:
    assert folded(nick) == expected
