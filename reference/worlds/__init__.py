"""The two worlds that a node runs in: `virtual`, a deterministic network in memory, and `sockets`, the real one."""
