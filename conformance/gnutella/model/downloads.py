"""Downloads by HTTP, and the connections that a node makes when it is asked to call back.

- A file is served under its index and name, whole or in one range, over a connection that stays as HTTP says.
- A node calls back for a Push that names it, for any index, and never more often than it can be made use of.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import quote

from ...networks import Share
from ...outcomes import Failure
from ..hitparts import wire_name
from .memory import Clauses, Memory
from .steps import Get, Push

if TYPE_CHECKING:
    from ..connection import RawPeer
    from ..http import HttpPeer, Response
    from ..listening import Listener

UNKNOWN_INDEX = 99_999
_PLAIN: Clauses = ("GNU-DWN-01",)
_SECOND: Clauses = ("GNU-DWN-07", "GNU-DWN-01")
_GIV = re.compile(rb"GIV ([0-9]+):([0-9A-Fa-f]{32})/[^\r\n]*\n\n")
_NOT_FOUND = 404
_ESCAPE = "../../../../../../../../etc/passwd"
_RANGE = re.compile(r"(\d*)-(\d*)")


def path_for(share: Share, index: int, name: str = "quoted") -> str:
    """The path that asks for a share, its name written in one of the ways that `Get` knows."""
    quoted = quote(share.name, safe="", errors="surrogateescape")
    written = {
        "quoted": quoted,
        "hex": "".join(f"%{byte:02x}" for byte in wire_name(share)),
        "raw": share.name,
        "slash": f"{quoted}/",
        "wrong": f"x{quoted}",
        "escape": _ESCAPE,
    }[name]
    return f"/get/{index}/{written}"


def part_of(wanted: str, size: int) -> tuple[int, int] | None:
    """First byte and the byte after the last of a range; None when it lies beyond the end."""
    found = _RANGE.fullmatch(wanted)
    first, last = (found[1], found[2]) if found else ("0", "")
    if not first:
        return max(0, size - int(last)), size
    start, stop = int(first), min(size, int(last) + 1) if last else size
    return None if start >= size else (start, stop)


def judge_get(memory: Memory, step: Get, http: HttpPeer) -> None:
    """Ask, compare the answer with the file, and the connection with what HTTP says of it."""
    share = memory.shares[step.share]
    index = memory.indexes[wire_name(share)] if step.known_index else UNKNOWN_INDEX
    headers = {"X-Peerspec-Unknown": "1"} if step.unknown else {}
    if step.range:
        headers["Range"] = f"bytes={step.range}"
    if step.close:
        headers["Connection"] = "close"
    path = path_for(share, index, step.name)
    try:
        response = http.get(path, headers, version=step.version, method=step.method)
    except Failure as failure:
        memory.deviation(_usual(step), "an HTTP answer, complete", failure.actual, _PLAIN)
        return
    before = len(memory.deviations)
    _judge_response(memory, step, share, response)
    if len(memory.deviations) == before and response.status < 500:
        _judge_connection(memory, step, share, http)


def _usual(step: Get) -> Clauses:
    """The rules by which a request is served, those about what is unusual in it."""
    found = []
    if step.version == "1.0":
        found.append("GNU-DWN-02")
    if step.name == "hex":
        found.append("GNU-DWN-03")
    if step.unknown:
        found.append("GNU-DWN-13")
    if step.method == "HEAD":
        found.append("GNU-DWN-11")
    if step.range:
        found.append("GNU-DWN-05")
    return tuple(found) or _PLAIN


def _judge_response(memory: Memory, step: Get, share: Share, response: Response) -> None:
    status, body = response.status, response.body
    said = f"status {status} and {len(body)} bytes"
    if step.name == "escape":
        if status in (200, 206) and body not in [each.content for each in memory.shares]:
            memory.deviation(("GNU-DWN-12",), "no file that is not shared", f"{said}: {body[:40]!r}")
    elif not step.known_index:
        _expect_status(memory, ("GNU-DWN-09",), 404, status)
    elif step.name == "wrong":
        _expect_status(memory, ("GNU-DWN-10",), 404, status)
    elif step.name in ("raw", "slash") and status != 200:
        return
    elif step.range and step.method == "GET":
        _judge_range(memory, step, share, response)
    elif not step.range:
        whole = b"" if step.method == "HEAD" else share.content
        length = response.headers.get("content-length")
        right_length = length == str(share.size) or (step.method == "HEAD" and length is None)
        if status != 200 or body != whole or not right_length:
            wanted = f"status 200, Content-Length {share.size} and {len(whole)} bytes, those of the file"
            clauses = _usual(step)
            if status == _NOT_FOUND and clauses == _PLAIN and quote(share.name, safe="") != share.name:
                clauses = ("GNU-DWN-01", "GNU-DWN-03")
            memory.deviation(clauses, wanted, f"{said}, Content-Length {length}", _PLAIN)


def _expect_status(memory: Memory, clauses: Clauses, wanted: int, status: int) -> None:
    if status != wanted:
        memory.deviation(clauses, f"status {wanted}", f"status {status}")


def _judge_range(memory: Memory, step: Get, share: Share, response: Response) -> None:
    part = part_of(step.range, share.size)
    if part is None:
        _expect_status(memory, ("GNU-DWN-06",), 416, response.status)
        return
    start, stop = part
    given = response.headers.get("content-range", "no Content-Range").replace("bytes=", "bytes ").strip()
    wanted = f"bytes {start}-{stop - 1}/{share.size}"
    if (response.status, given, response.body) != (206, wanted, share.content[start:stop]):
        actual = f"status {response.status}, {given!r} and {len(response.body)} bytes"
        memory.deviation(_usual(step), f"status 206, {wanted!r} and these bytes", actual, _PLAIN)


def _judge_connection(memory: Memory, step: Get, share: Share, http: HttpPeer) -> None:
    """Whether the connection ends, or serves a second request."""
    if step.close or step.version == "1.0":
        try:
            http.expect_close()
        except Failure as failure:
            clauses: Clauses = ("GNU-DWN-08",) if step.close else ("GNU-DWN-14",)
            memory.deviation(clauses, "the node closes the connection after its answer", failure.actual)
        return
    if not step.again or not step.known_index:
        return
    clauses = ("GNU-DWN-11",) if step.method == "HEAD" else ("GNU-DWN-07",)
    try:
        second = http.get(path_for(share, memory.indexes[wire_name(share)]))
    except Failure as failure:
        memory.deviation(clauses, "an answer to a second request on the connection", failure.actual, _SECOND)
        return
    if second.status < 500 and (second.status, second.body) != (200, share.content):
        actual = f"status {second.status} and {len(second.body)} bytes"
        memory.deviation(clauses, "the file once more on the same connection", actual, _SECOND)


def judge_callbacks(memory: Memory, step: Push, listener: Listener, *, due: Clauses) -> None:
    """Compare the connections that a Push brought with those that it should; `due` are the rules that want one."""
    callers: list[RawPeer] = []
    while (caller := listener.accepted()) is not None:
        callers.append(caller)
    if not step.own:
        if callers:
            memory.deviation(("GNU-PSH-05",), "no connection for a Push that names another servent", "one came")
    elif due and not callers:
        memory.deviation(due, "a connection to the address in the Push", "none came")
    elif step.number > 1 and len(callers) >= step.number:
        memory.deviation(("GNU-PSH-09",), f"fewer than {step.number} connections", f"{len(callers)} came")
    elif callers:
        _judge_giv(memory, step, callers[0])


def _judge_giv(memory: Memory, step: Push, caller: RawPeer) -> None:
    try:
        line = caller.read_until(b"\n\n")
    except Failure as failure:
        memory.deviation(("GNU-PSH-06",), "GIV, ended by two LF", failure.actual)
        return
    found = _GIV.fullmatch(line)
    if found is None or bytes.fromhex(found[2].decode()) != memory.servent_id:
        memory.deviation(("GNU-PSH-06",), f"GIV <index>:{(memory.servent_id or b'').hex()}/<name> LF LF", repr(line))
    elif step.fetch and memory.indexes:
        _judge_fetch(memory, caller)


def _judge_fetch(memory: Memory, caller: RawPeer) -> None:
    from ..http import HttpPeer

    share = next(each for each in memory.shares if wire_name(each) in memory.indexes)
    path = path_for(share, memory.indexes[wire_name(share)])
    try:
        response = HttpPeer(caller.bench, caller.wire, caller.pending()).get(path)
        served = (response.status, response.body) == (200, share.content)
        actual = f"status {response.status} and {len(response.body)} bytes"
    except Failure as failure:
        served, actual = False, failure.actual
    if not served and _is_served(caller.bench.http(memory.address), path, share):
        memory.deviation(("GNU-PSH-07",), "the file, on the connection that the node made", actual)
    elif not served:
        memory.deviation(("GNU-DWN-01",), "the file by HTTP", actual)


def _is_served(http: HttpPeer, path: str, share: Share) -> bool:
    """Whether the file is served on an ordinary connection."""
    try:
        response = http.get(path)
    except Failure:
        return False
    return (response.status, response.body) == (200, share.content)
