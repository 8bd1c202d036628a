"""Two networks that read one text, each for the nodes of its role."""

from __future__ import annotations

import pytest

from peerspec.conformance.networks import network_named, network_names, package_of, specification_of
from peerspec.conformance.requirements import load, text_of


def test_every_requirement_binds_exactly_one_network() -> None:
    for text in {specification_of(name) for name in network_names()}:
        parts = [set(load(name)) for name in network_names() if specification_of(name) == text]
        assert sum(map(len, parts)) == len(text_of(text))
        assert set().union(*parts) == set(text_of(text))


def test_a_network_is_judged_by_what_binds_its_role() -> None:
    server, peer = load("napster"), load("napster-peer")
    assert {each.binds for each in server.values()} == {"server", "metaserver"}
    assert {each.binds for each in peer.values()} == {"peer"}
    assert network_named("napster").role == "server"
    assert network_named("napster-peer").role == "peer"


def test_the_word_of_a_role_names_its_folder_and_its_text() -> None:
    assert package_of("napster-peer") == "napster_peer"
    assert network_named("napster-peer").specification == "napster"
    assert type(network_named("napster-peer")).__module__ == "peerspec.conformance.napster_peer"


def test_a_text_that_is_not_there_is_said() -> None:
    with pytest.raises(LookupError, match="no specification of 'nosuch'"):
        text_of("nosuch")
    with pytest.raises(LookupError, match="nosuch"):
        load("nosuch-peer")
