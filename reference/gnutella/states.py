"""The servent's states, as tables.

Rules of this file:

- A servent follows these tables: each link holds its state, and only `StateMachine.next` moves it.
- "closed" is where a link ends; what still comes for it is thrown away.
"""

from ..statemachine import OTHERWISE, StateMachine

CLOSED = {OTHERWISE: "closed"}

HANDSHAKE_RESPONDER = StateMachine(
    "Handshake of the servent that was dialled",
    (
        "0.6 request",
        "0.4 request",
        "download request",
        "GIV",
        "refused",
        "final 200",
        "final other than 200",
        "unknown words",
        "block too long",
        "time over",
        "other side closed",
    ),
    {
        "awaiting the request": {
            "0.6 request": "awaiting the final block",
            "0.4 request": "established",
            "download request": "handed to HTTP",
            "GIV": "handed to HTTP",
            OTHERWISE: "closed",
        },
        "awaiting the final block": {"final 200": "established", OTHERWISE: "closed"},
        "established": {OTHERWISE: "established"},
        "handed to HTTP": {OTHERWISE: "handed to HTTP"},
        "closed": CLOSED,
    },
)

HANDSHAKE_INITIATOR = StateMachine(
    "Handshake of the servent that dials",
    (
        "connected",
        "not connected",
        "answer 200",
        "answer other than 200",
        "unknown words",
        "block too long",
        "time over",
        "other side closed",
    ),
    {
        "connecting": {"connected": "awaiting the answer", OTHERWISE: "closed"},
        "awaiting the answer": {"answer 200": "established", OTHERWISE: "closed"},
        "established": {OTHERWISE: "established"},
        "closed": CLOSED,
    },
)

LINK = StateMachine(
    "Link that carries descriptors",
    (
        "descriptor",
        "Bye",
        "own Bye",
        "nothing more to say",
        "time over",
        "too much unread",
        "other side closed",
    ),
    {
        "up": {"descriptor": "up", "own Bye": "waiting for the close", OTHERWISE: "closed"},
        "waiting for the close": {
            "descriptor": "waiting for the close",
            "own Bye": "waiting for the close",
            OTHERWISE: "closed",
        },
        "closed": CLOSED,
    },
)

UPLOAD = StateMachine(
    "Connection that serves downloads",
    (
        "request",
        "bad request",
        "piece sent",
        "answer sent, stays open",
        "answer sent, closes",
        "file lost",
        "block too long",
        "time over",
        "other side closed",
    ),
    {
        "awaiting a request": {"request": "answering", OTHERWISE: "closed"},
        "answering": {
            "request": "answering",
            "piece sent": "answering",
            "answer sent, stays open": "awaiting a request",
            OTHERWISE: "closed",
        },
        "closed": CLOSED,
    },
)

CALL = StateMachine(
    "Connection made for a download or on a Push",
    ("connected", "not connected", "answer ended", "broken answer", "time over", "other side closed"),
    {
        "connecting": {"connected": "connected", OTHERWISE: "closed"},
        "connected": {"connected": "connected", OTHERWISE: "closed"},
        "closed": CLOSED,
    },
)

TABLES: dict[str, StateMachine] = {
    "handshake_responder": HANDSHAKE_RESPONDER,
    "handshake_initiator": HANDSHAKE_INITIATOR,
    "link": LINK,
    "upload": UPLOAD,
    "call": CALL,
}
