from __future__ import annotations

import contextlib
import io
import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from peerspec.conformance.cli import COMMANDS

from .conftest import Call

PEERSPEC = [sys.executable, "-c", "from peerspec.conformance.cli import main; main()"]
PING = "0000000000000000ff00000000000000 00 01 00 00000000"


def test_help_is_quick_and_imports_little() -> None:
    script = (
        "import sys, time; began = time.perf_counter(); sys.argv = ['peerspec', '--help']\n"
        "from peerspec.conformance.cli import main\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "heavy = [name for name in ('scapy', 'pytest', 'construct', 'rich', 'hypothesis') if name in sys.modules]\n"
        "print('heavy:', heavy)"
    )
    began = time.perf_counter()
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert time.perf_counter() - began < 2  # 0.1 s on an idle machine
    assert done.stdout.endswith("heavy: []\n")
    for name in COMMANDS:
        assert re.search(rf"^  {name}  ", done.stdout, re.MULTILINE)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_explains_itself(call: Call, name: str) -> None:
    done = call(name, "--help")
    assert (done.code, done.err) == (0, "")
    assert f"Usage: peerspec {name}" in " ".join(done.out.split())
    assert "\\b" not in done.out, "a mark of click's is printed"


def test_the_version_is_that_of_the_distribution(call: Call) -> None:
    assert re.fullmatch(r"peerspec \d+\.\d+\.\d+\n", call("--version").out)


def test_networks_cases_and_requirements_are_listed(call: Call) -> None:
    assert "gnutella  Gnutella\n" in call("list").out
    cases = call("list", "gnutella", "-s", "bye").out
    assert cases.startswith("Bye (bye)\n  bye/")
    assert "GNU-BYE-01" in cases
    requirements = call("list", "gnutella", "--requirements").out
    assert re.search(r"^GNU-HSK-09  MUST  \(untestable\)  ", requirements, re.MULTILINE)


def test_a_requirement_and_a_case_are_explained(call: Call) -> None:
    shown = call("explain", "gnu-fwd-02").out
    assert shown.startswith("GNU-FWD-02  MUST")
    assert "source:" in shown
    case = re.search(r"^case: +(\S.*)$", shown, re.MULTILINE)
    assert case is not None
    body = call("explain", case[1]).out
    assert "GNU-FWD-02 (MUST)" in body
    assert "def test_" in body


def test_a_requirement_of_one_role_of_several_says_as_which_network_it_is_judged(call: Call) -> None:
    shown = call("explain", "NAP-TRF-03").out
    assert "binds the peer" in shown
    assert "judged by:  peerspec check napster-peer NAP-TRF-03\ncase:       downloads/" in shown
    assert "judged by:" not in call("explain", "GNU-FWD-02").out


def test_codecs_are_those_of_the_text_whatever_the_role(call: Call) -> None:
    assert call("decode", "napster-peer", "0000d900").out == call("decode", "napster", "0000d900").out
    assert '"ResumeEnd"' in call("decode", "napster-peer", "0000d900").out


def test_part_of_the_suite_is_judged_and_reported(call: Call, tmp_path: Path) -> None:
    done = call("check", "gnutella", "virtual", "-s", "bye", "--report", str(tmp_path / "reports"))
    assert (done.code, done.err) == (0, "")
    assert re.search(r"^\d+ cases, \d+ pass.* in \d+\.\d s: conforms$", done.out.splitlines()[-1])
    assert ET.parse(tmp_path / "reports" / "junit.xml").getroot().tag == "testsuites"
    report = json.loads((tmp_path / "reports" / "report.json").read_text())
    assert {case["section"] for case in report["cases"]} == {"bye"}


def test_ids_stand_where_a_target_may(call: Call) -> None:
    done = call("check", "gnutella", "GNU-BYE-01", "GNU-FWD", "--level", "must")
    assert done.code == 0
    assert "GNU-BYE-01" in done.out
    assert "GNU-FWD-02" in done.out
    assert "GNU-FWD-08" not in done.out
    assert "GNU-PNG" not in done.out


def test_the_built_in_node_is_judged_over_sockets(call: Call) -> None:
    done = call("check", "gnutella", "-s", "forwarding")
    assert done.code == 0
    assert re.match(r"Gnutella: the built-in Gnutella node at 127\.0\.0\.1:\d+\n", done.out)


def test_a_stale_deviation_is_an_error(call: Call, tmp_path: Path) -> None:
    known = tmp_path / "known.toml"
    known.write_text('[[known_deviations]]\nid = "GNU-BYE-01"\nreason = "once it did not"\n')
    done = call("check", "gnutella", "virtual", "-s", "bye", "--known", str(known))
    assert done.code == 1
    assert "GNU-BYE-01 is listed as a known deviation" in done.out


def test_messages_survive_decoding_and_encoding(call: Call, tmp_path: Path) -> None:
    decoded = call("decode", "gnutella", PING)
    assert decoded.code == 0
    (found,) = json.loads(decoded.out)
    assert (found["message"], found["value"]["message"]) == ("Descriptor", "Ping")
    path = tmp_path / "messages.json"
    path.write_text(decoded.out)
    assert call("encode", "gnutella", str(path)).out == PING.replace(" ", "") + "\n"


@pytest.mark.parametrize("form", ["{0}", "0x{0}", "{0}{0}", "\n{0}\n{0}\n"])
def test_hexadecimal_digits_are_read_as_people_write_them(call: Call, form: str) -> None:
    found = json.loads(call("decode", "gnutella", form.format(PING)).out)
    assert len(found) == form.count("{0}")


def test_a_file_may_hold_bytes_or_digits(call: Call, tmp_path: Path) -> None:
    raw, digits = tmp_path / "raw.bin", tmp_path / "digits.txt"
    raw.write_bytes(bytes.fromhex(PING))
    digits.write_text(PING)
    assert call("decode", "gnutella", str(raw)).out == call("decode", "gnutella", str(digits)).out


def test_the_standard_input_is_read(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(PING.encode())))
    assert json.loads(call("decode", "gnutella", "-").out)[0]["message"] == "Descriptor"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (PING + "01 02", "2 bytes of a message that is not complete"),
        (PING[:-8] + "ffffffff", "bytes announced"),
    ],
)
def test_what_is_no_message_is_an_error_in_its_place(call: Call, text: str, said: str) -> None:
    done = call("decode", "gnutella", text)
    assert (done.code, done.err) == (1, "")
    assert said in json.loads(done.out)[-1]["error"]


def test_a_capture_is_read(call: Call, tmp_path: Path) -> None:
    from scapy.layers.inet import IP, TCP
    from scapy.layers.l2 import Ether
    from scapy.utils import wrpcap

    path = str(tmp_path / "some.pcap")
    segment = TCP(sport=1024, dport=6346, seq=7, flags="PA") / bytes.fromhex(PING)
    wrpcap(
        path, Ether(src="02:00:00:00:00:01", dst="02:00:00:00:00:02") / IP(src="127.0.0.2", dst="127.0.0.1") / segment
    )
    (found,) = json.loads(call("decode", "gnutella", path).out)
    assert (found["from"], found["to"], found["message"]) == ("127.0.0.2:1024", "127.0.0.1:6346", "Descriptor")


def test_vectors_are_made_from_a_seed(call: Call) -> None:
    first = call("vectors", "gnutella", "--seed", "3").out
    assert json.loads(first)["network"] == "gnutella"
    assert first == call("vectors", "gnutella", "--seed", "3").out
    assert first != call("vectors", "gnutella", "--seed", "4").out


def test_serving_ends_in_good_order_when_asked(tmp_path: Path) -> None:
    (tmp_path / "a file.txt").write_text("hello")
    command = [*PEERSPEC, "serve", "gnutella", "--share", str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        line = server.stdout.readline()
        address = re.fullmatch(r"Gnutella node at (127\.0\.0\.1:\d+)\n", line)
        assert address is not None
        judged = subprocess.run(
            [*PEERSPEC, "check", "gnutella", address[1], "-s", "forwarding"],
            capture_output=True,
            text=True,
            check=False,
        )
        server.send_signal(signal.SIGINT)
        _, err = server.communicate(timeout=20)
    assert judged.returncode == 0, judged.stdout
    assert (server.returncode, err) == (0, "")


def interruptible() -> None:
    """What a shell runs in the background ignores interrupts, and so does all that it starts, unless it says this."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def test_an_interrupt_ends_a_run_without_a_traceback() -> None:
    command = [*PEERSPEC, "prove", "gnutella"]
    with subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        preexec_fn=interruptible,  # noqa: PLW1509 - it takes no lock
    ) as proving:
        try:
            time.sleep(4)  # until it is in the midst of its work
            os.killpg(proving.pid, signal.SIGINT)
            _, err = proving.communicate(timeout=60)
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(proving.pid, signal.SIGKILL)
    assert proving.returncode == 130
    assert "Traceback" not in err


def test_a_node_that_was_started_does_not_outlive_us(tmp_path: Path) -> None:
    server = Path(__file__).parent.parent / "conformance" / "toyserver.py"
    file = tmp_path / "node.toml"
    file.write_text(
        f'network = "gnutella"\n[start]\ncommand = [{sys.executable!r}, {str(server)!r}, "{{host}}", "{{port}}"]\n'
    )
    command = [*PEERSPEC, "check", "gnutella", str(file), "--timeout", "30"]
    environment = os.environ | {"TMPDIR": str(tmp_path)}
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment) as checking:
        deadline = time.monotonic() + 20
        while not (logs := [*tmp_path.glob("peerspec-*/output.log")]) or b"starting" not in logs[0].read_bytes():
            assert time.monotonic() < deadline
            time.sleep(0.05)
        checking.terminate()
        _, err = checking.communicate(timeout=20)
    assert (checking.returncode, err) == (143, b"")
    assert list(tmp_path.glob("peerspec-*")) == []


def test_a_reader_that_goes_away_is_no_error() -> None:
    done = subprocess.run(
        ["/bin/bash", "-c", 'set -o pipefail; "$@" | head -n 1', "bash", *PEERSPEC, "list", "gnutella"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == ""
    assert done.stdout == "Handshake (handshake)\n"


def test_a_number_with_two_meanings_is_read_by_its_sender(call: Call) -> None:
    invitation = "0a00ae01" + b"alice #red".hex()
    for role, name in [("client", "Invite"), ("server", None)]:
        (found,) = json.loads(call("decode", "napster", "--sender", role, invitation).out)
        assert found["value"]["message"] == name
    assert "no role 'servent'; did you mean server?" in call("decode", "napster", "--sender", "servent", "00").complaint
