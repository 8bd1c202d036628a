"""The kinds of field that Napster's bodies are made of (napster.txt, section 2; 3 for each).

A name with `FIRST_` stands at the beginning of a body, all others after one blank. Limits in bytes are generous: what
a server refuses as too long is its own affair, up to its limit for a whole body.
"""

from __future__ import annotations

from ..constructs import UpTo
from ..words import Address, Enumerated, Number, Quoted, RestText, Word

__all__ = [
    "CHANNEL",
    "COUNT",
    "FILE",
    "FIRST_CHANNEL",
    "FIRST_COUNT",
    "FIRST_FILE",
    "FIRST_NICK",
    "FIRST_WORD",
    "IP",
    "LEVEL",
    "LINK_TYPE",
    "LINK_TYPES",
    "MD5",
    "MORE",
    "NICK",
    "OPTIONAL_LEVEL",
    "OPTIONAL_TEXT",
    "OPTIONAL_WORD",
    "PORT",
    "QUOTED_LEVEL",
    "REASON",
    "SIZE",
    "TEXT",
    "TEXT_ONLY",
    "TIME",
    "WORD",
]

_WORD, _TEXT = 255, 2048
_COUNT, _SIZE = 2**32 - 1, 2**63 - 1

#: what the numbers of a link type stand for
LINK_TYPES = (
    "unknown",
    "14.4k",
    "28.8k",
    "33.6k",
    "56.7k",
    "ISDN 64k",
    "ISDN 128k",
    "cable",
    "DSL",
    "T1",
    "T3 or more",
)
_LEVELS = ("Leech", "User", "Moderator", "Admin", "Elite")

FIRST_WORD, WORD, OPTIONAL_WORD = Word(_WORD, lead=b""), Word(_WORD), UpTo(0, Word(_WORD))
#: letters, digits and `_[]{}-@^!$`, compared without regard to case; what exactly is valid is the server's affair
FIRST_NICK, NICK = FIRST_WORD, WORD
#: any word; OpenNap puts `#` before one that begins with neither `#` nor `&`
FIRST_CHANNEL, CHANNEL = FIRST_WORD, WORD
#: hexadecimal digits, sometimes with `-` and the size without tags, sometimes anything: an opaque word
MD5 = WORD
FIRST_FILE, FILE = Quoted(_TEXT, lead=b""), Quoted(_TEXT)
FIRST_COUNT, COUNT = Number(_COUNT, lead=b""), Number(_COUNT)
SIZE = Number(_SIZE)
PORT = COUNT
LINK_TYPE = COUNT
#: seconds since 1970
TIME = SIZE
IP = Address()
LEVEL, QUOTED_LEVEL = Enumerated(*_LEVELS), Enumerated(*_LEVELS, quoted=True)
OPTIONAL_LEVEL = UpTo(0, LEVEL)
#: the rest of the body, blanks and quotes and all
TEXT, TEXT_ONLY = RestText(_TEXT), RestText(_TEXT, lead=b"")
OPTIONAL_TEXT = UpTo(0, TEXT)
REASON = UpTo(0, Quoted(_TEXT))
#: fields that some servers add; whoever reads the message passes over them
MORE = OPTIONAL_TEXT
