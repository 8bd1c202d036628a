"""Download: HTTP on the same port, for the files that a QueryHit names."""

from __future__ import annotations

from urllib.parse import quote

import pytest

from ..checks import checks
from ..networks import Share
from ..outcomes import Failure, Inconclusive, assuming
from .bench import Bench
from .hitparts import parts_for
from .http import HttpPeer, Response

_UNKNOWN_INDEX = 99_999


def path_to(index: int, share: Share) -> str:
    """The path that asks for a share."""
    return f"/get/{index}/{quote(share.name, safe='')}"


def _plainest(bench: Bench) -> Share:
    """The share whose name has the least to encode: most cases are not about that."""
    return min(bench.shares, key=lambda share: len(quote(share.name, safe="")) - len(share.name))


def _found(bench: Bench, share: Share) -> int:
    """The index under which the node offers the share; Inconclusive unless it says the same one twice."""
    peer = bench.peer()
    first, second = (parts_for(bench, peer, share).record_of(share).index for _ in range(2))
    peer.close()
    if first != second:
        raise Inconclusive("the node gives the file another index each time")
    return first


def _served(bench: Bench) -> tuple[Share, int, str]:
    """A share, its index and its path; it has been served by a plain request before."""
    share = _plainest(bench)
    index = _found(bench, share)
    path = path_to(index, share)
    with assuming("the node serves the file by a plain request"):
        response = bench.http().get(path)
        assert (response.status, response.body == share.content) == (200, True)
    return share, index, path


def _expect_body(response: Response, share: Share) -> None:
    """Failure unless the response is the whole file."""
    assert response.status == 200, f"status {response.status}"
    if response.body != share.content:
        raise Failure(expected=f"the {share.size} bytes of the file", actual=f"{len(response.body)} bytes, or others")


@checks("GNU-DWN-01")
def test_a_get_is_answered_with_the_length_and_the_exact_body(bench: Bench) -> None:
    share = _plainest(bench)
    response = bench.http().get(path_to(_found(bench, share), share))
    _expect_body(response, share)
    assert response.headers.get("content-length") == str(share.size), response.headers.get("content-length")


@checks("GNU-DWN-02")
def test_a_request_by_http_1_0_is_served(bench: Bench) -> None:
    share, _, path = _served(bench)
    _expect_body(bench.http().get(path, version="1.0"), share)


@checks("GNU-DWN-03")
def test_a_name_may_be_percent_encoded(bench: Bench) -> None:
    share, index, _ = _served(bench)
    encoded = "".join(f"%{byte:02x}" for byte in share.name.encode())
    _expect_body(bench.http().get(f"/get/{index}/{encoded}"), share)


@checks("GNU-DWN-04")
def test_the_slash_that_0_4_put_after_the_name_is_accepted(bench: Bench) -> None:
    share, _, path = _served(bench)
    _expect_body(bench.http().get(f"{path}/"), share)


@checks("GNU-DWN-15")
def test_blanks_in_a_name_may_be_raw(bench: Bench) -> None:
    spaced = [share for share in bench.shares if " " in share.name]
    share = spaced[0] if spaced else bench.shares[0]
    index = _found(bench, share)
    _expect_body(bench.http().get(f"/get/{index}/{share.name}"), share)


@checks("GNU-DWN-13")
def test_unknown_headers_are_ignored(bench: Bench) -> None:
    share, _, path = _served(bench)
    _expect_body(bench.http().get(path, {"X-Peerspec-Unknown": "1", "X-Node": "no address"}), share)


# --- ranges


@checks("GNU-DWN-05")
@pytest.mark.parametrize(("first", "last"), [(0, 0), (3, 9), (5, None), (None, 6)], ids=str)
def test_a_single_range_is_answered_with_these_bytes(bench: Bench, first: int | None, last: int | None) -> None:
    share, _, path = _served(bench)
    asked = f"bytes={'' if first is None else first}-{'' if last is None else last}"
    start = share.size - (last or 0) if first is None else first
    end = share.size - 1 if first is None or last is None else last
    response = bench.http().get(path, {"Range": asked})
    assert response.status == 206, f"status {response.status}"
    given = response.headers.get("content-range", "no Content-Range").replace("bytes=", "bytes ").strip()
    assert given == f"bytes {start}-{end}/{share.size}", given
    assert response.body == share.content[start : end + 1], f"{len(response.body)} bytes, not those asked for"


@checks("GNU-DWN-06")
@pytest.mark.parametrize("beyond", [0, 1000])
def test_a_range_beyond_the_end_is_answered_by_416(bench: Bench, beyond: int) -> None:
    share, _, path = _served(bench)
    with assuming("a range within the file is served"):
        assert bench.http().get(path, {"Range": "bytes=0-0"}).status == 206
    response = bench.http().get(path, {"Range": f"bytes={share.size + beyond}-"})
    assert response.status == 416, f"status {response.status}"


# --- the connection


@checks("GNU-DWN-07")
def test_a_second_request_on_the_connection_is_served(bench: Bench) -> None:
    share, _, path = _served(bench)
    http = bench.http()
    with assuming("the first request is served"):
        _expect_body(http.get(path), share)
    _expect_body(http.get(path), share)


@checks("GNU-DWN-08")
def test_connection_close_is_honoured(bench: Bench) -> None:
    share, _, path = _served(bench)
    http = bench.http()
    with assuming("the request is served"):
        _expect_body(http.get(path, {"Connection": "close"}), share)
    http.expect_close()


@checks("GNU-DWN-14")
def test_a_connection_of_http_1_0_is_closed_after_the_answer(bench: Bench) -> None:
    share, _, path = _served(bench)
    http = bench.http()
    with assuming("the request is served"):
        _expect_body(http.get(path, version="1.0"), share)
    http.expect_close()


@checks("GNU-DWN-11")
def test_a_head_is_answered_without_a_body(bench: Bench) -> None:
    share, _, path = _served(bench)
    http = bench.http()
    response = http.get(path, method="HEAD")
    assert response.status == 200, f"status {response.status}"
    assert response.headers.get("content-length") in (None, str(share.size)), response.headers.get("content-length")
    http.request(path)
    with assuming("a second request on the connection is answered"):
        after = http.read(5)
    assert after == b"HTTP/", f"after the headers came {after!r}"


# --- what is not there


def _expect_404(http: HttpPeer, path: str) -> None:
    response = http.get(path)
    assert response.status == 404, f"status {response.status} for {path}"


@checks("GNU-DWN-09")
def test_an_unknown_index_is_answered_by_404(bench: Bench) -> None:
    share, _, _ = _served(bench)
    _expect_404(bench.http(), path_to(_UNKNOWN_INDEX, share))


@checks("GNU-DWN-10")
def test_an_index_with_another_name_is_answered_by_404(bench: Bench) -> None:
    _, index, _ = _served(bench)
    _expect_404(bench.http(), f"/get/{index}/{bench.unique()}.txt")


@checks("GNU-DWN-12")
@pytest.mark.parametrize(
    "escape",
    [
        "/get/{index}/../../../../../../../../etc/passwd",
        "/get/{index}/%2e%2e%2f%2e%2e%2f%2e%2e%2f%2e%2e%2f%2e%2e%2f%2e%2e%2fetc%2fpasswd",
        "/get/{index}/..%5c..%5c..%5c..%5cetc%5cpasswd",
        "/get/{index}//etc/passwd",
        "/../../../../../../../../etc/passwd",
        "/etc/passwd",
    ],
    ids=["dots", "encoded", "backslashes", "absolute", "no get", "root"],
)
def test_nothing_outside_the_shared_files_is_served(bench: Bench, escape: str) -> None:
    _, index, _ = _served(bench)
    response = bench.http().get(escape.format(index=index))
    shared = [share.content for share in bench.shares]
    if response.status in (200, 206) and response.body not in shared:
        raise Failure(expected="no file, or a shared one", actual=f"status {response.status}: {response.body[:60]!r}")
    bench.assert_alive()
