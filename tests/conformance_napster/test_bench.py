"""The bench before the reference server, and before nodes that do not keep to the rules."""

from __future__ import annotations

import pytest

from peerspec.codecs.napster import LoginError, Packet
from peerspec.conformance.napster.bench import Bench
from peerspec.conformance.napster.nulls import Mute
from peerspec.conformance.outcomes import Failure, Inconclusive, Unsupported

from .conftest import MakeBench
from .scripted import Scripted, ignores, scripted


def test_users_have_nicks_addresses_and_ports_of_their_own(bench: Bench) -> None:
    users = bench.users(4)
    assert len({user.nick for user in users}) == 4
    assert len({user.local[0] for user in users}) == 4
    assert len({user.port for user in users}) == 4
    assert all(user.nick.isascii() and user.nick.isalpha() and len(user.nick) <= 19 for user in users)


def test_what_greets_a_user_is_forgotten(bench: Bench) -> None:
    alice = bench.user()
    assert {packet.type for packet in alice.log} >= {3, 621, 214}
    assert not alice.wait_for_packet(214)
    assert bench.user(check=False).wait_for_packet(214)


def test_a_login_that_is_refused_leaves_a_case_open(bench: Bench) -> None:
    alice = bench.user()
    assert not bench.attempt(alice.nick).accepted
    with pytest.raises(Inconclusive, match="a login succeeds"):
        bench.user(alice.nick)


def test_a_session_that_ends_at_once_leaves_a_case_open(make_bench: MakeBench) -> None:
    def rule(node: Scripted, link: int, packet: Packet) -> None:
        node.close(link)

    with pytest.raises(Inconclusive, match="ends a new session"):
        make_bench(scripted(rule, takes_fences=True)).user()


def test_an_account_is_registered_and_nobody_is_logged_in(bench: Bench) -> None:
    nick = bench.account(email="a@example.org")
    assert bench.is_registered(nick)
    assert bench.user().link_of(nick) is None
    assert bench.user(nick).email == "a@example.org"
    assert not bench.is_registered(bench.new_nick())


def test_the_operator_is_the_one_that_the_tester_was_told_of(bench: Bench) -> None:
    root = bench.operator()
    assert root.nick == "root"
    found = root.whois("root")
    assert found is not None
    assert found.level == "Elite"


def test_a_share_is_found_by_its_word(bench: Bench) -> None:
    alice, bob = bench.users(2)
    shared, other = bench.share(alice), bench.share(alice, "C:\\named.mp3", size=7, bitrate=64)
    assert [each.file for each in bob.find(shared.word)] == [shared.name]
    assert (other.name, other.word, other.size, other.bitrate) == ("C:\\named.mp3", "", 7, 64)
    assert {each.file for each in bob.browse(alice.nick)} == {shared.name, other.name}


def test_one_waits_until_a_session_has_ended(bench: Bench) -> None:
    alice, bob = bench.users(2)
    alice.abort()
    bench.await_gone(alice.nick, bob)
    with pytest.raises(Failure, match="to end"):
        bench.await_gone(bob.nick, bob)


def test_the_metaserver_is_an_instance_that_gives_out_other_addresses(bench: Bench) -> None:
    metaserver = bench.metaserver()
    lines = {bench.directions(metaserver).line() for _ in range(4)}
    assert lines == {b"127.9.8.7:8888\n", b"127.9.8.6:7777\n"}


def test_a_metaserver_that_says_nothing_is_a_failure(make_bench: MakeBench) -> None:
    bench = make_bench(Mute)
    with pytest.raises(Failure, match="expected a line; got nothing came"):
        bench.directions(bench.metaserver()).line()
    with pytest.raises(Failure, match="stays open"):
        bench.directions(bench.metaserver()).expect_close()


def test_a_server_that_lets_nobody_in_is_not_alive(make_bench: MakeBench) -> None:
    def refuses(node: Scripted, link: int, packet: Packet) -> None:
        node.say(link, LoginError("full"))

    bench = make_bench(lambda random: _Full(random, refuses))
    with pytest.raises(Failure, match="lets a new user in; got 0 b'full' came"):
        bench.assert_alive()
    make_bench(scripted(ignores)).assert_alive()


class _Full(Scripted):
    """Lets nobody in."""

    def answer(self, link: int, packet: Packet) -> None:
        self.rule(self, link, packet)


def test_what_a_target_does_not_offer_is_said(bench: Bench) -> None:
    bench.target.features = frozenset()
    for ask in (bench.operator, bench.account, bench.metaserver):
        with pytest.raises(Unsupported):
            ask()
