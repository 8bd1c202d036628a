"""Bans of nicks and addresses: who can't log in, until when, and the list of them."""

from pathlib import Path

import pytest

from peerspec.codecs.napster import (
    Ban,
    BanDetails,
    BanList,
    BannedIp,
    BannedNick,
    ErrorText,
    Login,
    LoginAck,
    LoginError,
    Unban,
)

from .conftest import MakeTown, Town
from .test_channels import operator

ADDRESS = "10.7.0.1"


def is_let_in(place: Town, nick: str, source: str) -> bool:
    """Whether a login is accepted; the session is ended at once."""
    user = place.raw(source)
    (answer, *_) = user.ask(Login(nick, "pw", 6699, "test v1", 9))
    assert isinstance(answer, (LoginAck, LoginError))
    user.stream.close()
    place.wait(1)
    return isinstance(answer, LoginAck)


@pytest.mark.parametrize("target", ["Alice", "alice!*"])
def test_a_banned_nick_is_kept_out(town: MakeTown, target: str) -> None:
    place = town()
    root = operator(place)
    root.ask(Ban(target))
    assert not is_let_in(place, "alice", ADDRESS)
    assert not is_let_in(place, "ALICE", "10.7.0.2")
    assert is_let_in(place, "bob", ADDRESS)
    assert root.ask(Unban(target.upper())) == [ErrorText(f"root lifted the ban of {target.upper().removesuffix('!*')}")]
    assert is_let_in(place, "alice", ADDRESS)


@pytest.mark.parametrize("target", [ADDRESS, f"*!{ADDRESS}"])
def test_a_banned_address_is_kept_out(town: MakeTown, target: str) -> None:
    place = town()
    root = operator(place)
    root.ask(Ban(target))
    assert not is_let_in(place, "alice", ADDRESS)
    assert is_let_in(place, "alice", "10.7.0.2")
    root.ask(Unban(target))
    assert root.ask(Unban(target)) == [ErrorText(f"{ADDRESS} is not banned")]
    assert is_let_in(place, "alice", ADDRESS)


def test_a_ban_ends_no_session(town: MakeTown) -> None:
    place = town()
    alice = place.user("alice")
    operator(place).ask(Ban("alice"), Ban(alice.ip))
    assert alice.is_open()


def test_a_ban_is_over_in_time(town: MakeTown) -> None:
    place = town(epoch=1_000_000)
    root = operator(place)
    root.ask(Ban("alice", details=BanDetails("noise", seconds=30)), Ban("bob", details=BanDetails("noise")))
    assert not is_let_in(place, "alice", ADDRESS)
    place.wait(30)
    assert is_let_in(place, "alice", ADDRESS)
    assert not is_let_in(place, "bob", ADDRESS)
    assert [each for each in root.ask(BanList()) if not isinstance(each, ErrorText)] == [BannedNick("bob"), BanList()]
    assert len(list(place.server.accounts.bans())) == 1


def test_bans_are_listed(town: MakeTown) -> None:
    place = town(epoch=1_000_000)
    root = operator(place)
    assert root.ask(BanList()) == [BanList()]
    root.ask(Ban("Alice", details=BanDetails("x")))
    root.ask(Ban(ADDRESS, details=BanDetails("much  noise")))
    at = place.server.unix_time()
    nick, address, end = root.ask(BanList())
    assert (nick, end) == (BannedNick("Alice"), BanList())
    assert isinstance(address, BannedIp)
    assert address.replace(time=0) == BannedIp(ADDRESS, "root", "much  noise", 0, 0)
    assert at - 2 <= address.time <= at


def test_bans_are_bounded(town: MakeTown) -> None:
    place = town(max_bans=1)
    root = operator(place)
    root.ask(Ban("alice", details=BanDetails("", seconds=5)))
    assert root.ask(Ban("bob")) == [ErrorText("there are 1 bans already")]
    place.wait(5)
    assert root.ask(Ban("bob")) == [ErrorText("root banned bob: ")]


def test_bans_outlive_the_server(town: MakeTown, tmp_path: Path) -> None:
    first = town(database=tmp_path / "server.db")
    operator(first).ask(Ban("Alice", details=BanDetails("\udcff")), Ban(ADDRESS))
    first.server.release()
    second = town(database=tmp_path / "server.db")
    assert not is_let_in(second, "alice", "10.7.0.2")
    assert not is_let_in(second, "bob", ADDRESS)
    assert len(operator(second).ask(BanList())) == 3
