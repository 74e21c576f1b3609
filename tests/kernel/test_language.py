"""Language tags by their shape, and the nearest language that texts come in."""

import pytest

from chalicelib.kernel.language import is_tag, named, nearest, preferred

# Examples of RFC 5646, appendix A, and what people have in their browsers.
TAGS = (
    "zh", "en", "fr", "zh-CN", "en-GB", "zh-Hant", "zh-Hant-TW", "ZH-hant-tw", "zh-cmn-Hans-CN", "cmn-Hans-CN",
    "es-419", "de-CH-1901", "sl-rozaj-biske", "hy-Latn-IT-arevela", "en-US-u-islamcal", "de-CH-x-phonebk",
    "zh-CN-a-myext-x-private",
)  # fmt: skip
NO_TAGS = (
    "",
    "z",
    "zh_CN",
    "zh-",
    "-zh",
    "zh--CN",
    "zh CN",
    "zh-CN\n",
    "12",
    "englishlanguage",
    "zh-CN-x",
    "中文",
)


@pytest.mark.parametrize("tag", TAGS)
def test_a_tag_is_known_by_its_shape(tag: str) -> None:
    assert is_tag(tag)


@pytest.mark.parametrize("text", [*NO_TAGS, "en-" + "x-abcdefgh" * 4])
def test_what_has_another_shape_is_no_tag(text: str) -> None:
    assert not is_tag(text)


@pytest.mark.parametrize(
    ("tag", "ours"),
    [
        ("zh", "zh"),
        ("zh-CN", "zh"),
        ("ZH-Hant-TW", "zh"),
        ("en-GB", "en"),
        ("fr", "en"),
        ("zha", "en"),
        ("de-CN", "en"),
    ],
)
def test_texts_are_chinese_for_all_of_zh_and_else_english(tag: str, ours: str) -> None:
    assert nearest(tag) == ours


@pytest.mark.parametrize(
    ("header", "ours"),
    [
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh"),
        ("en-GB,en;q=0.9,zh;q=0.8", "en"),
        ("fr,zh-TW;q=0.4", "zh"),
        ("en;q=0,zh;q=0.1", "zh"),
        ("fr-CH, fr;q=0.9, *;q=0.5", None),
        ("zh;q=0", None),
        ("*", None),
        ("", None),
        (None, None),
    ],
)
def test_a_header_that_names_neither_asks_for_none_and_is_answered_in_english(
    header: str | None, ours: str | None
) -> None:
    assert (named(header), preferred(header)) == (ours, ours or "en")
