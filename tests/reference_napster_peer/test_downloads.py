"""Downloads: asking by way of the server, and fetching from whoever has the file."""

from pathlib import Path
from random import Random
from typing import Any

import pytest

from peerspec.codecs.message import Message
from peerspec.codecs.napster import (
    AcceptFailed,
    DataPortError,
    DownloadAck,
    DownloadEnd,
    DownloadRequest,
    DownloadStart,
    FirewalledRequest,
    GetError,
    GetFile,
    LoginAck,
    QueueLimited,
    SendFile,
)
from peerspec.reference.napster import Download, Peer
from peerspec.reference.worlds.streams import VirtualStream

from .conftest import Session, Town

FILE = "D:\\shared\\Needle in \xe9 haystack.mp3"
CONTENT = Random(3).randbytes(100_000)
NAME = "Needle in \xe9 haystack.mp3"
SIZE = len(CONTENT)


class Owner:
    """A user of the tester's who has a file, and the peer that wants it."""

    def __init__(self, town: Town, peer: Peer, file: str = FILE) -> None:
        self.town = town
        self.peer = peer
        self.file = file
        self.session = town.session(peer)
        self.port = town.listen()

    def order(self, size: int | None = SIZE, **options: Any) -> Download:
        """The download that the peer's user asks for; its 203 is on the way."""
        download: Download = self.town.do(self.peer, "download", "bob", self.file, size=size, **options)
        return download

    def ack(self, *, port: int | None = None, md5: str = "0") -> DownloadAck:
        ip, own = self.port.address
        return DownloadAck("bob", ip, own if port is None else port, self.file, md5, 9)

    def meet(self) -> VirtualStream:
        """The peer's connection to the owner, its 203 answered."""
        assert self.session.got(DownloadRequest, 20) == [DownloadRequest("bob", self.file)]
        self.session.send(self.ack())
        return self.town.called(self.port)

    def serve(self, answer: bytes, offset: int = 0) -> VirtualStream:
        """Meet the peer, take its request, and answer."""
        stream = self.meet()
        assert self.town.say(stream, b"1") == GetFile("alice", self.file, offset).encode()
        if answer:
            self.town.say(stream, answer)
        return stream


@pytest.fixture
def owner(town: Town) -> Owner:
    return Owner(town, town.peer({}))


def whole(content: bytes = CONTENT, offset: int = 0) -> bytes:
    return b"%d" % len(content) + content[offset:]


# The way to the owner


def test_a_file_is_asked_for_waited_for_and_fetched(town: Town, owner: Owner) -> None:
    download = owner.order()
    stream = owner.meet()
    town.network.run_for(10)
    assert stream.take() == b""
    assert town.say(stream, b"1") == b'GETalice "' + FILE.encode() + b'" 0'
    town.say(stream, whole())
    assert (stream.eof, download.state, owner.peer.downloaded) == (True, "done", {NAME: CONTENT})
    assert owner.session.read() == [DownloadStart(), DownloadEnd()]


@pytest.mark.parametrize(
    ("content", "size"),
    [
        (b"x", 1),
        (b"x", None),
        (b"0123456789" * 20, 200),
        (b"100\xff", 4),
        (b"\xff100", None),
        (CONTENT, SIZE),
        (CONTENT, None),
    ],
    ids=["one", "one, unknown", "digits", "digits first", "digits later, unknown", "many", "many, unknown"],
)
@pytest.mark.parametrize("bytewise", [False, True], ids=["at once", "in bytes"])
def test_the_size_ends_where_the_file_begins(
    town: Town, owner: Owner, content: bytes, size: int | None, bytewise: bool
) -> None:
    download = owner.order(size)
    stream = owner.serve(b"")
    data = whole(content)
    for piece in [*(data[at : at + 1] for at in range(10)), data[10:]] if bytewise else [data]:
        if piece:
            stream.send(piece)
            town.network.run_for(0.01)
    town.network.run_for(1)
    assert (download.state, owner.peer.downloaded) == ("done", {NAME: content})


def test_an_address_is_read_with_its_first_octet_lowest(town: Town) -> None:
    owner = Owner(town, town.peer({}))
    owner.port = town.network.listen("127.1.2.3", 7777)
    owner.order()
    assert owner.meet().remote[0] == owner.peer.address[0]


@pytest.mark.parametrize(
    "stray",
    [
        DownloadAck("carol", "10.9.7.7", 80, FILE, "0", 9),
        DownloadAck("bob", "10.9.7.7", 80, "C:\\other.mp3", "0", 9),
        QueueLimited("bob", "C:\\other.mp3", 5, 1),
        GetError("carol", FILE),
        AcceptFailed("bob", "x"),
    ],
)
def test_an_answer_about_something_else_changes_nothing(town: Town, owner: Owner, stray: Message) -> None:
    trap = town.network.listen("10.9.7.7", 80)
    download = owner.order()
    owner.session.send(stray)
    assert not town.network.run_until(lambda: trap.pending, 5)
    assert download.state == "asked"
    owner.serve(whole())
    assert download.state == "done"
    owner.session.send(owner.ack())
    town.network.run_for(5)
    assert not owner.port.pending


def test_a_firewalled_owner_is_asked_to_connect(town: Town, owner: Owner) -> None:
    download = owner.order()
    assert owner.session.read() == [DownloadRequest("bob", FILE)]
    owner.session.send(owner.ack(port=0))
    assert owner.session.read(10) == [FirewalledRequest("bob", FILE)]
    assert not owner.port.pending
    owner.session.send(owner.ack(port=0))
    assert owner.session.read(5) == []
    stream = town.dial(owner.peer)
    assert town.say(stream, SendFile("bob", FILE, SIZE).encode()) == b"0"
    town.say(stream, CONTENT)
    assert (stream.eof, download.state, owner.peer.downloaded) == (True, "done", {NAME: CONTENT})
    assert owner.session.read() == [DownloadStart(), DownloadEnd()]


def test_a_send_may_leave_out_the_folders_of_the_name(town: Town, owner: Owner) -> None:
    owner.order()
    owner.session.send(owner.ack(port=0))
    owner.session.read(10)
    for name in ("haystack.mp3", "shared\\" + NAME):
        refused = town.dial(owner.peer)
        assert town.say(refused, SendFile("bob", name, SIZE).encode()) == b"FILE NOT REQUESTED"
    stream = town.dial(owner.peer)
    assert town.say(stream, SendFile("bob", NAME, SIZE).encode()) == b"0"
    town.say(stream, CONTENT)
    assert owner.peer.downloaded == {NAME: CONTENT}


@pytest.mark.parametrize(
    "request_bytes",
    [
        SendFile("carol", FILE, SIZE).encode(),
        SendFile("bob", "C:\\other.mp3", SIZE).encode(),
        SendFile("bob", FILE, SIZE + 1).encode(),
        b"SENDbob",
    ],
)
def test_a_send_that_nobody_waits_for_is_refused(town: Town, owner: Owner, request_bytes: bytes) -> None:
    download = owner.order()
    early = town.dial(owner.peer)
    assert town.say(early, SendFile("bob", FILE, SIZE).encode()) == b"FILE NOT REQUESTED"
    owner.session.send(owner.ack(port=0))
    owner.session.read()
    stream = town.dial(owner.peer)
    answer = town.say(stream, request_bytes, wait=130)
    assert not answer[:1].isdigit()
    assert stream.eof
    assert (download.state, owner.peer.downloaded) == ("asked", {})


# When there is no file


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (GetError("bob", FILE), "the user or the file is not there"),
        (AcceptFailed("bob", FILE), "the owner declines"),
        (DownloadAck("bob", "10.9.7.7", 0, FILE, "firewallerror", 9), "both sides are firewalled"),
    ],
    ids=["206", "609", "firewallerror"],
)
@pytest.mark.parametrize("firewalled", [False, True], ids=["to 203", "to 500"])
def test_a_download_is_given_up_where_the_server_says_so(
    town: Town, owner: Owner, answer: Message, reason: str, firewalled: bool
) -> None:
    download = owner.order()
    if firewalled:
        owner.session.send(owner.ack(port=0))
    owner.session.read()
    owner.session.send(answer)
    assert owner.session.read(600) == []
    assert (download.state, download.reason) == ("failed", reason)
    assert not owner.port.pending


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (b"FILE NOT SHARED", "refused: FILE NOT SHARED"),
        (b"\xff\x00", "refused: \ufffd\x00"),
        (b"9" * 40, "refused: " + "9" * 40),
        (b"9" * 100_000, "refused: " + "9" * 100),
        (b"4294967296\xff", "the file has another size than was announced"),
        (b"100001" + CONTENT, "the file has another size than was announced"),
        (b"0100000" + CONTENT, "refused: "),
    ],
)
def test_an_answer_that_is_no_size_ends_the_download(town: Town, owner: Owner, answer: bytes, reason: str) -> None:
    download = owner.order(None if answer.startswith(b"4294967296") else SIZE)
    stream = owner.serve(answer)
    assert stream.eof
    assert download.state == "failed"
    assert download.reason.startswith(reason)
    assert owner.session.read(30) == []
    assert owner.peer.downloaded == {}
    owner.file = "another"
    again = owner.order()
    owner.serve(whole())
    assert again.state == "done"


def test_a_port_that_can_not_be_reached_is_reported(town: Town, owner: Owner) -> None:
    download = owner.order()
    owner.port.close()
    owner.session.send(owner.ack())
    assert owner.session.read(10) == [DownloadRequest("bob", FILE), DataPortError("bob")]
    assert owner.session.read(10) == [DownloadRequest("bob", FILE)]
    assert (download.state, download.reason) == ("asked", "the owner's data port can't be reached")


def test_an_owner_with_too_many_uploads_is_asked_again_later(town: Town, owner: Owner) -> None:
    download = owner.order()
    for _ in range(8):
        assert owner.session.read() == [DownloadRequest("bob", FILE)]
        owner.session.send(QueueLimited("bob", FILE, SIZE, 3))
        owner.session.read(0.1)
        assert (download.state, download.reason) == ("put off", "the owner sends 3 at a time")
        owner.order()
        assert owner.session.read(31) == []
        owner.session.read(28)
    owner.serve(whole())
    assert download.state == "done"


def test_a_download_that_nobody_answers_is_tried_a_few_times(town: Town, owner: Owner) -> None:
    download = owner.order()
    assert owner.session.read(1000) == [DownloadRequest("bob", FILE)] * 5
    assert (download.state, download.reason) == ("failed", "no answer")


def test_an_owner_that_never_says_1_is_left(town: Town, owner: Owner) -> None:
    download = owner.order()
    stream = owner.meet()
    town.network.run_for(31)
    assert (stream.eof, download.state, stream.take()) == (True, "waiting", b"")
    stream = owner.meet()
    stream.send(b"220 mail.example ESMTP\r\n")
    town.network.run_for(1)
    assert (stream.eof, download.state, stream.take()) == (True, "waiting", b"")


# Breaking off and going on


@pytest.mark.parametrize("reset", [False, True])
def test_a_download_that_breaks_off_goes_on_after_the_last_byte(town: Town, owner: Owner, reset: bool) -> None:
    download = owner.order()
    stream = owner.serve(whole()[:50_006])
    if reset:
        stream.abort()
    else:
        stream.close()
    assert owner.session.read() == [DownloadStart(), DownloadEnd()]
    assert (download.state, owner.peer.downloaded) == ("waiting", {})
    owner.serve(whole(offset=50_000), offset=50_000)
    assert (download.state, owner.peer.downloaded) == ("done", {NAME: CONTENT})
    assert owner.session.read(600) == [DownloadStart(), DownloadEnd()]


def test_the_user_need_not_wait_for_the_next_attempt(town: Town, owner: Owner) -> None:
    download = owner.order()
    owner.serve(whole()[:1_006]).close()
    owner.session.read()
    assert owner.order() is download
    owner.serve(whole(offset=1_000), offset=1_000)
    assert owner.peer.downloaded == {NAME: CONTENT}
    assert owner.order() is not download


def test_a_firewalled_owner_is_told_where_to_go_on(town: Town, owner: Owner) -> None:
    owner.order()
    owner.serve(whole()[:1_006]).close()
    owner.session.read(16)
    owner.session.send(owner.ack(port=0))
    owner.session.read()
    stream = town.dial(owner.peer)
    assert town.say(stream, SendFile("bob", FILE, SIZE).encode()) == b"1000"
    town.say(stream, CONTENT[1000:])
    assert owner.peer.downloaded == {NAME: CONTENT}


def test_bytes_beyond_the_size_are_not_of_the_file(town: Town, owner: Owner) -> None:
    owner.order()
    stream = owner.serve(whole() + bytes(1000))
    assert (stream.eof, owner.peer.downloaded) == (True, {NAME: CONTENT})


def test_an_owner_that_stops_sending_is_left(town: Town, owner: Owner) -> None:
    download = owner.order()
    stream = owner.serve(whole()[:1_006])
    town.network.run_for(290)
    assert (stream.eof, download.state) == (False, "transferring")
    town.network.run_for(20)
    assert (stream.eof, owner.session.got(DownloadEnd)) == (True, [DownloadEnd()])


def test_a_transfer_outlives_the_session_and_what_waits_is_asked_for_in_the_next(town: Town, owner: Owner) -> None:
    owner.order()
    stream = owner.serve(whole()[:1_006])
    waiting = town.do(owner.peer, "download", "carol", "late.mp3")
    owner.session.stream.close()
    town.network.run_for(1)
    assert waiting.state == "waiting"
    town.say(stream, CONTENT[1000:])
    assert owner.peer.downloaded == {NAME: CONTENT}
    session = Session(town.network, town.accept(5))
    session.send(LoginAck("x"))
    assert session.got(DownloadRequest) == [DownloadRequest("carol", "late.mp3")]
    assert session.got(DownloadEnd, 60) == []


# Keeping


@pytest.mark.parametrize("file", ["C:\\x\\..\\..\\..\\evil.mp3", "/tmp/evil.mp3", "CON", "..", "C:evil.mp3"])
def test_nothing_is_written_outside_the_folder(town: Town, tmp_path: Path, file: str) -> None:
    folder = tmp_path / "a" / "b" / "downloads"
    owner = Owner(town, town.peer({}, downloads=folder), file)
    download = owner.order()
    stream = owner.serve(whole()[:1_006])
    assert owner.peer.downloaded == {}
    town.say(stream, CONTENT[1000:])
    assert owner.peer.downloaded == {download.name: CONTENT}
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == [folder / download.name]


def test_files_of_one_name_are_kept_beside_each_other(town: Town, owner: Owner) -> None:
    for file in ("C:\\one\\song.mp3", "C:\\two\\song.mp3", "C:\\three\\song.mp3"):
        owner.file = file
        owner.order()
        owner.serve(whole())
    assert owner.peer.downloaded == dict.fromkeys(("song.mp3", "song (2).mp3", "song (3).mp3"), CONTENT)


def test_a_peer_that_is_started_anew_goes_on_with_what_is_in_its_folder(town: Town, tmp_path: Path) -> None:
    first = Owner(town, town.peer({}, downloads=tmp_path))
    first.order()
    first.serve(whole()[:50_006])
    town.network.remove(first.peer.address)
    longer = Owner(town, town.peer({}, downloads=tmp_path))
    longer.order(SIZE + 1)
    longer.serve(b"").abort()
    again = Owner(town, town.peer({}, downloads=tmp_path))
    again.order()
    again.serve(whole(offset=50_000), offset=50_000)
    assert (tmp_path / NAME).read_bytes() == CONTENT


def test_a_file_all_of_whose_bytes_are_here_is_not_asked_for(town: Town, owner: Owner) -> None:
    assert owner.order(size=0).state == "done"
    assert owner.session.read() == []
    assert owner.peer.downloaded == {NAME: b""}


def test_a_folder_that_can_not_be_written_ends_the_download(town: Town, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    owner = Owner(town, town.peer({}, downloads=tmp_path / "file" / "downloads"))
    download = owner.order()
    owner.serve(whole())
    assert download.state == "failed"
    assert download.reason.startswith("it can't be kept")
    assert owner.session.read() == [DownloadStart(), DownloadEnd()]
