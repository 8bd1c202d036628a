"""Direct browsing: the list of its files that a peer gives to another without the server."""

from __future__ import annotations

import pytest

from ...codecs.errors import DecodeError
from ...codecs.napster import DirectBrowse, DirectBrowseAccept, FileList
from ..checks import checks
from ..outcomes import Failure, assuming
from .bench import Bench
from .connection import LIST_REQUEST, Connection
from .probe import last_part


def _list(caller: Connection) -> FileList:
    """The list that comes, to the end of the connection; Failure unless it has the form of its layout."""
    raw = caller.expect_close()
    try:
        return FileList.decode(raw)
    except DecodeError as error:
        raise Failure(
            expected="nick, LF, a line for each file, LF, and the end", actual=f"{caller.said()}: {error.reason}"
        ) from error


def _expect_shares(bench: Bench, found: FileList) -> None:
    """Failure unless a list has the files that the peer is known to share."""
    listed = {last_part(file.file): file.size for file in found.files}
    for share in bench.target.shares:
        assert listed.get(share.name) == share.size, f"{share.name} of {share.size} bytes is not in the list: {listed}"


@checks("NAP-BRW-11")
def test_getlist_is_answered_with_the_list_of_files(bench: Bench) -> None:
    caller = bench.caller()
    caller.send(LIST_REQUEST)
    _expect_shares(bench, _list(caller))


@checks("NAP-BRW-12")
@pytest.mark.parametrize("way", ["with LF", "in single bytes"])
def test_getlist_is_understood_with_lf_and_divided(bench: Bench, way: str) -> None:
    with assuming("GETLIST is answered when it comes alone, in one segment"):
        caller = bench.caller()
        caller.send(LIST_REQUEST)
        plain = _list(caller)
    caller = bench.caller()
    if way == "with LF":
        caller.send(LIST_REQUEST + b"\n")
    else:
        caller.send_bytewise(LIST_REQUEST)
    assert _list(caller) == plain


@checks("NAP-BRW-13")
def test_a_direct_browse_is_accepted_with_the_same_nick(bench: Bench) -> None:
    session = bench.session()
    nick = bench.new_nick()
    session.say(DirectBrowse(nick))
    session.expect(DirectBrowseAccept, nick=nick)
