"""The benchmark messages of Napster as a careful person writes them by hand: `re` and slotted dataclasses.

The parsers check what the format demands (blanks, quotes, digits, nothing left over); the builders check that no text
ends before its time, and trust their caller's types.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from socket import inet_aton, inet_ntoa

_LOGIN = re.compile(r'([^ "]+) ([^ "]+) (\d+) "([^"]*)" (\d+)(?: (\d+))?', re.ASCII)
_SHARE = re.compile(r'"([^"]*)" ([^ "]+) (\d+) (\d+) (\d+) (\d+)', re.ASCII)
_RESULT = re.compile(r'"([^"]*)" ([^ "]+) (\d+) (\d+) (\d+) (\d+) ([^ "]+) (\d+) (\d+)(?: (.*))?', re.ASCII | re.DOTALL)
_ACK = re.compile(r'([^ "]+) (\d+) (\d+) "([^"]*)" ([^ "]+) (\d+)', re.ASCII)
_CLAUSE = re.compile(
    r'(?:(FILENAME) (CONTAINS|EXCLUDES) "([^"]*)"'
    r'|(MAX_RESULTS) "?(\d+)"?'
    r'|(LINESPEED|SIZE|DURATION|BITRATE|FREQ) "(AT LEAST|AT BEST|EQUAL TO)" "?(\d+)"?'
    r"|(LOCAL_ONLY|LOCAL|WMA-FILE))(?: |$)",
    re.ASCII,
)


def _matched(pattern: re.Pattern[str], data: bytes) -> re.Match[str]:
    found = pattern.fullmatch(data.decode("utf-8", "surrogateescape"))
    if found is None:
        raise ValueError("a line that is not in order")
    return found


def _encoded(line: str) -> bytes:
    return line.encode("utf-8", "surrogateescape")


def _word(text: str) -> str:
    if not text or " " in text or '"' in text:
        raise ValueError("no word")
    return text


def _quoted(text: str) -> str:
    if '"' in text:
        raise ValueError("a quote inside")
    return text


def _address(number: str) -> str:
    return inet_ntoa(int(number).to_bytes(4, "little"))


def _number(address: str) -> int:
    return int.from_bytes(inet_aton(address), "little")


@dataclass(slots=True)
class Login:
    nick: str
    password: str
    port: int
    info: str
    link: int
    build: int | None

    @classmethod
    def parse(cls, data: bytes) -> Login:
        nick, password, port, info, link, build = _matched(_LOGIN, data).groups()
        return cls(nick, password, int(port), info, int(link), None if build is None else int(build))

    def encode(self) -> bytes:
        line = f'{_word(self.nick)} {_word(self.password)} {self.port} "{_quoted(self.info)}" {self.link}'
        return _encoded(line if self.build is None else f"{line} {self.build}")


@dataclass(slots=True)
class ShareFile:
    file: str
    md5: str
    size: int
    bitrate: int
    frequency: int
    seconds: int

    @classmethod
    def parse(cls, data: bytes) -> ShareFile:
        file, md5, size, bitrate, frequency, seconds = _matched(_SHARE, data).groups()
        return cls(file, md5, int(size), int(bitrate), int(frequency), int(seconds))

    def encode(self) -> bytes:
        return _encoded(
            f'"{_quoted(self.file)}" {_word(self.md5)} {self.size} {self.bitrate} {self.frequency} {self.seconds}'
        )


@dataclass(slots=True)
class FilenameClause:
    subject: str
    relation: str
    words: str

    def text(self) -> str:
        return f'{self.subject} {self.relation} "{_quoted(self.words)}"'


@dataclass(slots=True)
class LimitClause:
    subject: str
    maximum: int

    def text(self) -> str:
        return f"{self.subject} {self.maximum}"


@dataclass(slots=True)
class NumberClause:
    subject: str
    comparison: str
    number: int

    def text(self) -> str:
        mark = '"' if self.subject in ("BITRATE", "FREQ") else ""
        return f'{self.subject} "{self.comparison}" {mark}{self.number}{mark}'


@dataclass(slots=True)
class FlagClause:
    subject: str

    def text(self) -> str:
        return self.subject


Clause = FilenameClause | LimitClause | NumberClause | FlagClause


@dataclass(slots=True)
class Search:
    clauses: list[Clause]

    @classmethod
    def parse(cls, data: bytes) -> Search:
        line = data.decode("utf-8", "surrogateescape")
        clauses: list[Clause] = []
        at = 0
        while at < len(line):
            found = _CLAUSE.match(line, at)
            if found is None:
                raise ValueError("no clause")
            at = found.end()
            name, relation, words, limit, maximum, subject, comparison, number, flag = found.groups()
            if name:
                clauses.append(FilenameClause(name, relation, words))
            elif limit:
                clauses.append(LimitClause(limit, int(maximum)))
            elif subject:
                clauses.append(NumberClause(subject, comparison, int(number)))
            else:
                clauses.append(FlagClause(flag))
        return cls(clauses)

    def encode(self) -> bytes:
        return _encoded(" ".join([clause.text() for clause in self.clauses]))


@dataclass(slots=True)
class SearchResult:
    file: str
    md5: str
    size: int
    bitrate: int
    frequency: int
    seconds: int
    nick: str
    ip: str
    link: int
    more: str | None

    @classmethod
    def parse(cls, data: bytes) -> SearchResult:
        file, md5, size, bitrate, frequency, seconds, nick, ip, link, more = _matched(_RESULT, data).groups()
        numbers = int(size), int(bitrate), int(frequency), int(seconds)
        return cls(file, md5, *numbers, nick, _address(ip), int(link), more)

    def encode(self) -> bytes:
        line = (
            f'"{_quoted(self.file)}" {_word(self.md5)} {self.size} {self.bitrate} {self.frequency} {self.seconds}'
            f" {_word(self.nick)} {_number(self.ip)} {self.link}"
        )
        return _encoded(line if self.more is None else f"{line} {self.more}")


@dataclass(slots=True)
class DownloadAck:
    nick: str
    ip: str
    port: int
    file: str
    md5: str
    link: int

    @classmethod
    def parse(cls, data: bytes) -> DownloadAck:
        nick, ip, port, file, md5, link = _matched(_ACK, data).groups()
        return cls(nick, _address(ip), int(port), file, md5, int(link))

    def encode(self) -> bytes:
        return _encoded(
            f'{_word(self.nick)} {_number(self.ip)} {self.port} "{_quoted(self.file)}" {_word(self.md5)} {self.link}'
        )


@dataclass(slots=True)
class PrivateMessage:
    nick: str
    text: str

    @classmethod
    def parse(cls, data: bytes) -> PrivateMessage:
        nick, blank, text = data.decode("utf-8", "surrogateescape").partition(" ")
        if not blank:
            raise ValueError("no text")
        return cls(_word(nick), text)

    def encode(self) -> bytes:
        return _encoded(f"{_word(self.nick)} {self.text}")
