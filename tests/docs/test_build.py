"""The documentation builds without a warning, and has in it what it is there to show."""

import fcntl
import functools
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup, Tag

from peerspec.conformance import catalogue, mutants, requirements
from peerspec.conformance.networks import network_names
from peerspec.conformance.prove import MutantScore, NullScore, Proof, ReferenceScore

ROOT = Path(__file__).parents[2]
NETWORKS = network_names()

pytestmark = pytest.mark.xdist_group("docs")  # one worker builds, the others need not


def built_once(factory: pytest.TempPathFactory, name: str, *options: str) -> Path:
    """Builds the docs once for all workers of pytest-xdist: one that comes second waits, and takes what is there."""
    shared = factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        shared = shared.parent
    out = shared / name
    out.mkdir(exist_ok=True)
    with (shared / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (out / "built").exists():
            build(out, *options)
            (out / "built").touch()
    return out / "html"


def build(out: Path, *options: str) -> Path:
    """Builds the docs below `out`, and gives the folder of the pages."""
    command = [sys.executable, "-m", "sphinx", "-q", "-d", str(out / "trees"), "-b", "html", *options]
    done = subprocess.run(
        [*command, str(ROOT / "docs"), str(out / "html")], capture_output=True, text=True, check=False, cwd=out
    )
    assert done.returncode == 0, done.stderr
    return out / "html"


def results(network: str) -> dict[str, Any]:
    """Results of a proof, in the form of `peerspec prove --json`, in which the first mutant survives."""
    scores = [
        MutantScore(
            name=mutant.name,
            defect=mutant.defect,
            breaks=mutant.breaks,
            also=mutant.also,
            killers=() if number == 0 else tuple(case.id for case in catalogue.cases(network)[:2]),
            astray=(),
            errors=(),
        )
        for number, mutant in enumerate(mutants.of(network))
    ]
    return Proof(
        network=network,
        cases=200,
        mutants=scores,
        nulls=[NullScore(name="echo", held=(catalogue.cases(network)[0].id,), errors=())],
        reference=[ReferenceScore(world="virtual", cases=200, seconds=1.5, faults=(("a/case", "it failed"),))],
        problems=["requirement X has no case"],
    ).as_data()


@pytest.fixture(scope="session")
def html(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the built pages, with results; a warning fails the build."""
    results_of = tmp_path_factory.getbasetemp()
    for network in NETWORKS:
        (results_of / f"{network}.json").write_text(json.dumps(results(network)), "utf-8")
    return built_once(tmp_path_factory, "docs", "-W", "--keep-going", "-D", f"peerspec_results={results_of}")


@functools.cache
def page(html: Path, name: str) -> BeautifulSoup:
    return BeautifulSoup((html / f"{name}.html").read_text("utf-8"), "html.parser")


def card(html: Path, requirement: requirements.Requirement) -> Tag:
    """The card of a requirement, on the page of the specification that has it."""
    found = page(html, f"spec/{requirement.page.removesuffix('.md')}").find("table", id=requirement.id)
    assert isinstance(found, Tag), f"{requirement.id} is not on its page"
    return found


def plain(text: str) -> str:
    """Text without markup and line ends, to compare what is written with what is printed."""
    return re.sub(r"\s+", " ", re.sub(r"[`*_\\]|[\u2018\u2019'\"\u201c\u201d]|\]\(.*?\)|\[|\(\)", "", text)).strip()


@pytest.mark.parametrize("network", NETWORKS)
def test_every_requirement_is_printed_on_its_page(html: Path, network: str) -> None:
    for requirement in requirements.load(network).values():
        printed = card(html, requirement).get_text(" ", strip=True)
        assert requirement.id in printed
        assert requirement.level in printed
        assert (requirement.observe or requirement.untestable or "").split()[0] in printed
        assert plain(requirement.text.split("`")[0]) in plain(printed)


@pytest.mark.parametrize("network", NETWORKS)
def test_every_requirement_leads_to_its_cases_and_mutants(html: Path, network: str) -> None:
    cases = dict.fromkeys(requirements.load(network), 0)
    for function in {case.function: case for case in catalogue.cases(network)}.values():
        for requirement in function.requirements:
            cases[requirement] += 1
    targets = {id_ for name in ("cases", "coverage") for id_ in _ids(page(html, f"evidence/{network}-{name}"))}
    for requirement, number in cases.items():
        links = [str(link["href"]) for link in card(html, requirements.load(network)[requirement]).find_all("a")]
        to_cases = [link for link in links if f"{network}-cases.html#" in link]
        assert len(to_cases) == number, requirement
        evidence = [link.partition("#")[2] for link in links if "/evidence/" in link]
        assert set(evidence) <= targets, requirement


def _ids(soup: BeautifulSoup) -> set[str]:
    return {str(tag["id"]) for tag in soup.find_all(id=True)}


@pytest.mark.parametrize(("directive", "figure"), [("layout", "layout"), ("statemachine", "statemachine")])
def test_every_figure_that_the_text_asks_for_is_drawn(html: Path, directive: str, figure: str) -> None:
    asked = drawn = 0
    for source in (ROOT / "spec").rglob("*.md"):
        names = re.findall(rf"^:::+\{{{directive}\}} (\S+)", source.read_text("utf-8"), re.MULTILINE)
        asked += len(names)
        built = page(html, source.relative_to(ROOT).with_suffix("").as_posix())
        drawn += len(built.find_all("svg", class_=figure))
    assert asked == drawn > 0


@pytest.mark.parametrize("network", NETWORKS)
def test_every_case_is_printed_with_its_source(html: Path, network: str) -> None:
    printed = page(html, f"evidence/{network}-cases")
    source = " ".join(block.get_text() for block in printed.find_all("pre"))
    for case in catalogue.cases(network):
        assert f"def {case.function.__name__}(" in source


@pytest.mark.parametrize("network", NETWORKS)
def test_the_coverage_page_says_how_the_proof_came_out(html: Path, network: str) -> None:
    built = page(html, f"evidence/{network}-coverage")
    text = built.get_text(" ", strip=True)
    assert "The suite is not proven" in text
    assert "The reference node holds 199 of 200 cases in the virtual network, in 1.5 s." in text
    number = len(mutants.of(network))
    assert f"Of {number} mutants {number - 1} are killed and {number - 1} cleanly killed" in text
    assert "1 null nodes pass 1 of 200 cases" in text
    assert "requirement X has no case" in text
    assert len(built.find_all(class_="bad", string="survives")) == 1


@pytest.fixture(scope="session")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same without results, and without the other pages, to save time: references to them lead nowhere."""
    without = ("-D", "peerspec_results=nowhere", "-D", "exclude_patterns=api,spec,_build,_results")
    return built_once(tmp_path_factory, "bare-docs", *without)


@pytest.mark.parametrize("network", NETWORKS)
def test_without_results_the_coverage_page_says_how_to_get_them(bare: Path, network: str) -> None:
    text = page(bare, f"evidence/{network}-coverage").get_text(" ", strip=True)
    assert f"peerspec prove {network} --json docs/_results/{network}.json" in text
    assert "not run" in text
    assert "proven" not in text


def test_the_requirements_are_exported_as_data(html: Path) -> None:
    data = json.loads((html / "needs.json").read_text("utf-8"))
    [version] = data["versions"].values()
    written = [folder.name for folder in (ROOT / "spec").iterdir() if any(folder.glob("*.md"))]  # judged or not yet
    expected = {id_ for text in written for id_ in requirements.text_of(text)}
    assert set(version["needs"]) == expected
    assert {need["level"] for need in version["needs"].values()} == {"MUST", "SHOULD", "MAY"}
