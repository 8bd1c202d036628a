"""The checksum that a peer gives for a file: MD5 over its beginning, a hyphen, and the size without tags.

Rules of this file:

- Over how many bytes is the peer's choice (NAP-PER-10): 299,008, the tag in front left out, as Napster's own program.
- Tags are ID3v2 in front (id3.org, 2.3.0, section 3.1) and ID3v1 in the last 128 bytes.
"""

from hashlib import md5

from ...shares import Content

PREFIX = 299_008
"""Bytes that the MD5 goes over."""

_V2_HEADER, _V1_LENGTH = 10, 128


def tag_before(content: Content) -> int:
    """Return how many bytes an ID3v2 tag takes in front of a file; 0 when there is none. Raises OSError."""
    header = content.read(0, _V2_HEADER)
    if len(header) < _V2_HEADER or not header.startswith(b"ID3") or any(byte & 0x80 for byte in header[6:]):
        return 0
    length = 0
    for byte in header[6:]:
        length = length << 7 | byte
    return min(_V2_HEADER + length, content.size)


def tag_behind(content: Content) -> int:
    """Return how many bytes an ID3v1 tag takes at the end of a file; 0 when there is none. Raises OSError."""
    if content.size < _V1_LENGTH:
        return 0
    return _V1_LENGTH if content.read(content.size - _V1_LENGTH, 3) == b"TAG" else 0


def checksum_of(content: Content) -> str:
    """Return the checksum of a file, such as `58dc354f81bf37b050799ead7ca8d3bc-5333975`. Raises OSError."""
    begin, end = tag_before(content), content.size - tag_behind(content)
    data = content.read(begin, min(PREFIX, content.size - begin))
    return f"{md5(data, usedforsecurity=False).hexdigest()}-{max(0, end - begin)}"
