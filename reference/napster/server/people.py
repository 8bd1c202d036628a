"""People: hotlists, ignore lists, who somebody is, pings and private messages, put together."""

from .chat import Chat
from .hotlist import Hotlist
from .pinging import Pinging
from .whois import WhoIs


class People(Hotlist, WhoIs, Pinging, Chat):
    """What users have to do with one another."""
