"""The message base: a message is written once, as a class whose fields are Construct layouts with their meaning.

    class Pong(Message, network="gnutella", wire_type=0x01):
        \"\"\"The answer to a Ping.\"\"\"

        port: int = field(Int16ul, "TCP port on which the servent accepts connections")
        ...

The class is the value: immutable, compared by content, with the fields as attributes. Its `layout` is the tree that
every derivation walks (parser, strategies, scapy layer, table, diagram, vectors). What stands on the wire but follows
from the other fields (a count, a length, a literal word) is declared with `derived` or `constant` and is no attribute.

Fields without a default are positional, in wire order; fields with one are keyword-only by convention and by type.

Where a type number means one thing from one side and another from the other, each meaning is a class that says who
sends it: `sender="client"`, or several roles. A class that names nobody is sent by all.
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, ClassVar, Literal, Self, TypeVar, dataclass_transform, overload

import construct as cs
import msgspec

from . import subset
from .constructs import Record
from .errors import DecodeError, EncodeError

__all__ = [
    "FieldSpec",
    "Message",
    "Tolerance",
    "constant",
    "derived",
    "field",
    "lookup",
    "meanings",
    "message_named",
    "messages",
    "networks",
]

T = TypeVar("T")
M = TypeVar("M", bound="Message")


class Tolerance(enum.Enum):
    """What a receiver may make of a defect. Without a mark a defect must be rejected."""

    MUST_REJECT = "must reject"
    MAY_ACCEPT = "may accept"
    MUST_ACCEPT = "must accept"


class FieldSpec:
    """One field of a layout: its Construct, its meaning and how strictly a receiver must take it.

    `unit` ("KiB", "kbit/s") and `legal` (the range that makes sense, where it is narrower than what fits) are for
    readers. `tolerance` maps the name of a defect of this field to what a receiver may make of it.
    """

    def __init__(
        self,
        construct: cs.Construct[Any, Any],
        doc: str,
        *,
        unit: str = "",
        legal: str = "",
        default: Any = msgspec.NODEFAULT,
        tolerance: Mapping[str, Tolerance] | None = None,
        is_value: bool = True,
    ) -> None:
        self.name = ""
        self.construct = construct
        self.doc = doc
        self.unit = unit
        self.legal = legal
        self.default = default
        self.tolerance: Mapping[str, Tolerance] = MappingProxyType(dict(tolerance or {}))
        self.is_value = is_value

    def __repr__(self) -> str:
        return f"FieldSpec({self.name!r}, {self.construct!r})"


@overload
def field(
    construct: cs.Construct[T, Any],
    doc: str,
    *,
    unit: str = ...,
    legal: str = ...,
    tolerance: Mapping[str, Tolerance] | None = ...,
) -> T: ...
@overload
def field(
    construct: cs.Construct[T, Any],
    doc: str,
    *,
    default: T,
    kw_only: Literal[True],
    unit: str = ...,
    legal: str = ...,
    tolerance: Mapping[str, Tolerance] | None = ...,
) -> T: ...
def field(
    construct: cs.Construct[Any, Any],
    doc: str,
    *,
    default: Any = msgspec.NODEFAULT,
    kw_only: bool = False,
    unit: str = "",
    legal: str = "",
    tolerance: Mapping[str, Tolerance] | None = None,
) -> Any:
    """Declare a field that is an attribute of the message. `kw_only` is for type checkers: say it with a default."""
    return FieldSpec(construct, doc, unit=unit, legal=legal, default=default, tolerance=tolerance)


def derived(construct: cs.Construct[Any, Any], doc: str, source: Any, **options: Any) -> Any:
    """Declare bytes that follow from another field, as `derived(Int8ul, "hits that follow", len_(this.results))`."""
    return FieldSpec(cs.Rebuild(construct, source), doc, is_value=False, **options)


def constant(raw: bytes, doc: str, **options: Any) -> Any:
    """Declare bytes that are always the same, such as the verb of a request line."""
    return FieldSpec(cs.Const(raw), doc, is_value=False, **options)


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
class _MessageMeta(msgspec.StructMeta):
    def __new__(
        mcls,
        name: str,
        bases: tuple[type, ...],
        namespace: dict[str, Any],
        *,
        network: str | None = None,
        wire_type: int | None = None,
        sender: str | tuple[str, ...] = (),
        since: str = "",
        **options: Any,
    ) -> Any:
        specs = {key: value for key, value in namespace.items() if isinstance(value, FieldSpec)}
        for key, spec in specs.items():
            spec.name = key
            del namespace[key]
            if spec.default is not msgspec.NODEFAULT:
                namespace[key] = spec.default
        annotations = namespace.get("__annotations__", {})
        # required before optional, each in wire order: what a signature demands and a wire does not
        namespace["__annotations__"] = dict(sorted(annotations.items(), key=lambda item: item[0] in namespace))
        cls: Any = super().__new__(mcls, name, bases, namespace, frozen=True, gc=False, **options)
        if network is not None:
            if any(getattr(base, "specs", None) for base in bases):
                raise TypeError(f"{name} can't extend another message: a layout is written in one place")
            cls.network = network
            cls.wire_type = wire_type
            cls.senders = (sender,) if isinstance(sender, str) else sender
            cls.since = since
            cls.specs = MappingProxyType(specs)
            subset.check(cls)
            cls.layout = Record(cls, cs.Struct(*(key / spec.construct for key, spec in specs.items())))
            _register(cls)
        return cls


# once more here: mypy would otherwise take msgspec's own transform, which knows nothing of `field`
@dataclass_transform(frozen_default=True, field_specifiers=(field,))
class Message(msgspec.Struct, metaclass=_MessageMeta):
    """A message of some network. Subclasses declare fields; see the module's own words.

    `senders` are the roles that send it, empty for all; `since` is the first revision of the protocol's document that
    has it, empty where the network's documents need no telling apart.
    """

    network: ClassVar[str] = ""
    wire_type: ClassVar[int | None] = None
    senders: ClassVar[tuple[str, ...]] = ()
    since: ClassVar[str] = ""
    specs: ClassVar[Mapping[str, FieldSpec]] = MappingProxyType({})
    layout: ClassVar[Record]

    @classmethod
    def decode(cls, data: bytes | bytearray | memoryview) -> Self:
        """The message that all of `data` is. Raises `DecodeError`, and nothing else, on any other bytes."""
        decoded: Self = _compiled(cls)[0](data)
        return decoded

    def encode(self) -> bytes:
        """The bytes of this message. Raises `EncodeError`, and nothing else, when a field does not fit its layout."""
        return _compiled(type(self))[1](self)

    def replace(self, /, **changes: Any) -> Self:
        """A copy with other values in the named fields. Raises `TypeError` on a name that is no field."""
        return msgspec.structs.replace(self, **changes)

    @classmethod
    def summary(cls) -> str:
        """The first line of the docstring: what the message is for."""
        return (cls.__doc__ or "").strip().partition("\n")[0]


def _compiled(cls: type[Message]) -> tuple[Callable[[Any], Any], Callable[[Any], bytes]]:
    """Emit the parser and the builder of a class and put them in the place of `decode` and `encode`, at first use."""
    from .emitter import compiled

    decode, encode = compiled(cls)
    type.__setattr__(cls, "decode", staticmethod(decode))
    type.__setattr__(cls, "encode", encode)
    return decode, encode


_by_type: dict[tuple[str, int], tuple[type[Message], ...]] = {}
_by_name: dict[str, dict[str, type[Message]]] = {}


def _register(cls: type[Message]) -> None:
    names = _by_name.setdefault(cls.network, {})
    if cls.__name__ in names:
        raise TypeError(f"{cls.network} already has a message {cls.__name__}")
    if cls.wire_type is not None:
        others = _by_type.get((cls.network, cls.wire_type), ())
        for other in others:
            if not cls.senders or not other.senders or set(cls.senders) & set(other.senders):
                raise TypeError(f"{cls.network} type {cls.wire_type:#x} is {other.__name__} already")
        _by_type[cls.network, cls.wire_type] = (*others, cls)
    names[cls.__name__] = cls


def networks() -> tuple[str, ...]:
    """Names of the networks whose codecs have been imported."""
    return tuple(_by_name)


def messages(network: str) -> tuple[type[Message], ...]:
    """Every message and record of a network, in the order of declaration. Empty for a network not imported."""
    return tuple(_by_name.get(network, {}).values())


def meanings(network: str, wire_type: int, sender: str | None = None) -> tuple[type[Message], ...]:
    """The messages with this type number, in the order of declaration; only what `sender` sends, if that is given."""
    found = _by_type.get((network, wire_type), ())
    return tuple(cls for cls in found if sender is None or not cls.senders or sender in cls.senders)


def lookup(network: str, wire_type: int, sender: str | None = None) -> type[Message] | None:
    """The first of the `meanings` of this type number, or None."""
    return next(iter(meanings(network, wire_type, sender)), None)


def message_named(network: str, name: str) -> type[Message]:
    """The message class of this name. Raises `KeyError`."""
    return _by_name[network][name]


def malformed(cls: type[Message], path: str, offset: int, reason: str) -> DecodeError:
    """A `DecodeError` about a message class."""
    return DecodeError(cls.network, cls.__name__, path, offset, reason)


def unencodable(cls: type[Message], path: str, reason: str) -> EncodeError:
    """An `EncodeError` about a message class."""
    return EncodeError(cls.network, cls.__name__, path, reason)
