"""Prints the searches and the answers in a capture: read_capture.py FILE."""

import sys

from scapy.sendrecv import sniff
from scapy.sessions import TCPSession

from peerspec.codecs import gnutella
from peerspec.codecs.scapy_layers import bind, layers

bind(gnutella.Header.network, 6346)
messages = layers(gnutella.Header.network)
Query, QueryHit = messages["Query"], messages["QueryHit"]

for packet in sniff(offline=sys.argv[1], session=TCPSession, quiet=True):
    if Query in packet:
        print("searched:", packet[Query].text.decode())
    if QueryHit in packet:
        print("found:", ", ".join(result.name_.decode() for result in packet[QueryHit].results))
