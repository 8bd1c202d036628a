"""The peer's states, as tables.

Rules of this file:

- A peer follows these tables: each connection and each download holds its state, and only `StateMachine.next` moves it.
- "closed" is where a connection ends; what still comes for it is thrown away.
"""

from ...statemachine import OTHERWISE, StateMachine

CLOSED = {OTHERWISE: "closed"}

SESSION = StateMachine(
    "Session of the peer with the server",
    (
        "connected",
        "not connected",
        "acknowledged",
        "refused",
        "left",
        "time over",
        "stream broken",
        "too much unread",
        "other side closed",
    ),
    {
        "connecting": {"connected": "logging in", OTHERWISE: "closed"},
        "logging in": {"acknowledged": "logged in", OTHERWISE: "closed"},
        "logged in": {
            "acknowledged": "logged in",
            "refused": "logged in",
            "time over": "logged in",
            OTHERWISE: "closed",
        },
        "closed": CLOSED,
    },
)

METASERVER = StateMachine(
    "Connection of the peer to the metaserver",
    ("connected", "not connected", "line read", "line too long", "left", "time over", "other side closed"),
    {
        "connecting": {"connected": "reading the line", OTHERWISE: "closed"},
        "reading the line": {OTHERWISE: "closed"},
        "closed": CLOSED,
    },
)

DATA_PORT = StateMachine(
    "Connection to the data port",
    (
        "GET for an accepted upload",
        "GET that must wait",
        "SEND for a download that waits for it",
        "GETLIST",
        "SENDLIST that is waited for",
        "other request",
        "too long",
        "piece sent",
        "bytes of the file",
        "all sent",
        "all received",
        "file lost",
        "time over",
        "too much unread",
        "other side closed",
    ),
    {
        "awaiting a request": {
            "GET for an accepted upload": "sending",
            "GET that must wait": "waiting for a place",
            "GETLIST": "sending",
            "SEND for a download that waits for it": "receiving",
            "SENDLIST that is waited for": "receiving",
            OTHERWISE: "closed",
        },
        "waiting for a place": {"GET for an accepted upload": "sending", OTHERWISE: "closed"},
        "sending": {"piece sent": "sending", OTHERWISE: "closed"},
        "receiving": {"bytes of the file": "receiving", OTHERWISE: "closed"},
        "closed": CLOSED,
    },
)

UPLOAD_CALL = StateMachine(
    "Connection that a firewalled uploader makes",
    (
        "connected",
        "not connected",
        "1",
        "offset",
        "no offset",
        "piece sent",
        "all sent",
        "file lost",
        "time over",
        "too much unread",
        "other side closed",
    ),
    {
        "connecting": {"connected": "awaiting the 1", OTHERWISE: "closed"},
        "awaiting the 1": {"1": "awaiting the offset", OTHERWISE: "closed"},
        "awaiting the offset": {"offset": "sending", OTHERWISE: "closed"},
        "sending": {"piece sent": "sending", OTHERWISE: "closed"},
        "closed": CLOSED,
    },
)

DOWNLOAD_CALL = StateMachine(
    "Connection that a downloader makes",
    (
        "connected",
        "not connected",
        "1",
        "size",
        "refusal",
        "bytes of the file",
        "all received",
        "file lost",
        "time over",
        "too much unread",
        "other side closed",
    ),
    {
        "connecting": {"connected": "awaiting the 1", OTHERWISE: "closed"},
        "awaiting the 1": {"1": "awaiting the size", OTHERWISE: "closed"},
        "awaiting the size": {"size": "receiving", OTHERWISE: "closed"},
        "receiving": {"bytes of the file": "receiving", OTHERWISE: "closed"},
        "closed": CLOSED,
    },
)

LIST_CALL = StateMachine(
    "Connection made for a direct browse",
    (
        "connected",
        "not connected",
        "1, to ask for a list",
        "1, to bring a list",
        "not a 1",
        "piece sent",
        "bytes of the list",
        "all sent",
        "too long",
        "time over",
        "too much unread",
        "other side closed",
    ),
    {
        "connecting": {"connected": "awaiting the 1", OTHERWISE: "closed"},
        "awaiting the 1": {"1, to ask for a list": "receiving", "1, to bring a list": "sending", OTHERWISE: "closed"},
        "receiving": {"bytes of the list": "receiving", OTHERWISE: "closed"},
        "sending": {"piece sent": "sending", OTHERWISE: "closed"},
        "closed": CLOSED,
    },
)

DOWNLOAD = StateMachine(
    "A download, over all its connections",
    (
        "asked by 203",
        "204 with a port",
        "204 with port 0",
        "204 that says both are firewalled",
        "206 or 609",
        "620",
        "no answer",
        "no session",
        "SEND",
        "size",
        "refusal",
        "not connected",
        "complete",
        "broken off",
        "tried too often",
    ),
    {
        "waiting": {"asked by 203": "asked", "complete": "done", "tried too often": "failed", OTHERWISE: "waiting"},
        "asked": {
            "204 with a port": "connecting",
            "204 with port 0": "awaiting a call",
            "204 that says both are firewalled": "failed",
            "206 or 609": "failed",
            "620": "put off",
            OTHERWISE: "waiting",
        },
        "awaiting a call": {
            "204 with a port": "connecting",
            "204 with port 0": "awaiting a call",
            "204 that says both are firewalled": "failed",
            "206 or 609": "failed",
            "620": "put off",
            "SEND": "transferring",
            OTHERWISE: "waiting",
        },
        "connecting": {"size": "transferring", "refusal": "failed", "complete": "done", OTHERWISE: "waiting"},
        "put off": {"asked by 203": "asked", "no session": "waiting", OTHERWISE: "put off"},
        "transferring": {"complete": "done", "refusal": "failed", OTHERWISE: "waiting"},
        "failed": {"asked by 203": "asked", "no session": "waiting", "complete": "done", OTHERWISE: "failed"},
        "done": {OTHERWISE: "done"},
    },
)

TABLES: dict[str, StateMachine] = {
    "peer_session": SESSION,
    "peer_metaserver": METASERVER,
    "data_port": DATA_PORT,
    "upload_call": UPLOAD_CALL,
    "download_call": DOWNLOAD_CALL,
    "list_call": LIST_CALL,
    "download": DOWNLOAD,
}
