"""Login: how a peer opens its session, what it says of itself, and what it does when it is not let in."""

from __future__ import annotations

from ...codecs.errors import DecodeError
from ...codecs.message import Message
from ...codecs.napster import Login, LoginAck, LoginError, MotdLine, Register
from ..checks import checks
from ..outcomes import Failure, Inconclusive, Sign, Symptom, assuming
from ..target import Instance
from .bench import Bench
from .messages import Received
from .probe import OPENING_NUMBERS, Server, Session

_SESSION_NUMBERS = frozenset(range(100, 65536)) - {920}
_FURTHER_LOGINS, _SHORT_SESSIONS = 3, 6
_QUIET = 0.5
_HIGHEST_PORT, _HIGHEST_LINK = 65535, 10


@checks("NAP-FRM-08")
def test_the_first_message_is_framed_little_endian_and_may_open_a_session(bench: Bench) -> None:
    instance, server = bench.instance(), bench.server()
    with assuming("the peer connects to the server"):
        session = bench.dialled(instance, server)
    session.wait_until(lambda: bool(session.log))
    if not session.log or session.log[0].number not in OPENING_NUMBERS:
        raise Failure(expected="a login, its header little-endian", actual=f"{session.came()}; {session.unread!r}")
    with assuming("the session goes on"):
        bench.let_in(session, instance)


@checks("NAP-FRM-08")
def test_nothing_is_left_over_when_a_session_is_cut_by_its_headers(bench: Bench) -> None:
    instance, server = bench.instance(), bench.server()
    with assuming("the peer logs in"):
        session = bench.dialled(instance, server)
        session.expect_login()
    session.acknowledge(instance)
    asked, answers = session.questions()
    session.say(*asked)
    if session.wait_for(answers) is None:
        if session.unread or len(session.log) == 1:
            raise Failure(expected="messages as long as they say", actual=f"{session.came()}; {session.unread[:20]!r}")
        raise Inconclusive(f"no question was answered: {session.came()}")
    assert not session.unread, f"{session.unread!r} is left over"


@checks("NAP-FRM-10")
def test_messages_in_single_bytes_are_understood(bench: Bench) -> None:
    bench.session()
    instance, server = bench.instance(), bench.server()
    with assuming("the peer logs in"):
        session = bench.dialled(instance, server)
        session.expect_login()
    session.say_bytewise(LoginAck("anon@peerspec"))
    asked, answers = session.questions()
    session.say_bytewise(*asked)
    if session.wait_for(answers) is None:
        expected = "an answer to what came in single bytes"
        raise Failure(expected=expected, actual=session.came(), symptom=session.silent())


@checks("NAP-FRM-10")
def test_all_messages_of_one_segment_are_understood(bench: Bench) -> None:
    session = bench.session()
    (first, one), (second, two), (third, three) = (session.questions() for _ in range(3))
    session.say_together(*first, MotdLine("a line"), *second, *third)
    for number, answers in enumerate((one, two, three), 1):
        if session.wait_for(answers) is None:
            expected = f"an answer to question {number} of one segment"
            raise Failure(expected=expected, actual=session.came(), symptom=session.silent())


@checks("NAP-PER-01", "NAP-TXT-09")
def test_the_login_has_its_fields_in_the_form_of_the_layout(bench: Bench) -> None:
    instance, server = bench.instance(), bench.server()
    with assuming("the peer opens a session"):
        session = bench.dialled(instance, server)
        opening = session.expect_opening()
    layout = Register if opening.number == Register.wire_type else Login
    try:
        login = layout.decode(opening.body)
    except DecodeError as error:
        raise Failure(expected="nick, password, port, quoted program, link type", actual=repr(opening)) from error
    assert 0 <= login.port <= _HIGHEST_PORT, f"port {login.port}"
    assert 0 <= login.link <= _HIGHEST_LINK, f"link type {login.link}"
    with assuming("the session goes on"):
        session.acknowledge(instance)
        session.assert_answers()


@checks("NAP-PER-02")
def test_the_port_of_the_login_accepts_connections(bench: Bench) -> None:
    session = bench.session()
    port = session.port()
    if port == 0:
        if not bench.refuses_connection(session.data_port):
            raise Failure(expected="a port", actual="port 0, and connections are accepted", symptom=_port_0(session))
        return
    caller = bench.call((session.wire.remote[0], port))
    with assuming("a peer greets who connects"):
        caller.expect_greeting()


def _port_0(session: Session) -> Symptom:
    """That a login with the port 0 comes."""
    pattern: dict[str, int | str] = {"header.type": Login.wire_type or 0, "payload.port": 0}
    return Symptom(sign=Sign.UNWANTED, wire=session.wire.number, pattern=pattern)


@checks("NAP-PER-04")
def test_no_message_of_a_session_comes_before_the_acknowledgement(bench: Bench) -> None:
    instance, server = bench.instance(), bench.server()
    with assuming("the peer logs in"):
        session = bench.dialled(instance, server)
        session.expect_login()
    _wait_for_more(bench, session, instance)
    session.expect_unseen("nothing of a session before the login is acknowledged", _belongs_to_a_session)
    with assuming("the session goes on once it is acknowledged"):
        session.acknowledge(instance)
        session.assert_answers()


def _wait_for_more(bench: Bench, session: Session, instance: Instance) -> None:
    """Return when the peer has had the time to say more.

    There is no fence before a session. A peer that has served its data port has gone through what came before; for one
    that opens it later, a quiet window must do.
    """
    if bench.refuses_connection(instance.address):
        bench.world.wait([session.wire], bench.world.now() + _QUIET)
        return
    with assuming("the peer serves its data port"):
        bench.assert_serves(instance.address)


def _belongs_to_a_session(got: Received) -> bool:
    return got.number in _SESSION_NUMBERS


@checks("NAP-PER-05")
def test_a_login_that_is_refused_is_not_taken_for_accepted_nor_repeated_without_pause(bench: Bench) -> None:
    bench.session()
    instance, server = bench.instance(), bench.server()
    with assuming("the peer logs in"):
        session = bench.dialled(instance, server)
        session.expect_login()
    session.say(LoginError("Invalid Password"))
    _wait_for_more(bench, session, instance)
    session.expect_unseen("nothing of a session when the login is refused", _belongs_to_a_session)
    session.close()
    door = _Door(server, LoginError("Invalid Password"))
    bench.attend_for(10, door.attend)
    assert door.logins <= _FURTHER_LOGINS, f"{door.logins} further logins within 10 seconds"


@checks("NAP-PER-06")
def test_the_pause_between_attempts_grows_when_sessions_end_at_once(bench: Bench) -> None:
    bench.session()
    instance, server = bench.instance(), bench.server()
    instance.dial(server.address)
    door = _Door(server, LoginAck("anon@peerspec"))
    bench.attend_for(20, door.attend)
    with assuming("the peer logs in"):
        assert door.logins
    assert door.logins <= _SHORT_SESSIONS, f"{door.logins} logins within 20 seconds"


class _Door:
    """Answers each login at a server with one message, and closes."""

    def __init__(self, server: Server, answer: Message) -> None:
        self.server = server
        self.answer = answer
        self.logins = 0
        self._waiting: list[Session] = []

    def attend(self) -> None:
        """Answer the logins that have come."""
        while arrived := self.server.arrived():
            self._waiting.append(arrived)
        for session in list(self._waiting):
            if session.seen(lambda got: got.number in (Login.wire_type, Register.wire_type)):
                self.logins += 1
                session.say(self.answer)
                session.close()
                self._waiting.remove(session)
