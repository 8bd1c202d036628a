"""A node's life: idle connections, dialling, ending."""

from __future__ import annotations

from peerspec.conformance.checks import checks
from peerspec.conformance.outcomes import assuming

from .bench import ToyBench, ToyPeer


@checks("TOY-TIM-01")
def test_an_idle_connection_is_closed(bench: ToyBench) -> None:
    idle, busy = bench.peer(), bench.peer()
    with assuming("a ping is answered"):
        idle.attend()
    bench.elapse(61, keep=[busy])
    deadline = bench.world.now() + bench.timing.timeout
    while not idle.wire.eof and bench.world.wait([idle.wire], deadline):
        idle.wire.take()
    assert idle.wire.eof
    assert not busy.wire.eof


@checks("TOY-DIA-01")
def test_a_node_that_dials_says_hello(bench: ToyBench) -> None:
    listener = bench.listener()
    bench.instance().dial(listener.address)
    assert bench.world.wait([listener])
    wire = listener.accept()
    assert wire is not None
    assert ToyPeer(bench, wire).hear() == "HELLO"


@checks("TOY-BYE-01")
def test_a_node_that_ends_says_bye(bench: ToyBench) -> None:
    instance = bench.instance()
    peer = ToyPeer(bench, bench.dial(address=instance.address))
    with assuming("a ping is answered"):
        peer.attend()
    instance.shutdown()
    assert peer.hear() == "BYE"
