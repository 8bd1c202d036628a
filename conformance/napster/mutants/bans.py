"""Bans gone wrong."""

from __future__ import annotations

from ....codecs.napster import BanList, BannedIp, BannedNick
from ....reference.napster import Server
from ....reference.napster.server.accounts import StoredBan
from ....reference.napster.server.session import Session
from ...mutants import mutant


@mutant(breaks="NAP-OPR-05")
class BansAddressesOnly(Server):
    """Lets users in whose nicks are banned."""

    def keeps_nick_out(self, ban: StoredBan, nick: str) -> bool:
        return False


@mutant(breaks="NAP-OPR-05")
class BansSpellings(Server):
    """Lets users in whose nicks are banned in another spelling."""

    def keeps_nick_out(self, ban: StoredBan, nick: str) -> bool:
        return ban.shown == nick and self.is_in_force(ban)


@mutant(breaks="NAP-OPR-06")
class BansNicksOnly(Server):
    """Lets users in from addresses that are banned."""

    def keeps_address_out(self, ban: StoredBan) -> bool:
        return False


@mutant(breaks="NAP-OPR-07")
class KeepsBans(Server):
    """Says that a ban is lifted, and keeps it."""

    def unban(self, target: str) -> bool:
        return True


@mutant(breaks="NAP-OPR-08")
class ListsBannedNicksOnly(Server):
    """Leaves addresses out of the list of bans."""

    def list_bans(self, session: Session) -> None:
        for ban in self.bans_in_force():
            if not ban.is_address:
                self.say(session, BannedNick(ban.shown))
        self.say(session, BanList())


@mutant(breaks="NAP-OPR-08")
class NeverEndsTheBans(Server):
    """Does not end the list of bans."""

    def list_bans(self, session: Session) -> None:
        for ban in self.bans_in_force():
            banned = BannedIp(ban.shown, ban.operator, ban.reason, ban.since, 0) if ban.is_address else None
            self.say(session, banned or BannedNick(ban.shown))


@mutant(breaks="NAP-OPR-08")
class ListsBansWithoutAReason(Server):
    """Leaves the reason in the list of bans empty."""

    def list_bans(self, session: Session) -> None:
        for ban in self.bans_in_force():
            banned = BannedIp(ban.shown, ban.operator, "", ban.since, 0) if ban.is_address else None
            self.say(session, banned or BannedNick(ban.shown))
        self.say(session, BanList())


@mutant(breaks="NAP-OPR-09")
class BansForEver(Server):
    """Goes on with a ban when its seconds are over."""

    def is_in_force(self, ban: StoredBan) -> bool:
        return True
