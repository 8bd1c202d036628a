"""What a server could ask of a peer to its harm, and what the peer does then: nothing, unless its user has allowed it.

Rules of this file:

- Nothing is fetched, run, connected to or listened at because a server says so.
- Another server is gone to only by a peer whose user lets it follow: the password goes along.
"""

from ....codecs.napster import AutoUpgrade, ConnectTest, Cycle, ListenTest, Redirect
from .handlers import handles
from .metaserver import METASERVER_PORT, Metaserver


class Trust(Metaserver):
    """Orders of the server."""

    @handles(AutoUpgrade)
    def on_auto_upgrade(self, message: AutoUpgrade) -> None:
        """Fetch and run nothing (NAP-PER-21)."""

    @handles(ConnectTest)
    def on_connect_test(self, message: ConnectTest) -> None:
        """Connect to nobody (NAP-PER-22)."""

    @handles(ListenTest)
    def on_listen_test(self, message: ListenTest) -> None:
        """Listen nowhere (NAP-PER-23)."""

    @handles(Redirect)
    def on_redirect(self, message: Redirect) -> None:
        """Go to another server if the user lets the peer follow."""
        if self.may_follow() and 0 < message.port <= 0xFFFF:
            self.login(self.now, (message.server, message.port))

    @handles(Cycle)
    def on_cycle(self, message: Cycle) -> None:
        """Log in anew by way of a metaserver if the user lets the peer follow."""
        if self.may_follow():
            self.login_by(self.now, (message.metaserver, METASERVER_PORT))

    def may_follow(self) -> bool:
        """Return whether the server may send this peer elsewhere (NAP-PER-24)."""
        return self.config.follows
