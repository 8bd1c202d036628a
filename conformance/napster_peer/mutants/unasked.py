"""Peers that do what a server says, or do not bear what it says."""

from __future__ import annotations

from ....codecs.message import Message
from ....codecs.napster import (
    AutoUpgrade,
    ConnectTest,
    ErrorText,
    ListenTest,
    Packet,
    Part,
    ServerPing,
    UserPing,
    UserPong,
)
from ....reference.napster import Peer
from ....reference.napster.peer.link import PeerLink
from ....reference.napster.peer.states import LIST_CALL
from ....reference.node import Listen
from ...mutants import mutant


@mutant(breaks="NAP-FRM-11")
class LeavesOnUnknownNumbers(Peer):
    """Ends the session when it does not know a number."""

    def take_unknown(self, link: PeerLink, packet: Packet) -> None:
        self.end(link, "stream broken", abort=True)


@mutant(breaks="NAP-PER-18")
class TakesAnErrorForTheEnd(Peer):
    """Ends the session on a 404."""

    def take_unasked(self, link: PeerLink, message: Message) -> None:
        if isinstance(message, ErrorText):
            self.end(link, "left")


@mutant(breaks="NAP-PER-18")
class DiesOfAPartWithoutAJoin(Peer):
    """Dies of a 401 for a channel that it is not in."""

    def take_unasked(self, link: PeerLink, message: Message) -> None:
        if isinstance(message, Part):
            raise KeyError(message.channel)


@mutant(breaks="NAP-PER-19")
class IgnoresPings(Peer):
    """Does not answer another user's ping."""

    def on_user_ping(self, message: UserPing) -> None:
        return


@mutant(breaks="NAP-PER-19")
class AnswersPingsWithItsNick(Peer):
    """Answers another user's ping with its own nick."""

    def on_user_ping(self, message: UserPing) -> None:
        self.say(UserPong(self.config.nick))


@mutant(breaks="NAP-PER-20")
class IgnoresTheServersPings(Peer):
    """Does not answer the server's ping."""

    def on_server_ping(self, message: ServerPing) -> None:
        return


@mutant(breaks="NAP-PER-21")
class FetchesUpgrades(Peer):
    """Connects to where a 5 says that there is a new version."""

    def on_auto_upgrade(self, message: AutoUpgrade) -> None:
        host, _, port = (message.source or "").partition("/")[0].partition(":")
        self.call((host, int(port or 80)), LIST_CALL, self.reached_lister, self.ask_for_list)


@mutant(breaks="NAP-PER-22")
class ConnectsAsATest(Peer):
    """Connects to the address in a 900."""

    def on_connect_test(self, message: ConnectTest) -> None:
        self.call((message.ip, message.port), LIST_CALL, self.reached_lister, self.ask_for_list)


@mutant(breaks="NAP-PER-23")
class ListensAsATest(Peer):
    """Listens at the port in a 901."""

    def on_listen_test(self, message: ListenTest) -> None:
        self._effects.append(Listen(message.port))


@mutant(breaks="NAP-PER-24")
class GoesWhereTheServerSays(Peer):
    """Logs in at another server because of an 821 or 822."""

    def may_follow(self) -> bool:
        return True
