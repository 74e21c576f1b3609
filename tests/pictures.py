"""Small pictures with a header of any size in pixels, as bytes."""

from __future__ import annotations

import struct


def jpeg(width: int = 640, height: int = 480, *, exif: int = 0, size: int = 100) -> bytes:
    """A JPEG (ITU-T T.81, annex B): its frame header stands behind so many bytes of Exif."""
    parts = [b"\xff\xe0" + struct.pack(">H", 16) + b"JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00"]
    while exif > 0:
        part = min(exif, 65_000)
        parts.append(b"\xff\xe2" + struct.pack(">H", part + 2) + bytes(part))
        exif -= part
    frame = b"\xff\xc0" + struct.pack(">HBHHB", 11, 8, height, width, 1) + b"\x01\x11\x00"
    whole = b"\xff\xd8" + b"".join(parts) + frame + b"\xff\xda"
    return whole + bytes(max(0, size - len(whole)))


def png(width: int = 640, height: int = 480) -> bytes:
    """A PNG (W3C PNG, section 11.2.2)."""
    return (
        b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    )


def webp(width: int = 640, height: int = 480) -> bytes:
    """An extended WebP (RFC 9649, section 2.7), whose sides are stored less one in three bytes each."""
    sides = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    chunk = b"VP8X" + struct.pack("<I", 10) + bytes(4) + sides
    return b"RIFF" + struct.pack("<I", len(chunk) + 4) + b"WEBP" + chunk
