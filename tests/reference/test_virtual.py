"""The virtual network: determinism, trouble on the way, partition, churn, and the ends that testers hold."""

from collections.abc import Hashable
from typing import Any

import pytest

from peerspec.reference.node import Address, CancelTimer, Close, Listen, Node, Open, Send, SendDatagram, SetTimer
from peerspec.reference.worlds.virtual import VirtualNetwork

SERVER = ("10.0.0.1", 7)
CLIENT = ("10.0.0.2", 7)


class Echo(Node):
    """Sends back what it receives and writes down what happens to it."""

    def __init__(self) -> None:
        super().__init__()
        self.log: list[Any] = []
        self.links = 0

    def start(self, now: float, address: Address) -> None:
        self.log.append(("start", address))

    def accept(self, now: float, remote: Address, local: Address) -> int:
        self.links += 1
        self.log.append(("accept", self.links, remote[0], local))
        return self.links

    def opened(self, now: float, link: int, local: Address) -> None:
        self.log.append(("opened", link, local[0]))

    def open_failed(self, now: float, link: int, reason: str) -> None:
        self.log.append(("failed", link, reason))

    def received(self, now: float, link: int, data: bytes) -> None:
        if data == b"crash":
            raise ZeroDivisionError
        self.log.append(("received", link, data))
        self._effects.append(Send(link, data))

    def drained(self, now: float, link: int) -> None:
        self.log.append(("drained", link))

    def closed(self, now: float, link: int) -> None:
        self.log.append(("closed", link))

    def timer(self, now: float, key: Hashable) -> None:
        self.log.append(("timer", key, now))

    def datagram(self, now: float, remote: Address, local: Address, data: bytes) -> None:
        self._effects.append(SendDatagram(remote, data))

    def shutdown(self, now: float) -> None:
        self.log.append(("shutdown",))

    def ask(self, *effects: Send | Close | Open | Listen | SetTimer | CancelTimer) -> None:
        self._effects.extend(effects)


def pair(**trouble: object) -> tuple[VirtualNetwork, Echo, Echo]:
    """A network of two nodes."""
    network = VirtualNetwork(3, **trouble)  # type: ignore[arg-type]
    server, client = Echo(), Echo()
    network.add(server, SERVER)
    network.add(client, CLIENT)
    return network, server, client


def conversation(seed: int) -> list[tuple[float, Address, Address, bytes]]:
    network = VirtualNetwork(seed, latency=(0.01, 0.2), loss=0.2, reordering=0.3, split=0.5)
    network.trace = []
    network.add(Echo(), SERVER)
    streams = [network.dial(f"10.1.0.{number}", SERVER) for number in range(3)]
    for number in range(30):
        streams[number % 3].send(bytes([number]) * 50)
    network.run_for(60)
    return network.trace


def test_the_same_seed_gives_the_same_trace() -> None:
    assert conversation(5) == conversation(5)


def test_another_seed_gives_another_trace() -> None:
    assert conversation(5) != conversation(6)


def test_a_stream_is_whole_and_in_order_whatever_happens_on_the_way() -> None:
    network, server, _ = pair(latency=(0.01, 0.2), loss=0.3, duplication=0.5, reordering=0.5, split=0.8)
    sent = [bytes([number]) * 20 for number in range(200)]
    stream = network.dial("10.1.0.1", SERVER)
    for data in sent:
        stream.send(data)
    assert network.run_until(lambda: len(stream.buffer) == 4000, 600)
    assert stream.take() == b"".join(sent)
    assert len([entry for entry in server.log if entry[0] == "received"]) > 200


def test_a_segment_takes_the_latency_of_the_way() -> None:
    network, _, _ = pair(latency=(0.5, 0.5))
    stream = network.dial("10.1.0.1", SERVER)
    assert network.now == pytest.approx(1.0)
    stream.send(b"x")
    assert not network.run_until(lambda: stream.buffer, 0.9)
    assert network.run_until(lambda: stream.buffer, 0.2)
    assert network.now == pytest.approx(2.0)


def test_a_lost_segment_comes_late() -> None:
    network, _, _ = pair(loss=0.999999)
    stream = network.dial("10.1.0.1", SERVER, limit=1000)
    assert stream.connected
    assert network.now > 10


def test_nodes_connect_and_learn_of_the_end() -> None:
    network, server, client = pair()
    network.call(client, lambda node, now: node.ask(Open(1, SERVER)))
    network.run_for(1)
    network.call(client, lambda node, now: node.ask(Send(1, b"hello"), Close(1)))
    network.run_for(1)
    assert server.log == [
        ("start", SERVER),
        ("accept", 1, "10.0.0.2", SERVER),
        ("received", 1, b"hello"),
        ("closed", 1),
    ]
    assert client.log == [("start", CLIENT), ("opened", 1, "10.0.0.2")]


def test_nobody_listens_there() -> None:
    network, _, client = pair()
    with pytest.raises(ConnectionRefusedError, match=r"10\.0\.0\.9:1 refused"):
        network.dial("10.1.0.1", ("10.0.0.9", 1))
    network.call(client, lambda node, now: node.ask(Open(1, ("10.0.0.9", 1))))
    network.run_for(1)
    assert client.log[-1] == ("failed", 1, "connection refused")


def test_a_taken_address_can_not_be_had_again() -> None:
    network, _, _ = pair()
    listener = network.listen("10.1.0.1")
    for address in (SERVER, listener.address):
        with pytest.raises(ValueError, match="is taken"):
            network.add(Echo(), address)
        with pytest.raises(ValueError, match="is taken"):
            network.listen(*address)


def test_a_tester_listens() -> None:
    network, _, client = pair()
    listener = network.listen("10.1.0.1", 80)
    network.call(client, lambda node, now: node.ask(Open(1, listener.address)))
    network.run_for(1)
    stream = listener.accept()
    assert stream is not None
    assert listener.accept() is None
    stream.send(b"hi")
    assert network.run_until(lambda: stream.buffer, 1)
    assert stream.take() == b"hi"
    listener.close()
    network.call(client, lambda node, now: node.ask(Open(2, listener.address)))
    network.run_for(1)
    assert client.log[-1] == ("failed", 2, "connection refused")


def test_the_sender_learns_when_what_it_sent_was_taken() -> None:
    network, server, _ = pair()
    stream = network.dial("10.1.0.1", SERVER)
    stream.pause()
    stream.send(b"one")
    network.run_for(1)
    assert server.log[-1] == ("received", 1, b"one")
    assert stream.take() == b""
    stream.resume()
    assert server.log[-1] == ("drained", 1)
    assert stream.take() == b"one"


def test_a_close_comes_after_what_was_sent_before() -> None:
    network, _, client = pair(latency=(0.1, 0.9))
    listener = network.listen("10.1.0.1", 80)
    network.call(client, lambda node, now: node.ask(Open(1, listener.address)))
    network.run_for(5)
    stream = listener.accept()
    assert stream is not None
    network.call(client, lambda node, now: node.ask(*[Send(1, b"x") for _ in range(20)], Close(1)))
    assert network.run_until(lambda: stream.eof, 10)
    assert (stream.take(), stream.reset) == (b"x" * 20, False)


def test_an_abort_resets() -> None:
    network, server, _ = pair()
    stream = network.dial("10.1.0.1", SERVER)
    network.call(server, lambda node, now: node.ask(Close(1, abort=True)))
    network.run_for(1)
    assert (stream.eof, stream.reset) == (True, True)
    stream.send(b"late")
    network.run_for(1)
    assert server.log[-1][0] == "accept"


def test_timers_fire_once_at_their_time_and_can_be_moved_or_cancelled() -> None:
    network, server, _ = pair()
    network.call(server, lambda node, now: node.ask(SetTimer("a", 5), SetTimer("b", 6), SetTimer("c", 7)))
    network.call(server, lambda node, now: node.ask(SetTimer("a", 8), CancelTimer("b"), CancelTimer("none")))
    network.run_for(100)
    assert [entry for entry in server.log if entry[0] == "timer"] == [("timer", "c", 7), ("timer", "a", 8)]
    assert network.now == 100


def test_a_crash_takes_the_node_off_the_network() -> None:
    network, _, _ = pair()
    victim, witness = network.dial("10.1.0.1", SERVER), network.dial("10.1.0.2", SERVER)
    victim.send(b"crash")
    network.run_for(1)
    assert isinstance(network.crashes[SERVER], ZeroDivisionError)
    assert witness.reset
    assert not network.alive(SERVER)
    assert network.alive(CLIENT)
    with pytest.raises(ConnectionRefusedError):
        network.dial("10.1.0.3", SERVER)


def test_a_node_that_was_removed_leaves_its_peers_with_a_reset() -> None:
    network, _, client = pair()
    network.call(client, lambda node, now: node.ask(Open(1, SERVER)))
    network.run_for(1)
    network.remove(SERVER)
    network.run_for(1)
    assert client.log[-1] == ("closed", 1)
    assert network.crashes == {}


def test_a_partition_severs_and_heals() -> None:
    network, server, client = pair()
    network.call(client, lambda node, now: node.ask(Open(1, SERVER)))
    network.run_for(1)
    network.partition([{"10.0.0.1", "10.1.0.1"}])
    network.run_for(1)
    assert client.log[-1] == ("closed", 1)
    assert server.log[-1] == ("closed", 1)
    network.call(client, lambda node, now: node.ask(Open(2, SERVER)))
    network.run_for(1)
    assert client.log[-1] == ("failed", 2, "host unreachable")
    assert network.dial("10.1.0.1", SERVER).connected
    network.heal()
    network.call(client, lambda node, now: node.ask(Open(3, SERVER)))
    network.run_for(1)
    assert client.log[-1] == ("opened", 3, "10.0.0.2")


def test_datagrams_are_lost_and_doubled() -> None:
    network, _, _ = pair(latency=(0.01, 0.01), loss=0.2, duplication=0.2)
    tester = network.bind("10.1.0.1")
    for number in range(200):
        tester.send(SERVER, bytes([number]))
    network.run_for(5)
    came = [data[0] for _, data in tester.received]
    assert 0 < len(set(came)) < 200
    assert len(came) > len(set(came))
    assert {sender for sender, _ in tester.received} == {SERVER}


def test_datagrams_overtake_each_other_when_reordered() -> None:
    network, _, _ = pair(latency=(0.01, 0.01), reordering=0.5)
    tester = network.bind("10.1.0.1")
    for number in range(50):
        tester.send(SERVER, bytes([number]))
    network.run_for(5)
    came = [data[0] for _, data in tester.received]
    assert sorted(came) == list(range(50))
    assert came != sorted(came)


def test_nodes_that_talk_without_end_in_no_time_are_an_error() -> None:
    network, _, client = pair()
    network.call(client, lambda node, now: node.ask(Open(1, SERVER)))
    network.run_for(1)
    network.call(client, lambda node, now: node.ask(Send(1, b"ball")))
    with pytest.raises(RuntimeError, match="did not come to rest within 1000 events"):
        network.run_until(lambda: False, 1, events=1000)


def test_the_clock_jumps_over_time_in_which_nothing_happens() -> None:
    network = VirtualNetwork(1)
    assert not network.step()
    network.run_for(1e6)
    assert network.now == 1e6


def test_a_node_can_be_reached_at_a_further_port_until_it_is_removed() -> None:
    network, server, _ = pair()
    network.listen(SERVER[0], 9)
    network.call(server, lambda node, now: node.ask(Listen(8), Listen(9)))
    stream = network.dial("10.1.0.1", (SERVER[0], 8))
    stream.send(b"hello")
    network.run_for(1)
    assert stream.take() == b"hello"
    assert ("accept", 1, "10.1.0.1", (SERVER[0], 8)) in server.log
    network.dial("10.1.0.1", (SERVER[0], 9))
    assert server.links == 1, "the port was taken"
    network.remove(SERVER)
    for port in (SERVER[1], 8):
        with pytest.raises(ConnectionRefusedError):
            network.dial("10.1.0.1", (SERVER[0], port))


def test_nobody_connects_to_a_firewalled_node_that_connects_to_others() -> None:
    network, server, client = pair()
    stream = network.dial("10.1.0.1", CLIENT)
    network.firewall(CLIENT[0])
    with pytest.raises(ConnectionRefusedError):
        network.dial("10.1.0.1", CLIENT)
    network.call(server, lambda node, now: node.ask(Open(1, CLIENT)))
    network.call(client, lambda node, now: node.ask(Open(2, SERVER)))
    stream.send(b"still there")
    network.run_for(1)
    assert server.log[-1] == ("failed", 1, "host unreachable")
    assert ("opened", 2, CLIENT[0]) in client.log
    assert stream.take() == b"still there"
