"""Crafts a short conversation with the scapy layers and writes it to a capture: write_capture.py FILE."""

import sys
from random import Random

from scapy.layers.inet import IP, TCP
from scapy.packet import Packet, Raw
from scapy.utils import wrpcap

from peerspec.codecs.gnutella import Header, Result, new_guid
from peerspec.codecs.scapy_layers import layers, to_packet

gnutella = layers(Header.network)
random = Random(1)
alice, node = ("127.0.1.2", 40000), ("127.0.0.1", 6346)

# type and length follow from the payload
question = new_guid(random)
query = gnutella["Header"](guid=question, ttl=4) / gnutella["Query"](text=b"needle")
hit = gnutella["Header"](guid=question, ttl=4) / gnutella["QueryHit"](
    port=6346,
    ip="127.0.0.1",
    speed=1000,
    results=[to_packet(Result(1, 27, "a needle.txt")), to_packet(Result(2, 0, "needles"))],
    servent_id=new_guid(random),
)
# scapy makes damaged messages as willingly: this Query says that it is longer than it is
damaged = gnutella["Header"](guid=new_guid(random), ttl=4, length=70000) / gnutella["Query"](text=b"haystack")

sent = {alice: 1000, node: 5000}


def segment(source: tuple[str, int], destination: tuple[str, int], data: bytes) -> Packet:
    """A TCP segment that goes on where the last of its source ended."""
    packet = IP(src=source[0], dst=destination[0]) / TCP(
        sport=source[1], dport=destination[1], seq=sent[source], ack=sent[destination], flags="PA"
    )
    sent[source] += len(data)
    return packet / Raw(data)


# the hit comes in two segments, the second of which has a Ping glued to it
parts = bytes(hit)[:40], bytes(hit)[40:] + bytes(gnutella["Header"](guid=new_guid(random), type=0, ttl=1))
packets = [segment(alice, node, bytes(query)), *(segment(node, alice, part) for part in parts)]
packets.append(segment(alice, node, bytes(damaged)))
wrpcap(sys.argv[1], packets)
print(f"{len(packets)} packets")
