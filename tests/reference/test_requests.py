"""Download requests: which file and which part of it they mean."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from peerspec.reference.gnutella.requests import (
    Part,
    decoded_name,
    encoded_request_line,
    parse_range,
    parse_target,
    target_for,
    with_host,
)


@pytest.mark.parametrize(
    ("value", "part"),
    [
        ("bytes=0-0", Part(0, 1)),
        ("bytes=3-9", Part(3, 10)),
        ("bytes=5-", Part(5, 100)),
        ("bytes=90-200", Part(90, 100)),
        ("bytes=-7", Part(93, 100)),
        ("bytes=-200", Part(0, 100)),
        (" Bytes = 3-9 ", Part(3, 10)),
        ("bytes=100-", Part(100, 100)),
        ("bytes=-0", Part(100, 100)),
        ("bytes=200-300", Part(200, 100)),
        ("bytes=9-3", None),
        ("bytes=-", None),
        ("bytes=1-2,4-5", None),
        ("items=1-2", None),
        ("", None),
        (None, None),
    ],
)
def test_range(value: str | None, part: Part | None) -> None:
    assert parse_range(value, 100) == part


@given(st.text(max_size=40), st.integers(0, 10**6))
def test_any_range_header_means_a_part_or_nothing(value: str, size: int) -> None:
    part = parse_range(value, size)
    assert part is None or (part.start >= 0 and part.stop <= size)


@given(
    st.integers(0, 0xFFFFFFFF), st.binary(min_size=1, max_size=40).map(lambda raw: raw.decode(errors="surrogateescape"))
)
def test_a_name_survives_the_way_into_a_target_and_back(index: int, name: str) -> None:
    parsed = parse_target(target_for(index, name))
    assert parsed is not None
    assert (parsed[0], decoded_name(parsed[1])) == (index, name)


@pytest.mark.parametrize(
    "target", ["/", "/get/", "/get/1", "/get/x/a", "/get/-1/a", "/get/1.0/a", "/put/1/a", "/get/12345678901/a"]
)
def test_other_targets_name_no_file(target: str) -> None:
    assert parse_target(target) is None


def test_raw_names_are_encoded_and_the_rest_is_kept() -> None:
    block = b"GET /get/1/a b\xe9.txt HTTP/1.1\r\nX: \xe9\r\n\r\n"
    assert encoded_request_line(block) == b"GET /get/1/a%20b%E9.txt HTTP/1.1\r\nX: \xe9\r\n\r\n"


def test_a_line_without_a_version_is_taken_for_1_0() -> None:
    assert encoded_request_line(b"GET /get/1/a\r\n\r\n") == b"GET /get/1/a HTTP/1.0\r\n\r\n"


def test_a_missing_host_is_put_in_and_one_that_is_there_is_kept() -> None:
    assert with_host(b"GET / HTTP/1.1\r\nA: b\r\n\r\n") == b"GET / HTTP/1.1\r\nHost:\r\nA: b\r\n\r\n"
    block = b"GET / HTTP/1.1\r\nhOST: x\r\n\r\n"
    assert with_host(block) == block
