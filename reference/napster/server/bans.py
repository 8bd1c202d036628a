"""Bans: nicks and addresses that may not log in.

Rules of this file:

- A ban is kept with the accounts, so it outlives the server. It does not end a session that there is already.
- What looks like an IPv4 address is one. OpenNap's masks, `nick!*` and `*!address`, stand for the nick and the address.
- A ban with seconds is over when they are, and is removed when the bans are looked through.
"""

import re

from ....codecs.napster import Ban, BanList, BannedIp, BannedNick, Unban
from .accounts import StoredBan
from .handlers import handles
from .login import LoggingIn
from .operators import Operators
from .session import Session

_ADDRESS = re.compile(r"\d{1,3}(\.\d{1,3}){3}")


def is_address(target: str) -> bool:
    """Return whether what is banned is an address, and not a nick."""
    return _ADDRESS.fullmatch(target) is not None


def plain(target: str) -> str:
    """Return the nick or the address that a target is or, as a mask of OpenNap's, stands for."""
    nick, _, address = target.partition("!")
    return address if nick == "*" and address not in ("", "*") else nick or target


class Bans(LoggingIn, Operators):
    """612, 614 to 616 and 629. What the login asks of bans is said there."""

    @handles(Ban)
    def on_ban(self, session: Session, message: Ban) -> None:
        """Ban a nick or an address, for ever or for some seconds."""
        target = plain(message.target)
        if not self.commands(session) or not self.may_ban(session, target):
            return
        if len(self.bans_in_force()) >= self.config.max_bans:
            self.error(session, f"there are {self.config.max_bans} bans already")
            return
        details = message.details
        reason, seconds = (details.reason, details.seconds) if details is not None else ("", None)
        ban = StoredBan(target, is_address(target), session.nick, reason, self.unix_time(), seconds)
        self.accounts.ban(self.folded(target), ban)
        self.report(session, "BAN", f"{session.nick} banned {target}: {reason}")

    def may_ban(self, session: Session, target: str) -> bool:
        """Return whether an operator may ban a nick, or an address and with it all who are there; when not, say so."""
        if not is_address(target):
            return self.may_act_against(session, target)
        there = [user for user in self.sessions() if user.ip == target]
        return all(self.may_act_against(session, user.nick) for user in there)

    @handles(Unban)
    def on_unban(self, session: Session, message: Unban) -> None:
        """Lift the ban of a nick or an address."""
        if not self.commands(session):
            return
        target = plain(message.target)
        if self.unban(target):
            self.report(session, "BAN", f"{session.nick} lifted the ban of {target}")
        else:
            self.error(session, f"{target} is not banned")

    def unban(self, target: str) -> bool:
        """Lift a ban; False when there is none (NAP-OPR-07)."""
        return self.accounts.unban(self.folded(target))

    @handles(BanList)
    def on_ban_list(self, session: Session, message: BanList) -> None:
        """List what is banned."""
        if self.commands(session):
            self.list_bans(session)

    def list_bans(self, session: Session) -> None:
        """Send a 616 for each banned address, a 629 for each banned nick, and the end of the list (NAP-OPR-08)."""
        for ban in self.bans_in_force():
            if ban.is_address:
                self.say(session, BannedIp(ban.shown, ban.operator, ban.reason, ban.since, 0))
            else:
                self.say(session, BannedNick(ban.shown))
        self.say(session, BanList())

    def bans_in_force(self) -> list[StoredBan]:
        """Return the bans that hold, oldest first; those that are over are removed."""
        held = []
        for ban in self.accounts.bans():
            if self.is_in_force(ban):
                held.append(ban)
            else:
                self.accounts.unban(self.folded(ban.shown))
        return held
