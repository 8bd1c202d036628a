"""The model of a Gnutella servent, beside which a real one is explored.

- `steps`      what a tester can do, as data
- `drawing`    sequences of steps at random, such that later ones take up what earlier ones began
- `playing`    carrying steps out on a bench, and reading what every link received
- `memory`     what the model remembers of what was sent and of the links
- `floods`     Queries: who must get a copy, who may not, and what a copy looks like
- `answers`    the node's own QueryHits
- `routes`     QueryHits and Pushes on their way back
- `hosts`      Pings and Pongs
- `links`      handshakes, Bye, and links that end
- `downloads`  HTTP and callbacks

Each rule names the requirements that it stands for. The model is silent where the specification leaves a choice, and
where a malformed or hostile message has made the rest of what its sender gets a matter of the node's taste.
"""

from __future__ import annotations

from .explorer import GnutellaExplorer

__all__ = ["GnutellaExplorer"]
