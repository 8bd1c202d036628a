"""A long life of a server: whatever users and operators say, valid or nearly so, it goes on (NAP-LIM-01)."""

import random

import pytest

from peerspec.codecs.defects import draw_near_valid
from peerspec.codecs.generate import RandomDraw, draw_value
from peerspec.codecs.message import Message, messages
from peerspec.codecs.napster import CLIENT, Ban, BanList, FilenameClause, Login, Packet, Search, Stats, StatsRequest

from .conftest import MakeTown, Town, User

MESSAGES = [cls for cls in messages("napster") if cls.wire_type is not None and CLIENT in cls.senders]
ENDINGS = {606, 610, 611, 612, 753, 10_122}
"""Orders after which somebody is away, or no operator any more: given now and then only."""

NICKS = ("alice", "bob", "carol", "dave", "root")
FILES = ("C:\\mp3\\needle song.mp3", "a", "x\\" * 300, f"d\\{'y' * 900}.mp3", "\udcff\udcfe song.mp3")
KNOWN = {"nick": NICKS, "channel": ("#c", "#d", "&e", "f"), "file": FILES, "directory": FILES, "size": (0, 2**31 - 1)}
WORDS = ("needle", "song", "mp3", "a", "x y")


class Life:
    """What users say, drawn from one seed."""

    def __init__(self, town: Town, seed: int) -> None:
        self.town = town
        self.random = random.Random(seed)
        self.draw = RandomDraw(self.random)
        self.users: dict[str, User] = {}

    def body(self, cls: type[Message]) -> bytes:
        """A body that mostly names what there is, and is mostly valid."""
        message = draw_value(cls, self.draw)
        if cls is Search and self.random.random() < 0.7:
            message = Search((FilenameClause("CONTAINS", self.random.choice(WORDS)),))
        message = message.replace(
            **{
                name: self.random.choice(values)
                for name, values in KNOWN.items()
                if name in cls.specs and self.random.random() < 0.8
            }
        )
        defect = draw_near_valid(message, self.draw) if self.random.random() < 0.3 else None
        return (message.encode() if defect is None else defect.data)[:2048]

    def burst(self) -> bytes:
        """What one user says in a go."""
        chosen = self.random.choices(MESSAGES, k=20)
        return b"".join(
            Packet.of_raw(cls.wire_type or 0, self.body(cls)).encode()
            for cls in chosen
            if cls.wire_type not in ENDINGS or self.random.random() < 0.1
        )

    def speak(self) -> None:
        """Let somebody say something; who was thrown out comes back first."""
        nick = self.random.choice(NICKS)
        user = self.users.get(nick)
        if user is None or user.stream.eof:
            user = self.users[nick] = self.town.raw()
            password = "secret" if nick == "root" else "pw"
            user.send(Login(nick, password, self.random.choice((0, 6699)), "test v1", self.random.randrange(11)))
        user.send(self.burst())
        self.town.wait(self.random.choice((0.01, 0.1, 1)))
        user.stream.take()


@pytest.mark.parametrize("seed", range(3))
def test_a_server_goes_on_whatever_is_said(town: MakeTown, seed: int) -> None:
    place = town(max_shares=200)
    life = Life(place, seed)
    for _ in range(120):
        life.speak()
        assert place.network.crashes == {}
    # there was much that the server took for valid
    assert sum(place.server.sent.values()) > 500
    newcomer = place.user("newcomer")
    assert Stats in map(type, newcomer.ask(StatsRequest()))


@pytest.mark.parametrize("target", ["!*", "!", "*!*", "!10.0.0.1", "*!"])
def test_a_ban_of_half_a_mask_can_be_listed(town: MakeTown, target: str) -> None:
    root = town().user("root", password="secret")
    assert root.ask(Ban(target), BanList())[-1] == BanList()
