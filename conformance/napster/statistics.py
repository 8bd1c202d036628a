"""Statistics, message of the day, server pings."""

from __future__ import annotations

from ...codecs.errors import DecodeError
from ...codecs.napster import MotdLine, MotdRequest, ServerPing, Stats, StatsRequest
from ..checks import checks
from ..outcomes import Failure, Inconclusive, assuming
from .bench import Bench
from .files import see_off
from .probe import User

_GIGABYTE = 1_000_000_000
_UNASKED_WITHIN = 130.0


@checks("NAP-STA-01")
def test_statistics_are_three_numbers(bench: Bench) -> None:
    alice = bench.user()
    alice.send(StatsRequest())
    packet = alice.expect_packet(Stats.wire_type or 0)
    try:
        stats = Stats.decode(packet.body)
    except DecodeError as error:
        raise Failure(expected="three decimal numbers", actual=repr(packet.body)) from error
    assert stats.users, "no users, while one is logged in"


def _stats(user: User) -> tuple[int, int]:
    """The numbers of users and of files."""
    with assuming("214 is answered"):
        stats = user.stats()
    return stats.users, stats.files


@checks("NAP-STA-02")
def test_all_users_and_files_are_counted(bench: Bench) -> None:
    alice = bench.user()
    users, files = _stats(alice)
    bob = bench.user()
    for _ in range(3):
        bench.share(bob)
    given = _stats(alice)
    if given != (users + 1, files + 3):
        raise Failure(expected=f"{users + 1} users and {files + 3} files", actual=f"{given[0]} and {given[1]}")


@checks("NAP-STA-03")
def test_users_who_have_gone_and_their_files_are_not_counted(bench: Bench) -> None:
    alice = bench.user()
    before = _stats(alice)
    bob = bench.user()
    for _ in range(3):
        bench.share(bob)
    with assuming("the user and the files are counted"):
        assert _stats(alice) > before
    see_off(bob, alice)
    after = _stats(alice)
    if after != before:
        raise Failure(expected=f"{before[0]} users and {before[1]} files", actual=f"{after[0]} and {after[1]}")


@checks("NAP-STA-04")
def test_sizes_are_summed_in_gigabytes(bench: Bench) -> None:
    alice = bench.user()
    with assuming("214 is answered"):
        before = alice.stats().gigabytes
    for _ in range(3):
        bench.share(alice, size=_GIGABYTE)
    with assuming("214 is answered"):
        after = alice.stats().gigabytes
    if not 2 <= after - before <= 4:
        raise Failure(expected="2 to 4 gigabytes more", actual=f"{before}, then {after}")


@checks("NAP-STA-05")
def test_statistics_come_unasked(bench: Bench) -> None:
    alice = bench.user()
    bench.elapse(_UNASKED_WITHIN, keep=[alice])
    assert alice.take(Stats), "none come"


@checks("NAP-STA-06")
def test_the_message_of_the_day_is_repeated(bench: Bench) -> None:
    alice = bench.user()
    lines = [line.text for line in alice.seen(MotdLine)]
    if not lines:
        raise Inconclusive("there was none after the login")
    alice.send(MotdRequest())
    alice.sync()
    again = [line.text for line in alice.take(MotdLine)]
    if again != lines:
        raise Failure(expected=repr(lines), actual=repr(again) if again else "none")


@checks("NAP-STA-07")
def test_a_line_of_the_message_of_the_day_names_the_version(bench: Bench) -> None:
    alice = bench.user()
    lines = [line.text for line in alice.seen(MotdLine)]
    assert any(line.startswith("VERSION") for line in lines), "none does"


@checks("NAP-STA-08")
def test_a_server_ping_is_answered(bench: Bench) -> None:
    alice = bench.user()
    alice.send(ServerPing())
    alice.expect(ServerPing)
