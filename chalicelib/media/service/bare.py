"""A picture without what a camera wrote beside it: where it was taken, when, with which machine, by whom. Pure.

What shows it stays: its pixels byte for byte, its colours, and which side is up. So does what is broken, as it came.
"""

import re
import struct
import zlib
from collections.abc import Iterator

_EXIF = b"Exif\x00\x00"
_ORIENTATION, _SHORT = 0x0112, 3
_ADOBE = 0xEE
"""Tells how the colours are coded."""
_STARTS_SCAN, _ENDS_PICTURE = 0xDA, 0xD9
_MARKER = re.compile(rb"\xff([^\x00\xff\xd0-\xd7])", re.DOTALL)
"""A marker of a JPEG (ITU-T T.81, B.1.1.2): neither a byte that is stuffed in a scan's data, nor a restart there."""

_PNG_SHOWN = frozenset(
    {
        b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"iCCP", b"cICP", b"sBIT", b"bKGD",
        b"pHYs", b"acTL", b"fcTL", b"fdAT",
    }
)  # fmt: skip
_WEBP_SHOWN = frozenset({b"VP8X", b"VP8 ", b"VP8L", b"ALPH", b"ICCP", b"ANIM", b"ANMF"})
_WEBP_BESIDE, _WEBP_EXIF = 0b1100, 0b1000
"""The flags of VP8X that say that there is Exif or XMP (RFC 9649, section 2.7.1)."""


def bare(content_type: str, content: bytes) -> bytes:
    """The same picture without metadata. ``content`` is a picture of that type, as ``check_picture`` judges."""
    return {"image/jpeg": _jpeg, "image/png": _png, "image/webp": _webp}[content_type](content)


def _jpeg(content: bytes) -> bytes:
    kept, at = [content[:2]], 2
    while (found := _segment(content, at)) is not None:
        start, marker, end = found
        part = content[start:end]
        if marker == _ENDS_PICTURE:
            return b"".join([*kept, content[at:end]])  # behind it a camera may have put a film, or a second picture
        if marker == 0xE1:
            kept.append(_upright(part[4:]))
        elif _is_shown(marker, part[4:]):
            kept.append(part)
        at = end
        if marker == _STARTS_SCAN:
            scanned = _MARKER.search(content, at)
            at = scanned.start() if scanned else len(content)
            kept.append(content[end:at])
    return b"".join([*kept, content[at:]])


def _segment(content: bytes, at: int) -> tuple[int, int, int] | None:
    """Where the next segment starts, behind stray bytes as decoders skip them and as many fillers as an encoder likes
    (B.1.1.2); its marker, and where it ends. None where there is none whole.
    """
    found = _MARKER.search(content, at)
    if found is None:
        return None
    start, marker = found.start(), found[1][0]
    if marker == _ENDS_PICTURE:
        return start, marker, found.end()
    end = found.end() + max(2, int.from_bytes(content[found.end() : found.end() + 2]))
    return (start, marker, end) if end <= len(content) else None


def _is_shown(marker: int, payload: bytes) -> bool:
    """Whether a segment says how the picture looks: JFIF, its colour profile, Adobe's colours, or what is no comment
    and no application's own.
    """
    if marker == 0xE0:
        return payload.startswith(b"JFIF\x00")
    if 0xE1 <= marker <= 0xEF:
        return marker == _ADOBE or (marker == 0xE2 and payload.startswith(b"ICC_PROFILE\x00"))
    return marker != 0xFE


def _upright(exif: bytes) -> bytes:
    """A segment of Exif that says which side is up, and nothing more; empty where it is up as it is."""
    tiff = _turned(exif) if exif.startswith(_EXIF) else b""
    return b"\xff\xe1" + struct.pack(">H", len(_EXIF + tiff) + 2) + _EXIF + tiff if tiff else b""


def _turned(exif: bytes) -> bytes:
    """The same of Exif as PNG and WebP keep it."""
    try:
        side = _side_of(exif.removeprefix(_EXIF))
    except struct.error:
        return b""
    if not 2 <= side <= 8:
        return b""
    return b"MM\x00*" + struct.pack(">IHHHIHH", 8, 1, _ORIENTATION, _SHORT, 1, side, 0) + bytes(4)


def _side_of(tiff: bytes) -> int:
    """The orientation (Exif 2.3, section 4.6.4); 0 where it does not say."""
    order = "<" if tiff.startswith(b"II") else ">"
    (first,) = struct.unpack_from(f"{order}I", tiff, 4)
    (entries,) = struct.unpack_from(f"{order}H", tiff, first)
    for n in range(entries):
        tag, kind, _count, value = struct.unpack_from(f"{order}HHIH", tiff, first + 2 + 12 * n)
        if (tag, kind) == (_ORIENTATION, _SHORT):
            return int(value)
    return 0


def _png(content: bytes) -> bytes:
    kept = [content[:8]]
    for name, part in _chunks(content, 8):
        if name in _PNG_SHOWN:
            kept.append(part)
        elif name == b"eXIf" and (tiff := _turned(part[8:-4])):
            kept.append(struct.pack(">I", len(tiff)) + name + tiff + struct.pack(">I", zlib.crc32(name + tiff)))
        if name == b"IEND":
            break
    return b"".join(kept)


def _chunks(content: bytes, at: int) -> Iterator[tuple[bytes, bytes]]:
    """The chunks of a PNG: length, name, data and a sum of four bytes (W3C PNG, section 5.3)."""
    while at + 8 <= len(content):
        size = int.from_bytes(content[at : at + 4]) + 12
        yield content[at + 4 : at + 8], content[at : at + size]
        at += size


def _webp(content: bytes) -> bytes:
    end = min(len(content), 8 + int.from_bytes(content[4:8], "little"))
    beside = (part[8:] for name, part in _riff_chunks(content, end) if name == b"EXIF")
    turned = next(filter(None, map(_turned, beside)), b"")
    kept = []
    for name, part in _riff_chunks(content, end):
        if name == b"VP8X" and len(part) > 8:
            flags = part[8] & ~_WEBP_BESIDE | (_WEBP_EXIF if turned else 0)
            kept.append(part[:8] + bytes([flags]) + part[9:])
        elif name in _WEBP_SHOWN:
            kept.append(part)
    if turned:
        kept.append(b"EXIF" + len(turned).to_bytes(4, "little") + turned)
    body = b"WEBP" + b"".join(kept)
    return b"RIFF" + len(body).to_bytes(4, "little") + body


def _riff_chunks(content: bytes, end: int) -> Iterator[tuple[bytes, bytes]]:
    """The chunks of a WebP: name, length and data, filled up to an even length (RFC 9649, section 2.3)."""
    at = 12
    while at + 8 <= end:
        size = int.from_bytes(content[at + 4 : at + 8], "little")
        size += 8 + size % 2
        yield content[at : at + 4], content[at : at + size]
        at += size
