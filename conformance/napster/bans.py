"""Bans: who is kept off the server, for how long, and what the list says."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from ...codecs.napster import Ban, BanDetails, BanList, BannedIp, BannedNick, Unban
from ..checks import checks
from ..outcomes import Unsupported, assuming
from .operators import concluded, let_in

if TYPE_CHECKING:
    from .bench import Bench
    from .probe import User

_SECONDS = 5
"""How long a ban lasts that is to end by itself."""


def _lift(root: User, *targets: str) -> None:
    for target in targets:
        root.send(Unban(target))
    root.sync()


@contextmanager
def _banned(bench: Bench, root: User, *targets: str, seconds: int | None = None) -> Iterator[None]:
    """Nicks or addresses that an operator has banned, until the end of the case."""
    with concluded(bench, lambda: _lift(root, *targets)):
        for target in targets:
            root.send(Ban(target, details=BanDetails("enough of it", seconds=seconds)))
        root.sync()
        yield


def _source(bench: Bench) -> str:
    """A fresh address of the tester's."""
    if (source := bench.source()) is None:
        raise Unsupported("sources", "the tester has one address only")
    return source


@checks("NAP-OPR-05")
def test_nobody_gets_in_with_a_nick_that_is_banned(bench: Bench) -> None:
    root, nick = bench.operator(), bench.new_nick()
    with _banned(bench, root, nick):
        for spelling in (nick, nick.upper()):
            assert not let_in(bench, spelling), f"{spelling} was let in, and {nick} is banned"
        with assuming("others are let in"):
            assert let_in(bench, bench.new_nick())


@checks("NAP-OPR-06")
def test_nobody_gets_in_from_an_address_that_is_banned(bench: Bench) -> None:
    root, source = bench.operator(), _source(bench)
    with _banned(bench, root, source):
        assert not let_in(bench, bench.new_nick(), source=source), f"a login from {source} is accepted"
        with assuming("others are let in"):
            assert let_in(bench, bench.new_nick())


@checks("NAP-OPR-07")
@pytest.mark.parametrize("what", ["nick", "address"])
def test_a_ban_can_be_lifted(bench: Bench, what: str) -> None:
    root, nick, source = bench.operator(), bench.new_nick(), _source(bench)
    target = nick if what == "nick" else source
    with _banned(bench, root, target):
        with assuming("a ban keeps a user off the server"):
            assert not let_in(bench, nick, source=source), "it does not"
        _lift(root, target)
        assert let_in(bench, nick, source=source), "the login is not accepted after a 614"


@checks("NAP-OPR-08")
def test_bans_are_listed(bench: Bench) -> None:
    root, nick, source = bench.operator(), bench.new_nick(), _source(bench)
    with _banned(bench, root, nick, source):
        root.send(BanList())
        entries = root.answers(BannedIp, until=BanList)
        addresses = [each for each in entries if source in each.ip]
        nicks = [each.nick for each in root.take(BannedNick) if each.nick == nick]
        assert [(each.nick, each.reason) for each in addresses] == [(root.nick, "enough of it")]
        masks = [each.ip for each in entries if nick in each.ip]
        assert len(nicks) + len(masks) == 1, f"{len(nicks)} times 629 and {len(masks)} times 616 for the nick"


@checks("NAP-OPR-09")
def test_a_ban_ends_after_its_seconds(bench: Bench) -> None:
    root, nick = bench.operator(), bench.new_nick()
    with _banned(bench, root, nick, seconds=_SECONDS):
        with assuming("a ban keeps a user off the server"):
            assert not let_in(bench, nick), "it does not"
        bench.elapse(2 * _SECONDS, keep=[root])
        assert let_in(bench, nick), f"the ban of {_SECONDS} seconds goes on"
