"""The text of bodies: quotes, blanks, addresses, the search language, and what stands between peers."""

from __future__ import annotations

import random

import pytest

from peerspec.codecs import napster, oracle
from peerspec.codecs.defects import near_valid_of
from peerspec.codecs.errors import DecodeError, EncodeError
from peerspec.codecs.generate import RandomDraw
from peerspec.codecs.message import Message, Tolerance
from peerspec.codecs.napster import (
    FilenameClause,
    FlagClause,
    LimitClause,
    QualityClause,
    Search,
    SpeedClause,
    TypeClause,
    leading_number,
    may_be_whole,
    request_kind,
)

SHARE = b'"C:\\a b.mp3" 0123-99 443332 128 44100 60'


def test_a_quoted_name_keeps_its_blanks_and_can_not_hold_a_quote() -> None:
    share = napster.ShareFile.decode(SHARE)
    assert share == napster.ShareFile("C:\\a b.mp3", "0123-99", 443332, 128, 44100, 60)
    with pytest.raises(EncodeError, match="file: a quote inside"):
        share.replace(file='a "b"').encode()
    with pytest.raises(DecodeError, match=r"ShareFile\.md5 at byte 4"):
        napster.ShareFile.decode(SHARE.replace(b"C:\\a b.mp3", b'a "b" c'))


@pytest.mark.parametrize(
    ("ip", "digits"),
    [
        ("127.0.0.1", b"16777343"),
        ("205.254.222.204", b"3437166285"),
        ("0.0.0.0", b"0"),
        ("255.255.255.255", b"4294967295"),
    ],
)
def test_an_address_is_a_number_with_its_first_octet_lowest(ip: str, digits: bytes) -> None:
    raw = b"bob " + digits + b" 6699"
    accepted = napster.DirectBrowseAccepted("bob", ip, 6699)
    assert (accepted.encode(), napster.DirectBrowseAccepted.decode(raw)) == (raw, accepted)


@pytest.mark.parametrize("digits", [b"4294967296", b"127.0.0.1", b"-1", b"01", b"", b"99999999999"])
def test_an_address_that_is_none_is_refused(digits: bytes) -> None:
    with pytest.raises(DecodeError) as caught:
        napster.DirectBrowseAccepted.decode(b"bob " + digits + b" 6699")
    assert caught.value.path == "ip"


def test_clauses_come_in_any_order_and_any_case_and_numbers_with_and_without_quotes() -> None:
    query = (
        b'max_results "75" Filename contains "a b" bitrate "at least" 128 LINESPEED "EQUAL TO" "10" type MP3 LOCAL_ONLY'
    )
    clauses = (
        LimitClause(75),
        FilenameClause("CONTAINS", "a b"),
        QualityClause("BITRATE", "AT LEAST", 128),
        SpeedClause("LINESPEED", "EQUAL TO", 10),
        TypeClause("mp3"),
        FlagClause("LOCAL_ONLY"),
    )
    assert Search.decode(query) == oracle.decode(Search, query) == Search(clauses)
    assert Search(clauses).encode() == (
        b'MAX_RESULTS 75 FILENAME CONTAINS "a b" BITRATE "AT LEAST" "128" LINESPEED "EQUAL TO" 10 TYPE mp3 LOCAL_ONLY'
    )
    assert Search.decode(b"") == Search(())


@pytest.mark.parametrize(
    ("query", "path"),
    [
        (b'ARTIST CONTAINS "a"', "clauses[0]"),
        (b'FILENAME CONTAINS "a" ', "clauses[1]"),
        (b'FILENAME CONTAINS "a"MAX_RESULTS 1', "clauses"),
        (b"FILENAME CONTAINS a", "clauses[0].words"),
        (b'FILENAME BEGINS "a"', "clauses[0].relation"),
        (b'MAX_RESULTS 1 BITRATE AT LEAST "1"', "clauses[1].comparison"),
        (b'BITRATE "AT  LEAST" "1"', "clauses[0].comparison"),
        (b'BITRATE "AT LEAST" "1', "clauses[0].number"),
        (b"MAX_RESULTS -1", "clauses[0].maximum"),
        (b"LOCAL_ONLY " * 64 + b"LOCAL_ONLY", "clauses"),
    ],
)
def test_a_search_that_is_none_is_refused_where_it_is_wrong(query: bytes, path: str) -> None:
    for decode in (Search.decode, lambda raw: oracle.decode(Search, raw)):
        with pytest.raises(DecodeError) as caught:
            decode(query)
        assert caught.value.path == path


def test_extra_blanks_may_be_accepted_and_broken_quotes_may_not() -> None:
    login = napster.Login("me", "pw", 6699, "nap", 3)
    found = {made.defect: made.tolerance for made in near_valid_of(login, RandomDraw(random.Random(1)))}
    assert found["extra blank"] is found["leading zero"] is Tolerance.MAY_ACCEPT
    assert found["no terminator"] is found["no blank before"] is Tolerance.MUST_REJECT


@pytest.mark.parametrize(
    ("cls", "raw", "more"),
    [
        (napster.LoginAck, b"a@b 17", "17"),
        (napster.SearchResult, b'"a" x 1 2 3 4 bob 0 5 -2 "nap"', '-2 "nap"'),
        (napster.BrowseEnd, b"bob 16777343", "16777343"),
        (napster.Stats, b"1 2 3 3 0", "3 0"),
        (napster.UploadRequest, b'bob "a" 7', "7"),
    ],
)
def test_fields_that_some_servers_add_are_kept(cls: type[Message], raw: bytes, more: str) -> None:
    message = cls.decode(raw)
    assert message.more == more  # type: ignore[attr-defined]
    assert message.encode() == raw
    shorter = message.replace(more=None)
    assert cls.decode(shorter.encode()) == shorter


def test_a_peer_asks_without_a_separator_and_without_a_line_end() -> None:
    get = napster.GetFile("me", "C:\\a b.mp3", 1000)
    assert get.encode() == b'GETme "C:\\a b.mp3" 1000'
    assert napster.SendFile("me", "a", 5).encode() == b'SENDme "a" 5'
    for wrong in (b'GET me "a" 0', b'GETme "a" 0\n', b'GETme "a"', b"GETme a 0"):
        with pytest.raises(DecodeError):
            napster.GetFile.decode(wrong)


@pytest.mark.parametrize(
    ("data", "known", "length"),
    [
        (b"21090\xff\xfb", None, 5),
        (b"21090\xff\xfb", 21090, 5),
        (b"210", None, None),
        (b"", None, None),
        (b"", 21090, None),
        (b"210", 21090, None),
        (b"21090", 21090, 5),
        (b"210907 begins with a digit", 21090, 5),
        (b"210907 begins with a digit", None, 6),
        (b"5\xff", 21090, 1),
        (b"FILE NOT SHARED", 21090, 0),
        (b"FILE NOT SHARED", None, 0),
        (b"0\xff", 0, 1),
    ],
)
def test_the_length_before_a_file_ends_where_it_is_known_to(data: bytes, known: int | None, length: int | None) -> None:
    assert leading_number(data, known) == length


@pytest.mark.parametrize(
    ("data", "kind", "whole"),
    [
        (b"", None, False),
        (b"G", None, False),
        (b"SEN", None, False),
        (b"GET", napster.GetFile, False),
        (b'GETbob "C:\\a b.mp3"', napster.GetFile, False),
        (b'GETbob "C:\\a b.mp3" ', napster.GetFile, False),
        (b'GETbob "C:\\a b.mp3" 0', napster.GetFile, True),
        (b'GETbob "C:\\a b.mp3" -1', napster.GetFile, True),
        (b'SENDalice "C:\\a b.mp3" 443332', napster.SendFile, True),
        (b"GETLIST", napster.GetList, True),
        (b"GETLIST\n", napster.GetList, True),
        (b'GETLISTbob "a" 0', napster.GetFile, True),
        (b"SENDLIST", napster.SendFile, False),
        (b'SENDLIST "a" 5', napster.SendFile, True),
        (b"SENDLIST alice", napster.SendFile, False),
        (b"SENDLIST alice\n", napster.SendList, True),
        (b'SENDLIST alice\n"a" 0 1 2 3 4\n', napster.SendList, True),
    ],
)
def test_a_request_is_known_by_what_has_come_of_it(data: bytes, kind: type[Message] | None, whole: bool) -> None:
    assert (request_kind(data), may_be_whole(data)) == (kind, whole)


@pytest.mark.parametrize("data", [b"\x00", b"HEAD", b"GET / HTTP/1.1", b'GET"a" 0', b'SEND "a" 5', b"SENT", b"1"])
def test_what_begins_no_request_is_known_at_once(data: bytes) -> None:
    with pytest.raises(DecodeError):
        request_kind(data)
