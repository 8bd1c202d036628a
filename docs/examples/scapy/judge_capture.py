"""Prints all messages in a capture, and what is wrong with those that are none: judge_capture.py FILE."""

import sys

from peerspec.codecs.errors import DecodeError
from peerspec.codecs.framing import Frame
from peerspec.codecs.gnutella import Header
from peerspec.codecs.scapy_layers import read_capture

for each in read_capture(sys.argv[1], Header.network):
    message = each.message
    if isinstance(message, Frame):
        try:
            print(*each.source, type(message.payload()).__name__, f"ttl={message.header.ttl}")
        except DecodeError as error:
            print(*each.source, error)
    else:
        print(*each.source, message)
