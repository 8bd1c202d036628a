"""What a fetched file is called here: a name made of a stranger's, that is no path.

Rules of this file:

- Of a path only the last part is taken, whichever of the two slashes divides it.
- What is left is a plain name on every common file system: no control characters, none of `<>:"|?*`, no dots or blanks
  around it, none of the names of Windows' devices, not the end that marks a part, at most 200 bytes.
"""

import re

PART = ".part"
"""Ends the names of files that are not whole, and of no other."""

MAX_NAME = 200
"""Bytes of a name; file systems take 255, and a number or a suffix may be added."""

_FORBIDDEN = re.compile(r'[\x00-\x1f\x7f-\x9f<>:"|?*\ud800-\udfff]')
_DEVICE = re.compile(r"(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(\..*)?", re.IGNORECASE | re.DOTALL)


def local_name(file: str) -> str:
    """Return the name under which a file of the network is kept, never empty and never a path (NAP-TRF-30)."""
    name = _FORBIDDEN.sub("_", last_part(file)).strip(". ")
    if not name:
        return "file"
    if _DEVICE.fullmatch(name):
        name = "_" + name
    if name.lower().endswith(PART):
        name += "_"
    return _shortened(name)


def last_part(file: str) -> str:
    """Return what stands behind the folders in a file of the network."""
    return re.split(r"[\\/]", file)[-1]


def numbered(name: str, number: int) -> str:
    """Return another name for a further file of the same name: `song (2).mp3`."""
    stem, dot, suffix = name.rpartition(".")
    return f"{stem} ({number}){dot}{suffix}" if stem else f"{name} ({number})"


def _shortened(name: str) -> str:
    """The name cut to its maximum, its suffix kept when it is a short one."""
    if len(name.encode()) <= MAX_NAME:
        return name
    stem, dot, suffix = name.rpartition(".")
    if not stem or len(suffix) > 10:
        stem, dot, suffix = name, "", ""
    room = MAX_NAME - len((dot + suffix).encode())
    return stem.encode()[:room].decode(errors="ignore") + dot + suffix
