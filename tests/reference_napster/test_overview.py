"""Settings of a running server, and what operators can ask about it."""

import pytest

from peerspec.codecs.napster import (
    Cloak,
    ErrorText,
    GlobalUser,
    GlobalUsers,
    Histogram,
    HistogramEnd,
    HistogramRequest,
    HotlistAdd,
    Join,
    Muzzle,
    OutgoingHistogram,
    OutgoingHistogramEnd,
    OutgoingHistogramRequest,
    Rehash,
    ResetConfig,
    ServerLink,
    ServerLinks,
    ServerSelection,
    ServerVersion,
    SetConfig,
    UsageStats,
    UsageStatsRequest,
    VersionCount,
    VersionStats,
    VersionStatsRequest,
    WhichServer,
)
from peerspec.reference.napster.server import overview

from .conftest import MakeTown
from .test_channels import members, operator
from .test_operators import DENIED, moderator

# Settings


def test_settings_are_changed_told_and_put_back(town: MakeTown) -> None:
    place = town(max_hotlist=7, max_results=9)
    root = operator(place)
    assert root.ask(SetConfig("max_hotlist")) == [ErrorText("max_hotlist = 7")]
    assert root.ask(SetConfig("max_hotlist", value="1")) == [ErrorText("root set max_hotlist to 1")]
    root.ask(HotlistAdd("a"))
    assert root.ask(HotlistAdd("b"))[0] != HotlistAdd("b")
    for value in ("", "0", "-1", "x", "1 2", "1000001", "9" * 50, "\u0661"):
        assert root.ask(SetConfig("max_hotlist", value=value)) == [
            ErrorText("a setting is a whole number from 1 to 1000000")
        ]
    assert place.server.config.max_hotlist == 1
    assert root.ask(ResetConfig("max_hotlist")) == [ErrorText("root set max_hotlist to 7")]
    root.ask(SetConfig("max_hotlist", value="1"), SetConfig("max_results", value="2"), Rehash(server="elsewhere"))
    assert (place.server.config.max_hotlist, place.server.config.max_results) == (1, 2)
    root.ask(Rehash())
    assert (place.server.config.max_hotlist, place.server.config.max_results) == (7, 9)


@pytest.mark.parametrize("setting", ["database", "accounts", "motd", "__class__", "max_body"])
def test_what_is_no_setting_is_refused(town: MakeTown, setting: str) -> None:
    place = town()
    config = place.server.config
    for order in (SetConfig(setting), SetConfig(setting, value="1"), ResetConfig(setting)):
        (told,) = operator(place).ask(order)
        assert isinstance(told, ErrorText)
        assert told.text.startswith(f"{setting} is no setting")
    assert place.server.config == config


def test_settings_are_for_admins(town: MakeTown) -> None:
    place = town()
    bob, carol = moderator(place, "bob"), moderator(place, "carol", level="Admin")
    assert bob.ask(SetConfig("max_hotlist", value="1"), ResetConfig("max_hotlist"), Rehash()) == DENIED * 3
    assert carol.ask(SetConfig("max_hotlist", value="1")) == [ErrorText("carol set max_hotlist to 1")]


def test_the_version_is_told(town: MakeTown) -> None:
    assert town().user("alice").ask(ServerVersion()) == [ErrorText("peerspec 0.1.0")]


# Overview


def test_users_are_listed(town: MakeTown) -> None:
    place = town(name="here")
    root, alice = operator(place), place.user("alice")
    both = [GlobalUser("root", root.ip), GlobalUser("alice", alice.ip), GlobalUsers()]
    assert root.ask(GlobalUsers()) == both
    for server in ("*", "here"):
        assert root.ask(GlobalUsers(selection=ServerSelection(server))) == both
    assert root.ask(GlobalUsers(selection=ServerSelection("there"))) == [GlobalUsers()]
    assert root.ask(GlobalUsers(selection=ServerSelection("*", flags="ea"))) == [both[0], GlobalUsers()]
    assert root.ask(GlobalUsers(selection=ServerSelection("*", flags="zc"))) == [GlobalUsers()]
    root.ask(Muzzle("alice"), Cloak())
    assert root.ask(GlobalUsers(selection=ServerSelection("*", flags="z"))) == [both[1], GlobalUsers()]
    assert root.ask(GlobalUsers(selection=ServerSelection("*", flags="c"))) == [both[0], GlobalUsers()]


def test_the_use_of_the_server_is_told(town: MakeTown) -> None:
    place = town(name="here", epoch=1_000_000)
    root = operator(place)
    alice = members(place, "alice")[0]
    place.wait(20)
    root.read()
    (usage,) = root.ask(UsageStatsRequest())
    assert isinstance(usage, UsageStats)
    *counts, start, uptime, memory, accounts = usage.values
    assert counts == ["2", "0", "2", "0", "0", "1"]
    assert (start, memory, accounts) == ("1000000", "-1", "1")
    assert 20 <= int(uptime) <= 40
    assert root.ask(WhichServer("alice")) == [ErrorText(f"alice is on here, from {alice.ip}")]
    assert root.ask(ServerLinks()) == [ServerLink()]


def test_programs_are_counted(town: MakeTown, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(overview, "MAX_PROGRAMS", 1)
    place = town()
    root = operator(place)
    place.user("alice").stream.close()
    place.server.users["root"].client = "another"
    place.server.arrived(place.server.users["root"])
    assert root.ask(VersionStatsRequest()) == [
        VersionStats(entry=VersionCount("test v1", 2)),
        VersionStats(entry=VersionCount("others", 1)),
        VersionStats(),
    ]


def test_messages_are_counted(town: MakeTown) -> None:
    place = town()
    root, alice = operator(place), place.user("alice")
    alice.ask(Join("#x"), HotlistAdd("bob"), HotlistAdd("carol"))
    alice.send(b"\x03\x00\x52\x03abc")  # 850, which is not known
    place.wait(1)
    answers = root.ask(HistogramRequest())
    assert Histogram(207, 2, 8) in answers
    assert Histogram(400, 1, 2) in answers
    size = sum(each.size for each in answers if isinstance(each, Histogram)) + 3
    assert answers[-1] == HistogramEnd(("850", "1", "3", "7", str(size)))
    answers = root.ask(OutgoingHistogramRequest())
    assert OutgoingHistogram(301, 2, 8) in answers
    assert isinstance(answers[-1], OutgoingHistogramEnd)
