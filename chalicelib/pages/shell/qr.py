"""Codes that are scanned, drawn as pictures that phones can keep. Pure."""

from collections.abc import Iterable, Iterator


def drawing_of(address: str) -> str:
    """The code that leads to an address as an SVG, with the white border that it needs."""
    code = matrix_of(address)
    side = len(code) + 4
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="-2 -2 {side} {side}" width="{side * 8}" height="{side * 8}">'
        f'<path fill="#fff" d="M-2-2h{side}v{side}h-{side}z"/><path d="{squares(code)}"/></svg>'
    )


def matrix_of(address: str) -> tuple[bytearray, ...]:
    """The code that leads to an address, at error correction level M, without the border that it needs."""
    # Imported here because only what is scanned needs it.
    import segno

    return tuple(segno.make(address, error="m", micro=False).matrix)


def squares(matrix: Iterable[Iterable[int]]) -> str:
    """The dark squares of a code as the path of an SVG, each of them one unit wide."""
    return "".join(
        f"M{start} {y}h{length}v1h-{length}z" for y, row in enumerate(matrix) for start, length in _runs(row)
    )


def _runs(row: Iterable[int]) -> Iterator[tuple[int, int]]:
    start = None
    for x, dark in enumerate((*row, 0)):
        if dark and start is None:
            start = x
        elif not dark and start is not None:
            yield start, x - start
            start = None
