"""The storm: every number, and each body wrong."""

from __future__ import annotations

import pytest

from peerspec.codecs.errors import DecodeError
from peerspec.codecs.message import meanings
from peerspec.codecs.napster import MAXIMUM_BODY, catalogue
from peerspec.conformance.napster.storm import GROUPS, crowded, many_fields, near_valid_shots


def test_the_groups_are_all_numbers() -> None:
    assert [number for group in GROUPS.values() for number in group] == list(range(65_536))


def test_a_storm_has_every_number_of_the_catalogue() -> None:
    numbers = {entry.number for entry in catalogue()}
    assert {shot.number for group in GROUPS for shots in near_valid_shots(group, 1) for shot in shots} == numbers
    assert {shot.number for group in GROUPS for shots in many_fields(group) for shot in shots} == numbers


@pytest.mark.parametrize("group", GROUPS)
def test_what_is_nearly_valid_fits_no_layout_and_every_limit(group: str) -> None:
    for shots in near_valid_shots(group, 1):
        for shot in shots:
            assert len(shot.body) <= MAXIMUM_BODY
            if shot.defect == "nothing fits" or shot.defect.endswith(", cut"):
                continue
            fitting = []
            for cls in meanings("napster", shot.number):
                try:
                    fitting.append(cls.decode(shot.body))
                except DecodeError:
                    continue
            assert len(fitting) < len(meanings("napster", shot.number)), f"{shot} is valid"


def test_a_storm_depends_on_its_seed_only() -> None:
    first = near_valid_shots("0 to 99", 1)
    near_valid_shots.cache_clear()
    assert near_valid_shots("0 to 99", 1) == first
    assert near_valid_shots("0 to 99", 2) != first


def test_a_crowded_body_has_as_many_fields_as_there_is_room_for() -> None:
    shot = crowded(823)
    assert len(shot.body.split(b" ")) == 1024
    assert MAXIMUM_BODY - 1 <= len(shot.body) <= MAXIMUM_BODY
    assert str(shot).startswith("823 b'a a a")
