"""What a codec raises: one exception for bytes that are no message, one for values that are none.

Every parser accepts any bytes and raises only `DecodeError`; every builder accepts any value and raises only
`EncodeError`. Both are `ValueError`, so that a caller who knows nothing of peerspec can still catch them.
"""

from __future__ import annotations

__all__ = ["CodecError", "DecodeError", "EncodeError"]


class CodecError(ValueError):
    """Common root of `DecodeError` and `EncodeError`."""

    def __init__(self, network: str, message: str, path: str, reason: str) -> None:
        super().__init__(network, message, path, reason)
        self.network = network
        self.message = message
        self.path = path
        self.reason = reason

    @property
    def where(self) -> str:
        """`network.Message.path`, without the path when the fault is the message as a whole."""
        return ".".join(part for part in (self.network, self.message, self.path) if part)

    def __str__(self) -> str:
        return f"{self.where}: {self.reason}"


class DecodeError(CodecError):
    """Bytes that are not a message of the type they were read as.

    `path` names the field as in `results[3].name`; `offset` counts bytes from the start of what was decoded to the
    first byte that is wrong or missing; `reason` is a short clause without a full stop.
    """

    def __init__(self, network: str, message: str, path: str, offset: int, reason: str) -> None:
        super().__init__(network, message, path, reason)
        self.args = (network, message, path, offset, reason)
        self.offset = offset

    def __str__(self) -> str:
        return f"{self.where} at byte {self.offset}: {self.reason}"


class EncodeError(CodecError):
    """A value that the layout has no bytes for: an integer out of range, a terminator inside a string, a wrong type."""
