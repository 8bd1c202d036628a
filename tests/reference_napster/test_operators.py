"""What operators may do, against whom, and what becomes of it."""

import pytest

from peerspec.codecs.message import Message
from peerspec.codecs.napster import (
    Ban,
    BanList,
    ChannelJoined,
    ChannelMember,
    ChannelParted,
    Cloak,
    Cycle,
    CycleUser,
    Disconnecting,
    ErrorText,
    GlobalMessage,
    GlobalNotice,
    GlobalUsers,
    HistogramRequest,
    HotlistAdd,
    Join,
    Kill,
    MassKill,
    Muzzle,
    NickCheck,
    NickFree,
    Nuke,
    OperatorMessage,
    OperatorNotice,
    OutgoingHistogramRequest,
    PublicMessage,
    PublicNotice,
    Redirect,
    RedirectUser,
    RegisterUser,
    Rehash,
    ResetConfig,
    ServerLinks,
    SetConfig,
    SetDataPort,
    SetUserDataPort,
    SetUserLevel,
    SetUserPassword,
    SetUserSpeed,
    SignOff,
    SignOn,
    Unban,
    Unmuzzle,
    Unnuke,
    UsageStatsRequest,
    UserMode,
    UserSpeed,
    UserSpeedRequest,
    VersionStatsRequest,
    WhichServer,
    Whois,
    WhoisRequest,
)
from peerspec.codecs.napster.admin import BanDetails

from .conftest import MakeTown, Town, User
from .test_channels import members, operator

DENIED = [ErrorText("permission denied")]

ORDERS: list[Message] = [
    SetUserLevel("alice", "Leech"),
    Kill("alice"),
    Nuke("alice"),
    Ban("alice"),
    Unban("alice"),
    BanList(),
    SetUserDataPort("alice", 1),
    Muzzle("alice"),
    Unmuzzle("alice"),
    Unnuke("alice"),
    SetUserSpeed("alice", 1),
    OperatorMessage("hello"),
    GlobalMessage("hello"),
    Cloak(),
    SetUserPassword("alice", "new", "no reason"),
    ResetConfig("max_results"),
    SetConfig("max_results", value="1"),
    RedirectUser("alice", "elsewhere", 8888),
    CycleUser("alice", "elsewhere"),
    GlobalUsers(),
    ServerLinks(),
    UsageStatsRequest(),
    Rehash(),
    VersionStatsRequest(),
    WhichServer("alice"),
    MassKill("10.9.0.3"),
    HistogramRequest(),
    OutgoingHistogramRequest(),
    RegisterUser("carol", "pw", "a@b.c"),
    UserMode(()),
]

AGAINST = [order for order in ORDERS if getattr(order, "nick", getattr(order, "target", "")) == "alice"]
AGAINST = [order for order in AGAINST if not isinstance(order, (Unban, Unnuke, WhichServer))]


def name(order: object) -> str:
    return type(order).__name__


def moderator(place: Town, nick: str, *, level: str = "Moderator", email: str = "") -> User:
    """A user whom the operator has given a level, with nothing left to read."""
    user, root = place.user(nick, email=email), operator(place)
    root.ask(SetUserLevel(nick, level))
    root.stream.close()
    user.read()
    return user


def assert_unharmed(place: Town, alice: User, level: str) -> None:
    """Nothing has been done to alice."""
    assert alice.read() == []
    assert alice.is_open()
    session = place.server.users["alice"]
    assert (session.level, session.link_type, session.data_port, session.muzzled) == (level, 9, 6699, False)
    account = place.server.accounts.account("alice")
    assert account is not None
    assert account.level == level
    assert place.server.accounts.opens("alice", "pw")
    assert list(place.server.accounts.bans()) == []


# Who may do what


@pytest.mark.parametrize("order", ORDERS, ids=name)
@pytest.mark.parametrize("level", ["User", "Leech"])
def test_an_ordinary_user_commands_nothing(town: MakeTown, order: Message, level: str) -> None:
    place = town()
    alice, bob = place.user("alice", email="a@b.c"), moderator(place, "bob", level=level)
    config = place.server.config
    assert bob.ask(order) == DENIED
    assert_unharmed(place, alice, "User")
    assert place.server.config == config
    assert not place.server.users["bob"].cloaked
    assert place.server.accounts.account("carol") is None


@pytest.mark.parametrize("order", AGAINST, ids=name)
def test_an_operator_does_not_act_against_an_equal(town: MakeTown, order: Message) -> None:
    place = town()
    alice, bob = moderator(place, "alice", email="a@b.c"), moderator(place, "bob")
    assert bob.ask(order) == DENIED
    assert_unharmed(place, alice, "Moderator")


@pytest.mark.parametrize("order", [order for order in AGAINST if not isinstance(order, Unmuzzle)], ids=name)
def test_an_operator_acts_against_an_ordinary_user(town: MakeTown, order: Message) -> None:
    place = town()
    alice, bob = place.user("alice", email="a@b.c"), moderator(place, "bob")
    (told,) = bob.ask(order)
    assert isinstance(told, ErrorText)
    assert told.text != DENIED[0].text
    # each of them has changed something
    with pytest.raises(AssertionError):
        assert_unharmed(place, alice, "User")


def test_an_account_counts_though_its_user_is_not_there(town: MakeTown) -> None:
    place = town()
    moderator(place, "alice", email="a@b.c").stream.close()
    bob = moderator(place, "bob")
    for order in (Nuke("alice"), Ban("alice"), SetUserPassword("alice", "new", ""), SetUserLevel("alice", "User")):
        assert bob.ask(order) == DENIED


def test_an_address_with_an_equal_is_not_banned(town: MakeTown) -> None:
    place = town()
    alice, bob = moderator(place, "alice"), moderator(place, "bob")
    assert bob.ask(Ban(alice.ip)) == DENIED
    assert list(place.server.accounts.bans()) == []


@pytest.mark.parametrize(
    "order",
    [
        Kill("nobody"),
        SetUserDataPort("nobody", 1),
        RedirectUser("nobody", "elsewhere", 1),
        CycleUser("nobody", "elsewhere"),
        SetUserSpeed("nobody", 1),
        WhichServer("nobody"),
    ],
    ids=name,
)
def test_who_is_not_there_can_not_be_acted_against(town: MakeTown, order: Message) -> None:
    assert operator(town()).ask(order) == [ErrorText("nobody is not logged in")]


# Levels


def test_a_level_is_given(town: MakeTown) -> None:
    place = town()
    root, alice = operator(place), place.user("alice", email="a@b.c")
    assert root.ask(SetUserLevel("ALICE", "Moderator")) == [ErrorText("root set the level of ALICE to Moderator")]
    (answer,) = alice.ask(WhoisRequest("alice"))
    assert isinstance(answer, Whois)
    assert answer.level == "Moderator"
    assert answer.staff is not None
    # it is the account's
    alice.stream.close()
    place.wait(1)
    place.user("alice")
    assert place.server.users["alice"].level == "Moderator"
    assert root.ask(SetUserLevel("nobody", "Leech")) == [ErrorText("nobody is neither logged in nor registered")]


def test_nobody_gives_a_level_that_is_not_below_the_own(town: MakeTown) -> None:
    place = town()
    bob, root = moderator(place, "bob", level="Admin"), operator(place)
    place.user("alice")
    for level in ("Admin", "Elite"):
        assert bob.ask(SetUserLevel("alice", level)) == DENIED
    assert bob.ask(SetUserLevel("alice", "Moderator")) != DENIED
    assert root.ask(SetUserLevel("alice", "Elite")) != DENIED
    assert place.server.users["alice"].level == "Elite"


# Kills


def test_who_is_killed_is_gone(town: MakeTown) -> None:
    place = town()
    root, alice, bob = operator(place), place.user("alice"), place.user("bob")
    assert root.ask(Kill("alice", reason="noise")) == [ErrorText("root killed alice: noise")]
    assert alice.read() == [ErrorText("you were killed by root: noise"), Disconnecting("0")]
    assert not alice.is_open()
    assert bob.is_open()
    assert "alice" not in place.server.users


@pytest.mark.parametrize("address", ["10.7.0.1", "10.7."])
def test_all_at_an_address_are_killed_but_equals(town: MakeTown, address: str) -> None:
    place = town()
    bob = moderator(place, "bob")
    near = [place.user(nick, source="10.7.0.1") for nick in ("alice", "carol")]
    far = place.user("dave", source="10.70.0.1")
    equal = place.user("root", password="secret", source="10.7.0.1")
    assert bob.ask(MassKill(address)) == [ErrorText(f"bob killed 2 users from {address}")]
    assert [user.is_open() for user in (*near, far, equal)] == [False, False, True, True]


# Muzzles


def test_who_is_muzzled_is_not_heard_in_channels(town: MakeTown) -> None:
    place = town()
    alice, bob = members(place, "alice", "bob")
    root = operator(place)
    assert root.ask(Muzzle("ALICE", reason="noise")) == [ErrorText("root muzzled ALICE: noise")]
    assert alice.read() == [ErrorText("root muzzled ALICE: noise")]
    silence = [ErrorText("nobody in channel #x has heard you: you are muzzled")]
    assert alice.ask(PublicMessage("#x", "hi")) == silence
    (answer,) = bob.ask(WhoisRequest("alice"))
    assert isinstance(answer, Whois)
    assert answer.status == "Muzzled"
    # going and coming again does not help
    alice.stream.close()
    bob.read()
    (alice,) = members(place, "alice")
    assert alice.ask(PublicMessage("#x", "hi")) == silence
    bob.read()
    root.ask(Unmuzzle("alice"))
    assert root.ask(Unmuzzle("alice")) == [ErrorText("alice is not muzzled")]
    alice.send(PublicMessage("#x", "hi"))
    assert bob.read() == [PublicNotice("#x", "alice", "hi")]


def test_muzzles_are_bounded(town: MakeTown) -> None:
    place = town(max_muzzled=1)
    root = operator(place)
    place.user("alice")
    assert root.ask(Muzzle("bob")) == [ErrorText("bob is neither logged in nor registered")]
    root.ask(Muzzle("alice"))
    assert root.ask(Muzzle("root")) == [ErrorText("1 users are muzzled already")]


# Announcements


def test_a_line_for_all_reaches_all(town: MakeTown) -> None:
    place = town()
    root, alice, bob = operator(place), place.user("alice"), place.user("bob")
    assert root.ask(GlobalMessage(' a  "b" ')) == [GlobalNotice("root", ' a  "b" ')]
    assert alice.read() == bob.read() == [GlobalNotice("root", ' a  "b" ')]


def test_a_line_for_operators_reaches_them_only(town: MakeTown) -> None:
    place = town()
    alice, bob, root = place.user("alice"), moderator(place, "bob"), operator(place)
    assert bob.ask(OperatorMessage("hello")) == [OperatorNotice("bob", "hello")]
    assert root.read() == [OperatorNotice("bob", "hello")]
    assert alice.read() == []


# Orders for a user's program


def test_orders_are_handed_on_without_the_nick(town: MakeTown) -> None:
    place = town()
    root, alice = operator(place), place.user("alice")
    orders = (SetUserDataPort("alice", 5000), RedirectUser("ALICE", "elsewhere", 8889), CycleUser("alice", "meta"))
    assert len(root.ask(*orders)) == 3
    assert alice.read() == [SetDataPort(5000), Redirect("elsewhere", 8889), Cycle("meta")]
    assert place.server.users["alice"].data_port == 6699


def test_orders_out_of_range_are_refused(town: MakeTown) -> None:
    place = town()
    root, alice = operator(place), place.user("alice")
    assert root.ask(SetUserDataPort("alice", 65_536)) == [ErrorText("a data port is a number from 0 to 65535")]
    assert root.ask(RedirectUser("alice", "x", 65_536)) == [ErrorText("a port is a number from 0 to 65535")]
    assert root.ask(SetUserSpeed("alice", 11)) == [ErrorText("a link type is a number from 0 to 10")]
    assert alice.ask(UserSpeedRequest("alice")) == [UserSpeed("alice", 9)]


def test_a_link_type_is_corrected(town: MakeTown) -> None:
    place = town()
    root, alice = operator(place), place.user("alice")
    root.ask(SetUserSpeed("Alice", 2))
    assert alice.ask(UserSpeedRequest("alice")) == [UserSpeed("alice", 2)]


# Accounts


def test_an_account_is_deleted_and_restored(town: MakeTown) -> None:
    place = town()
    alice, root = moderator(place, "alice", email="a@b.c"), operator(place)
    assert root.ask(Nuke("ALICE")) == [ErrorText("root deleted the account of ALICE")]
    assert place.raw().ask(NickCheck("alice")) == [NickFree()]
    assert (place.server.users["alice"].level, place.server.users["alice"].registered) == ("User", False)
    assert alice.is_open()
    assert root.ask(Nuke("alice")) == [ErrorText("alice is not registered")]
    root.ask(Unnuke("alice"))
    assert place.server.accounts.opens("alice", "pw")
    assert root.ask(Unnuke("alice")) == [ErrorText("alice has no deleted account")]


def test_who_has_no_account_keeps_the_level_that_was_given(town: MakeTown) -> None:
    place = town()
    moderator(place, "alice")
    assert operator(place).ask(Nuke("alice")) == [ErrorText("alice is not registered")]
    assert place.server.users["alice"].level == "Moderator"


def test_a_password_is_set(town: MakeTown) -> None:
    place = town()
    root = operator(place)
    place.user("alice", email="a@b.c").stream.close()
    assert root.ask(SetUserPassword("ALICE", "new", "lost")) == [ErrorText("root set the password of ALICE: lost")]
    assert not place.server.accounts.opens("alice", "pw")
    assert place.user("alice", password="new").is_open()
    assert root.ask(SetUserPassword("bob", "new", "")) == [ErrorText("bob is not registered")]


def test_an_account_is_made(town: MakeTown) -> None:
    place = town()
    bob = moderator(place, "bob")
    assert bob.ask(RegisterUser("alice", "pw2", "a@b.c")) == [ErrorText("bob registered alice with level User")]
    assert place.user("alice", password="pw2").is_open()
    assert place.server.users["alice"].registered
    assert bob.ask(RegisterUser("ALICE", "pw3", "a@b.c")) == [ErrorText("ALICE is registered already")]
    assert bob.ask(RegisterUser("x" * 30, "pw", "a@b.c")) == [ErrorText("nobody can have that nick")]
    assert bob.ask(RegisterUser("carol", "pw", "a@b.c", level="Moderator")) == DENIED
    root = operator(place)
    root.ask(RegisterUser("carol", "pw", "a@b.c", level="Elite"))
    place.user("carol")
    assert place.server.users["carol"].level == "Elite"


# Cloaking


def test_a_cloaked_operator_is_there_for_operators_only(town: MakeTown) -> None:
    place = town()
    (alice,), bob = members(place, "alice"), moderator(place, "bob")
    root = operator(place, inside="#x")
    bob.ask(Join("#x"), HotlistAdd("root"))
    alice.ask(HotlistAdd("root"))
    bob.read(), root.read()
    root.ask(Cloak())
    assert alice.read() == [SignOff("root"), ChannelParted("#x", "root", 0, 9)]
    assert bob.read() == []
    assert not {Whois, UserSpeed} & set(map(type, alice.ask(WhoisRequest("root"), UserSpeedRequest("root"))))
    (answer,) = bob.ask(WhoisRequest("root"))
    assert isinstance(answer, Whois)
    assert answer.status == "Cloaked"
    listed = [each for each in place.user("carol").ask(Join("#x")) if isinstance(each, ChannelMember)]
    assert [each.nick for each in listed] == ["alice", "bob", "carol"]
    alice.read()
    root.ask(Cloak())
    assert alice.read() == [SignOn("root", 9), ChannelJoined("#x", "root", 0, 9)]
    root.ask(Cloak())
    alice.read()
    root.stream.close()
    assert alice.read() == []


def test_who_is_no_longer_an_operator_is_visible(town: MakeTown) -> None:
    place = town()
    alice, bob, root = place.user("alice"), moderator(place, "bob"), operator(place)
    bob.ask(Cloak())
    alice.ask(HotlistAdd("bob"))
    root.ask(SetUserLevel("bob", "User"))
    assert alice.read() == [SignOn("bob", 9)]


# Notices


def test_operators_have_the_notices_that_they_want(town: MakeTown) -> None:
    place = town()
    bob, root = moderator(place, "bob"), operator(place)
    place.user("alice")
    assert bob.ask(UserMode(())) == [UserMode(("NONE",))]
    root.ask(Muzzle("alice"))
    assert bob.read() == []
    bob.ask(UserMode(("all", "-level", "nonsense")))
    assert bob.ask(UserMode(())) == [UserMode(("BAN", "CHANGE", "CLOAK", "KILL", "MUZZLE", "SERVER"))]
    root.ask(Unmuzzle("alice"), SetUserLevel("alice", "Leech"))
    assert bob.read() == [ErrorText("root unmuzzled alice: ")]
    bob.ask(UserMode(("NONE", "Level")))
    root.ask(Muzzle("alice"), SetUserLevel("alice", "User"))
    assert bob.read() == [ErrorText("root set the level of alice to User")]
    root.ask(SetUserLevel("bob", "User"))
    root.ask(SetUserLevel("alice", "Leech"))
    assert bob.read() == []
    bob.stream.close()
    place.wait(1)
    assert list(place.server.notices) == []


def test_a_ban_may_have_a_reason_and_an_end(town: MakeTown) -> None:
    place = town()
    operator(place).ask(Ban("alice", details=BanDetails("noise", seconds=5)))
    (ban,) = place.server.accounts.bans()
    assert (ban.shown, ban.reason, ban.seconds, ban.operator) == ("alice", "noise", 5, "root")
