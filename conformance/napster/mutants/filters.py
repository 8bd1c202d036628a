"""Comparisons gone wrong: at the value that decides, with several of a kind, with several kinds."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from ....codecs.message import Message
from ....codecs.napster import Clause, QualityClause, SpeedClause
from ....reference.napster import Server
from ....reference.napster.server.postings import Wanted
from ....reference.napster.server.session import Session
from ....reference.napster.server.tags import ANY, Span
from ...mutants import mutant


def _last(clauses: Sequence[Clause], subject: str) -> Sequence[Clause]:
    """The last comparison of one property alone."""
    return [each for each in clauses if isinstance(each, SpeedClause | QualityClause) and each.subject == subject][-1:]


def _between(span: Span) -> Span:
    """The same without its ends."""
    return Span(span.low + (span.low > ANY.low), span.high - (span.high < ANY.high))


# --- bitrates


@mutant(breaks="NAP-SRC-13")
class WantsHigherBitrates(Server):
    """Takes AT LEAST and AT BEST of a bitrate for more and less."""

    def bitrates(self, clauses: Sequence[Clause]) -> Span:
        return _between(super().bitrates(clauses))


@mutant(breaks="NAP-SRC-13")
class TakesTheLastBitrate(Server):
    """Lets a later comparison of bitrates take the place of an earlier one."""

    def bitrates(self, clauses: Sequence[Clause]) -> Span:
        return super().bitrates(_last(clauses, "BITRATE"))


@mutant(breaks="NAP-SRC-13")
class TakesBestForMost(Server):
    """Takes AT BEST of a bitrate for the same as AT LEAST."""

    def bitrates(self, clauses: Sequence[Clause]) -> Span:
        span = super().bitrates(clauses)
        return Span(span.high) if span.low == ANY.low and span.high < ANY.high else span


# --- link types


@mutant(breaks="NAP-SRC-14")
class WantsFasterLinks(Server):
    """Takes AT LEAST and AT BEST of a link type for more and less."""

    def link_types(self, clauses: Sequence[Clause]) -> Span:
        return _between(super().link_types(clauses))


@mutant(breaks="NAP-SRC-14")
class TakesTheLastLinkType(Server):
    """Lets a later comparison of link types take the place of an earlier one."""

    def link_types(self, clauses: Sequence[Clause]) -> Span:
        return super().link_types(_last(clauses, "LINESPEED"))


@mutant(breaks="NAP-SRC-14", also=("NAP-SRC-16",))
class ComparesTheSearchersLink(Server):
    """Compares the link type of the one who searches."""

    def wanted(self, session: Session, clauses: Sequence[Clause]) -> Wanted:
        wanted = super().wanted(session, clauses)
        holds = wanted.link.low <= session.link_type <= wanted.link.high
        return replace(wanted, link=ANY if holds else Span(1, 0))


# --- frequencies


@mutant(breaks="NAP-SRC-15")
class WantsHigherFrequencies(Server):
    """Takes AT LEAST and AT BEST of a frequency for more and less."""

    def frequencies(self, clauses: Sequence[Clause]) -> Span:
        return _between(super().frequencies(clauses))


@mutant(breaks="NAP-SRC-15")
class TakesTheLastFrequency(Server):
    """Lets a later comparison of frequencies take the place of an earlier one."""

    def frequencies(self, clauses: Sequence[Clause]) -> Span:
        return super().frequencies(_last(clauses, "FREQ"))


@mutant(breaks="NAP-SRC-15")
class IgnoresFrequencies(Server):
    """Does not compare frequencies."""

    def frequencies(self, clauses: Sequence[Clause]) -> Span:
        return ANY


# --- the form of numbers, and all together


@mutant(breaks="NAP-SRC-05")
class WantsBitratesInQuotes(Server):
    """Does not understand a bitrate without quotes."""

    def decoded(self, message: type[Message], body: bytes) -> Message:
        return super().decoded(message, re.sub(rb'^(FILENAME .* BITRATE "[A-Z ]+") (\d)', rb"\1 ?\2", body))


@mutant(breaks="NAP-SRC-05")
class WantsLinkTypesBare(Server):
    """Does not understand a link type in quotes."""

    def decoded(self, message: type[Message], body: bytes) -> Message:
        return super().decoded(message, re.sub(rb'^(FILENAME .* LINESPEED "[A-Z ]+") "', rb'\1 ?"', body))


@mutant(breaks="NAP-SRC-16")
class ForgetsTheBitrate(Server):
    """Does not compare the bitrate where it compares the link type."""

    def wanted(self, session: Session, clauses: Sequence[Clause]) -> Wanted:
        wanted = super().wanted(session, clauses)
        return wanted if wanted.link == ANY else replace(wanted, bitrate=ANY)
