"""Settings of the running server: changed by name (810), put back (800, 10117); and its version (801).

Rules of this file:

- Only limits and periods can be changed, to whole numbers from 1 on. What is changed lasts until the server ends.
"""

from dataclasses import replace
from random import Random
from typing import Any

from ....codecs.napster import Rehash, ResetConfig, ServerVersion, SetConfig
from .config import VERSION, ServerConfig
from .handlers import handles
from .operators import Operators
from .session import Session

SETTABLE = (
    "channel_limit",
    "login_timeout",
    "max_bans",
    "max_channel_bans",
    "max_channels",
    "max_hotlist",
    "max_ignored",
    "max_joined",
    "max_muzzled",
    "max_registrations",
    "max_results",
    "max_shares",
    "registration_period",
    "stats_period",
)
HIGHEST = 1_000_000


def setting_value(text: str) -> int | None:
    """Return the number that a setting is to have, None for a text that is no number from 1 to `HIGHEST`."""
    if not text.isascii() or not text.isdigit() or len(text) > len(str(HIGHEST)):
        return None
    return int(text) if 1 <= int(text) <= HIGHEST else None


class Settings(Operators):
    """800, 801, 810 and 10117."""

    def __init__(self, config: ServerConfig, random: Random) -> None:
        super().__init__(config, random)
        self.first_config = config

    @handles(SetConfig)
    def on_set_config(self, session: Session, message: SetConfig) -> None:
        """Change a setting, or tell it when no value is given."""
        if not self.commands(session, "Admin") or not self.known_setting(session, message.variable):
            return
        value = setting_value(message.value or "")
        if message.value is None:
            self.tell_setting(session, message.variable)
        elif value is None:
            self.refuse_value(session)
        else:
            self.change_setting(session, message.variable, value)

    @handles(ResetConfig)
    def on_reset_config(self, session: Session, message: ResetConfig) -> None:
        """Put a setting back to what it was when the server was started."""
        if self.commands(session, "Admin") and self.known_setting(session, message.variable):
            self.change_setting(session, message.variable, getattr(self.first_config, message.variable))

    @handles(Rehash)
    def on_rehash(self, session: Session, message: Rehash) -> None:
        """Put all settings back to what they were when the server was started, unless another server is meant."""
        if self.commands(session, "Admin") and message.server in (None, self.config.name):
            self.config = self.first_config
            self.report(session, "SERVER", f"{session.nick} put all settings back")

    def known_setting(self, session: Session, name: str) -> bool:
        """Return whether there is such a setting; when not, say so."""
        if name not in SETTABLE:
            self.error(session, f"{name} is no setting; those that can be changed are {', '.join(SETTABLE)}")
        return name in SETTABLE

    def refuse_value(self, session: Session) -> None:
        """Say what values a setting can have."""
        self.error(session, f"a setting is a whole number from 1 to {HIGHEST}")

    def tell_setting(self, session: Session, name: str) -> None:
        """Tell what a setting is."""
        self.error(session, f"{name} = {getattr(self.config, name):g}")

    def change_setting(self, session: Session, name: str, value: float) -> None:
        """Give a setting another value."""
        changes: dict[str, Any] = {name: value}
        self.config = replace(self.config, **changes)
        self.report(session, "SERVER", f"{session.nick} set {name} to {value:g}")

    @handles(ServerVersion)
    def on_server_version(self, session: Session, message: ServerVersion) -> None:
        """Tell which program this is, to anybody (NAP-OPR-21)."""
        self.error(session, f"peerspec {VERSION}")
