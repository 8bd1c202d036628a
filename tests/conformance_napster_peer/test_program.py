"""The cases before a program that is started and told what to do by a target file, as any stranger's peer is."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from peerspec.conformance.addressed import AddressTarget
from peerspec.conformance.bench import Timing
from peerspec.conformance.catalogue import cases
from peerspec.conformance.engine import Settings, judge
from peerspec.conformance.networks import Network
from peerspec.conformance.processes import ProcessTarget
from peerspec.conformance.targetfile import read
from peerspec.conformance.verdicts import Outcome

PROGRAM = Path(__file__).with_name("program.py")
TARGET = f"""
network = "napster-peer"
features = ["direct-browse", "download", "firewalled", "limit", "metaserver", "search", "shares"]

[start]
command = ["{sys.executable}", "{PROGRAM}", "{{host}}", "{{port}}", "{{dir}}/shared", "downloads", "{{dir}}/downloads"]
dial = ["connect", "{{peer}}"]
downloads = "downloads"
options = {{ firewalled = ["firewalled", "{{value}}"], uploads = ["uploads", "{{value}}"] }}

[orders]
search = "search {{words}}"
download = "download {{nick}} {{size}} {{md5}} {{file}}"
login-by = "begin {{address}}"

[[shares]]
name = "conformance alpha.txt"
text = "27 bytes of conformance\\n"
repeat = 300
path = "shared/conformance alpha.txt"

[[shares]]
name = "conformance beta.txt"
text = "0123456789 abcdefghijklmnopqrstuvwxyz\\n"
repeat = 400000
path = "shared/conformance beta.txt"
"""
HELD = [
    "login/the_port_of_the_login_accepts_connections",
    "metaserver/the_line_is_read_to_its_end_however_it_is_divided[without LF]",
    "uploads/a_peer_that_falls_below_its_limit_accepts_uploads_again",
    "requests/the_file_comes_from_the_offset_on",
    "firewalled/the_offer_comes_after_the_1_in_its_form",
    "searching/a_quote_in_the_words_of_a_search_does_not_come_into_a_quoted_field[phrase]",
    "downloads/the_file_is_asked_for_by_the_name_in_the_204[bytes above 127]",
    "downloads/a_file_that_breaks_off_is_not_taken_for_complete",
    "downloads/nothing_is_written_outside_the_folder_for_downloads[backslashes]",
    "firewalledowners/an_offer_that_was_asked_for_is_answered_by_the_offset_and_taken",
    "browsing/getlist_is_answered_with_the_list_of_files",
    "limits/odd_requests_leave_the_peer_serving",
]


@pytest.fixture(scope="module")
def target(tmp_path_factory: pytest.TempPathFactory, peers: Network) -> Iterator[ProcessTarget]:
    path = tmp_path_factory.mktemp("target") / "target.toml"
    path.write_text(TARGET)
    file = read(path)
    assert file.start is not None
    target = ProcessTarget(peers, file, file.start)
    target.start()
    yield target
    target.stop()


@pytest.mark.parametrize("id_", HELD)
def test_a_program_is_judged_as_the_built_in_peer_is(target: ProcessTarget, id_: str) -> None:
    (case,) = [case for case in cases("napster-peer") if case.id == id_]
    result = judge(case, target, Settings(timing=Timing(timeout=5.0)))
    assert result.outcome is Outcome.HELD, result.message + result.detail


@pytest.mark.parametrize(
    ("id_", "reason"),
    [
        ("sharing/many_files_and_long_names_are_shared_in_short_bodies[many]", "can't set shares"),
        ("sharing/bitrate_frequency_and_time_of_a_file_are_those_of_its_frames", "none of the shared files is an MP3"),
    ],
)
def test_what_cannot_be_asked_of_a_program_is_unsupported(target: ProcessTarget, id_: str, reason: str) -> None:
    (case,) = [case for case in cases("napster-peer") if case.id == id_]
    result = judge(case, target, Settings())
    assert result.outcome is Outcome.UNSUPPORTED
    assert reason in result.message


def test_what_needs_no_session_is_asked_of_a_bare_address(target: ProcessTarget, peers: Network) -> None:
    stranger = AddressTarget(peers, target.address)
    stranger.start()
    results = [judge(case, stranger, Settings()) for case in cases("napster-peer")]
    stranger.stop()
    held = {id_ for each in results if each.outcome is Outcome.HELD for id_ in each.case.requirements}
    assert held == {"NAP-TRF-01", "NAP-TRF-02", "NAP-TRF-12", "NAP-TRF-22", "NAP-PER-26", "NAP-LIM-09"}
    others = {each.outcome for each in results} - {Outcome.HELD}
    assert others == {Outcome.UNSUPPORTED, Outcome.INCONCLUSIVE}
