"""Message of the day, statistics, the server's ping."""

from peerspec.codecs.napster import (
    MotdLine,
    MotdRequest,
    ServerPing,
    ShareFile,
    Stats,
    StatsRequest,
    UnshareAll,
    UnshareFile,
)

from .conftest import MakeTown, User

GIB = 2**30


def share(user: User, name: str, size: int) -> None:
    user.send(ShareFile(name, "0" * 32, size, 128, 44_100, 60))


def test_the_message_of_the_day_is_repeated_on_request(town: MakeTown) -> None:
    alice = town(motd=("VERSION x", "", "three  blanks")).user("alice")
    assert alice.ask(MotdRequest()) == [MotdLine("VERSION x"), MotdLine(""), MotdLine("three  blanks")]


def test_users_files_and_gigabytes_are_counted_as_they_come_and_go(town: MakeTown) -> None:
    place = town()
    alice, bob = place.user("alice"), place.user("bob")
    assert alice.ask(StatsRequest()) == [Stats(2, 0, 0)]
    share(bob, "a", GIB)
    share(bob, "b", GIB // 2)
    share(bob, "b", GIB)
    share(alice, "a", GIB // 2)
    assert alice.ask(StatsRequest()) == [Stats(2, 3, 2)]
    bob.send(UnshareFile("a"))
    assert alice.ask(StatsRequest()) == [Stats(2, 2, 1)]
    bob.stream.abort()
    assert alice.ask(StatsRequest()) == [Stats(1, 1, 0)]
    alice.send(UnshareAll())
    alice.read()
    assert alice.ask(StatsRequest()) == [Stats(1, 0, 0)]
    assert (place.server.files_shared, place.server.bytes_shared) == (0, 0)


def test_nothing_is_left_of_one_whose_nick_is_taken_over(town: MakeTown) -> None:
    place = town()
    share(place.user("alice", source="10.7.0.1"), "a", 5 * GIB)
    place.wait(1)
    alice = place.user("alice", source="10.7.0.1")
    assert alice.ask(StatsRequest()) == [Stats(1, 0, 0)]


def test_a_ping_is_answered_by_the_same(town: MakeTown) -> None:
    alice = town().user("alice")
    assert alice.ask(ServerPing(), ServerPing(text="alice 12")) == [ServerPing(), ServerPing(text="alice 12")]


def test_statistics_come_unasked(town: MakeTown) -> None:
    place = town(stats_period=30.0)
    alice = place.user("alice")
    alice.read()
    place.wait(100)
    assert alice.read() == [Stats(1, 0, 0)] * 3


def test_more_gigabytes_than_there_are_numbers_for_are_said_to_be_the_most(town: MakeTown) -> None:
    place = town()
    alice = place.user("alice")
    for number in range(3):
        share(alice, str(number), 2**63 - 1)
    assert alice.ask(StatsRequest()) == [Stats(1, 3, 2**32 - 1)]
