"""The command line: `peerspec COMMAND ...`.

Commands are modules of this package, imported when they are used, so that `--help` answers at once. What the user got
wrong is said in one line, with a suggestion where a word is near to another, and never as a traceback.

Exit codes: 0 conforms (or done); 1 does not conform; 2 wrong usage; 3 the node can't be reached or the tester failed.
"""

from __future__ import annotations

import importlib
import io
import os
import signal
import sys
from difflib import get_close_matches

import click

COMMANDS = {
    "check": "Judge a node by the cases of its network.",
    "list": "List the networks, or the cases of one.",
    "explain": "Show a requirement, with its cases and mutants, or a case.",
    "replay": "Send the messages of a failing case again.",
    "serve": "Run the reference node on loopback.",
    "decode": "Turn bytes, a file or a capture into messages as JSON.",
    "encode": "Turn messages as JSON into bytes.",
    "vectors": "Print the test vectors of a network as JSON.",
    "export": "Print a network's messages for Wireshark or Kaitai Struct.",
    "compare": "Compare reports: nodes by requirements, or against a baseline.",
    "explore": "Search for sequences of messages on which a node deviates.",
    "prove": "Prove the suite: mutants, null nodes, both worlds.",
}
"""The commands with their short help. Each is the function `command` of the module `<name>_command`."""


class Complaint(click.ClickException):
    """What is wrong, in one line on the standard error, and the exit code that goes with it."""

    def __init__(self, message: str, code: int = 2) -> None:
        super().__init__(message)
        self.code = code

    def show(self, file: object = None) -> None:
        """Print the line."""
        text = " ".join(self.message.split())
        click.echo(f"peerspec: {text}", err=True)


class _Commands(click.Group):
    """A group that imports a command when it is used."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        found = importlib.import_module(f"{__name__}.{cmd_name}_command").command
        return found if isinstance(found, click.Command) else None

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            near = get_close_matches(args[0], COMMANDS, 1)
            hint = f"did you mean {near[0]}?" if near else f"there is {', '.join(COMMANDS)}"
            raise Complaint(f"no command {args[0]!r}; {hint}")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


_HELP = """Specifications of peer-to-peer protocols, and a suite that judges nodes by them.

\b
peerspec check gnutella                    judge the built-in node over loopback
peerspec check gnutella 127.0.0.1:6346     judge a node that runs there
peerspec check gnutella node.toml          start a node as the file says, and judge it
"""  # click leaves a paragraph that begins with a backspace as it is


@click.command(cls=_Commands, help=_HELP, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="peerspec", message="peerspec %(version)s")
def peerspec() -> None:
    """The group of all commands."""


def main() -> None:
    """The console script."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    # a node that we started must not outlive us
    terminate = signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    try:
        code = peerspec.main(prog_name="peerspec", standalone_mode=False)
    except click.UsageError as error:
        hint = f" (try: {error.ctx.command_path} --help)" if error.ctx is not None else ""
        Complaint(error.format_message().rstrip(".") + hint).show()
        code = error.exit_code
    except Complaint as error:
        error.show()
        code = error.code
    except (KeyboardInterrupt, click.Abort):
        click.echo("peerspec: interrupted", err=True)
        code = 128 + signal.SIGINT
    except BrokenPipeError:
        # whoever read our output has gone; let the interpreter's last flush go nowhere
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 0
    finally:
        signal.signal(signal.SIGTERM, terminate)
    sys.exit(code if isinstance(code, int) else 0)
