"""Shares told wrongly."""

from __future__ import annotations

from collections.abc import Iterator

from ....codecs.message import Message
from ....codecs.napster import Packet, ShareDirectory, ShareFile
from ....reference.napster import Peer
from ....reference.napster.peer.music import NO_MUSIC, Music
from ....reference.napster.peer.shares import Share
from ...mutants import mutant


@mutant(breaks="NAP-PER-07")
class SharesNothing(Peer):
    """Tells the server of no file."""

    def share_messages(self) -> Iterator[Message]:
        return iter(())


@mutant(breaks="NAP-PER-07")
class SharesWithoutTheTime(Peer):
    """Leaves out the last field of what it shares."""

    def framed(self, message: Message) -> bytes:
        data = super().framed(message)
        if not isinstance(message, ShareFile | ShareDirectory):
            return data
        return Packet.of_raw(Packet.decode(data).type, data[4 : data.rindex(b" ")]).encode()


@mutant(breaks="NAP-PER-08")
class WritesLongBodies(Peer):
    """Tells of all files of a folder in one message, however many they are."""

    def fits(self, message: Message) -> bool:
        return True


@mutant(breaks="NAP-PER-08")
class RepeatsItself(Peer):
    """Tells of each file of a folder ten times over, in one message."""

    def framed(self, message: Message) -> bytes:
        if isinstance(message, ShareDirectory):
            message = message.replace(files=message.files * 10)
        return super().framed(message)


@mutant(breaks="NAP-PER-09")
class KnowsNoMusic(Peer):
    """Gives for each file the numbers of files that are no music."""

    def music_of(self, share: Share) -> Music:
        return NO_MUSIC


@mutant(breaks="NAP-PER-09")
class TakesTheSizeForTheTime(Peer):
    """Reckons the time of a file as if each were of 128 kbit/s."""

    def music_of(self, share: Share) -> Music:
        return super().music_of(share)._replace(seconds=share.size // 16_000)
