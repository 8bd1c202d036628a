"""Emits the reading of words: fields between blanks, choices between records, and series of either."""

from __future__ import annotations

from ..words import Address, Choice, Enumerated, Number, Quoted, RestText, Series, Word, opening
from .code import literal_path, strangeness
from .reader import Reader, distance

__all__ = ["WordReader"]


class WordReader(Reader):
    """Each method emits the code that reads one kind of construct and returns the source of its value."""

    def word(self, construct: Word, path: str) -> str:
        """A bare word."""
        start, stop = self._bare(construct.lead, path)
        table = self.code.table(construct.allowed)
        raw = self._assigned(f"{path}.raw", f"data[{start}:{stop}]")
        strange = strangeness(raw, construct.allowed, table)
        fault = f"no_word(data, {start}, {stop}, {construct.minimum}, {construct.maximum}, {table})"
        self._fail_if(f"not {construct.minimum} <= len({raw}) <= {construct.maximum} or {strange}", path, fault)
        return self._decoded(path, raw)

    def quoted(self, construct: Quoted, path: str) -> str:
        """Text in quotes."""
        self._lead(opening(construct), path)
        start, stop = self._find(path, b'"')
        fault = self._unended(start, b'"', 0, construct.maximum, None)
        self._fail_if(f"{stop} < 0 or {distance(start, stop)} > {construct.maximum}", path, fault)
        return self._text(path, start, stop)

    def rest_text(self, construct: RestText, path: str) -> str:
        """All text to the end of the region."""
        self._lead(construct.lead, path)
        here = self._here()
        size = distance(here, self.end)
        fault = f"long({here}, {self.end}, {construct.maximum})"
        self._fail_if(f"{size} > {construct.maximum}", path, fault)
        if construct.minimum:
            self._fail_if(f"{size} < {construct.minimum}", path, f"scarce({here}, {self.end}, {construct.minimum})")
        self._stand(self.end)
        self._used_up = True
        return self._text(path, here, self.end)

    def number(self, construct: Number | Address, path: str) -> str:
        """A decimal number, with quotes around it if they may be there."""
        quoted = isinstance(construct, Number) and construct.either
        start, stop = self._bare_or_quoted(construct.lead, path) if quoted else self._bare(construct.lead, path)
        number = self._assigned(path, f"data[{start}:{stop}]")
        most = len(str(construct.highest))
        faults = [f"not {number}.isdigit()", f"len({number}) > {most}", f"({number}[0] == 48 and len({number}) > 1)"]
        if construct.highest < 10**most - 1:
            faults.append(f"int({number}) > {construct.highest}")
        self._fail_if(" or ".join(faults), path, f"no_bare_number(data, {start}, {stop}, {construct.highest})")
        if quoted:
            self._closed(stop)
        return f"int({number})"

    def address(self, construct: Address, path: str) -> str:
        """An address written as a number."""
        return f'inet_ntoa({self.number(construct, path)}.to_bytes(4, "little"))'

    def enumerated(self, construct: Enumerated, path: str) -> str:
        """One of a few words, in any case."""
        name = self.code.name(f"{path}.word")
        known = self.code.constant("WORDS", repr(construct.known))
        if self._chosen:
            (stop, word), self._chosen = self._chosen, ()
            self.code.line(f"{name} = {known}[{word}]")
            self._stand(stop)
            return name
        if construct.quoted:
            self._lead(opening(construct), path)
            start, stop = self._find(path, b'"')
            self._fail_if(f"{stop} < 0", path, f'({self.end}, "no closing quote")')
        else:
            start, stop = self._bare(construct.lead, path)
        self.code.line(f"{name} = {known}.get(data[{start}:{stop}].upper())")
        reason = f"none of {', '.join(construct.options)}"
        self._fail_if(f"{name} is None", path, f"({start}, {reason!r})")
        return name

    def choice(self, construct: Choice, path: str) -> str:
        """One of several records, by the word that comes next."""
        self._settle()
        name, stop, word = (self.code.name(f"{path}{part}") for part in ("", ".end", ".word"))
        self.code.line(f'{stop} = data.find(b" ", pos{self._until_end})')
        with self.code.block(f"if {stop} < 0:"):
            self.code.line(f"{stop} = {self.end}")
        self.code.line(f"{word} = data[pos:{stop}].upper()")
        for number, record in enumerate(construct.records):
            known = self.code.constant("WORDS", repr(construct.words(record)))
            with self.code.block(f"{'el' * bool(number)}if {word} in {known}:"):
                self._chosen = (stop, word)
                value = self.value(record, path)
                self.code.line(f"{name} = {value}")
                self._settle()
        with self.code.block("else:"):
            reason = '"none of the words that can stand here"'
            self.code.line(f"raise malformed({literal_path(path)}, pos, {reason})")
        return name

    def series(self, construct: Series, path: str) -> str:
        """Items to the end of the region."""
        self._flush()
        name = self._list(path)
        with self.code.block(f"while pos != {self.end}:"):
            index = self._assigned(f"{path}.i", f"len({name})")
            self._fail_if(f"{index} == {construct.maximum}", path, f'(pos, "more than {construct.maximum} items")')
            if construct.between:
                with self.code.block(f"if {index}:"):
                    self._lead(construct.between, path)
                    self._settle()
            self._item(construct.subcon, path, name, index)
        self._stand(self.end)
        self._used_up = True
        return f"tuple({name})"

    def _lead(self, lead: bytes, path: str) -> None:
        """Pass over what stands before a field."""
        self._flush()
        if lead:
            here = self._here()
            fault = f"differs(data, {here}, {self.end}, {lead!r})"
            self._fail_if(f"not data.startswith({lead!r}, {here}{self._until_end})", path, fault)
            self._offset += len(lead)

    def _bare(self, lead: bytes, path: str) -> tuple[str, str]:
        """Find the end of a bare word and stand there; the positions where it begins and where it ends."""
        self._lead(lead, path)
        start, stop = self._here(), self.code.name(f"{path}.end")
        self.code.line(f'{stop} = data.find(b" ", {start}{self._until_end})')
        with self.code.block(f"if {stop} < 0:"):
            self.code.line(f"{stop} = {self.end}")
        self._stand(stop)
        return start, stop

    def _bare_or_quoted(self, lead: bytes, path: str) -> tuple[str, str]:
        """As `_bare`, or up to the closing quote of a word that is quoted."""
        self._lead(lead, path)
        self._settle()
        start, stop, mark = (self.code.name(f"{path}.{part}") for part in ("start", "end", "mark"))
        self.code.line(f"{start} = pos")
        self.code.line(f'{mark} = b" "')
        with self.code.block(f"if data.startswith(b'\"', pos{self._until_end}):"):
            self.code.line(f"{start} = pos + 1")
            self.code.line(f"{mark} = b'\"'")
        self.code.line(f"{stop} = data.find({mark}, {start}{self._until_end})")
        with self.code.block(f"if {stop} < 0:"):
            self._fail_if(f"{mark} == b'\"'", path, f'({self.end}, "no closing quote")')
            self.code.line(f"{stop} = {self.end}")
        self._mark = mark
        return start, stop

    def _closed(self, stop: str) -> None:
        """Stand after the closing quote, if there was an opening one."""
        self.code.line(f'pos = {stop} + ({self._mark} != b" ")')
        self._stand("pos")
