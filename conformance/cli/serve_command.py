"""`peerspec serve`: run the reference node until it is interrupted."""

from __future__ import annotations

import signal
import sys
import threading
from functools import partial
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

import click

from . import Complaint
from .common import complaints, the_network

if TYPE_CHECKING:
    from ...reference.node import Node
    from ...reference.worlds.sockets import RunningNode
    from ..networks import Network

_LOOK = 0.5
_DIGITS = 20
"""Of a number at most; more are a word."""


@click.command("serve")
@click.argument("network")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen at.")
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="Port; without it a free one is taken.")
@click.option("--share", type=click.Path(path_type=Path), help="Share the files of this folder.")
@click.option(
    "--dial", "peers", multiple=True, metavar="ADDRESS", help="Connect to a node; may be given more than once."
)
@click.option("--data", type=click.Path(path_type=Path), help="Keep in this folder what must outlive the node.")
@click.option(
    "--set", "settings", multiple=True, metavar="KEY=VALUE", help="An option of the network's own; true, 3, or a word."
)
@click.option("--mutant", metavar="NAME", help="Run a broken node instead, to see cases fail.")
@click.option("--seed", type=click.IntRange(0), help="Of all that the node does at random; otherwise from the system.")
def command(
    *,
    network: str,
    host: str,
    port: int,
    share: Path | None,
    peers: tuple[str, ...],
    data: Path | None,
    settings: tuple[str, ...],
    mutant: str | None,
    seed: int | None,
) -> None:
    """Run the reference node of NETWORK; stop it with Ctrl-C. Prints its address when it can be reached."""
    with complaints():
        from ...reference.worlds.sockets import run_in_thread
        from ..addressed import parse_address
        from ..outcomes import Unsupported
        from ..selection import choose_mutant

        chosen = the_network(network)
        addresses = [parse_address(each) for each in peers]
        options: dict[str, Any] = dict(map(_setting, settings))
        if share is not None:
            if not share.is_dir():
                raise Complaint(f"{share} is no folder")
            options["folder"] = share
        if data is not None:
            if not data.is_dir():
                raise Complaint(f"{data} is no folder")
            options["data"] = data
        if mutant is not None:
            options["cls"] = choose_mutant(chosen, mutant).node
        random = Random(seed) if seed is not None else Random()
        try:
            node = _node(chosen, random, options)
            running = run_in_thread(node, host, port)
        except OSError as error:
            raise Complaint(f"can't listen on {host}:{port}: {(error.strerror or str(error)).lower()}", 3) from error
        try:
            # whoever waits for this line may connect as soon as it has come
            click.echo(f"{chosen.title} node at {running.address[0]}:{running.address[1]}")
            sys.stdout.flush()
            for address in addresses:
                running.call(partial(_dial, chosen, address))
            _wait(running)
        except Unsupported as error:
            raise Complaint(str(error)) from error
        finally:
            if running.alive:
                running.call(lambda node, now: node.shutdown(now))
            running.stop()
        if running.error is not None:
            raise Complaint(f"the node failed: {running.error!r}", 3)


def _setting(text: str) -> tuple[str, bool | int | str]:
    """The option that KEY=VALUE gives."""
    key, equals, value = text.partition("=")
    if not equals or not key.isidentifier() or key in ("cls", "data", "folder"):
        raise Complaint(f"{text!r} sets nothing: expected KEY=VALUE, such as firewalled=true")
    if value in ("true", "false"):
        return key, value == "true"
    return key, int(value) if value.isascii() and value.isdigit() and len(value) < _DIGITS else value


def _node(network: Network, random: Random, options: dict[str, Any]) -> Node:
    try:
        return network.make_node(random, **options)
    except (TypeError, ValueError) as error:
        raise Complaint(str(error)) from error


def _dial(network: Network, address: tuple[str, int], node: Node, now: float) -> None:
    network.dial(node, now, address)


def _wait(running: RunningNode[Node]) -> None:
    """Return when we are asked to stop, or the node has ended by itself."""
    asked = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: asked.set())
    while running.alive and not asked.wait(_LOOK):
        pass
