"""Layouts for other tools: a Wireshark dissector and a Kaitai Struct specification of a whole network.

Both are plain text, the same for the same codecs, and are made by the walk over the layouts that everything else is
derived from. `lua` and `ksy` say what each of them accepts.
"""

from .ksy import kaitai_struct
from .lua import lua_dissector

__all__ = ["kaitai_struct", "lua_dissector"]
