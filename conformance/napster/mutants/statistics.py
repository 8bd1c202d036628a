"""Statistics and message of the day gone wrong."""

from __future__ import annotations

from ....codecs.napster import MotdRequest, Packet, ServerPing, Stats
from ....reference.napster import Server
from ....reference.napster.server.session import Session
from ...mutants import mutant


@mutant(breaks="NAP-STA-01", also=("NAP-TXT-01",))
class LeavesOutTheGigabytes(Server):
    """Answers 214 with users and files alone."""

    def say_stats(self, session: Session) -> None:
        users, files = self.user_count(), self.file_count()
        self.send(session, Packet.of_raw(Stats.wire_type or 0, b"%d %d" % (users, files)).encode())


@mutant(breaks="NAP-STA-01", also=("NAP-TXT-01",))
class WritesNumbersWithCommas(Server):
    """Puts commas between the numbers of a 214."""

    def say_stats(self, session: Session) -> None:
        body = f"{self.user_count()}, {self.file_count()}, {self.gigabytes(self.byte_count())}"
        self.send(session, Packet.of_raw(Stats.wire_type or 0, body.encode()).encode())


@mutant(breaks="NAP-STA-02")
class CountsOneUser(Server):
    """Counts the user who asks, and no other."""

    def user_count(self) -> int:
        return 1


@mutant(breaks="NAP-STA-02")
class CountsOneFileAUser(Server):
    """Counts the users who share, and calls them files."""

    def file_count(self) -> int:
        return sum(session.shared > 0 for session in self.sessions())


@mutant(breaks="NAP-STA-03")
class NeverCountsFewerUsers(Server):
    """Counts users who have gone among those who are there."""

    most = 0

    def user_count(self) -> int:
        self.most = max(self.most, super().user_count())
        return self.most


@mutant(breaks="NAP-STA-03")
class NeverCountsFewerFiles(Server):
    """Counts the files of users who have gone."""

    most = 0

    def file_count(self) -> int:
        self.most = max(self.most, super().file_count())
        return self.most


@mutant(breaks="NAP-STA-04")
class SaysMegabytes(Server):
    """Gives the size of all files in megabytes."""

    def gigabytes(self, size: int) -> int:
        return size // 2**20


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
