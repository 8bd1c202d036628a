"""The arranging of transfers gone wrong."""

from __future__ import annotations

from ....codecs.errors import DecodeError
from ....codecs.napster import (
    AcceptFailed,
    DataPortError,
    DownloadAck,
    DownloadRequest,
    ErrorText,
    FirewalledRequest,
    UploadAccept,
    UploadRequest,
)
from ....reference.napster import Server
from ....reference.napster.server.index import SharedFile
from ....reference.napster.server.session import Session
from ...mutants import mutant

# --- the request


@mutant(breaks="NAP-SIG-01")
class AsksInTheOwnersName(Server):
    """Puts the owner's nick into a 607 on account of a 203."""

    def on_download_request(self, session: Session, message: DownloadRequest) -> None:
        owner = self.owner(message.nick)
        if owner is not None and self.offered(owner, message.file) and not owner.firewalled:
            self.say(owner, UploadRequest(owner.nick, message.file))
        else:
            super().on_download_request(session, message)


# what those find out who ask twice of the same owner comes from the 204 that came too early
@mutant(breaks="NAP-SIG-02", also=("NAP-LOG-24", "NAP-SHR-02"))
class TellsAtOnce(Server):
    """Sends 204 for an owner that can be reached as soon as it is asked."""

    def on_download_request(self, session: Session, message: DownloadRequest) -> None:
        super().on_download_request(session, message)
        owner = self.owner(message.nick)
        file = self.offered(owner, message.file)
        if owner is not None and file is not None and not owner.firewalled:
            self.acknowledge(owner, session, file)


@mutant(breaks="NAP-SIG-02")
class TakesARefusalForConsent(Server):
    """Sends 204 when the owner declines with 609, too."""

    def pass_decline(self, session: Session, requester: Session, message: AcceptFailed) -> None:
        super().pass_decline(session, requester, message)
        file = self.offered(session, message.file)
        if file is not None:
            self.acknowledge(session, requester, file)


@mutant(breaks="NAP-SIG-03")
class TellsTheRequestersNick(Server):
    """Gives the requester's own nick in a 204."""

    def acknowledge(self, session: Session, requester: Session, file: SharedFile) -> None:
        self.say(requester, self.download_ack(session, file).replace(nick=requester.nick))


# where a file lies is what a 204 tells
@mutant(breaks="NAP-SIG-03", also=("NAP-SHR-19",))
class TellsThePortOfTheSession(Server):
    """Gives the port of the owner's connection in a 204."""

    def acknowledge(self, session: Session, requester: Session, file: SharedFile) -> None:
        self.say(requester, self.download_ack(session, file).replace(port=session.remote[1]))


@mutant(breaks="NAP-SIG-03")
class TellsTheRequestersLink(Server):
    """Gives the requester's own link type in a 204."""

    def acknowledge(self, session: Session, requester: Session, file: SharedFile) -> None:
        self.say(requester, self.download_ack(session, file).replace(link=requester.link_type))


@mutant(breaks="NAP-SIG-04")
class SaysTextForStrangers(Server):
    """Answers a request for a file of one who is not there by 404."""

    def refuse_download(self, session: Session, nick: str, name: str) -> None:
        if self.user(nick) is None:
            self.say(session, ErrorText("no such user"))
        else:
            super().refuse_download(session, nick, name)


@mutant(breaks="NAP-SIG-05")
class IsSilentAboutMissingFiles(Server):
    """Does not answer a request for a file that its user does not share."""

    def refuse_download(self, session: Session, nick: str, name: str) -> None:
        if self.user(nick) is None:
            super().refuse_download(session, nick, name)


@mutant(breaks="NAP-SIG-05")
class AsksForAnything(Server):
    """Refuses a request for a file that its user does not share, and asks the user all the same."""

    def refuse_download(self, session: Session, nick: str, name: str) -> None:
        super().refuse_download(session, nick, name)
        owner = self.user(nick)
        if owner is not None:
            self.say(owner, UploadRequest(session.nick, name))


@mutant(breaks="NAP-SIG-06")
class IsSilentAboutHalfARequest(Server):
    """Does not answer a request for a file that lacks a field."""

    def refuse_incomplete(self, session: Session, error: DecodeError) -> None:
        return


# --- the answer


@mutant(breaks="NAP-SIG-08")
class LetsAnythingBeGiven(Server):
    """Sends 204 for a file that the one who accepts does not share."""

    def on_upload_accept(self, session: Session, message: UploadAccept) -> None:
        requester = self.user(message.nick)
        if requester is not None and self.accepted(session, message.file) is None:
            place = self.place(session)
            self.say(requester, DownloadAck(session.nick, *place, message.file, "0" * 32, session.link_type))
        else:
            super().on_upload_accept(session, message)


@mutant(breaks="NAP-SIG-08")
class IsSilentAboutFalseOffers(Server):
    """Does not answer an acceptance of a file that its sender does not share."""

    def refuse_accept(self, session: Session, text: str) -> None:
        return


@mutant(breaks="NAP-SIG-10")
class KeepsRefusals(Server):
    """Does not tell the requester that an owner declines."""

    def pass_decline(self, session: Session, requester: Session, message: AcceptFailed) -> None:
        return


@mutant(breaks="NAP-SIG-10")
class PassesRefusalsAsTheyAre(Server):
    """Tells the requester that it declines itself."""

    def pass_decline(self, session: Session, requester: Session, message: AcceptFailed) -> None:
        self.say(requester, message)


# --- owners behind a firewall


@mutant(breaks="NAP-SIG-11")
class AsksTheFirewalled(Server):
    """Asks a firewalled owner on account of a 203, as if it could be reached."""

    def must_push(self, owner: Session) -> bool:
        return False


@mutant(breaks="NAP-SIG-11")
class HidesTheFirewall(Server):
    """Gives the port of its connection in a 204 for a firewalled owner."""

    def say_firewalled(self, session: Session, owner: Session, file: SharedFile) -> None:
        self.say(session, self.download_ack(owner, file).replace(port=owner.remote[1]))


@mutant(breaks="NAP-SIG-12")
class AsksNoFirewalledOwner(Server):
    """Takes a 500 and does not ask the firewalled owner."""

    def on_firewalled_request(self, session: Session, message: FirewalledRequest) -> None:
        owner = self.owner(message.nick)
        if owner is None or not owner.firewalled or session.firewalled or not self.offered(owner, message.file):
            super().on_firewalled_request(session, message)


@mutant(breaks="NAP-SIG-13")
class SendsTheOwnerToItself(Server):
    """Gives a firewalled owner its own address and port in a 501."""

    def order_push(self, session: Session, requester: Session, file: SharedFile) -> None:
        ip, port = self.place(session)
        self.say(session, self.push_order(requester, file).replace(ip=ip, port=port))


@mutant(breaks="NAP-SIG-13")
class TellsTheOwnersLink(Server):
    """Gives a firewalled owner its own link type in a 501."""

    def order_push(self, session: Session, requester: Session, file: SharedFile) -> None:
        self.say(session, self.push_order(requester, file).replace(link=session.link_type))


@mutant(breaks="NAP-SIG-13")
class SendsTheOrderToTheRequester(Server):
    """Sends the 501 to the one who wants the file."""

    def order_push(self, session: Session, requester: Session, file: SharedFile) -> None:
        self.say(requester, self.push_order(requester, file))


@mutant(breaks="NAP-SIG-14")
class SendsBothSides(Server):
    """Sends 204 to the requester as well when it sends 501 to the owner."""

    def order_push(self, session: Session, requester: Session, file: SharedFile) -> None:
        super().order_push(session, requester, file)
        self.acknowledge(session, requester, file)


@mutant(breaks="NAP-SIG-15")
class AsksWhoeverByA500(Server):
    """Takes a 500 for an owner that can be reached."""

    def needs_push(self, owner: Session) -> bool:
        return True


@mutant(breaks="NAP-SIG-15")
class IsSilentAboutNeedlessPushes(Server):
    """Does not answer a 500 for an owner that can be reached."""

    def refuse_push(self, session: Session, owner: Session) -> None:
        return


@mutant(breaks="NAP-SIG-16")
class AsksBehindTwoFirewalls(Server):
    """Says that both sides are firewalled, and asks the owner all the same."""

    def say_both_firewalled(self, session: Session, owner: Session, file: SharedFile) -> None:
        super().say_both_firewalled(session, owner, file)
        self.send_request(session, owner, file)


@mutant(breaks="NAP-SIG-17")
class HidesTheSecondFirewall(Server):
    """Answers a 500 as usual when both sides are firewalled, with the checksum of the file."""

    def say_both_firewalled(self, session: Session, owner: Session, file: SharedFile) -> None:
        self.say(session, self.download_ack(owner, file))


@mutant(breaks="NAP-SIG-17")
class IsSilentBehindTwoFirewalls(Server):
    """Does not answer a 500 when both sides are firewalled."""

    def say_both_firewalled(self, session: Session, owner: Session, file: SharedFile) -> None:
        return


# --- a port that cannot be reached


@mutant(breaks="NAP-SIG-18")
class KeepsPortErrors(Server):
    """Tells nobody that its data port cannot be reached."""

    def pass_port_error(self, session: Session, owner: Session) -> None:
        return


@mutant(breaks="NAP-SIG-18")
class TellsOfTheOwnersPort(Server):
    """Tells a user whose port cannot be reached its own nick."""

    def pass_port_error(self, session: Session, owner: Session) -> None:
        self.say(owner, DataPortError(owner.nick))


# --- an answer to nothing


@mutant(breaks="NAP-SIG-19")
class TakesAnyAcceptance(Server):
    """Takes a 608 for the answer to a request that was never made."""

    def was_asked(self, session: Session, requester: Session, file: SharedFile) -> bool:
        return True
