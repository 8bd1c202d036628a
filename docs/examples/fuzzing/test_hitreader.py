"""Tests of `hitreader` by the messages of peerspec: valid ones, and ones with a single defect."""

import contextlib

from hitreader import HitError, read_hit
from hypothesis import HealthCheck, given, settings

from peerspec.codecs import strategies
from peerspec.codecs.defects import NearValid
from peerspec.codecs.gnutella import QueryHit

# drawing a message takes some milliseconds, and more where the machine has other things to do
unhurried = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


@unhurried
@given(strategies.values(QueryHit))
def test_it_reads_what_peerspec_writes(hit: QueryHit) -> None:
    found = read_hit(hit.encode())
    assert found.address == (hit.ip, hit.port)
    assert [(each.index, each.size) for each in found.files] == [(each.index, each.size) for each in hit.results]
    assert [each.name.decode("utf-8", "surrogateescape") for each in found.files] == [each.name for each in hit.results]
    assert found.servent_id == hit.servent_id


@unhurried
@given(strategies.near_valid(QueryHit))
def test_a_damaged_hit_is_refused_in_good_order_or_read(damaged: NearValid) -> None:
    with contextlib.suppress(HitError):
        read_hit(damaged.data)
