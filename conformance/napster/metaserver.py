"""The metaserver: one line of text, and the end."""

from __future__ import annotations

from ...codecs.errors import DecodeError
from ...codecs.napster import Redirection
from ..checks import checks
from ..outcomes import Failure, assuming
from .bench import Bench

_IDLE = 8
_RUBBISH = bytes(range(256)) * 8


@checks("NAP-MET-01")
def test_a_line_comes_without_a_question(bench: Bench) -> None:
    bench.directions(bench.metaserver()).line()


@checks("NAP-MET-02")
def test_the_line_is_host_colon_and_port(bench: Bench) -> None:
    line = _line(bench)
    try:
        found = Redirection.decode(line.rstrip(b"\r\n") + b"\n")
    except DecodeError as error:
        raise Failure(expected="host:port", actual=f"{line!r}: {error.reason}") from error
    assert 1 <= found.port <= 65_535, f"the port is {found.port}"
    assert not found.host.startswith(" "), f"the host is {found.host!r}"


@checks("NAP-MET-03")
def test_the_line_ends_with_lf(bench: Bench) -> None:
    line = _line(bench)
    assert line.endswith(b"\n"), f"it ends with {line[-1:]!r}"


@checks("NAP-MET-04")
def test_the_connection_is_closed_after_the_line(bench: Bench) -> None:
    directions = bench.directions(bench.metaserver())
    with assuming("a line comes"):
        directions.line()
    directions.expect_close()


@checks("NAP-MET-05")
def test_those_who_do_nothing_do_not_keep_others_waiting(bench: Bench) -> None:
    metaserver = bench.metaserver()
    with assuming("a line comes"):
        bench.directions(metaserver).line()
    for _ in range(_IDLE):
        bench.directions(metaserver)
    bench.directions(metaserver).send(_RUBBISH)
    bench.directions(metaserver).line()
    bench.directions(metaserver).line()


def _line(bench: Bench) -> bytes:
    with assuming("a line comes"):
        return bench.directions(bench.metaserver()).line()
