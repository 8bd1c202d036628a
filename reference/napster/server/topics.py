"""The topic of a channel.

Rules of this file:

- Whoever rules the channel may change it; every member may when the channel has the mark TOPIC.
- A topic is told in quotes in some messages, so a double quote in it becomes a single one there.
"""

from ....codecs.napster import Topic
from .channel import Channel
from .channelrules import ChannelRules
from .handlers import handles
from .session import Session


def quotable(text: str) -> str:
    """Return a text as it can stand in a quoted field, which knows no escape (text.md)."""
    return text.replace('"', "'")


class Topics(ChannelRules):
    """410."""

    @handles(Topic)
    def on_topic(self, session: Session, message: Topic) -> None:
        """Tell the topic, or change it."""
        channel = self.known_channel(session, message.channel)
        if channel is None:
            return
        if message.topic is None:
            self.take_topic_query(session, channel)
        elif not self.may_change_topic(session, channel):
            self.refuse_command(session)
        elif len(message.topic) > self.config.max_topic:
            self.error(session, f"a topic has at most {self.config.max_topic} characters")
        else:
            channel.topic = message.topic
            self.announce_topic(session, channel)

    def take_topic_query(self, session: Session, channel: Channel) -> None:
        """Tell the topic to whoever may know it: members, and those who rule the channel."""
        if self.is_member(session, channel) or self.rules(session, channel):
            self.answer_topic(session, channel)
        else:
            self.refuse_stranger(session, channel)

    def answer_topic(self, session: Session, channel: Channel) -> None:
        """Tell the topic to one who asks (NAP-CHN-18)."""
        self.say(session, Topic(channel.name, topic=channel.topic))

    def may_change_topic(self, session: Session, channel: Channel) -> bool:
        """Return whether a user may change the topic."""
        return self.rules(session, channel) or ("TOPIC" in channel.modes and self.is_member(session, channel))

    def announce_topic(self, session: Session, channel: Channel) -> None:
        """Tell a new topic to all members (NAP-CHN-17), and to an operator who set it from outside."""
        told = [session, *(member for member in channel.members if member is not session)]
        self.say_all(told, Topic(channel.name, topic=channel.topic))
