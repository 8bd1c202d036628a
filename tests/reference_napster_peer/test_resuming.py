"""Looking for others who have a file."""

from typing import Any

import pytest

from peerspec.codecs.napster import DownloadRequest, GetError, ResumeEnd, ResumeHit, ResumeSearch
from peerspec.reference.napster import Download, Found, Peer

from .conftest import Session, Town

HIT = ResumeHit("carol", "10.9.1.7", 6699, "D:\\other.mp3", "ab-5", 9, 3)
FOUND = Found("carol", "D:\\other.mp3", "ab-5", 9, 0, 0, 0, "10.9.1.7", 3)


@pytest.fixture
def peer(town: Town) -> Peer:
    return town.peer({})


@pytest.fixture
def session(town: Town, peer: Peer) -> Session:
    return town.session(peer)


def given_up(town: Town, peer: Peer, session: Session, **options: Any) -> Download:
    """A download of a user who has gone."""
    download: Download = town.do(peer, "download", "bob", "C:\\song.mp3", **options)
    session.send(GetError("bob", "C:\\song.mp3"))
    session.read()
    assert download.state == "failed"
    return download


def test_answers_belong_to_the_question_that_has_waited_longest(town: Town, peer: Peer, session: Session) -> None:
    download = given_up(town, peer, session, size=9, md5="ab-5")
    one, two = town.do(peer, "look_for_others", download), town.do(peer, "look_for_others", download)
    assert session.read() == [ResumeSearch("ab-5", 9)] * 2
    session.send(HIT, ResumeEnd(), ResumeEnd(), HIT, ResumeEnd())
    session.read()
    assert (one.found, one.over, two.found, two.over) == ([FOUND], True, [], True)


@pytest.mark.parametrize("options", [{"size": 9}, {"md5": "ab-5"}], ids=["no checksum", "no size"])
def test_a_file_of_which_too_little_is_known_is_not_looked_for(
    town: Town, peer: Peer, session: Session, options: dict[str, Any]
) -> None:
    download = given_up(town, peer, session, **options)
    assert town.do(peer, "look_for_others", download).over
    assert session.read() == []


def test_a_question_that_is_not_answered_is_over_after_a_while(town: Town, peer: Peer, session: Session) -> None:
    download = given_up(town, peer, session, size=9, md5="ab-5")
    one = town.do(peer, "look_for_others", download)
    session.read(59)
    assert not one.over
    two = town.do(peer, "look_for_others", download)
    session.read(2)
    session.send(HIT, ResumeEnd())
    session.read()
    assert (one.found, one.over, two.found, two.over) == ([], True, [FOUND], True)


def test_a_question_is_over_with_its_session(town: Town, peer: Peer, session: Session) -> None:
    download = given_up(town, peer, session, size=9, md5="ab-5")
    question = town.do(peer, "look_for_others", download)
    session.stream.close()
    session.read(0.5)
    assert (question.over, town.do(peer, "look_for_others", download).over) == (True, True)


def test_a_download_under_way_is_left_as_it_is(town: Town, peer: Peer, session: Session) -> None:
    download = town.do(peer, "download", "bob", "C:\\song.mp3", size=9)
    town.do(peer, "go_on_with", download, FOUND)
    assert session.read() == [DownloadRequest("bob", "C:\\song.mp3")]
    assert download.nick == "bob"


def test_another_user_is_asked_under_his_name_of_the_file(town: Town, peer: Peer, session: Session) -> None:
    download = given_up(town, peer, session, size=9, md5="ab-5")
    session.read()
    town.do(peer, "go_on_with", download, FOUND)
    assert session.read() == [DownloadRequest("carol", "D:\\other.mp3")]
