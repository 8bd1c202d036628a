"""What a user gets wrong is said in one line, with the documented exit code, and never as a traceback."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from .conftest import Call

NODE = 'network = "gnutella"\naddress = "127.0.0.1:1"\n'


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["chek"], 2, "no command 'chek'; did you mean check?"),
        (["frobnicate"], 2, "no command 'frobnicate'; there is check, list,"),
        (["check"], 2, "Missing argument 'NETWORK'"),
        (["check", "gnutela"], 2, "no network 'gnutela'; did you mean gnutella?"),
        (["check", "gnutella", "--levle", "must"], 2, "No such option '--levle'"),
        (["check", "gnutella", "--level", "most"], 2, "Invalid value for '--level'"),
        (["check", "gnutella", "--seed", "-1"], 2, "Invalid value for '--seed'"),
        (["check", "gnutella", "--timeout", "nan"], 2, "Invalid value for '--timeout'"),
        (["check", "gnutella", "--timeout", "0"], 2, "Invalid value for '--timeout'"),
        (["check", "gnutella", "--patience", "inf"], 2, "Invalid value for '--patience'"),
        (["check", "gnutella", "-s", "nosuch"], 2, "no section 'nosuch'; there is handshake, headers"),
        (["check", "gnutella", "-s", "forwardin"], 2, "no section 'forwardin'; did you mean forwarding?"),
        (["check", "gnutella", "GNU-FWD-99"], 2, "no requirement or case 'GNU-FWD-99'; did you mean GNU-FWD-09?"),
        (["check", "napster", "NAP-TRF-03"], 2, "NAP-TRF-03 is not for napster; try: peerspec check napster-peer"),
        (["check", "gnutella", "-s", "bye", "GNU-FWD-01"], 2, "the selection matches no case"),
        (["check", "gnutella", "127.0.0.1"], 2, "'127.0.0.1' is no address: expected HOST:PORT"),
        (["check", "gnutella", "127.0.0.1:0"], 2, "'127.0.0.1:0': a port is a number from 1 to 65535"),
        (["check", "gnutella", "127.0.0.1:99999999999999"], 2, "a port is a number from 1 to 65535"),
        (["check", "gnutella", "127.0.0.1:\u0663"], 2, "is no address"),
        (["check", "gnutella", "[::1]:6346"], 2, "IPv6 addresses are not supported"),
        (["check", "gnutella", "no.such.host.invalid:6346"], 2, "can't be resolved to an IPv4 address"),
        (["check", "gnutella", f"{'x' * 300}:6346"], 2, "can't be resolved to an IPv4 address"),
        (["check", "gnutella", "nosuch.toml"], 2, "nosuch.toml: no such file or directory"),
        (["check", "gnutella", "virtual", "--known", "nosuch.toml"], 2, "nosuch.toml: no such file or directory"),
        (["check", "gnutella", "virtual", "--json", "/proc/x/y.json"], 2, "/proc/x/y.json can't be written"),
        (["check", "gnutella", "127.0.0.1:1"], 3, "127.0.0.1:1: connection refused"),
        (["list", "gnutela"], 2, "no network 'gnutela'; did you mean gnutella?"),
        (["list", "gnutella", "-s", "byes"], 2, "no section 'byes'; did you mean bye?"),
        (["explain", "GNU-FWD-1"], 2, "no requirement or case 'GNU-FWD-1'; did you mean GNU-FWD-1"),
        (["explain"], 2, "Missing argument 'ID'"),
        (["explore", "napster"], 2, "explore: there is no model of napster nodes to explore them by"),
        (["prove", "nosuch"], 2, "no network 'nosuch'; there is gnutella"),
        (["prove", "gnutella", "--mutant", "Nobody"], 2, "no mutant 'Nobody'"),
        (["serve", "nosuch"], 2, "no network 'nosuch'"),
        (["serve", "gnutella", "--port", "65536"], 2, "Invalid value for '--port'"),
        (["serve", "gnutella", "--share", "/nosuch"], 2, "/nosuch is no folder"),
        (["serve", "gnutella", "--data", "/nosuch"], 2, "/nosuch is no folder"),
        (["serve", "gnutella", "--set", "firewalled"], 2, "'firewalled' sets nothing: expected KEY=VALUE"),
        (["serve", "gnutella", "--set", "cls=3"], 2, "'cls=3' sets nothing"),
        (["serve", "gnutella", "--set", "colour=red"], 2, "a Gnutella node knows no option colour"),
        (["serve", "gnutella", "--dial", "here"], 2, "'here' is no address"),
        (["serve", "gnutella", "--host", "203.0.113.1"], 3, "can't listen on 203.0.113.1:0"),
        (["decode", "gnutella", "zz"], 2, "'zz' is neither hexadecimal digits nor a file"),
        (["decode", "gnutella", ""], 2, "'' is neither hexadecimal digits nor a file"),
        (["decode", "gnutella", "x" * 5000], 2, "is neither hexadecimal digits nor a file"),
        (["decode", "gnutella", "/"], 2, "/: is a directory"),
        (["decode", "nosuch", "00"], 2, "no network 'nosuch'"),
        (["decode", "gnutella", "00", "--as", "Pongg"], 2, "no message 'Pongg'; did you mean Pong?"),
        (["decode", "gnutella", "00", "--as", "Pong"], 1, "gnutella.Pong.port at byte 1"),
        (["encode", "gnutella", "{"], 2, "the input is neither JSON nor a file"),
        (["encode", "gnutella", "[" * 100_000], 2, "the input is neither JSON nor a file"),
        (["encode", "gnutella", "7"], 2, "message 1: expected an object with message and value"),
        (["encode", "gnutella", '{"message": "Pang", "value": {}}'], 2, "message 1: gnutella has no message 'Pang'"),
        (["encode", "gnutella", '[{"message": "Ping", "value": {"x": 1}}]'], 2, "message 1: Ping has no field 'x'"),
        (["vectors", "nosuch"], 2, "no network 'nosuch'"),
        (["vectors", "gnutella", "--seed", "x"], 2, "Invalid value for '--seed'"),
    ],
)
def test_one_line_and_the_right_exit_code(call: Call, words: list[str], code: int, said: str) -> None:
    done = call(*words)
    assert said in done.complaint
    assert (done.code, done.out) == (code, "")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (NODE.replace("gnutella", "toy"), "describes a node of 'toy', not of 'gnutella'"),
        (NODE + '[[known_deviations]]\nid = "GNU-FWD-77"\nreason = "x"', "no requirement or case 'GNU-FWD-77'"),
        (NODE.replace("127.0.0.1:1", "nowhere"), "'nowhere' is no address"),
        ('network = "gnutella"\n[start]\ncommand = ["/nosuch"]', "/nosuch can't be run: no such file or directory"),
        ('network = "gnutella"\n[start]\ncommand = ["{env.NO_SUCH_VARIABLE}"]', "set the environment variable NO_SUCH"),
        ('network = "gnutella"\n[start]\ncommand = ["true"]', "the process ended with status 0"),
        (NODE + 'sources = "everywhere"', "everywhere"),
    ],
)
def test_a_target_file_that_is_wrong_is_said(call: Call, tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "node.toml"
    path.write_text(text)
    done = call("check", "gnutella", str(path))
    assert said in done.complaint
    assert done.code in (2, 3)


def test_a_port_in_use_is_said(call: Call) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = call("serve", "gnutella", "--port", str(port))
    assert done.code == 3
    assert f"can't listen on 127.0.0.1:{port}: " in done.complaint
