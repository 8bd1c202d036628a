"""MP3 frames, made byte by byte (ISO 11172-3, 2.4.1.3; the Xing header as LAME writes it)."""

SAMPLES = 1152
_BITRATES = (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)
_FREQUENCIES = (44100, 48000, 32000)


def frame(bitrate: int, frequency: int, body: bytes = b"") -> bytes:
    """One frame of MPEG-1 Layer III, stereo, without padding; `body` stands behind the header, zeros after it."""
    header = bytes((0xFF, 0xFB, _BITRATES.index(bitrate) << 4 | _FREQUENCIES.index(frequency) << 2, 0))
    length = 144 * bitrate * 1000 // frequency
    return (header + body).ljust(length, b"\0")


def constant(frames: int, bitrate: int, frequency: int) -> bytes:
    """A file of constant bitrate."""
    return frame(bitrate, frequency) * frames


def variable(rates: list[int], frequency: int) -> bytes:
    """A file of frames of several bitrates, with a Xing header in a frame of its own in front."""
    frames = b"".join(frame(rate, frequency) for rate in rates)
    first_length = len(frame(128, frequency))
    xing = b"Xing" + (3).to_bytes(4) + len(rates).to_bytes(4) + (first_length + len(frames)).to_bytes(4)
    return frame(128, frequency, bytes(32) + xing) + frames


def tag(length: int) -> bytes:
    """An ID3v2.3 tag of `length` bytes in all, of padding."""
    size = length - 10
    return b"ID3\x03\x00\x00" + bytes(size >> shift & 0x7F for shift in (21, 14, 7, 0)) + bytes(size)
