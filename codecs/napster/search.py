"""Search (200 to 202): a small language, and what it finds."""

from __future__ import annotations

from ..message import Message, field
from ..words import Choice, Enumerated, Number, Quoted, Series
from .grammar import COUNT, FIRST_FILE, IP, LINK_TYPE, MD5, MORE, NICK, SIZE
from .header import CLIENT, SERVER

__all__ = [
    "Clause",
    "FilenameClause",
    "FlagClause",
    "LimitClause",
    "QualityClause",
    "Search",
    "SearchEnd",
    "SearchResult",
    "SpeedClause",
    "TypeClause",
]

_COMPARISON = Enumerated("AT LEAST", "AT BEST", "EQUAL TO", quoted=True)
_COMPARED = 2**63 - 1


class FilenameClause(Message, network="napster"):
    """Words that a path must hold, or must not. Several such clauses must all be true."""

    subject: str = field(Enumerated("FILENAME", lead=b""), "what the clause is about", default="FILENAME", kw_only=True)
    relation: str = field(Enumerated("CONTAINS", "EXCLUDES"), "whether the words must be there; the second is O44's")
    words: str = field(Quoted(2048), "words, in any order; some servers take `-word` for one that must not be there")


class LimitClause(Message, network="napster"):
    """How many results are wanted at most."""

    subject: str = field(
        Enumerated("MAX_RESULTS", lead=b""), "what the clause is about", default="MAX_RESULTS", kw_only=True
    )
    maximum: int = field(Number(2**32 - 1, either=True), "how many", legal="1 to 100 on most servers")


class SpeedClause(Message, network="napster"):
    """Compares the sharer's kind of link, or (O44) the size or the length of the file, with a number."""

    subject: str = field(Enumerated("LINESPEED", "SIZE", "DURATION", lead=b""), "link type, bytes or seconds")
    comparison: str = field(_COMPARISON, "AT BEST is the number or less")
    number: int = field(Number(_COMPARED, either=True), "compared with, commonly without quotes")


class QualityClause(Message, network="napster"):
    """Compares the quality of the music with a number."""

    subject: str = field(Enumerated("BITRATE", "FREQ", lead=b""), "kbit/s or Hz")
    comparison: str = field(_COMPARISON, "AT BEST is the number or less")
    number: int = field(Number(_COMPARED, quoted=True), "compared with, commonly in quotes")


class TypeClause(Message, network="napster"):
    """The kind of file, which is music if there is no such clause (OpenNap)."""

    subject: str = field(Enumerated("TYPE", lead=b""), "what the clause is about", default="TYPE", kw_only=True)
    type: str = field(
        Enumerated("mp3", "audio", "video", "application", "image", "text", "any"), "kind; the last is O44's"
    )


class FlagClause(Message, network="napster"):
    """A wish that needs no more than its name."""

    subject: str = field(
        Enumerated("LOCAL_ONLY", "LOCAL", "WMA-FILE", "SHOW_QUEUE", "SHOW_SOFTWARE", lead=b""),
        "only this server's files (D; the short form is OpenNap's); Windows media (E); more in the results (SlavaNap)",
    )


Clause = FilenameClause | LimitClause | SpeedClause | QualityClause | TypeClause | FlagClause


class Search(Message, network="napster", wire_type=200, sender=CLIENT, since="A"):
    """Asks for files that all the clauses are true of. The order of clauses and the case of keywords do not matter."""

    clauses: tuple[Clause, ...] = field(
        Series(
            Choice(
                FilenameClause.layout,
                LimitClause.layout,
                SpeedClause.layout,
                QualityClause.layout,
                TypeClause.layout,
                FlagClause.layout,
            ),
            64,
            between=b" ",
        ),
        "what is asked",
    )


class SearchResult(Message, network="napster", wire_type=201, sender=SERVER, since="A"):
    """One file of one user."""

    file: str = field(FIRST_FILE, "path as it was shared")
    md5: str = field(MD5, "as it was shared")
    size: int = field(SIZE, "length of the file", unit="bytes")
    bitrate: int = field(COUNT, "of the music", unit="kbit/s")
    frequency: int = field(COUNT, "samples of the music", unit="Hz")
    seconds: int = field(COUNT, "length of the music", unit="s")
    nick: str = field(NICK, "who shares it")
    ip: str = field(IP, "his address")
    link: int = field(LINK_TYPE, "his kind of link", legal="0 to 10")
    more: str | None = field(
        MORE, "a weight (N), or SlavaNap's queue and software, if they were asked for", default=None, kw_only=True
    )


class SearchEnd(Message, network="napster", wire_type=202, sender=SERVER, since="A"):
    """There are no more results. Every search ends with it, also one that failed."""
