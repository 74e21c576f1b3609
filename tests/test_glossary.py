"""The glossary and the code agree: a word has one meaning, a place where it is used, and no rival."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
GLOSSARY = (ROOT / "docs" / "glossary.md").read_text()
CODE = {path: path.read_text() for path in sorted((ROOT / "chalicelib").rglob("*.py"))}
PUBLISHED = {'"settled"', "'settled'", "/settle", "SETTLED", "settled_at", "settled_by"}
"""Names that stand in stored records, events and the API, and stay what they were."""


def rows(heading: str) -> list[list[str]]:
    """The cells of the table under a heading, without its head."""
    section = GLOSSARY.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    lines = [line for line in section.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


HEADINGS = re.findall(r"^## (.+)$", GLOSSARY, re.MULTILINE)
KEPT = "Kept for one meaning"
WORDS = [row for heading in HEADINGS if heading != KEPT for row in rows(heading)]


def used_in(package: str) -> str:
    """What the files of a package say, or the parts of it that are named by its word."""
    folder = ROOT / "chalicelib" / package
    return "\n".join(text for path, text in CODE.items() if path.is_relative_to(folder)).lower()


def test_a_word_has_one_row_in_both_languages() -> None:
    for column in (0, 1):
        words = [row[column] for row in WORDS]
        assert sorted(words) == sorted(set(words))
    assert len(WORDS) > 60


@pytest.mark.parametrize(("word", "_zh", "_meaning", "package"), WORDS, ids=[row[0] for row in WORDS])
def test_a_word_is_used_where_it_is_said_to_be(word: str, _zh: str, _meaning: str, package: str) -> None:
    assert (ROOT / "chalicelib" / package).is_dir()
    spelled = re.compile(r"[ _-]?".join(map(re.escape, word.lower().split())).replace(r"\-", r"[-_ ]?"))
    assert spelled.search(used_in(package)), f"nothing in {package} says {word!r}"


@pytest.mark.parametrize(("words", "_is_only", "places"), rows(KEPT), ids=[row[0] for row in rows(KEPT)])
def test_a_word_that_is_kept_stands_nowhere_else(words: str, _is_only: str, places: str) -> None:
    allowed = [place.strip() for place in places.split(",") if place.strip()]
    forms = "|".join(rf"{word.strip().removesuffix('e')}(?:e|es|ed|ing)" if "settle" in word else word.strip()
                     for word in words.split(","))  # fmt: skip
    spelled = re.compile(rf"(?<![\w/\"'])(?:{forms})(?![\w\"'])", re.IGNORECASE)
    found = [
        f"{path.relative_to(ROOT)}: {line.strip()[:100]}"
        for path, text in CODE.items()
        if path.relative_to(ROOT / "chalicelib").parts[0] not in allowed
        for line in text.splitlines()
        if spelled.search(line) and not any(name in line for name in PUBLISHED)
    ]
    assert found == []
