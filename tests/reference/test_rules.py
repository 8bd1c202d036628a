"""One rule, one method: every requirement is cited by the method that follows it."""

import ast
import inspect
import re
from pathlib import Path

import pytest

import peerspec.reference.node
from peerspec.conformance.requirements import Requirement, load
from peerspec.reference.gnutella import Servent

REQUIREMENTS = load("gnutella")
METHODS = {
    name: method for name, method in inspect.getmembers(Servent, inspect.isfunction) if not name.startswith("__")
}
CITED = {name: set(re.findall(r"GNU-[A-Z]{3}-\d{2}", method.__doc__ or "")) for name, method in METHODS.items()}


def test_every_method_says_what_it_does() -> None:
    assert [name for name, method in METHODS.items() if not method.__doc__ and not name.startswith("_")] == []


@pytest.mark.parametrize("requirement", REQUIREMENTS.values(), ids=lambda requirement: requirement.id)
def test_a_method_cites_the_requirement(requirement: Requirement) -> None:
    assert any(requirement.id in cited for cited in CITED.values())


def test_only_requirements_that_there_are_are_cited() -> None:
    assert set().union(*CITED.values()) <= set(REQUIREMENTS)


@pytest.mark.parametrize("name", [name for name, cited in CITED.items() if cited])
def test_a_rule_is_small(name: str) -> None:
    lines, _ = inspect.getsourcelines(METHODS[name])
    assert len(lines) <= 30


IO = {"asyncio", "select", "selectors", "socket", "ssl", "subprocess", "threading", "time"}
NODES = sorted(
    path for path in Path(peerspec.reference.node.__file__).parent.rglob("*.py") if "worlds" not in path.parts
)


@pytest.mark.parametrize("path", NODES, ids=lambda path: path.name)
def test_a_node_does_no_input_or_output_and_reads_no_clock(path: Path) -> None:
    imported = {
        name.partition(".")[0]
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        for name in (
            [each.name for each in node.names]
            if isinstance(node, ast.Import)
            else [node.module or ""]
            if isinstance(node, ast.ImportFrom) and not node.level
            else []
        )
    }
    assert not imported & IO
