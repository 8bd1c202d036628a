"""`peerspec export`: the messages of a network for other tools."""

from __future__ import annotations

import click

from .common import the_network
from .inputs import load_codecs


@click.command("export")
@click.argument("format_", metavar="lua|ksy", type=click.Choice(["lua", "ksy"]))
@click.argument("network")
@click.option(
    "--port",
    "ports",
    type=click.IntRange(1, 65535),
    multiple=True,
    help="lua: dissect this TCP and UDP port instead of those in use by custom; may be given more than once.",
)
def command(*, format_: str, network: str, ports: tuple[int, ...]) -> None:
    """Print all messages of NETWORK as a Wireshark dissector (lua) or as a Kaitai Struct specification (ksy).

    Wireshark reads the dissector with -X lua_script:FILE, or from its folder of Lua plugins. The specification is
    compiled by kaitai-struct-compiler to a reader in the language of your choice.
    """
    if ports and format_ != "lua":
        raise click.UsageError("--port is for lua only")
    name = load_codecs(network)
    from ...codecs.export import kaitai_struct, lua_dissector

    if format_ == "ksy":
        click.echo(kaitai_struct(name), nl=False)
    else:
        click.echo(lua_dissector(name, ports or the_network(name).ports), nl=False)
