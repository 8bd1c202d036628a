"""The hotlist: who is told when somebody comes and goes.

Rules of this file:

- The list belongs to the session: the peer sends it after each login, and the server forgets it with the session.
- `watchers` has the same the other way round, so that a login costs no more than those whom it concerns.
- A user who is hidden from another neither comes nor goes for that one.
"""

from random import Random

from ....codecs.napster import HotlistAck, HotlistAdd, HotlistError, HotlistInitial, HotlistRemove, SignOff, SignOn
from .config import ServerConfig
from .handlers import handles
from .session import Session
from .visibility import Visibility


class Hotlist(Visibility):
    """Hotlists, 207 to 210 and 301 to 303."""

    def __init__(self, config: ServerConfig, random: Random) -> None:
        super().__init__(config, random)
        self.watchers: dict[str, dict[Session, None]] = {}

    @handles(HotlistAdd)
    def on_hotlist_add(self, session: Session, message: HotlistAdd) -> None:
        """Put a user on the list (NAP-HOT-01)."""
        self.watch(session, message.nick)

    @handles(HotlistInitial)
    def on_hotlist_initial(self, session: Session, message: HotlistInitial) -> None:
        """Put a user on the list that the peer has kept, as with 207 (NAP-HOT-06)."""
        self.watch(session, message.nick)

    @handles(HotlistRemove)
    def on_hotlist_remove(self, session: Session, message: HotlistRemove) -> None:
        """Take a user off the list; nothing is answered."""
        self.stop_watching(session, message.nick)

    def watch(self, session: Session, nick: str) -> None:
        """Put a user on a list, unless the list is full (NAP-LIM-06)."""
        key = self.folded(nick)
        if key not in session.hotlist and len(session.hotlist) >= self.config.max_hotlist:
            self.say(session, HotlistError(nick))
            return
        session.hotlist[key] = nick
        self.watchers.setdefault(key, {})[session] = None
        self.acknowledge_listed(session, nick)
        listed = self.visible_user(session, nick)
        if listed is not None:
            self.tell_presence(session, listed)

    def acknowledge_listed(self, session: Session, nick: str) -> None:
        """Say that a user is on the list, whether logged in or not (NAP-HOT-01)."""
        self.say(session, HotlistAck(nick))

    def tell_presence(self, session: Session, listed: Session) -> None:
        """Say at once that a user who was listed is there already (NAP-HOT-03)."""
        self.say(session, SignOn(listed.nick, listed.link_type))

    def stop_watching(self, session: Session, nick: str) -> None:
        """Take a user off a list: nothing of the user's coming and going is told any more (NAP-HOT-05)."""
        key = self.folded(nick)
        session.hotlist.pop(key, None)
        watchers = self.watchers.get(key)
        if watchers is not None:
            watchers.pop(session, None)
            if not watchers:
                del self.watchers[key]

    def watchers_of(self, user: Session) -> list[Session]:
        """Return those who have a user on their lists and to whom the user is visible."""
        return [watcher for watcher in self.watchers.get(self.folded(user.nick), ()) if self.sees(watcher, user)]

    # Coming and going

    def arrived(self, session: Session) -> None:
        """Tell of a login."""
        super().arrived(session)
        watchers = self.watchers_of(session)
        if watchers:
            self.tell_sign_on(session, watchers)

    def tell_sign_on(self, user: Session, watchers: list[Session]) -> None:
        """Tell that a user has come, with the link type (NAP-HOT-02)."""
        for watcher in watchers:
            self.say(watcher, SignOn(user.nick, user.link_type))

    def left(self, session: Session) -> None:
        """Forget the list of a session that has ended, and tell those who had its user on theirs."""
        for nick in list(session.hotlist.values()):
            self.stop_watching(session, nick)
        watchers = self.watchers_of(session)
        if watchers:
            self.tell_sign_off(session, watchers)
        super().left(session)

    def tell_sign_off(self, user: Session, watchers: list[Session]) -> None:
        """Tell that a user has gone (NAP-HOT-04)."""
        for watcher in watchers:
            self.say(watcher, SignOff(user.nick))
