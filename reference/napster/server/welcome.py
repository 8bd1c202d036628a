"""The message of the day, statistics, and the server's own ping.

Rules of this file:

- What greets a user after the login is what 621 and 214 answer later.
"""

from ....codecs.napster import MotdLine, MotdRequest, ServerPing, Stats, StatsRequest
from .core import Core
from .handlers import handles
from .session import Session

GIGABYTE = 2**30
MOST = 2**32 - 1


class Welcome(Core):
    """Greets users, and tells them how much there is."""

    def greet(self, session: Session) -> None:
        """Send what follows the acknowledgement of a login (NAP-LOG-02)."""
        self.say(session, *self.motd())
        self.say_stats(session)
        self.await_stats(session)

    @handles(MotdRequest)
    def on_motd(self, session: Session, message: MotdRequest) -> None:
        """Answer 621 with the message of the day (NAP-STA-06)."""
        self.say(session, *self.motd())

    def motd(self) -> list[MotdLine]:
        """Return the message of the day, a message for each line (NAP-STA-06, NAP-STA-07)."""
        return [MotdLine(line) for line in self.config.motd]

    # Statistics

    @handles(StatsRequest)
    def on_stats(self, session: Session, message: StatsRequest) -> None:
        """Answer 214 with the statistics (NAP-STA-01)."""
        self.say_stats(session)

    def say_stats(self, session: Session) -> None:
        """Send users, files and gigabytes (NAP-STA-01)."""
        self.say(session, Stats(self.user_count(), self.file_count(), self.gigabytes(self.byte_count())))

    def user_count(self) -> int:
        """Return how many users are logged in (NAP-STA-02, NAP-STA-03)."""
        return len(self.users)

    def file_count(self) -> int:
        """Return how many files the users share (NAP-STA-02, NAP-STA-03)."""
        return self.files_shared

    def byte_count(self) -> int:
        """Return the size of all shared files in bytes."""
        return self.bytes_shared

    def gigabytes(self, size: int) -> int:
        """Return a size in bytes as a number of gigabytes, or the most that a 214 can say (NAP-STA-04).

        Users say how large their files are, and may say anything.
        """
        return min(size // GIGABYTE, MOST)

    def await_stats(self, session: Session) -> None:
        """Have the statistics sent to a user from time to time (NAP-STA-05)."""
        self.set_alarm(session, self.config.stats_period, self.send_stats_unasked)

    def send_stats_unasked(self, session: Session) -> None:
        """Send the statistics to a user who has not asked, and again later (NAP-STA-05)."""
        self.say_stats(session)
        self.await_stats(session)

    # Ping

    @handles(ServerPing)
    def on_server_ping(self, session: Session, message: ServerPing) -> None:
        """Answer 750 with 750 (NAP-STA-08)."""
        self.say(session, ServerPing(text=message.text))
