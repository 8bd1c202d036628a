"""Who somebody is: whois (603), whowas (10121) and the link type (600).

Rules of this file:

- Operators are told more of a user than others are.
- A user who is hidden from the one who asks counts as not logged in.
"""

from ....codecs.napster import (
    StaffDetails,
    UserSpeed,
    UserSpeedRequest,
    Whois,
    WhoisRequest,
    WhoWas,
    WhoWasRequest,
)
from .accounts import Stored
from .channels import Channels
from .handlers import handles
from .session import Session

UNAVAILABLE = "unavailable"
CHANNELS_CHARACTERS = 500
"""Characters of the channels in a 604, at most; those that do not fit are left out."""


class WhoIs(Channels):
    """600, 601, 603 to 605, and 10121."""

    @handles(WhoisRequest)
    def on_whois(self, session: Session, message: WhoisRequest) -> None:
        """Say who a user is, or was."""
        user = self.visible_user(session, message.nick)
        if user is not None:
            self.answer_whois(session, user)
        else:
            self.answer_whowas(session, message.nick)

    @handles(WhoWasRequest)
    def on_whowas(self, session: Session, message: WhoWasRequest) -> None:
        """Say what the account of a user says."""
        self.answer_whowas(session, message.nick)

    @handles(UserSpeedRequest)
    def on_link_type_request(self, session: Session, message: UserSpeedRequest) -> None:
        """Tell the link type of a user."""
        user = self.visible_user(session, message.nick)
        if user is not None:
            self.answer_link_type(session, user)
        else:
            self.refuse_unknown_user(session, message.nick)

    def answer_whois(self, session: Session, user: Session) -> None:
        """Tell of a user who is logged in (NAP-WHO-01)."""
        staff = self.staff_details(user) if self.sees_staff_details(session) else None
        self.say(session, self.whois(session, user).replace(staff=staff))

    def whois(self, session: Session, user: Session) -> Whois:
        """Return the ten fields that everybody is told of a user (NAP-WHO-01)."""
        return Whois(
            user.nick,
            user.level,
            int(self.now - user.logged_in_at),
            self.channels_shown(user),
            self.status_shown(user),
            user.shared,
            user.downloads,
            user.uploads,
            user.link_type,
            user.client,
        )

    def status_shown(self, user: Session) -> str:
        """Return the state of a user: `Active`, or one of the two that OpenNap added."""
        if user.muzzled:
            return "Muzzled"
        return "Cloaked" if user.cloaked else "Active"

    def channels_shown(self, user: Session) -> str:
        """Return the public channels of a user with a blank after each, as many as fit into the field."""
        shown = ""
        for key, name in user.channels.items():
            if "PRIVATE" not in self.channels[key].modes and len(shown) + len(name) < CHANNELS_CHARACTERS:
                shown += f"{name} "
        return shown

    def sees_staff_details(self, session: Session) -> bool:
        """Return whether a user is told what follows the program: operators only (NAP-OPR-14, NAP-WHO-02)."""
        return session.has_level("Moderator")

    def staff_details(self, user: Session) -> StaffDetails:
        """Return what operators are told besides: counts, address, both ports, e-mail address, server (NAP-OPR-14)."""
        return StaffDetails(
            user.total_downloads,
            user.total_uploads,
            user.ip,
            user.remote[1],
            user.data_port,
            user.email or UNAVAILABLE,
            server=self.config.name,
        )

    def answer_whowas(self, session: Session, nick: str) -> None:
        """Tell of a user who is registered and not there, or that nobody of that nick is known."""
        account = self.accounts.account(self.folded(nick))
        if account is not None:
            self.tell_whowas(session, account)
        else:
            self.refuse_unknown_user(session, nick)

    def tell_whowas(self, session: Session, account: Stored) -> None:
        """Tell the level of a registered user, and when it was seen last (NAP-WHO-03)."""
        self.say(session, WhoWas(account.nick, account.level, account.seen))

    def refuse_unknown_user(self, session: Session, nick: str) -> None:
        """Say that a user is not known, to a whois or a request for the link type (NAP-WHO-04)."""
        self.error(session, f"nobody of the nick {nick} is here")

    def answer_link_type(self, session: Session, user: Session) -> None:
        """Tell the link type of a user who is logged in (NAP-WHO-05)."""
        self.say(session, UserSpeed(user.nick, user.link_type))
