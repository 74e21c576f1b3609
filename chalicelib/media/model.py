"""What is taken as a picture: by its bytes, whatever it calls itself. Pure."""

import io
import re

from chalicelib.media.errors import TooManyPixels, WrongFileSize, WrongFileType

MOST_BYTES = 8 * 1024 * 1024
MOST_PIXELS = 64_000_000
"""More than a telephone's camera makes, and what a browser shows with 256 MB of memory."""

OWN_PICTURE = r"/s/[a-z0-9-]{1,40}/media/[0-9A-HJKMNP-TV-Z]{26}"
"""The address of a picture of a shop's own, below where the product is reached: the same for as long as it is shown."""

HEAD_BYTES = 512 * 1024
"""How much of a file tells its sides: those of a JPEG stand behind its Exif data and colour profile."""


def _is_jpeg(head: bytes) -> bool:
    return head.startswith(b"\xff\xd8\xff")


def _is_png(head: bytes) -> bool:
    return head.startswith(b"\x89PNG\r\n\x1a\n")


def _is_webp(head: bytes) -> bool:
    return head[:4] == b"RIFF" and head[8:12] == b"WEBP"


_TYPES = {"image/jpeg": _is_jpeg, "image/png": _is_png, "image/webp": _is_webp}
"""The types taken, and how the first bytes of such a file look. None of them can carry a script."""


def picture_address(slug: str, picture_id: str) -> str:
    """Where a shop's own picture is shown, below where the product is reached."""
    return f"/s/{slug}/media/{picture_id}"


def picture_in(address: str, slug: str) -> str | None:
    """The id of the shop's own picture at an address; None for an address elsewhere, empty for another shop's."""
    if re.fullmatch(OWN_PICTURE, address) is None:
        return None
    picture_id = address.rpartition("/")[2]
    return picture_id if address == picture_address(slug, picture_id) else ""


def check_announced(content_type: str, size: int) -> None:
    """Refuses a file before it is sent. Raises WrongFileType, WrongFileSize, at the fields of the form."""
    if content_type not in _TYPES:
        raise WrongFileType.at("/content_type", *_type_words())
    _check_size(size, "/size")


def check_picture(content_type: str, head: bytes, size: int, pointer: str) -> None:
    """Refuses a file that came, by its first HEAD_BYTES and its size in all.

    Raises WrongFileType, WrongFileSize, TooManyPixels, each at ``pointer``.
    """
    looks_right = _TYPES.get(content_type)
    width, height = _sides(head) if looks_right and looks_right(head) else (-1, -1)
    if width < 1 or height < 1:
        raise WrongFileType.at(pointer, *_type_words())
    _check_size(size, pointer)
    if width * height > MOST_PIXELS:
        millions = MOST_PIXELS // 1_000_000
        raise TooManyPixels.at(
            pointer,
            f"A photo has at most {millions} million pixels; this has {width} × {height}.",
            f"图片最多 {MOST_PIXELS // 10_000} 万像素，当前为 {width} × {height}。",
        )


def _sides(head: bytes) -> tuple[int, int]:
    """Width and height in pixels; -1 where the file does not say."""
    # Imported here because few requests look at a picture: 30 ms that the others need not pay.
    import imagesize  # type: ignore[import-untyped]

    width, height = imagesize.get(io.BytesIO(head))
    return int(width), int(height)


def _check_size(size: int, pointer: str) -> None:
    if not 0 < size <= MOST_BYTES:
        raise WrongFileSize.at(
            pointer,
            f"A photo has 1 to {MOST_BYTES} bytes; this has {size}.",
            f"图片大小须在 {MOST_BYTES // 1024 // 1024} MB 以内。",
        )


def _type_words() -> tuple[str, str]:
    return f"Send a picture: {', '.join(_TYPES)}.", "请上传 JPEG、PNG 或 WebP 图片。"
