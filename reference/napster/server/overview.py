"""What operators can ask about the server: its users, their programs, and how much there is.

Rules of this file:

- This server is linked with no other, so all users are here, and the list of links is empty.
- Programs are counted by the text of their logins, a bounded number of different ones.
"""

from collections import Counter
from random import Random

from ....codecs.napster import (
    GlobalUser,
    GlobalUsers,
    ServerLink,
    ServerLinks,
    ServerSelection,
    UsageStats,
    UsageStatsRequest,
    VersionCount,
    VersionStats,
    VersionStatsRequest,
    WhichServer,
)
from .channels import Channels
from .config import ServerConfig
from .handlers import handles
from .operators import Operators
from .session import Session
from .welcome import Welcome

MAX_PROGRAMS = 1_000
OTHERS = "others"

SELECTIONS = {"e": "Elite", "a": "Admin", "m": "Moderator", "l": "Leech"}
"""Letters by which a 831 selects users of a level, as in OpenNap; `z` selects muzzled users and `c` cloaked ones."""


class Overview(Welcome, Channels, Operators):
    """831, 832, 10112, 10115, 10118 and 10119."""

    def __init__(self, config: ServerConfig, random: Random) -> None:
        super().__init__(config, random)
        self.programs: Counter[str] = Counter()

    def arrived(self, session: Session) -> None:
        """Count the program of a user."""
        super().arrived(session)
        full = len(self.programs) >= MAX_PROGRAMS and session.client not in self.programs
        self.programs[OTHERS if full else session.client] += 1

    @handles(GlobalUsers)
    def on_list_users(self, session: Session, message: GlobalUsers) -> None:
        """List the users with their addresses, dotted, and end the list (NAP-OPR-20)."""
        if self.commands(session):
            for user in self.sessions():
                if self.is_selected(user, message.selection):
                    self.say(session, GlobalUser(user.nick, user.ip))
            self.say(session, GlobalUsers())

    def is_selected(self, user: Session, selection: ServerSelection | None) -> bool:
        """Return whether a user belongs into a list: all do, unless another server or only some flags are named."""
        if selection is None:
            return True
        if selection.server not in ("*", self.config.name):
            return False
        flags = selection.flags
        if flags is None:
            return True
        by_level = any(SELECTIONS.get(flag) == user.level for flag in flags)
        return by_level or ("z" in flags and user.muzzled) or ("c" in flags and user.cloaked)

    @handles(WhichServer)
    def on_which_server(self, session: Session, message: WhichServer) -> None:
        """Tell where a user is."""
        user = self.known_user(session, message.nick) if self.commands(session) else None
        if user is not None:
            self.error(session, f"{user.nick} is on {self.config.name}, from {user.ip}")

    @handles(VersionStatsRequest)
    def on_version_stats(self, session: Session, message: VersionStatsRequest) -> None:
        """List the programs that have logged in, the most frequent first, and end the list."""
        if self.commands(session):
            for version, count in self.programs.most_common():
                self.say(session, VersionStats(entry=VersionCount(version, count)))
            self.say(session, VersionStats())

    @handles(UsageStatsRequest)
    def on_usage_stats(self, session: Session, message: UsageStatsRequest) -> None:
        """Tell how the server is used: ten numbers, -1 for its memory, which a node does not know."""
        if self.commands(session):
            numbers = (
                len(self.users),
                0,
                self.user_count(),
                self.file_count(),
                self.gigabytes(self.byte_count()),
                len(self.channels),
                int(self.config.epoch + self.started),
                int(self.now - self.started),
                -1,
                self.accounts.count(),
            )
            self.say(session, UsageStats(tuple(map(str, numbers))))

    @handles(ServerLinks)
    def on_links(self, session: Session, message: ServerLinks) -> None:
        """End the list of links, which is empty."""
        if self.commands(session):
            self.say(session, ServerLink())
