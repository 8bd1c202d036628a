"""`peerspec vectors`: the test vectors of a network."""

from __future__ import annotations

import click

from . import Complaint
from .inputs import load_codecs


@click.command("vectors")
@click.argument("network")
@click.option("--seed", type=click.IntRange(0), help="Make new vectors from this seed instead of printing the frozen.")
def command(*, network: str, seed: int | None) -> None:
    """Print the frozen test vectors of NETWORK as JSON, valid messages and invalid ones, for any implementation."""
    network = load_codecs(network)
    from ...codecs import vectors

    if seed is None:
        try:
            found, about = vectors.committed(network), "frozen"
        except LookupError as error:
            raise Complaint(f"{error.args[0]}; make some with --seed") from error
    else:
        found, about = vectors.generate(network, seed), f"generated from seed {seed}"
    click.echo(vectors.dumps(network, about, found), nl=False)
