"""Text from outside: what carriers forbid, what cannot be seen, what reads as markup, where it may be cut."""

import sys
from html.parser import HTMLParser
from typing import Any

import pytest
import regex
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.kernel import text

FAMILY = "\U0001f468\u200d\U0001f469\u200d\U0001f467"
SCOTLAND = "\U0001f3f4\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f"


def test_what_xml_allows_is_allowed_and_nothing_else() -> None:
    """XML 1.0, section 2.2: #x9 | #xA | #xD | [#x20-#xD7FF] | [#xE000-#xFFFD] | [#x10000-#x10FFFF]."""
    allowed = {0x9, 0xA, 0xD, *range(0x20, 0xD800), *range(0xE000, 0xFFFE), *range(0x10000, 0x110000)}

    assert {code for code in range(sys.maxunicode + 1) if not text.forbidden(chr(code))} == allowed


def test_the_first_forbidden_character_is_named() -> None:
    assert text.forbidden("ok \ufffe then \x00") == "\ufffe"
    assert text.forbidden("王小明 👋\n") == ""


@pytest.mark.parametrize("breaking", ["\t", "\n", "\r", "\x1b", "\x7f", "\x85", "\u2028", "\u2029"])
def test_a_line_holds_no_tab_no_break_and_no_control(breaking: str) -> None:
    assert text.off_the_line(f"Corner{breaking}Market") == breaking
    assert text.off_the_line("Corner Market") == ""


def test_every_character_that_cannot_be_seen_is_looked_for() -> None:
    unseen = regex.compile(r"[\p{DI}\p{Bidi_Control}]")
    every = [chr(code) for code in range(sys.maxunicode + 1)]

    assert {each for each in every if text.harmless(f"a{each}b") == "ab"} == set(filter(unseen.match, every))


@pytest.mark.parametrize(
    ("given", "left"),
    [
        ("invoice\u202egnp.exe", "invoicegnp.exe"),
        ("Corner\u200b\u2060\ufeff Market\u200d", "Corner Market"),
        ("\u2067\u200e\u2069\u3164\u115f", ""),
        ("Ada" + "".join(chr(0xE0000 + ord(each)) for each in "hidden"), "Ada"),
        ("\u200d\U0001f468\u200d\u200d\U0001f469", "\U0001f468\U0001f469"),
    ],
)
def test_what_only_misleads_is_removed(given: str, left: str) -> None:
    assert text.harmless(given) == left


@pytest.mark.parametrize(
    "seen",
    [
        "王小明",
        FAMILY,
        SCOTLAND,
        "❤\ufe0f 1\ufe0f\u20e3 👩\U0001f3fd\u200d🚀",
        "می\u200cخواهم",
        "ශ්\u200dරී",
        "葛\U000e0100城",
        "שלום",
    ],
    ids=["Chinese", "family", "region", "presentation", "Persian", "Sinhala", "Han variant", "Hebrew"],
)
def test_what_shapes_the_text_stays(seen: str) -> None:
    assert text.harmless(seen) == seen


@pytest.mark.parametrize(
    ("given", "most", "left"),
    [
        ("王小明", 1, "王"),
        ("Ada", 2, "Ad"),
        ("Ada", 9, "Ada"),
        ("e\u0301mile", 1, "e\u0301"),
        ("王\u0301明", 1, "王\u0301"),
        (f"{FAMILY}x", 1, FAMILY),
        ("🇨🇳🇳🇿", 1, "🇨🇳"),
        ("क्षिa", 1, "क्षि"),
        ("Ada", 0, ""),
        ("", 3, ""),
    ],
)
def test_a_text_is_cut_between_characters_as_people_count_them(given: str, most: int, left: str) -> None:
    assert text.cut(given, most) == left


@pytest.mark.parametrize(
    ("given", "most_bytes", "left"),
    [
        ("Ada", 2, "Ad"),
        ("王小明", 6, "王小"),
        ("王小明", 8, "王小"),
        ("王小明", 9, "王小明"),
        ("ae\u0301", 3, "a"),
        ("ae\u0301", 4, "ae\u0301"),
        (f"a{FAMILY}", 18, "a"),
        (f"a{FAMILY}b", 19, f"a{FAMILY}"),
        (FAMILY, 3, ""),
    ],
)
def test_a_text_fits_into_bytes_without_a_torn_character(given: str, most_bytes: int, left: str) -> None:
    assert text.fit(given, most_bytes) == left


class _Tags(HTMLParser):
    """Whatever the standard library's parser takes for something else than text."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[Any] = []

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self.found.append((tag, attrs))

    def handle_endtag(self, tag: str) -> None:
        self.found.append(tag)

    def handle_comment(self, data: str) -> None:
        self.found.append(data)

    handle_decl = handle_pi = unknown_decl = handle_comment


def _tags(words: str) -> list[Any]:
    parser = _Tags()
    parser.feed(words)
    parser.close()
    return parser.found


_LIKE_TAGS = st.lists(
    st.one_of(
        st.sampled_from(
            ["<", ">", "</", "<!--", "<![CDATA[", "<?", "b", "script", "3", " ", "=", '"', "&lt;", "/", "王"]
        ),
        st.text(max_size=3),
    ),
    max_size=8,
).map("".join)


@settings(max_examples=400, deadline=None)
@given(_LIKE_TAGS)
def test_no_parser_of_html_finds_a_tag_in_what_passes_as_plain(words: str) -> None:
    assert text.marked_up(words) or not _tags(words)


@pytest.mark.parametrize(
    ("words", "what"),
    [
        ("a <b>bold</b> word", ["<b>", "</b>"]),
        ("<SCRIPT src=//x>", ["<SCRIPT src=//x>"]),
        ("5 <6 <x", ["<x"]),
        ("<!-- x -->", ["<!-- x -->"]),
        ("<?xml ?>", ["<?xml ?>"]),
        ("see JavaScript : alert(1)", ["JavaScript :"]),
        ("java\nscript:x", ["java\nscript:"]),
        ("vbscript:x", ["vbscript:"]),
        ("data:text/html,x", ["data:text/html"]),
        ("点onclick=x", ["onclick="]),
        ('" onMouseOver = "x', ["onMouseOver ="]),
    ],
)
def test_markup_and_script_are_found_where_they_stand(words: str, what: list[str]) -> None:
    assert [found for _, found in text.marked_up(words)] == what
    assert all(words[at:].startswith(found) for at, found in text.marked_up(words))


@pytest.mark.parametrize(
    "plain",
    [
        "5 < 6",
        "<3",
        "a<-b",
        "x <= y >= z",
        "3<4>2",
        "《秋梨》<第二期>",
        "Java, script",
        "on sale: 2 = 1",
        "only=1",
        "a > b",
    ],
)
def test_words_of_people_are_plain(plain: str) -> None:
    assert text.marked_up(plain) == []
