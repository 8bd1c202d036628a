"""Requests for uploads answered wrongly."""

from __future__ import annotations

from ....codecs.napster import UploadAccept, UploadRequest
from ....reference.napster import Peer
from ...mutants import mutant


@mutant(breaks="NAP-PER-11")
class AcceptsUnderAnotherName(Peer):
    """Accepts a request with the last part of the file's name only."""

    def accept_upload(self, message: UploadRequest) -> None:
        self.say(UploadAccept(message.nick, message.file.rpartition("\\")[2]))


@mutant(breaks="NAP-PER-11")
class AcceptsUnderItsOwnNick(Peer):
    """Accepts a request with its own nick instead of that of who asks."""

    def accept_upload(self, message: UploadRequest) -> None:
        self.say(UploadAccept(self.config.nick, message.file))


@mutant(breaks="NAP-PER-11")
class AcceptsNothing(Peer):
    """Never accepts a request."""

    def accept_upload(self, message: UploadRequest) -> None:
        return


@mutant(breaks="NAP-PER-12")
class AcceptsWhateverIsAsked(Peer):
    """Accepts a request for a file that it does not share."""

    def decline(self, message: UploadRequest) -> None:
        self.accept_upload(message)


@mutant(breaks="NAP-PER-14")
class WantsTwoFields(Peer):
    """Takes no request that has the link type of who asks."""

    def on_upload_request(self, message: UploadRequest) -> None:
        if message.more is None:
            super().on_upload_request(message)


@mutant(breaks="NAP-QUE-03")
class KnowsNoLimit(Peer):
    """Accepts more uploads than it may."""

    def at_limit(self) -> bool:
        return False


@mutant(breaks="NAP-QUE-03")
class IsSilentAtItsLimit(Peer):
    """Does not answer a request beyond its limit."""

    def put_off(self, message: UploadRequest) -> None:
        return


@mutant(breaks="NAP-QUE-04")
class NeverCountsDown(Peer):
    """Goes on counting an upload that has ended."""

    most = 0

    def uploads_running(self) -> int:
        self.most = max(self.most, super().uploads_running())
        return self.most


@mutant(breaks="NAP-TRF-32")
class TellsOfNoUpload(Peer):
    """Does not tell the server when an upload begins."""

    def tell_upload_began(self) -> None:
        return


@mutant(breaks="NAP-TRF-32")
class NeverEndsAnUpload(Peer):
    """Does not tell the server when an upload has ended."""

    def tell_upload_ended(self) -> None:
        return


@mutant(breaks="NAP-TRF-32")
class TellsOfUploadsTwice(Peer):
    """Tells the server twice that an upload begins."""

    def tell_upload_began(self) -> None:
        super().tell_upload_began()
        super().tell_upload_began()
