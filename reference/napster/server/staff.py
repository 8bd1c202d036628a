"""The commands of operators, put together."""

from .accountorders import AccountOrders
from .announcements import Announcements
from .bans import Bans
from .cloaking import Cloaking
from .histograms import Histograms
from .kills import Kills
from .muzzling import Muzzling
from .overview import Overview
from .settings import Settings
from .userorders import UserOrders


class Staff(Kills, Bans, AccountOrders, Muzzling, Announcements, UserOrders, Cloaking, Settings, Overview, Histograms):
    """What operators may do on the whole server."""
