"""Every visible word of the pages stands in the catalogues, in Chinese too; none stands in a template as it is."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from babel.messages.catalog import Message
from babel.messages.extract import extract
from bs4 import BeautifulSoup, NavigableString
from jinja2 import nodes

from chalicelib.pages.console.journeys import model as journeys
from chalicelib.pages.console.members import views as members
from chalicelib.pages.console.recruitment import model as recruitment
from chalicelib.pages.shell.rendering import environment
from infra.assets import PAGES, catalogues, united

TEMPLATES = sorted(path for path in PAGES.rglob("*.html") if "built" not in path.parts)
MODULES = sorted(PAGES.rglob("*.py"))

IN_PYTHON: dict[str, Any] = {"N_": None, "said": None, "counted": (1, 2), "in_context": ((1, "c"), 2)}
IN_TEMPLATES: dict[str, Any] = {"_": None, "gettext": None, "ngettext": (1, 2), "pgettext": ((1, "c"), 2)}
_SAYING = {*IN_TEMPLATES, "npgettext"}

_HOLE = re.compile(r"%(?:\((\w+)\))?[sd]")
_LONE_PERCENT = re.compile(r"(?<!%)(?:%%)*%(?!\(\w+\)[sd]|%)")
_WORDS = re.compile(r"^\s*[A-Z][a-z]|[\u3400-\u9fff]")
_SAID_BY_SCRIPT = re.compile(r"(?:(?:textContent|innerText|title|alt)\s*=|(?:alert|confirm|prompt)\()\s*[\"'`][^\W\d]")
_NAMES = ["a", "button", "span"]
SEEN = ("alt", "title", "placeholder", "aria-label", "aria-description", "aria-roledescription", "aria-valuetext")
"""Attributes that people read or hear."""

Key = tuple[str | None, str]
"""A message as code names it: its context and its (singular) English."""


def used() -> dict[Key, set[str]]:
    """What templates and modules say, and where."""
    found: dict[Key, set[str]] = defaultdict(set)
    for path in (*TEMPLATES, *MODULES):
        for line, message, context in _said_in(path):
            found[context, message].add(f"{path.relative_to(PAGES)}:{line}")
    return found


def _said_in(path: Path) -> Iterator[tuple[int, str, str | None]]:
    if path.suffix == ".html":
        yield from _said_in_template(path.read_text("utf-8"))
        return
    if not any(f"{name}(" in path.read_text("utf-8") for name in IN_PYTHON):
        return
    with path.open("rb") as source:
        for line, message, _, context in extract("python", source, IN_PYTHON):
            yield line, message[0] if isinstance(message, tuple) else message, context


def _said_in_template(source: str) -> Iterator[tuple[int, str, str | None]]:
    """By the environment that renders it, which all templates share."""
    for line, function, message in environment().extract_translations(source):  # type: ignore[attr-defined]
        parts = message if isinstance(message, tuple) else (message,)
        context, *said = parts if function in ("pgettext", "npgettext") else (None, *parts)
        if said[0] is not None:  # else a value, whose words stand where it is made
            yield line, said[0], context


@cache
def known() -> dict[Key, Message]:
    """What the catalogues translate."""
    return {_key(message): message for message in united() if message.id}


def _key(message: Message) -> Key:
    return message.context, _ids(message)[0]


def _ids(message: Message) -> tuple[str, ...]:
    return (message.id,) if isinstance(message.id, str) else tuple(message.id)


def _strings(message: Message) -> tuple[str, ...]:
    return (message.string,) if isinstance(message.string, str) else tuple(message.string)


def test_every_word_that_pages_say_is_in_a_catalogue():
    missing = {key: sorted(places) for key, places in used().items() if key not in known()}
    assert missing == {}, "give the zh.po beside the screen a translation of each"


def test_every_word_of_a_catalogue_is_said():
    """Catalogues agree on what they translate alike: two that do not are named by what this raises."""
    assert set(known()) - set(used()) == set()


def test_a_catalogue_translates_all_that_it_has():
    for path, catalogue in catalogues():
        assert not [each.id for each in catalogue if each.id and (each.fuzzy or not all(_strings(each)))], path
        assert not catalogue.obsolete, f"{path} has lines that are commented out"


def test_a_translation_fills_in_what_its_message_does():
    """In a plural the singular may leave its number out; the translation follows the plural."""
    for message in known().values():
        wanted = set(_HOLE.findall(_ids(message)[-1]))
        assert all(set(_HOLE.findall(string)) == wanted for string in _strings(message)), message.id


def test_a_per_cent_sign_that_fills_in_nothing_is_written_twice_or_wide():
    """Templates fill in every message, also one without values: a lone sign would be a page that fails."""
    said = {string for message in known().values() for string in (*_ids(message), *_strings(message))}
    assert {each for each in said if _LONE_PERCENT.search(each)} == set()


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(PAGES)))
def test_no_word_stands_in_a_template_as_it_is(path):
    assert list(_literal(path.read_text("utf-8"))) == []


@pytest.mark.parametrize(
    "source",
    [
        "<p>Hello</p>",
        "<p>你好</p>",
        "{% if a %}<img src='x' alt='A pear'>{% endif %}",
        "<button title='{{ a }} pears'>{{ _('Buy') }}</button>",
        "<input type='submit' value='Buy'>",
        "{{ forms.field('name', 'Your name') }}",
        "{% set hint = '请填写' %}",
    ],
)
def test_a_word_that_stands_in_a_template_would_be_found(source):
    assert len(list(_literal(source))) == 1


def test_a_flash_is_marked_for_the_catalogue():
    """It is said by the page that follows: a text that nobody marked would be said in English for ever."""
    for path in MODULES:
        assert not re.findall(r"\bflash=f?[\"']", path.read_text("utf-8")), path


def test_a_script_takes_its_words_from_the_page():
    for path in sorted((PAGES / "static").glob("*.js")):
        source = path.read_text("utf-8")
        assert not re.findall(r"[\u3400-\u9fff]", source), path
        assert not _SAID_BY_SCRIPT.findall(source), path


def _literal(source: str) -> Iterator[str]:
    """Words outside of what is said through the catalogues: in the markup, and as values of the template's own."""
    soup = BeautifulSoup("".join(_markup(source)), "html.parser")
    for text in soup.find_all(string=True):
        # What says its language is a name in that language, such as those to choose from.
        if type(text) is NavigableString and _letters(text) and not text.find_parent(lang=True, name=_NAMES):
            yield str(text)
    for element in soup.find_all(True):
        names = (*SEEN, "value") if element.get("type") == "submit" and element.name == "input" else SEEN
        yield from (str(element[name]) for name in names if _letters(str(element.get(name, ""))))
    yield from _values(environment().parse(source))


def _markup(source: str) -> Iterator[str]:
    """What a template gives out as it is, but for what stands between ``trans`` and ``endtrans``."""
    translated = False
    for _, kind, text in environment().lex(source):
        if kind == "name" and text in ("trans", "endtrans"):
            translated = text == "trans"
        elif kind == "data" and not translated:
            yield text


def _letters(text: str) -> bool:
    return any(letter.isalpha() for letter in text)


def _values(node: nodes.Node) -> Iterator[str]:
    if isinstance(node, nodes.Call) and isinstance(node.node, nodes.Name) and node.node.name in _SAYING:
        node = nodes.List([keyword.value for keyword in node.kwargs])
    if isinstance(node, nodes.Const) and isinstance(node.value, str) and _WORDS.search(node.value):
        yield node.value
    for child in node.iter_child_nodes():
        yield from _values(child)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (journeys.CLASSES.values(), ["新会员", "活跃会员", "沉睡会员", "流失会员"]),
        (members.ANSWERED.values(), ["本人在店铺中填写", "通过消息中的链接", "退出时", "应会员要求由团队撤回"]),
        ([state.name for state in recruitment.APPLICATION.values()], ["待处理", "已通过", "未通过", "已加入"]),
    ],
    ids=["classes of members", "how an answer was given", "applications"],
)
def test_a_screens_list_is_not_said_in_the_words_of_another_screen(words, expected):
    """Screens that share a message share its translation: the words of one list all fit their place."""
    assert [known()[None, each].string for each in words] == expected
