"""The states of a connection with the server and with the metaserver, as tables.

Rules of this file:

- A server follows these tables: each session holds its state, and only `StateMachine.next` moves it.
- "closed" is where a connection ends; what still comes for it is thrown away.
"""

from ...statemachine import OTHERWISE, StateMachine

CLOSED = {OTHERWISE: "closed"}

SESSION = StateMachine(
    "Connection of a peer with the server",
    (
        "login accepted",
        "login refused",
        "message of a session",
        "message before a login",
        "body too long",
        "time over",
        "too much unread",
        "too much unserved",
        "ended by the server",
        "other side closed",
    ),
    {
        "connected": {
            "login accepted": "logged in",
            "message before a login": "connected",
            OTHERWISE: "closed",
        },
        "logged in": {
            "login accepted": "logged in",
            "login refused": "logged in",
            "message of a session": "logged in",
            "message before a login": "logged in",
            "time over": "logged in",
            OTHERWISE: "closed",
        },
        "closed": CLOSED,
    },
)

METASERVER = StateMachine(
    "Connection of a peer with the metaserver",
    ("address written", "other side closed"),
    {"connected": {OTHERWISE: "closed"}, "closed": CLOSED},
)

TABLES: dict[str, StateMachine] = {"session": SESSION, "metaserver": METASERVER}
