"""Who is seen by whom: an operator who is cloaked is there for operators only."""

from .core import Core
from .session import Session


class Visibility(Core):
    """What other topics ask before they show one user to another."""

    def sees(self, viewer: Session, user: Session) -> bool:
        """Return whether `user` is there as far as `viewer` is told."""
        return not user.cloaked or viewer is user or viewer.has_level("Moderator")

    def visible_user(self, viewer: Session, nick: str) -> Session | None:
        """Return the session of a user, unless there is none that `viewer` may see."""
        user = self.user(nick)
        return user if user is not None and self.sees(viewer, user) else None
