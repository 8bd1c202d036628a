"""Operators' commands gone wrong."""

from __future__ import annotations

from ....codecs.napster import (
    Ban,
    ChannelKick,
    Cycle,
    CycleUser,
    GlobalMessage,
    GlobalNotice,
    Kill,
    Muzzle,
    Nuke,
    Redirect,
    RedirectUser,
    SetDataPort,
    SetUserDataPort,
    SetUserLevel,
    SetUserPassword,
    SetUserSpeed,
    StaffDetails,
)
from ....reference.napster import Server
from ....reference.napster.server.accounts import StoredBan
from ....reference.napster.server.channel import Channel
from ....reference.napster.server.session import Session, rank
from ...mutants import mutant

# --- those who are not operators


@mutant(breaks="NAP-OPR-01")
class ObeysEverybody(Server):
    """Takes everybody for an operator."""

    def is_entitled(self, session: Session, level: str) -> bool:
        return True


@mutant(breaks="NAP-OPR-01")
class KillsForEverybody(Server):
    """Refuses a 610 of one who is no operator, and carries it out."""

    def on_kill(self, session: Session, message: Kill) -> None:
        super().on_kill(session, message)
        user = self.user(message.nick)
        if user is not None and not session.has_level("Moderator"):
            self.kill(user, "killed")


@mutant(breaks="NAP-OPR-01")
class KillsWhoeverIsLower(Server):
    """Goes by the levels of the two alone: a User kills a Leech."""

    def on_kill(self, session: Session, message: Kill) -> None:
        super().on_kill(session, message)
        user = self.user(message.nick)
        if user is not None and rank(session.level) > rank(user.level):
            self.kill(user, "killed")


@mutant(breaks="NAP-OPR-01")
class SetsLevelsForEverybody(Server):
    """Refuses a 606 of one who is no operator, and carries it out."""

    def on_set_level(self, session: Session, message: SetUserLevel) -> None:
        super().on_set_level(session, message)
        if not session.has_level("Moderator"):
            self.set_level(message.nick, message.level)


@mutant(breaks="NAP-OPR-01")
class NukesForEverybody(Server):
    """Refuses a 611 of one who is no operator, and carries it out."""

    def on_nuke(self, session: Session, message: Nuke) -> None:
        super().on_nuke(session, message)
        if not session.has_level("Moderator"):
            self.nuke(message.nick)


@mutant(breaks="NAP-OPR-01")
class BansForEverybody(Server):
    """Refuses a 612 of one who is no operator, and carries it out."""

    def on_ban(self, session: Session, message: Ban) -> None:
        super().on_ban(session, message)
        if not session.has_level("Moderator"):
            ban = StoredBan(message.target, False, session.nick, "", self.unix_time(), None)
            self.accounts.ban(self.folded(message.target), ban)


@mutant(breaks="NAP-OPR-01")
class MovesPortsForEverybody(Server):
    """Refuses a 613 of one who is no operator, and carries it out."""

    def on_set_data_port(self, session: Session, message: SetUserDataPort) -> None:
        super().on_set_data_port(session, message)
        user = self.user(message.nick)
        if user is not None and not session.has_level("Moderator"):
            self.pass_order(user, SetDataPort(message.port))


@mutant(breaks="NAP-OPR-01")
class MuzzlesForEverybody(Server):
    """Refuses a 622 of one who is no operator, and carries it out."""

    def on_muzzle(self, session: Session, message: Muzzle) -> None:
        super().on_muzzle(session, message)
        user = self.user(message.nick)
        if user is not None and not session.has_level("Moderator"):
            user.muzzled = True


@mutant(breaks="NAP-OPR-01")
class CyclesForEverybody(Server):
    """Refuses a 822 of one who is no operator, and carries it out."""

    def on_cycle_user(self, session: Session, message: CycleUser) -> None:
        super().on_cycle_user(session, message)
        user = self.user(message.nick)
        if user is not None and not session.has_level("Moderator"):
            self.pass_order(user, Cycle(message.metaserver))


@mutant(breaks="NAP-OPR-01")
class KicksForEverybody(Server):
    """Refuses a 829 of one who is no operator, and carries it out."""

    def on_kick(self, session: Session, message: ChannelKick) -> None:
        super().on_kick(session, message)
        user, channel = self.user(message.nick), self.channel(message.channel)
        if user is not None and channel is not None and not session.has_level("Moderator"):
            self.leave_channel(user, channel)
            self.announce_kick(user, channel)


@mutant(breaks="NAP-OPR-01")
class RedirectsForEverybody(Server):
    """Refuses a 821 of one who is no operator, and carries it out."""

    def on_redirect_user(self, session: Session, message: RedirectUser) -> None:
        super().on_redirect_user(session, message)
        user = self.user(message.nick)
        if user is not None and not session.has_level("Moderator"):
            self.pass_order(user, Redirect(message.server, message.port))


@mutant(breaks="NAP-OPR-01")
class CorrectsForEverybody(Server):
    """Refuses a 625 of one who is no operator, and carries it out."""

    def on_set_link_type(self, session: Session, message: SetUserSpeed) -> None:
        super().on_set_link_type(session, message)
        user = self.user(message.nick)
        if user is not None and not session.has_level("Moderator"):
            self.set_link_type(user, message.link)


@mutant(breaks="NAP-OPR-01")
class AnnouncesForEverybody(Server):
    """Refuses a 628 of one who is no operator, and carries it out."""

    def on_global_message(self, session: Session, message: GlobalMessage) -> None:
        super().on_global_message(session, message)
        if not session.has_level("Moderator"):
            self.announce(session, message.text)


@mutant(breaks="NAP-OPR-01")
class SetsPasswordsForEverybody(Server):
    """Refuses a 753 of one who is no operator, and carries it out."""

    def on_set_password(self, session: Session, message: SetUserPassword) -> None:
        super().on_set_password(session, message)
        if not session.has_level("Moderator"):
            self.set_password(message.nick, message.password)


@mutant(breaks="NAP-OPR-02")
class RefusesSilently(Server):
    """Does not answer a command for which a level does not suffice."""

    def refuse_command(self, session: Session) -> None:
        return


# --- operators among themselves


@mutant(breaks="NAP-OPR-03")
class LetsEqualsAct(Server):
    """Lets an operator act against another of the same level."""

    def outranks(self, session: Session, level: str) -> bool:
        return rank(session.level) >= rank(level)


# --- users


@mutant(breaks="NAP-OPR-04")
class ThreatensOnly(Server):
    """Tells a user that it was killed, and lets it stay."""

    def kill(self, user: Session, text: str) -> None:
        self.error(user, text)


@mutant(breaks="NAP-OPR-04")
class KillsEverybody(Server):
    """Ends all sessions when an operator kills a user."""

    def kill(self, user: Session, text: str) -> None:
        for each in list(self.sessions()):
            self.end(each)


@mutant(breaks="NAP-OPR-10")
class HearsTheMuzzled(Server):
    """Passes on public messages of users who are muzzled."""

    def is_muzzled(self, session: Session) -> bool:
        return False


@mutant(breaks="NAP-OPR-10")
class MuzzlesForEver(Server):
    """Goes on refusing public messages of a user who is muzzled no more."""

    def set_muzzle(self, session: Session, nick: str, text: str) -> None:
        super().set_muzzle(session, nick, text)
        user = self.user(nick)
        if user is not None:
            user.muzzled = True


@mutant(breaks="NAP-OPR-13")
class SetsTheLevelOfAccounts(Server):
    """Sets the level of an account, and not that of the session which there is."""

    def set_level(self, nick: str, level: str) -> None:
        self.accounts.set_level(self.folded(nick), level)


@mutant(breaks="NAP-OPR-14")
class TellsThePortOfTheConnection(Server):
    """Gives operators the port of a user's connection as its data port."""

    def staff_details(self, user: Session) -> StaffDetails:
        return super().staff_details(user).replace(data_port=user.remote[1])


@mutant(breaks="NAP-OPR-14")
class TellsTheServersAddress(Server):
    """Gives operators the server's own address for that of a user."""

    def staff_details(self, user: Session) -> StaffDetails:
        return super().staff_details(user).replace(ip=user.local[0])


# what operators are told more is how it shows that somebody has become one
@mutant(breaks="NAP-OPR-14", also=("NAP-OPR-13",))
class TellsOperatorsNoMore(Server):
    """Gives operators no more fields of a 604 than others."""

    def sees_staff_details(self, session: Session) -> bool:
        return False


@mutant(breaks="NAP-OPR-15")
class KeepsAccounts(Server):
    """Says that an account is deleted, and keeps it."""

    def nuke(self, nick: str) -> bool:
        return True


@mutant(breaks="NAP-OPR-16")
class KeepsOrders(Server):
    """Does not pass on what operators order of a user's program."""

    def pass_order(self, user: Session, order: SetDataPort | Redirect | Cycle) -> None:
        return


@mutant(breaks="NAP-OPR-16")
class SwapsPorts(Server):
    """Sends a user to the port of the server that it is on."""

    def on_redirect_user(self, session: Session, message: RedirectUser) -> None:
        super().on_redirect_user(session, message.replace(port=self.address[1]))


@mutant(breaks="NAP-OPR-17")
class KeepsTheLinkType(Server):
    """Says that the link type of a user is corrected, and keeps it."""

    def set_link_type(self, user: Session, link: int) -> None:
        return


@mutant(breaks="NAP-OPR-18")
class KeepsPasswords(Server):
    """Says that the password of an account is changed, and keeps it."""

    def set_password(self, nick: str, password: str) -> bool:
        return True


@mutant(breaks="NAP-OPR-19")
class ClearsChannelsInSecret(Server):
    """Makes the members of a channel leave it and does not tell them."""

    def clear_out(self, member: Session, channel: Channel) -> None:
        self.leave_channel(member, channel)


@mutant(breaks="NAP-OPR-19")
class ClearsOneMember(Server):
    """Leaves one member in a channel that is cleared."""

    def clear_out(self, member: Session, channel: Channel) -> None:
        if len(channel.members) > 1:
            super().clear_out(member, channel)


# --- announcements


@mutant(breaks="NAP-OPR-11")
class AnnouncesToOperators(Server):
    """Sends an announcement to the operators only."""

    def announce(self, session: Session, text: str) -> None:
        self.say_all(self.confidants(), GlobalNotice(session.nick, text))


@mutant(breaks="NAP-OPR-11")
class AnnouncesAsTheServer(Server):
    """Puts its own name before an announcement."""

    def announce(self, session: Session, text: str) -> None:
        self.say_all(self.sessions(), GlobalNotice(self.config.name, text))


@mutant(breaks="NAP-OPR-12")
class GossipsWithAll(Server):
    """Sends what operators say to one another to everybody."""

    def confidants(self) -> list[Session]:
        return list(self.sessions())


@mutant(breaks="NAP-OPR-12")
class TellsTheHighestOnly(Server):
    """Sends what operators say to one another to those of the highest level only."""

    def confidants(self) -> list[Session]:
        return [user for user in self.sessions() if user.has_level("Elite")]
