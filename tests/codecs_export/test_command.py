"""`peerspec export`, as a user calls it."""

from __future__ import annotations

import subprocess
import sys

import pytest

from peerspec.codecs.export import kaitai_struct, lua_dissector

PEERSPEC = [sys.executable, "-c", "from peerspec.conformance.cli import main; main()", "export"]


def export(*words: str) -> tuple[int, str, str]:
    done = subprocess.run([*PEERSPEC, *words], capture_output=True, text=True, check=False, timeout=60)
    return done.returncode, done.stdout, done.stderr


def test_both_formats_are_printed_and_nothing_else() -> None:
    # in processes of their own, whose hashes are seeded otherwise
    assert export("lua", "gnutella") == (0, lua_dissector("gnutella", [6346]), "")
    assert export("ksy", "gnutella") == (0, kaitai_struct("gnutella"), "")


def test_a_port_takes_the_place_of_the_usual_ones() -> None:
    assert export("lua", "gnutella", "--port", "7002", "--port", "7001")[1] == lua_dissector("gnutella", [7001, 7002])


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (["lau", "gnutella"], "'lau' is not one of 'lua', 'ksy'"),
        (["lua", "gnutela"], "did you mean gnutella?"),
        (["ksy", "gnutella", "--port", "1"], "--port is for lua only"),
        (["lua", "gnutella", "--port", "65536"], "65536 is not in the range"),
        (["lua"], "Missing argument 'NETWORK'"),
    ],
)
def test_what_is_wrong_is_said_in_one_line(words: list[str], complaint: str) -> None:
    code, out, err = export(*words)
    assert (code, out, len(err.splitlines())) == (2, "", 1)
    assert complaint in err
