"""Operators: what they may do to users, and that nobody else may."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeAlias

import pytest

from ...codecs.message import Message
from ...codecs.napster import (
    Ban,
    ChannelKick,
    ChannelParted,
    ClearChannel,
    Cloak,
    Cycle,
    CycleUser,
    Disconnecting,
    ErrorText,
    GlobalMessage,
    GlobalNotice,
    GlobalUser,
    GlobalUsers,
    Kill,
    Muzzle,
    NickCheck,
    NickFree,
    NickTaken,
    Nuke,
    OperatorMessage,
    OperatorNotice,
    Part,
    PublicMessage,
    PublicNotice,
    Redirect,
    RedirectUser,
    ServerSelection,
    ServerVersion,
    SetConfig,
    SetDataPort,
    SetUserDataPort,
    SetUserLevel,
    SetUserPassword,
    SetUserSpeed,
    Unban,
    Unmuzzle,
    Whois,
    WhoisRequest,
)
from ..checks import checks
from ..outcomes import assuming
from .bench import EMAIL, PASSWORD
from .channels import join, new_channel

if TYPE_CHECKING:
    from .bench import Bench
    from .probe import User

Command: TypeAlias = Callable[[str, str], Message]

_OTHER_PASSWORD = "closesesame"  # noqa: S105 - of an account that lives as long as a test
_OTHER_LINK = 2

#: the commands by which an operator acts on a user, given its nick and a channel that it is in
COMMANDS: dict[int, Command] = {
    606: lambda nick, _: SetUserLevel(nick, "Leech"),
    610: lambda nick, _: Kill(nick),
    611: lambda nick, _: Nuke(nick),
    612: lambda nick, _: Ban(nick),
    613: lambda nick, _: SetUserDataPort(nick, 7701),
    622: lambda nick, _: Muzzle(nick),
    625: lambda nick, _: SetUserSpeed(nick, _OTHER_LINK),
    628: lambda nick, _: GlobalMessage(f"hello {nick}"),
    652: lambda nick, _: Cloak(),
    753: lambda nick, _: SetUserPassword(nick, _OTHER_PASSWORD, "lost"),
    810: lambda nick, _: SetConfig("max_results", value="100"),
    820: lambda _, channel: ClearChannel(channel),
    821: lambda nick, _: RedirectUser(nick, "127.9.8.7", 8888),
    822: lambda nick, _: CycleUser(nick, "127.9.8.7"),
    829: lambda nick, channel: ChannelKick(channel, nick),
}

_EFFECTS = (ErrorText, Disconnecting, Part, ChannelParted, SetDataPort, GlobalNotice, Redirect, Cycle)
"""What the one who is acted on would receive."""


@contextmanager
def concluded(bench: Bench, undo: Callable[[], None]) -> Iterator[None]:
    """Call `undo` at the end, as a cleaning up that is no part of the case."""
    try:
        yield
    except AssertionError:
        bench.world.transcript.conclude()
        raise
    finally:
        undo()


@contextmanager
def promoted(bench: Bench, root: User, *users: User, level: str) -> Iterator[None]:
    """Users of another level; Inconclusive when they do not get it. Afterwards they are ordinary again."""

    def give(what: str) -> None:
        for user in users:
            root.send(SetUserLevel(user.nick, what))
        root.sync()

    with concluded(bench, lambda: give("User")):
        give(level)
        for user in users:
            root.send(WhoisRequest(user.nick))
            with assuming(f"an operator makes a user {level}"):
                assert root.expect(Whois).level == level
            user.sync()
            user.forget()
        yield


def let_in(bench: Bench, nick: str, *, password: str = PASSWORD, source: str | None = None) -> bool:
    """Whether a login is accepted, from that address or from a fresh one. The session is not kept."""
    user = bench.attempt(nick, password=password, source=source)
    user.close()
    return user.accepted


# --- those who are not operators


@checks("NAP-OPR-01")
@pytest.mark.parametrize("number", [606, 610, 613, 622, 625, 628, 652, 820, 821, 822, 829])
def test_a_user_who_is_no_operator_commands_nobody(bench: Bench, number: int) -> None:
    alice, bob, channel = *bench.users(2), new_channel(bench)
    join(channel, alice, bob)
    bob.send(COMMANDS[number](alice.nick, channel))
    alice.expect_none(*_EFFECTS, fence=bob)
    assert not alice.closed, "the session of the other has ended"
    assert bob.link_of(alice.nick) in (alice.link, None), "the other has another link type"
    if (found := bob.whois(alice.nick)) is not None:
        assert (found.level, found.status) == ("User", "Active")


@checks("NAP-OPR-01", feature="registration")
def test_a_user_who_is_no_operator_locks_nobody_out(bench: Bench) -> None:
    alice, bob, channel = bench.user(email=EMAIL), bench.user(), new_channel(bench)
    with assuming("a wrong password opens no account"):
        assert not let_in(bench, bench.account(), password=_OTHER_PASSWORD)
    bob.send(*(command(alice.nick, channel) for command in COMMANDS.values()))
    bob.sync()
    alice.close()
    with assuming("the session of one who has left ends"):
        bench.await_gone(alice.nick, bob)
    assert not let_in(bench, alice.nick, password=_OTHER_PASSWORD), "any password is right"
    assert let_in(bench, alice.nick), "the account is not what it was"


@checks("NAP-OPR-01", feature="operator")
@pytest.mark.parametrize("number", [610, 622, 829])
def test_a_user_who_is_no_operator_commands_not_even_a_leech(bench: Bench, number: int) -> None:
    root, carol, alice, bob, channel = bench.operator(), *bench.users(3), new_channel(bench)
    # not bob makes the channel: whoever does may rule it
    join(channel, carol, alice, bob)

    def undo() -> None:
        root.send(Unmuzzle(alice.nick))
        root.sync()

    with concluded(bench, undo), promoted(bench, root, alice, level="Leech"):
        bob.send(COMMANDS[number](alice.nick, channel))
        alice.expect_none(*_EFFECTS, fence=bob)
        assert not alice.closed, "the session of the other has ended"


@checks("NAP-OPR-02")
@pytest.mark.parametrize("number", [610, 612])
def test_a_command_of_one_who_is_no_operator_is_answered_by_404(bench: Bench, number: int) -> None:
    alice, bob = bench.users(2)
    bob.send(COMMANDS[number](alice.nick, ""))
    bob.expect(ErrorText)


@checks("NAP-OPR-03", feature="registration")
@pytest.mark.parametrize("level", ["Moderator", "Admin"])
def test_an_operator_does_nothing_against_its_equal(bench: Bench, level: str) -> None:
    root, alice, bob = bench.operator(), bench.user(email=EMAIL), bench.user(email=EMAIL)

    def undo() -> None:
        root.send(Unban(alice.nick))
        root.sync()

    with concluded(bench, undo), promoted(bench, root, alice, bob, level=level):
        bob.send(*(COMMANDS[number](alice.nick, "") for number in (610, 611, 612, 753)))
        alice.expect_none(Disconnecting, fence=bob)
        assert not alice.closed, "the session of the other has ended"
        alice.close()
        with assuming("the session of one who has left ends"):
            bench.await_gone(alice.nick, root)
        assert let_in(bench, alice.nick), "its password no longer opens the account of the other"


# --- users


@checks("NAP-OPR-04")
def test_the_session_of_one_who_is_killed_ends(bench: Bench) -> None:
    root, alice, bob = bench.operator(), *bench.users(2)
    root.send(Kill(bob.nick, reason="enough"))
    bob.expect_close()
    alice.sync()
    assert not alice.closed, "the session of another ended as well"


@checks("NAP-OPR-10")
def test_one_who_is_muzzled_is_not_heard(bench: Bench) -> None:
    root, alice, bob, channel = bench.operator(), *bench.users(2), new_channel(bench)
    join(channel, alice, bob)

    def unmuzzle() -> None:
        root.send(Unmuzzle(bob.nick))
        root.sync()

    bob.send(PublicMessage(channel, "first"))
    with assuming("members are heard"):
        alice.expect(PublicNotice)
    with concluded(bench, unmuzzle):
        root.send(Muzzle(bob.nick, reason="enough"))
        root.sync()
        bob.send(PublicMessage(channel, "muzzled"))
        alice.expect_none(PublicNotice, where=lambda got: got.text == "muzzled", fence=bob)
        unmuzzle()
        bob.send(PublicMessage(channel, "free"))
        alice.expect(PublicNotice, where=lambda got: got.text == "free")


@checks("NAP-OPR-13")
def test_a_user_gets_the_level_that_an_operator_sets(bench: Bench) -> None:
    root, alice = bench.operator(), bench.user()

    def undo() -> None:
        root.send(SetUserLevel(alice.nick, "User"))
        root.sync()

    with concluded(bench, undo):
        root.send(SetUserLevel(alice.nick, "Moderator"))
        root.sync()
        alice.send(WhoisRequest(alice.nick))
        with assuming("a whois is answered"):
            told = alice.expect(Whois)
        assert told.level == "Moderator", f"level {told.level}"
        assert told.staff is not None, "a Moderator is told no more than a User"


@checks("NAP-OPR-14")
def test_an_operator_is_told_more_of_a_user(bench: Bench) -> None:
    root, alice = bench.operator(), bench.user()
    root.send(WhoisRequest(alice.nick))
    with assuming("a whois is answered"):
        staff = root.expect(Whois).staff
    assert staff is not None, "the 604 ends with the program"
    assert (staff.downloads, staff.uploads) == (0, 0)
    assert staff.ip in (alice.local[0], "unavailable"), f"address {staff.ip}"
    assert (staff.connection_port, staff.data_port) == (alice.local[1], alice.port)


@checks("NAP-OPR-15", feature="registration")
def test_an_account_that_is_nuked_is_gone(bench: Bench) -> None:
    root, nick, caller = bench.operator(), bench.account(), bench.raw()
    with assuming("a nick that nobody has is called free"):
        caller.send(NickCheck(bench.new_nick()))
        caller.expect(NickFree)
    root.send(Nuke(nick))
    root.sync()
    caller.send(NickCheck(nick))
    if isinstance(caller.expect(NickFree, NickTaken), NickTaken):
        assert not let_in(bench, nick), "the nick is taken, and its password opens it"


@checks("NAP-OPR-16")
@pytest.mark.parametrize(
    ("number", "order"),
    [(613, SetDataPort(7701)), (821, Redirect("127.9.8.7", 8888)), (822, Cycle("127.9.8.7"))],
    ids=["613", "821", "822"],
)
def test_an_order_reaches_the_users_peer(bench: Bench, number: int, order: Message) -> None:
    root, alice = bench.operator(), bench.user()
    root.send(COMMANDS[number](alice.nick, ""))
    assert alice.expect(type(order)) == order


@checks("NAP-OPR-17")
def test_an_operator_corrects_a_link_type(bench: Bench) -> None:
    root, alice = bench.operator(), bench.user(link=9)
    with assuming("the link type of a user is told"):
        assert root.link_of(alice.nick) == alice.link
    root.send(SetUserSpeed(alice.nick, _OTHER_LINK))
    assert root.link_of(alice.nick) == _OTHER_LINK


@checks("NAP-OPR-18", feature="registration")
def test_an_operator_sets_a_password(bench: Bench) -> None:
    root, nick = bench.operator(), bench.account()
    with assuming("a wrong password opens no account"):
        assert not let_in(bench, nick, password=_OTHER_PASSWORD)
    root.send(SetUserPassword(nick, _OTHER_PASSWORD, "lost"))
    root.sync()
    assert not let_in(bench, nick), "the old password opens the account"
    assert let_in(bench, nick, password=_OTHER_PASSWORD), "the new password does not open the account"


@checks("NAP-OPR-19")
def test_all_leave_a_channel_that_is_cleared(bench: Bench) -> None:
    root, alice, bob, channel = bench.operator(), *bench.users(2), new_channel(bench)
    join(channel, alice, bob)
    root.send(ClearChannel(channel))
    for user in (alice, bob):
        assert user.expect(Part).channel == channel


# --- announcements


@checks("NAP-OPR-11")
def test_an_announcement_reaches_everybody(bench: Bench) -> None:
    root, alice, bob = bench.operator(), *bench.users(2)
    root.send(GlobalMessage("hello  to all"))
    for user in (alice, bob, root):
        told = user.expect(GlobalNotice)
        assert (told.nick, told.text) == (root.nick, "hello  to all")


@checks("NAP-OPR-12")
def test_operators_speak_among_themselves(bench: Bench) -> None:
    root, alice, carol = bench.operator(), *bench.users(2)
    with promoted(bench, root, carol, level="Moderator"):
        root.send(OperatorMessage("hello  to some"))
        told = carol.expect(OperatorNotice)
        assert (told.nick, told.text) == (root.nick, "hello  to some")
        alice.expect_none(OperatorNotice, fence=root)


# --- the server


@checks("NAP-OPR-20")
def test_an_operator_is_told_all_users(bench: Bench) -> None:
    root, alice = bench.operator(), bench.user()
    root.send(GlobalUsers(selection=ServerSelection("*")))
    found = {each.nick: each.ip for each in root.answers(GlobalUser, until=GlobalUsers)}
    assert found.get(alice.nick) == alice.local[0], f"the user's address is given as {found.get(alice.nick)}"


@checks("NAP-OPR-21")
def test_an_operator_is_told_the_version(bench: Bench) -> None:
    root = bench.operator()
    root.forget()
    root.send(ServerVersion())
    assert root.expect(ErrorText).text, "a 404 without a text"
