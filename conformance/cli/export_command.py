"""`peerspec export`: the messages of a network for other tools."""

from __future__ import annotations

from pathlib import Path

import click

from .common import the_network, writable
from .inputs import load_codecs

FORMATS = {"lua": "a Wireshark dissector", "ksy": "a Kaitai Struct specification"}


@click.command("export")
@click.argument("format_", metavar="lua|ksy", type=click.Choice(list(FORMATS)))
@click.argument("network")
@click.option(
    "--port",
    "ports",
    type=click.IntRange(1, 65535),
    multiple=True,
    help="lua: dissect this TCP and UDP port; may be given more than once. Without it, the ports in use by custom.",
)
@click.option("-o", "--output", type=click.Path(path_type=Path), help="Write to this file instead of the output.")
def command(*, format_: str, network: str, ports: tuple[int, ...], output: Path | None) -> None:
    """Print the messages of NETWORK as a Wireshark dissector (lua) or a Kaitai Struct specification (ksy).

    \b
    peerspec export lua gnutella > gnutella.lua
    wireshark -X lua_script:gnutella.lua some.pcap
    """  # noqa: D301 - click leaves a paragraph that begins with a backspace as it is
    name = load_codecs(network)
    if format_ == "lua":
        from ...codecs.export import lua_dissector

        text = lua_dissector(name, ports or the_network(name).ports)
    else:
        from ...codecs.export import kaitai_struct

        if ports:
            raise click.UsageError("--port is for lua only")
        text = kaitai_struct(name)
    if output is None:
        click.echo(text, nl=False)
    else:
        writable(output).write_text(text, encoding="utf-8")
