"""A scenario: what a tester does with a node, step by step, as data that can be saved, read and played again.

Rules of this file:

- A step holds plain values only, and names another step by its label, never by its place: a scenario from which steps
  were taken away is a scenario still. A step that refers to what is not there does nothing when it is played.
- Every field has a default, which is the simplest value: to simplify a step is to put a default back.
- What the node chooses (its servent id, its indexes) is not written down, so a scenario can be played against any node.
- The format is versioned; a file of another version, or with words that mean nothing, is refused in one line.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, ClassVar, Self

import msgspec

FORMAT = 1
"""Raised when the meaning of a field changes."""


class ScenarioError(ValueError):
    """A file holds no scenario of this format; the message is one line for the user."""


class Step(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True, tag_field="do"):
    """One thing that the tester does. `label` is a number that no other step of the scenario has."""

    label: Annotated[int, msgspec.Meta(ge=0, le=1_000_000)] = 0

    @property
    def links(self) -> tuple[str, ...]:
        """The links that the step uses, by name."""
        return ()

    def renamed(self, names: Mapping[str, str]) -> Self:
        """The step with other links: `names` says which stands for which."""
        del names
        return self

    def words(self) -> str:
        """The step in words, for a person."""
        return type(self).__name__

    def simpler(self) -> Iterator[Self]:
        """The step with one field made simpler, each way in turn: the default, or a number half way to it."""
        for field in msgspec.structs.fields(type(self)):
            value, plain = getattr(self, field.name), field.default
            if field.name == "label" or plain is msgspec.NODEFAULT or value == plain:
                continue
            yield msgspec.structs.replace(self, **{field.name: plain})
            if type(value) is int and type(plain) is int and abs(value - plain) > 1:
                yield msgspec.structs.replace(self, **{field.name: (value + plain) // 2})


class Scenario(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """Steps, and the scene in which they are played: `links` that are made before the first one, named `A`, `B`, ...

    `node` says which variant of the node is asked for, in words of the network's own; empty for the ordinary one.
    A network's own class says which steps there are: `steps: tuple[Ping | Query, ...]`.
    """

    steps: tuple[Any, ...] = ()
    links: Annotated[int, msgspec.Meta(ge=0, le=26)] = 0
    node: str = ""

    network: ClassVar[str] = ""

    @property
    def scene(self) -> tuple[str, ...]:
        """The names of the links made before the first step."""
        return tuple(link_name(number) for number in range(self.links))

    def with_steps(self, steps: tuple[Any, ...]) -> Self:
        """The same scene with other steps."""
        return msgspec.structs.replace(self, steps=steps)

    def simpler(self) -> Iterator[Self]:
        """The scenario in a simpler scene: without its last link, or with that in the place of one that is not used."""
        used = {name for step in self.steps for name in step.links}
        if self.links and (last := self.scene[-1]) not in used:
            yield msgspec.structs.replace(self, links=self.links - 1)
        elif self.links:
            for spare in [name for name in self.scene if name not in used]:
                names = {last: spare, spare: last}
                yield self.with_steps(tuple(step.renamed(names) for step in self.steps))
        if self.node:
            yield msgspec.structs.replace(self, node="")

    def words(self) -> list[str]:
        """The scene and the steps in words, a line each."""
        scene = self.scene
        named = f"{', '.join(scene[:-1])} and {scene[-1]}" if len(scene) > 1 else "".join(scene)
        lines = [f"linked to the node: {named}"] if scene else []
        if self.node:
            lines.append(f"the node is one of a kind: {self.node}")
        return [*lines, *(step.words() for step in self.steps)]

    def encode(self, **more: Any) -> bytes:
        """The scenario as JSON, with whatever else is to stand beside it."""
        plain = {"format": FORMAT, "network": self.network, "scenario": msgspec.to_builtins(self), **more}
        return msgspec.json.format(msgspec.json.encode(plain), indent=2) + b"\n"

    @classmethod
    def decode(cls, data: bytes) -> Self:
        """The scenario in a file's bytes. Raises ScenarioError."""
        try:
            plain = msgspec.json.decode(data, type=_Saved)
            if plain.format != FORMAT:
                raise ScenarioError(f"format {plain.format} is not known; this is for format {FORMAT}")
            if plain.network != cls.network:
                raise ScenarioError(f"it is for {plain.network!r}, not for {cls.network!r}")
            found = msgspec.convert(plain.scenario, cls)
        except msgspec.MsgspecError as error:
            raise ScenarioError(f"it is no scenario: {error}") from error
        except UnicodeDecodeError as error:
            raise ScenarioError("it is no text") from error
        labels = [step.label for step in found.steps]
        if len(labels) != len(set(labels)):
            raise ScenarioError("two steps have one label")
        return found


class _Saved(msgspec.Struct):
    """What every saved scenario says of itself; what else stands there is for people and for other tools."""

    format: int
    network: str
    scenario: dict[str, Any]


def network_of(path: Path) -> str:
    """The network that a saved scenario is for. Raises ScenarioError, with the path."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=_Saved).network
    except OSError as error:
        raise ScenarioError(f"{path}: {(error.strerror or str(error)).lower()}") from error
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise ScenarioError(f"{path}: it is no scenario: {error}") from error


def link_name(number: int) -> str:
    """The name of a link: `A` for 0, and after `Z` `A1`, `B1`, ..."""
    round_, letter = divmod(number, 26)
    return chr(ord("A") + letter) + (str(round_) if round_ else "")
