"""Channels with all that belongs to them, put together."""

from .channelbans import BansOfChannels
from .channellists import ChannelLists
from .channelmodes import ChannelModes
from .invitations import Invitations
from .voices import Voices


class Forum(Invitations, BansOfChannels, ChannelModes, Voices, ChannelLists):
    """Channels: joining, talking, lists, invitations and rule."""
