"""The page of conventions names every role and every feature that requirements use, and no other feature."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from peerspec.conformance.networks import network_names, specification_of
from peerspec.conformance.requirements import Requirement, text_of

PAGE = (Path(__file__).parents[2] / "spec" / "conventions.md").read_text("utf-8")
SPECIFIED = sorted({specification_of(name) for name in network_names()})


def part(heading: str) -> str:
    return PAGE.partition(f"### {heading}\n")[2].partition("\n#")[0]


def requirements(name: str) -> list[Requirement]:
    return list(text_of(name).values())


def test_features_are_those_of_the_texts() -> None:
    used = {each.feature for name in SPECIFIED for each in requirements(name) if each.feature}
    assert set(re.findall(r"^\| `([\w-]+)` \|", part("Features"), re.MULTILINE)) == used


@pytest.mark.parametrize("name", SPECIFIED)
def test_every_role_of_a_text_is_named(name: str) -> None:
    roles = re.findall(r"^([a-z, -]+)\n:", part("Roles"), re.MULTILINE)
    named = {role for line in roles for role in line.split(", ")}
    assert {each.binds for each in requirements(name)} <= named
