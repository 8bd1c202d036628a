"""Downloads: how a peer fetches a file from one that it can reach, and what it takes for the file."""

from __future__ import annotations

import tempfile
from pathlib import Path, PurePosixPath, PureWindowsPath

import pytest

from ...codecs.napster import DataPortError, DownloadEnd, DownloadRequest, DownloadStart, GetFile
from ..checks import checks
from ..outcomes import Failure, Inconclusive, assuming
from .bench import KEPT, Bench
from .connection import GREETING
from .offers import SIZE, Offer, new_offer
from .probe import last_part

_MORE = 1000


@checks("NAP-TXT-08")
def test_the_first_octet_of_an_address_is_its_lowest_byte(bench: Bench) -> None:
    session, offer = bench.session(), new_offer(bench)
    bench.requested(session, offer)
    listener = bench.listen()
    session.say(bench.acknowledgement(offer, listener.address))
    listener.expect()


@checks("NAP-TXT-09", feature="download")
def test_the_name_in_the_request_for_a_file_is_quoted(bench: Bench) -> None:
    session, offer = bench.session(), new_offer(bench)
    bench.tell_to_fetch(session, offer)
    asked = session.wait_for(lambda got: got.number == DownloadRequest.wire_type)
    if asked is None:
        raise Inconclusive("the peer does not ask for a file that its user wants")
    expected = f'{offer.nick} "{offer.file}"'.encode()
    assert asked.body == expected, f"{asked.body!r}, not {expected!r}"


# --- the request


@checks("NAP-TRF-03")
def test_the_request_comes_after_the_1(bench: Bench) -> None:
    session, offer = bench.session(), new_offer(bench)
    connection = bench.fetching(session, offer)
    session.sync()
    connection.expect_nothing("no byte before the 1")
    with assuming("the request comes after it"):
        connection.send(GREETING)
        connection.expect_request()


@checks("NAP-TRF-04")
def test_the_request_has_its_form_and_nothing_more(bench: Bench) -> None:
    session, offer = bench.session(), new_offer(bench)
    connection = bench.fetching(session, offer)
    session.sync()
    with assuming("nothing comes before the 1"):
        connection.expect_nothing("no byte before the 1")
    connection.send(GREETING)
    raw = connection.expect(lambda came: came[-1:].isdigit(), "a request that ends with digits")
    expected = GetFile(session.nick, last_part(offer.file), 0).encode()
    start, _, end = expected.partition(b'"')
    assert raw.startswith(start + b'"'), f"{raw!r} does not begin with {start!r} and a quote"
    end = end.partition(b'"')[2]
    assert raw.endswith(b'"' + end), f"{raw!r} does not end with a quote and {end!r}"
    assert raw.count(b'"') == 2, f"{raw!r} has other quotes"
    connection.send(str(offer.size).encode() + offer.content)
    with assuming("the file is fetched in full"):
        bench.expect_downloaded(session, offer)
    assert connection.pending() == raw, f"{connection.said()}"


@checks("NAP-TRF-05")
@pytest.mark.parametrize(
    "file",
    ["C:\\mp3\\A Band\\{}.mp3", "{} - caf\udce9 (live).mp3", "/home/x/{}.mp3"],
    ids=["backslashes", "bytes above 127", "slashes"],
)
def test_the_file_is_asked_for_by_the_name_in_the_204(bench: Bench, file: str) -> None:
    session, offer = bench.session(), new_offer(bench, file=file.format(bench.unique("s")))
    connection = bench.fetching(session, offer)
    with assuming("a request comes"):
        connection.send(GREETING)
        came = connection.expect_get().file
    assert came == offer.file, f"{came!r}, not {offer.file!r}"


# --- the file


@checks("NAP-TRF-23")
@pytest.mark.parametrize(
    "start", [b"\xff\xfb\x90\x00", b"0123456789", b"0", b"3000300030003000"], ids=["ff", "digits", "zero", "its size"]
)
def test_the_end_of_the_size_is_found_whatever_the_file_begins_with(bench: Bench, start: bytes) -> None:
    session, twin = bench.session(), new_offer(bench)
    if start != twin.content[: len(start)]:
        bench.fetched(session, twin)
    offer = new_offer(bench, start + bench.random.randbytes(SIZE - len(start)))
    with assuming("the peer asks for the file"):
        bench.serve(bench.fetching(session, offer), offer)
    bench.expect_downloaded(session, offer)


@checks("NAP-TRF-24")
def test_a_file_that_breaks_off_is_not_taken_for_complete(bench: Bench) -> None:
    session, twin, offer = bench.session(), new_offer(bench), new_offer(bench)
    name = bench.fetched(session, twin)
    bench.serve(bench.fetching(session, offer), offer, stop_at=offer.size // 2)
    bench.fetched(session, new_offer(bench))
    kept = name.replace(_stem(twin), _stem(offer))
    if kept in (found := session.instance.downloaded()):
        actual = f"{kept} of {len(found[kept])} bytes"
        raise Failure(expected="no file that has not come in full", actual=actual, symptom=KEPT)


def _stem(offer: Offer) -> str:
    """The name of a file without folders and suffix."""
    return PurePosixPath(last_part(offer.file)).stem


@checks("NAP-TRF-25")
def test_bytes_beyond_the_size_are_no_part_of_the_file(bench: Bench) -> None:
    session, offer = bench.session(), new_offer(bench)
    with assuming("a file is fetched when no more than it comes"):
        bench.fetched(session, new_offer(bench))
    bench.serve(bench.fetching(session, offer), offer, bytes_more=b"x" * _MORE)
    bench.expect_downloaded(session, offer)


@checks("NAP-TRF-26")
def test_a_download_that_broke_off_is_gone_on_with(bench: Bench) -> None:
    session, offer = bench.session(), new_offer(bench)
    bench.serve(bench.fetching(session, offer), offer, stop_at=offer.size // 2)
    with assuming("another file is fetched"):
        bench.fetched(session, new_offer(bench))
    offset = bench.serve(bench.fetching(session, offer), offer)
    assert offset == offer.size // 2, f"it asks for the file from byte {offset}, and has {offer.size // 2}"
    bench.expect_downloaded(session, offer)


# --- what goes wrong


@checks("NAP-TRF-29")
def test_a_data_port_where_nobody_listens_is_reported(bench: Bench) -> None:
    session, offer = bench.session(), new_offer(bench)
    bench.requested(session, offer)
    session.say(bench.acknowledgement(offer, bench.nowhere()))
    session.expect(DataPortError, nick=offer.nick)


@checks("NAP-TRF-30")
@pytest.mark.parametrize(
    "file",
    ["C:\\x\\..\\..\\..\\{}.mp3", "{temporary}/{}.mp3", "CON", "..", "../{}.mp3"],
    ids=["backslashes", "absolute", "device", "parent", "slashes"],
)
def test_nothing_is_written_outside_the_folder_for_downloads(bench: Bench, file: str) -> None:
    session, word = bench.session(), bench.unique("evil")
    outside = Path(tempfile.gettempdir(), f"{word}.mp3")
    offer = new_offer(bench, file=file.format(word, temporary=outside.parent.as_posix()))
    with assuming("a file with a plain name is fetched"):
        bench.fetched(session, new_offer(bench))
    bench.serve(bench.fetching(session, offer), offer)
    with assuming("a file with a plain name is fetched afterwards"):
        bench.fetched(session, new_offer(bench))
    written = [name for name in session.instance.downloaded() if _escapes(name)]
    if outside.exists():
        outside.unlink()
        written.append(str(outside))
    if written:
        expected = "nothing outside the folder for downloads"
        raise Failure(expected=expected, actual=f"it has written {', '.join(written)}", symptom=KEPT)


def _escapes(name: str) -> bool:
    """Whether a name leads out of the folder that it is relative to, on any system."""
    paths = PurePosixPath(name), PureWindowsPath(name)
    return any(path.is_absolute() or path.drive or ".." in path.parts for path in paths)


# --- telling the server


@checks("NAP-TRF-31")
def test_a_download_is_announced_with_218_and_ended_with_219(bench: Bench) -> None:
    session = bench.session()
    bench.fetched(session, new_offer(bench))
    session.expect_notices(DownloadStart, DownloadEnd)


@checks("NAP-TRF-31")
def test_a_download_that_breaks_off_is_announced_with_218_and_ended_with_219(bench: Bench) -> None:
    session, offer = bench.session(), new_offer(bench)
    bench.serve(bench.fetching(session, offer), offer, stop_at=offer.size // 2)
    session.expect_notices(DownloadStart, DownloadEnd)
