"""Statistics and message of the day gone wrong."""

from __future__ import annotations

from ....codecs.napster import MotdRequest, Packet, ServerPing, Stats, StatsRequest
from ....reference.napster import Server
from ....reference.napster.server.session import Session
from ...mutants import mutant


@mutant(breaks="NAP-STA-01")
class LeavesOutTheGigabytes(Server):
    """Answers 214 with users and files alone."""

    def on_stats(self, session: Session, message: StatsRequest) -> None:
        body = b"%d %d" % (self.user_count(), self.file_count())
        self.send(session, Packet.of_raw(Stats.wire_type or 0, body).encode())


@mutant(breaks="NAP-STA-01")
class WritesNumbersWithCommas(Server):
    """Puts commas between the numbers of a 214."""

    def on_stats(self, session: Session, message: StatsRequest) -> None:
        body = b"%d, %d, %d" % (self.user_count(), self.file_count(), self.gigabytes(self.byte_count()))
        self.send(session, Packet.of_raw(Stats.wire_type or 0, body).encode())


@mutant(breaks="NAP-STA-02")
class CountsOneUser(Server):
    """Counts the user who asks, and no other."""

    def on_stats(self, session: Session, message: StatsRequest) -> None:
        self.say(session, Stats(1, self.file_count(), self.gigabytes(self.byte_count())))


@mutant(breaks="NAP-STA-02")
class CountsOneFileAUser(Server):
    """Counts the users who share, and calls them files."""

    def on_stats(self, session: Session, message: StatsRequest) -> None:
        sharers = sum(user.shared > 0 for user in self.sessions())
        self.say(session, Stats(self.user_count(), sharers, self.gigabytes(self.byte_count())))


@mutant(breaks="NAP-STA-03")
class NeverCountsFewerUsers(Server):
    """Counts users who have gone among those who are there."""

    most = 0

    def on_stats(self, session: Session, message: StatsRequest) -> None:
        self.most = max(self.most, self.user_count())
        self.say(session, Stats(self.most, self.file_count(), self.gigabytes(self.byte_count())))


@mutant(breaks="NAP-STA-03")
class NeverCountsFewerFiles(Server):
    """Counts the files of users who have gone."""

    most = 0

    def on_stats(self, session: Session, message: StatsRequest) -> None:
        self.most = max(self.most, self.file_count())
        self.say(session, Stats(self.user_count(), self.most, self.gigabytes(self.byte_count())))


@mutant(breaks="NAP-STA-04")
class SaysMegabytes(Server):
    """Gives the size of all files in megabytes."""

    def on_stats(self, session: Session, message: StatsRequest) -> None:
        self.say(session, Stats(self.user_count(), self.file_count(), self.byte_count() // 2**20))


@mutant(breaks="NAP-STA-06")
class SaysTheMotdOnce(Server):
    """Does not repeat the message of the day."""

    def on_motd(self, session: Session, message: MotdRequest) -> None:
        pass


@mutant(breaks="NAP-STA-06")
class RepeatsTheFirstLine(Server):
    """Answers 621 with the first line of the message of the day."""

    def on_motd(self, session: Session, message: MotdRequest) -> None:
        self.say(session, *self.motd()[:1])


@mutant(breaks="NAP-STA-08")
class IgnoresPings(Server):
    """Does not answer 750."""

    def on_server_ping(self, session: Session, message: ServerPing) -> None:
        pass
