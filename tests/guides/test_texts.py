"""What the guides say beside their commands: keys of target files, files of the project, the workflow."""

from __future__ import annotations

import re
import textwrap
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

from peerspec.conformance import requirements, targetfile
from peerspec.conformance.checks import checks_of
from peerspec.conformance.networks import network_named

from .conftest import EXAMPLES, Reader
from .console import GUIDES, Command

ROOT = Path(__file__).parents[2]


def first_column(guide: str, heading: str) -> list[str]:
    """The first words in code of each row of the table under a heading."""
    section = (GUIDES / f"{guide}.md").read_text("utf-8").partition(f"## {heading}\n")[2].partition("\n## ")[0]
    return re.findall(r"^\| `([^`]+)` \|", section, re.MULTILINE)


def test_every_key_of_a_target_file_is_explained_and_no_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: set[str] = set()
    tables: set[str] = set()
    get = targetfile._Table._get

    def noting(self: targetfile._Table, key: str, kind: Any, what: str) -> Any:
        asked.add(re.sub(r"\[\d+\]", "[]", f"{self._where}{key}"))
        if what in ("a table", "a list of tables"):
            tables.add(re.sub(r"\[\d+\]", "[]", f"{self._where}{key}"))
        return get(self, key, kind, what)

    monkeypatch.setattr(targetfile._Table, "_get", noting)
    path = tmp_path / "target.toml"
    example = (targetfile.__doc__ or "").partition("\n\n")[2].partition("\nPlaceholders")[0]
    path.write_text(textwrap.dedent(example).replace('address = "127.0.0.1:6346"', ""))
    targetfile.read(path)
    free = ("start.env", "start.options", "orders", "known")
    known = {key for key in asked - tables if not key.startswith(tuple(f"{each}." for each in free))} | set(free)
    documented = first_column("target-file", "All keys")
    assert len(documented) == len(set(documented))
    assert set(documented) == known


def test_every_default_of_a_target_file_is_the_one_in_the_table() -> None:
    text = (GUIDES / "target-file.md").read_text("utf-8")
    rows = dict(re.findall(r"^\| `(start\.\w+)` \|[^|]*\|([^|]*)\|$", text, re.MULTILINE))
    defaults = targetfile.Start(command=("x",))
    assert tomllib.loads(f"v = {rows['start.host'].strip().strip('`')}")["v"] == defaults.host
    assert float(rows["start.ready"]) == defaults.ready
    assert tomllib.loads(f"v = {rows['start.stop'].strip().strip('`')}")["v"] == defaults.stop.name
    assert float(rows["start.stop_within"]) == defaults.stop_within
    assert (rows["start.restart"].strip() == "`true`") is defaults.restart


def test_every_placeholder_is_explained_and_no_other() -> None:
    known = re.search(r"\((.*)\)", targetfile._PLACEHOLDER.pattern)
    assert known is not None
    names = known[1].replace(r"env\.\w+", "env.NAME").split("|")
    assert first_column("target-file", "Placeholders") == [f"{{{name}}}" for name in names]


@pytest.mark.parametrize(
    ("network", "guide", "heading"),
    [
        ("gnutella", "target-file", "Features of a Gnutella node"),
        ("napster", "napster", "A server"),
        ("napster-peer", "target-file", "Features of a Napster peer"),
    ],
)
def test_every_feature_is_explained_and_no_other(network: str, guide: str, heading: str) -> None:
    from peerspec.conformance.catalogue import cases

    needed = {each.feature for each in requirements.load(network).values() if each.feature}
    needed |= {feature for case in cases(network) for feature in checks_of(case.function).features}
    documented = set(first_column(guide, heading))
    assert documented == needed | network_named(network).features


def test_a_target_file_that_a_guide_shows_is_one(tmp_path: Path) -> None:
    text = (GUIDES / "napster.md").read_text("utf-8")
    path = tmp_path / "server.toml"
    path.write_text(text.partition("```toml\n")[2].partition("```")[0])
    found = targetfile.read(path)
    assert found.known == {"operator": network_named("napster").known()["operator"]}
    assert found.features < network_named("napster").features


@pytest.mark.parametrize("guide", sorted(GUIDES.glob("*.md")), ids=lambda path: path.stem)
def test_files_that_a_guide_names_exist(guide: Path) -> None:
    text = guide.read_text("utf-8")
    named = re.findall(r"`((?:spec|codecs|reference|conformance|tests|docs|benchmarks)/[\w./-]+)`", text)
    named += [str(GUIDES.relative_to(ROOT) / each) for each in re.findall(r"\{literalinclude\} (\S+)", text)]
    named = [name.replace("NETWORK", "gnutella") for name in named]
    roots = (ROOT, EXAMPLES / "ci")
    assert [name for name in named if not any((root / name).exists() for root in roots)] == []


@pytest.fixture
def workflow() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((EXAMPLES / "ci" / "conformance.yml").read_text("utf-8"))
    return found


@pytest.mark.parametrize("reader", ["ci"], indirect=True)
def test_the_steps_of_the_workflow_can_be_run(reader: Reader, workflow: dict[str, Any]) -> None:
    [job] = workflow["jobs"].values()
    steps = {step["name"]: step["run"] for step in job["steps"] if "run" in step}
    assert list(steps) == [
        "Install peerspec",
        "Judge the node",
        "Compare with the last accepted run",
        "Show the summary",
    ]
    assert steps.pop("Install peerspec") == "pip install ./peerspec"
    code, printed = reader.types(Command(steps["Judge the node"], ""))
    assert code == 0, printed
    # the run itself, accepted
    reader.types(Command("cp report/report.json conformance/baseline.json", ""))
    assert reader.types(Command(steps["Compare with the last accepted run"], ""))[0] == 0
    assert reader.types(Command(f"GITHUB_STEP_SUMMARY=summary.md; {steps['Show the summary']}", ""))[0] == 0
    assert (reader.folder / "summary.md").read_text("utf-8").startswith("## ✔ Gnutella: the node of this repository")
    [upload] = [step["with"]["path"] for step in job["steps"] if "upload-artifact" in step.get("uses", "")]
    assert (reader.folder / upload / "index.html").is_file()
