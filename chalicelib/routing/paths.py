"""Paths such as `/v1/orders/{id}` as a tree: which of them a request's path is, and with which parameters."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import unquote

Index = Mapping[str, Mapping[str, str]]
"""Path to method to the name of the router that declares it."""


@dataclass(slots=True)
class _Node:
    fixed: dict[str, _Node] = field(default_factory=dict)
    open: _Node | None = None
    declared: str | None = None


class Paths:
    """Declared paths; a fixed segment wins over a parameter."""

    def __init__(self, declared: Iterable[str]) -> None:
        self._root = _Node()
        for path in declared:
            node = self._root
            for segment in _segments(path):
                if segment.startswith("{"):
                    node.open = node.open or _Node()
                    node = node.open
                else:
                    node = node.fixed.setdefault(segment, _Node())
            node.declared = path

    def match(self, path: str) -> tuple[str, dict[str, str]] | None:
        """The declared path that a raw (still percent-encoded) path is, and its decoded parameters.

        Segments are told apart before they are decoded, so that `%2F` belongs to a segment. Bytes that are not UTF-8
        become U+FFFD, and a percent sign without two hexadecimal digits stays as it is.
        """
        segments = [unquote(segment) for segment in _segments(path)]
        declared = _find(self._root, segments, 0)
        if declared is None:
            return None
        names = _segments(declared)
        parameters = {n[1:-1]: value for n, value in zip(names, segments, strict=True) if n.startswith("{")}
        return declared, parameters


def _segments(path: str) -> list[str]:
    # As API Gateway does, one slash at the end is taken no notice of.
    path = path.removeprefix("/").removesuffix("/")
    return path.split("/") if path else []


def _find(node: _Node, segments: Sequence[str], at: int) -> str | None:
    if at == len(segments):
        return node.declared
    following = node.fixed.get(segments[at])
    found = _find(following, segments, at + 1) if following else None
    if found is None and node.open and segments[at]:
        found = _find(node.open, segments, at + 1)
    return found
