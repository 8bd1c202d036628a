from __future__ import annotations

import pickle
import subprocess
import sys
from pathlib import Path
from typing import ClassVar

import pytest

from peerspec.conformance import catalogue
from peerspec.conformance.builtin import VirtualTarget
from peerspec.conformance.catalogue import CatalogueError, case_named, cases
from peerspec.conformance.checks import checks, checks_of
from peerspec.conformance.engine import Settings, judge
from peerspec.conformance.networks import Network, network_named, network_names
from peerspec.conformance.verdicts import Outcome


def test_networks_are_found_by_their_folders() -> None:
    assert {"gnutella", "toy"} <= set(network_names())
    assert "worlds" not in network_names()
    with pytest.raises(LookupError, match="no network 'nosuch'"):
        network_named("nosuch")


def test_cases_come_in_the_order_of_the_sections_with_their_parameters() -> None:
    found = cases("toy")
    assert [case.section for case in found] == ["pinging"] * 4 + ["saying"] * 2 + ["living"] * 3
    second = found[1]
    assert second.id == "pinging/a_ping_is_answered_by_a_pong[2]"
    assert second.title == "A ping is answered by a pong [2]"
    assert second.requirements == ("TOY-PNG-01",)
    assert second.arguments == {"repeat": 2}
    assert cases("toy") is found


def test_a_case_goes_to_another_process_by_its_name() -> None:
    case = case_named("toy", "saying/a_speaker_does_not_hear_itself")
    assert pickle.loads(pickle.dumps(case)) is case
    with pytest.raises(LookupError, match="no case 'saying/nothing'"):
        case_named("toy", "saying/nothing")


def test_assertions_are_rewritten(toy: Network) -> None:
    case = case_named("toy", "pinging/a_ping_is_answered_by_a_pong[1]")
    from peerspec.conformance.toy.mutants import PongsInLowerCase

    target = VirtualTarget(toy, 1, lambda random, **_: toy.make_node(random, cls=PongsInLowerCase))
    result = judge(case, target, Settings())
    assert result.outcome is Outcome.FAILED
    assert result.message.startswith("assert 'pong wq")


def test_the_users_pytest_settings_stay_out_of_it(tmp_path: Path, toyland: Path) -> None:
    (tmp_path / "pytest.ini").write_text("[pytest]\naddopts = --nonsense\n")
    (tmp_path / "conftest.py").write_text("raise SystemExit('a conftest of the user')\n")
    script = "from peerspec.conformance.catalogue import cases; print(len(cases('toy')))"
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=tmp_path,
        env={"PYTHONPATH": str(toyland), "PYTEST_ADDOPTS": "--more-nonsense", "PYTEST_PLUGINS": "nosuchplugin"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.stdout, done.stderr) == ("9\n", "")


def test_collecting_imports_no_scapy(toyland: Path) -> None:
    script = (
        "import sys; from peerspec.conformance.catalogue import cases;"
        "cases('toy'); cases('gnutella'); print([name for name in sys.modules if name.startswith('scapy')])"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        env={"PYTHONPATH": str(toyland)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "[]\n"


def test_a_section_without_a_file_is_an_error(toy: Network, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(type(toy), "sections", {"nosuch": "No such section"})
    with pytest.raises(CatalogueError, match="no file for the section 'nosuch'"):
        catalogue.section_files(toy)


def test_marks_add_up() -> None:
    @checks("TOY-A-01")
    @checks("TOY-B-01", feature="dial")
    def test_something() -> None: ...

    marked = checks_of(test_something)
    assert marked.requirements == ("TOY-A-01", "TOY-B-01")
    assert marked.features == ("dial",)
    assert checks_of(test_marks_add_up).requirements == ()


@pytest.mark.parametrize("ids", [(), ("TOY-A-01", "TOY-A-01")])
def test_a_mark_needs_ids_each_once(ids: tuple[str, ...]) -> None:
    with pytest.raises(TypeError, match="one or more requirement ids, each once"):
        checks(*ids)


def test_a_title_is_spelled_as_the_network_says() -> None:
    class Spelled(type(network_named("toy"))):  # type: ignore[misc]
        spellings: ClassVar = {"ttl": "TTL", "http": "HTTP", "HTTP 1 0": "HTTP/1.0"}

    assert Spelled().sentence("a_ttl_of_http_1_0_is_no_throttle") == "A TTL of HTTP/1.0 is no throttle"
