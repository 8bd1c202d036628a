"""peerspec: specifications of peer-to-peer protocols, and a suite that judges nodes by them.

This file is not shipped. It marks the root of the checkout as the package `peerspec` to editors and type checkers,
which resolve relative imports by it; at run time `peerspec` is a namespace made of `codecs/`, `reference/`,
`conformance/` and `spec/` (see `setup.py`).
"""
