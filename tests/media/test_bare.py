"""What a camera writes beside a picture is no one's to read: it goes, and the picture looks the same."""

from __future__ import annotations

import struct
import zlib

import pytest

from chalicelib.media.model import check_picture
from chalicelib.media.service.bare import bare
from tests.pictures import jpeg, png, webp

PLACE = b"40.7128 N 74.0060 W, Aunt Fang's phone"


def segment(marker: int, payload: bytes) -> bytes:
    return bytes([0xFF, marker]) + struct.pack(">H", len(payload) + 2) + payload


def exif(order: str, side: int) -> bytes:
    """Exif with an orientation between two other entries, and a place behind them."""
    rows = [(0x010F, 2, 1, 0), (0x0112, 3, 1, side), (0x8825, 4, 1, 0)]
    entries = b"".join(struct.pack(f"{order}HHIHH", *row, 0) for row in rows)
    head = {"<": b"II*\x00", ">": b"MM\x00*"}[order] + struct.pack(f"{order}IH", 8, len(rows))
    return segment(0xE1, b"Exif\x00\x00" + head + entries + bytes(4) + PLACE)


SCAN = segment(0xDA, b"\x01\x01\x00\x00\x3f\x00") + b"\x12\xff\x00\x34\xff\xd0\x56" + b"\xff\xff\xd9"
HEAD = jpeg(size=0).removesuffix(b"\xff\xda")
ICC = segment(0xE2, b"ICC_PROFILE\x00\x01\x01colours")
BESIDE = segment(0xE1, b"http://ns.adobe.com/xap/1.0/\x00" + PLACE) + segment(0xED, PLACE) + segment(0xFE, PLACE)


def chunk(name: bytes, payload: bytes) -> bytes:
    return struct.pack(">I", len(payload)) + name + payload + struct.pack(">I", zlib.crc32(name + payload))


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("side", [1, 6])
def test_a_jpeg_keeps_its_colours_and_which_side_is_up(order: str, side: int) -> None:
    taken = HEAD[:2] + exif(order, side) + BESIDE + segment(0xE2, b"MPF\x00" + PLACE) + ICC + HEAD[2:] + SCAN + PLACE

    shown = bare("image/jpeg", taken)
    assert PLACE not in shown
    assert shown.endswith(ICC + HEAD[2:] + SCAN)
    between = shown.removeprefix(b"\xff\xd8").removesuffix(ICC + HEAD[2:] + SCAN)
    again = segment(0xE1, b"Exif\x00\x00MM\x00*" + struct.pack(">IHHHIHH", 8, 1, 0x0112, 3, 1, side, 0) + bytes(4))
    assert between == (again if side > 1 else b"")
    assert bare("image/jpeg", shown) == shown
    check_picture("image/jpeg", shown, len(shown), "/photos/0")


def test_a_jpeg_may_be_padded_between_its_segments() -> None:
    padded = HEAD[:2] + b"\xff\xff" + exif("<", 1) + b"\xff" + HEAD[2:] + SCAN
    assert PLACE not in bare("image/jpeg", padded)
    assert bare("image/jpeg", padded).endswith(HEAD[2:] + SCAN)


def test_a_jpeg_of_several_scans_is_whole() -> None:
    tables = segment(0xC4, b"more tables")
    assert bare("image/jpeg", HEAD + SCAN[:-3] + tables + SCAN + PLACE) == HEAD + SCAN[:-3] + tables + SCAN


def test_a_png_keeps_what_is_shown() -> None:
    whole = png() + struct.pack(">I", 0)
    beside = chunk(b"eXIf", PLACE) + chunk(b"tEXt", PLACE) + chunk(b"iTXt", PLACE) + chunk(b"tIME", bytes(7))
    shown = chunk(b"iCCP", b"colours") + chunk(b"IDAT", b"pixels") + chunk(b"IEND", b"")

    assert bare("image/png", whole + beside + shown + PLACE) == whole + shown


def test_a_webp_says_no_more_that_there_is_something_beside_it() -> None:
    flags, pixels = 20, b"VP8 " + struct.pack("<I", 3) + b"abc\x00"
    taken = bytearray(webp() + pixels + b"EXIF" + struct.pack("<I", len(PLACE)) + PLACE + bytes(len(PLACE) % 2))
    taken[flags] = 0b111100
    taken[4:8] = struct.pack("<I", len(taken) - 8)

    shown = bare("image/webp", bytes(taken) + PLACE)
    assert PLACE not in shown
    assert (shown[flags], shown[-len(pixels) :]) == (0b110000, pixels)
    assert struct.unpack("<I", shown[4:8]) == (len(shown) - 8,)


@pytest.mark.parametrize(("kind", "content"), [("jpeg", jpeg()), ("png", png()), ("webp", webp())])
def test_what_is_cut_off_stays_as_it_came(kind: str, content: bytes) -> None:
    for end in range(12, len(content)):
        assert bare(f"image/{kind}", content[:end])[12:] in content
    assert bare(f"image/{kind}", content) == content


def test_exif_that_leads_nowhere_is_left_out() -> None:
    for cut in range(6, 60):
        broken = segment(0xE1, exif("<", 6)[4 : 4 + cut])
        assert PLACE not in bare("image/jpeg", HEAD[:2] + broken + HEAD[2:] + SCAN)


@pytest.mark.parametrize("between", [segment(0xC4, b"\xff\xd9more tables"), segment(0xDB, b"\x00\xff\xd9" * 20)])
def test_what_stands_in_the_tables_between_scans_does_not_end_the_picture(between: bytes) -> None:
    whole = HEAD + SCAN[:-3] + between + SCAN
    assert bare("image/jpeg", whole + PLACE) == whole


def test_what_is_written_between_scans_or_behind_stray_bytes_goes_too() -> None:
    beside = segment(0xFE, PLACE) + exif("<", 1)
    assert bare("image/jpeg", HEAD + SCAN[:-3] + beside + SCAN) == HEAD + SCAN[:-3] + SCAN
    stray = bare("image/jpeg", HEAD[:2] + exif("<", 1) + b"\x00\x00" + beside + HEAD[2:] + SCAN)
    assert PLACE not in stray
    assert stray.endswith(HEAD[2:] + SCAN)


def test_a_small_picture_of_the_whole_beside_it_goes() -> None:
    small = segment(0xE0, b"JFXX\x00\x10" + PLACE)
    assert bare("image/jpeg", HEAD + small + SCAN) == HEAD + SCAN


def test_a_picture_full_of_fillers_takes_no_longer_than_another() -> None:
    whole = HEAD + SCAN[:-3] + b"\xff" * 4_000_000 + b"\x00" + SCAN[-3:]
    assert bare("image/jpeg", whole + PLACE) == whole


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("side", [1, 6])
def test_a_png_and_a_webp_keep_which_side_is_up(order: str, side: int) -> None:
    tiff = exif(order, side)[10:]
    upright = b"MM\x00*" + struct.pack(">IHHHIHH", 8, 1, 0x0112, 3, 1, side, 0) + bytes(4)
    whole, shown = png() + struct.pack(">I", 0), chunk(b"IDAT", b"pixels") + chunk(b"IEND", b"")
    kept = chunk(b"eXIf", upright) if side > 1 else b""
    assert bare("image/png", whole + chunk(b"eXIf", tiff) + shown) == whole + kept + shown

    flags, pixels = 20, b"VP8 " + struct.pack("<I", 4) + b"abcd"
    for begins in (b"", b"Exif\x00\x00"):
        taken = bytearray(webp() + pixels + riff(b"EXIF", begins + tiff) + riff(b"XMP ", PLACE))
        taken[flags] = 0b111100
        taken[4:8] = struct.pack("<I", len(taken) - 8)
        found = bare("image/webp", bytes(taken))
        assert found.endswith(pixels + (riff(b"EXIF", upright) if side > 1 else b""))
        assert found[flags] == (0b111000 if side > 1 else 0b110000)
        assert struct.unpack("<I", found[4:8]) == (len(found) - 8,)
        assert bare("image/webp", found) == found


def riff(name: bytes, payload: bytes) -> bytes:
    return name + struct.pack("<I", len(payload)) + payload + bytes(len(payload) % 2)
