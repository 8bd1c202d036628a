"""Two reference peers behind the reference server exchange files, whichever of them can be connected to."""

import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from peerspec.reference.napster import Download, Found, Peer, Shares
from peerspec.reference.napster.peer.link import PeerLink
from peerspec.reference.napster.peer.shares import Share
from peerspec.reference.worlds.virtual import VirtualNetwork

from . import mp3
from .worlds import SocketsWorld, VirtualWorld, World

CONTENT = mp3.tag(500) + mp3.constant(700, 128, 44100)
DIGITS = b"0123456789" * 30_000
SONG, COUNT = "C:\\mp3\\Band - A Needle.mp3", "C:\\text\\digits of a needle.txt"
SHARED = {SONG: CONTENT, COUNT: DIGITS, "C:\\mp3\\Something else.mp3": b"else"}

WORLDS = ["virtual", "slow 1", "slow 2", "slow 3", "slow 4", "sockets"]


@pytest.fixture(params=WORLDS)
def world(request: pytest.FixtureRequest) -> Iterator[World]:
    kind, _, seed = str(request.param).partition(" ")
    if kind == "sockets":
        world: World = SocketsWorld()
    elif kind == "slow":
        network = VirtualNetwork(int(seed), latency=(0.02, 0.3), loss=0.05, reordering=0.1, split=0.3)
        world = VirtualWorld(network)
    else:
        world = VirtualWorld(VirtualNetwork(1))
    yield world
    world.end()


def find(world: World, peer: Peer, words: str, count: int) -> list[Found]:
    """What a search finds, which must be so many files."""
    search = world.do(peer, "search", words)
    world.until(lambda: world.call(peer, lambda node, now: node.searches[search].over))
    found = list(peer.results(search))
    assert len(found) == count
    return found


def fetch(world: World, peer: Peer, found: Found) -> Download:
    """The download of what was found, come to its end."""
    download: Download = world.do(peer, "download", found.nick, found.file, size=found.size, md5=found.md5)
    world.until(lambda: download.finished)
    return download


CASES = pytest.mark.parametrize(
    ("uploader", "downloader"),
    [(False, False), (False, True), (True, False)],
    ids=["direct", "downloader firewalled", "uploader firewalled"],
)


@CASES
def test_files_are_found_and_fetched(world: World, uploader: bool, downloader: bool, tmp_path: Path) -> None:
    world.peer("alice", shares=Shares.of(SHARED), firewalled=uploader)
    bob = world.peer("bob", firewalled=downloader, downloads=tmp_path)
    for found in find(world, bob, "needle", 2):
        assert found.nick == "alice"
        download = fetch(world, bob, found)
        assert (download.state, download.reason, download.attempts) == ("done", "", 1)
    assert bob.downloaded == {"Band - A Needle.mp3": CONTENT, "digits of a needle.txt": DIGITS}
    assert (tmp_path / "Band - A Needle.mp3").read_bytes() == CONTENT


def test_the_server_tells_what_the_frames_of_the_file_have(world: World) -> None:
    world.peer("alice", shares=Shares.of(SHARED), link_type=9)
    bob = world.peer("bob")
    (found,) = find(world, bob, "band needle", 1)
    assert (found.bitrate, found.frequency, found.seconds, found.link) == (128, 44100, 18, 9)
    assert found.md5 == Share(SONG, next(iter(Shares.of({SONG: CONTENT}))).content).checksum


def test_between_two_firewalled_peers_nothing_can_be_fetched(world: World) -> None:
    world.peer("alice", shares=Shares.of(SHARED), firewalled=True)
    bob = world.peer("bob", firewalled=True)
    find(world, bob, "needle", 0)
    world.do(bob, "browse", "alice")
    world.until(lambda: world.call(bob, lambda node, now: node.browses["alice"].over))
    (found,) = (found for found in bob.browsed("alice") if found.file == SONG)
    download = fetch(world, bob, found)
    assert (download.state, download.reason) == ("failed", "both sides are firewalled")
    assert bob.downloaded == {}


def test_files_go_both_ways_at_the_same_time(world: World) -> None:
    alice = world.peer("alice", shares=Shares.of({"C:\\one needle.mp3": CONTENT}))
    bob = world.peer("bob", shares=Shares.of({"C:\\other needle.mp3": DIGITS}), firewalled=True)
    (of_bob,), (of_alice,) = find(world, alice, "needle", 1), find(world, bob, "needle", 1)
    world.do(alice, "download", "bob", of_bob.file, size=of_bob.size)
    world.do(bob, "download", "alice", of_alice.file, size=of_alice.size)
    world.until(lambda: alice.downloads[0].finished and bob.downloads[0].finished)
    assert (alice.downloaded, bob.downloaded) == ({"other needle.mp3": DIGITS}, {"one needle.mp3": CONTENT})


class BreaksOff(Peer):
    """Loses its file in the middle of the first upload."""

    broken = False
    sent = 0

    def piece(self, share: Share, offset: int, count: int) -> bytes:
        if offset > share.size // 2 and not self.broken:
            self.broken = True
            raise OSError("lost")
        self.sent += count
        return super().piece(share, offset, count)


@CASES
def test_a_download_that_breaks_off_goes_on_where_it_stopped(world: World, uploader: bool, downloader: bool) -> None:
    alice = world.peer("alice", kind=BreaksOff, shares=Shares.of(SHARED), firewalled=uploader, piece=4096)
    bob = world.peer("bob", firewalled=downloader)
    (found,) = find(world, bob, "band needle", 1)
    download = fetch(world, bob, found)
    assert (download.state, download.attempts, bob.downloaded) == ("done", 2, {"Band - A Needle.mp3": CONTENT})
    assert isinstance(alice, BreaksOff)
    assert alice.broken
    assert len(CONTENT) <= alice.sent < len(CONTENT) * 1.4


def test_a_download_goes_on_with_somebody_else(world: World) -> None:
    """alice sends a half and leaves; carol has the same file under another name."""
    alice = world.peer("alice", kind=BreaksOff, shares=Shares.of(SHARED), piece=4096)
    bob = world.peer("bob")
    (found,) = find(world, bob, "band needle", 1)
    download = world.do(bob, "download", "alice", found.file, size=found.size, md5=found.md5)
    world.until(lambda: download.state == "waiting")
    world.call(alice, lambda node, now: node.leave_session())
    world.until(lambda: download.finished)
    assert (download.state, download.reason) == ("failed", "the user or the file is not there")
    carol = world.peer("carol", kind=BreaksOff, shares=Shares.of({"D:\\other name.mp3": CONTENT}), piece=4096)
    assert isinstance(carol, BreaksOff)
    carol.broken = True
    world.peer("dave", shares=Shares.of({"D:\\other name.mp3": CONTENT[:-1] + b"x" * 2}))
    question = world.do(bob, "look_for_others", download)
    world.until(lambda: question.over)
    (other,) = question.found
    assert (other.nick, other.file) == ("carol", "D:\\other name.mp3")
    world.do(bob, "go_on_with", download, other)
    world.until(lambda: download.finished)
    assert (download.state, bob.downloaded) == ("done", {"other name.mp3": CONTENT})
    assert carol.sent < len(CONTENT) * 0.6


class Holds(Peer):
    """Sends one piece of each file, and the rest when it is let go."""

    holding = True

    def send_piece(self, link: PeerLink) -> None:
        if not self.holding or link.state != "sending" or not link.sends or link.upload is None:
            super().send_piece(link)
        elif not link.buffer.endswith(b"held"):
            link.buffer += b"held"
            super().send_piece(link)

    def let_go(self) -> None:
        self.holding = False
        for link in list(self.links.values()):
            if link.outgoing is not None:
                self.send_piece(link)


@CASES
def test_a_peer_with_enough_uploads_puts_others_off(world: World, uploader: bool, downloader: bool) -> None:
    alice = world.peer("alice", kind=Holds, shares=Shares.of(SHARED), firewalled=uploader, uploads=1, piece=4096)
    bob, carol = world.peer("bob", firewalled=downloader), world.peer("carol", firewalled=downloader)
    (found,) = find(world, bob, "band needle", 1)
    first = world.do(bob, "download", "alice", found.file, size=found.size)
    world.until(lambda: first.state == "transferring")
    second = world.do(carol, "download", "alice", found.file, size=found.size)
    world.until(lambda: second.state == "put off")
    assert second.reason == "the owner sends 1 at a time"
    world.let_pass(29)
    assert (first.state, second.state) == ("transferring", "put off")
    assert isinstance(alice, Holds)
    world.call(alice, lambda node, now: node.let_go())
    world.until(lambda: first.finished)
    world.let_pass(35)
    world.until(lambda: second.finished)
    assert (bob.downloaded, carol.downloaded) == ({"Band - A Needle.mp3": CONTENT},) * 2


def test_two_that_ask_at_once_are_served_one_after_the_other(world: World) -> None:
    world.peer("alice", shares=Shares.of(SHARED), uploads=1)
    bob, carol = world.peer("bob"), world.peer("carol")
    (found,) = find(world, bob, "band needle", 1)
    both = [world.do(peer, "download", "alice", found.file, size=found.size) for peer in (bob, carol)]
    for _ in range(4):
        world.until(lambda: all(download.state in ("done", "put off", "failed") for download in both))
        world.let_pass(65)
    world.until(lambda: all(download.finished for download in both))
    assert [download.state for download in both] == ["done", "done"]


def test_users_see_each_others_files_without_the_server(world: World) -> None:
    world.peer("alice", shares=Shares.of(SHARED))
    bob = world.peer("bob")
    listing = world.do(bob, "browse_directly", "alice")
    world.until(lambda: listing.over)
    assert {found.file for found in listing.found} == set(SHARED)


def test_a_firewalled_user_brings_its_list(world: World) -> None:
    world.peer("alice", shares=Shares.of(SHARED), firewalled=True)
    bob = world.peer("bob")
    listing = world.do(bob, "browse_directly", "alice")
    world.until(lambda: listing.over)
    assert {found.file for found in listing.found} == set(SHARED)


def test_a_swarm_of_peers_fetches_from_each_other() -> None:
    network = VirtualNetwork(5, latency=(0.01, 0.1), loss=0.02)
    world = VirtualWorld(network)
    draw = random.Random(5)
    contents = {nick: draw.randbytes(draw.randint(1, 60_000)) for nick in ("ann", "ben", "cat", "dan", "eve", "fay")}
    peers = {
        nick: world.peer(
            nick,
            shares=Shares.of({f"C:\\{nick}\\needle {nick}.mp3": content}),
            firewalled=nick in ("ben", "eve"),
            uploads=2,
        )
        for nick, content in contents.items()
    }
    wanted: list[Download] = []
    for nick, peer in peers.items():
        reachable = len(peers) - (2 if peer.config.firewalled else 1)
        for found in find(world, peer, "needle", reachable):
            assert found.nick != nick
            wanted.append(world.do(peer, "download", found.nick, found.file, size=found.size))
    world.let_pass(1000)
    assert [download.state for download in wanted] == ["done"] * len(wanted)
    for peer in peers.values():
        for name, content in peer.downloaded.items():
            assert content == contents[name.split()[1].removesuffix(".mp3")]
    world.end()
