"""What a notice's words may hold, how they are filled in, and as how many parts they go by SMS."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.kernel.money import Money
from chalicelib.notices.model.catalogue import UnknownTemplate, every_notice
from chalicelib.notices.model.facts import said
from chalicelib.notices.model.letters import Letter, one_line, sender_name
from chalicelib.notices.model.sms import SmsLength, sms_length
from chalicelib.notices.templates.model.checking import check_words
from chalicelib.notices.templates.model.glossary import GLOSSARY
from chalicelib.notices.templates.model.spans import Span, paragraphs, without_brand
from chalicelib.notices.templates.model.variables import examples, variables_of
from chalicelib.notices.templates.model.wording import Piece, Wording
from chalicelib.notices.templates.service.own import as_a_brand_writes
from chalicelib.tenancy import Brand

KNOWN = ("brand", "title", "note", "code")


def fill(text: str, **facts: str) -> str:
    return Wording.parse(text).fill(facts)


def faults(text: str) -> list[str]:
    return [fault.message for fault in Wording.parse(text).check(KNOWN, {"note"})]


@pytest.mark.parametrize(
    ("text", "filled"),
    [
        ("{brand}: {title}", "Linli: Pears"),
        ("{ brand }", "Linli"),
        ("{{brand}} {{{brand}}}", "{brand} {Linli}"),
        ("Hi {note|dear neighbour}!", "Hi dear neighbour!"),
        ("Hi {note｜亲}!", "Hi 亲!"),
        ("Hi {absent|you}!", "Hi you!"),
        ("Hi {note|Mo: it's 5|6!}", "Hi Mo: it's 5|6!"),
        ("Ready. {note|} Code {code}", "Ready. Code 4831"),
        ("{note|} Ready. {note|}", "Ready."),
        ("a{note|}b  c", "ab  c"),
        ("{brand|ours}", "Linli"),
        ("请在 {until} 前付清，{brand} 谢谢。", "请在 11月29日（周日）前付清，Linli 谢谢。"),
        ("one\n{note|}\ntwo", "one\n\ntwo"),
        ("one. {note|}\ntwo", "one.\ntwo"),
    ],
)
def test_a_text_is_filled_in(text: str, filled: str) -> None:
    facts = {"brand": "Linli", "title": "Pears", "note": " ", "code": "4831", "until": "11月29日（周日）"}
    assert fill(text, **facts) == filled


@pytest.mark.parametrize("value", ["{code}", "{0.__class__}", "{{", "}", "{brand|x}", "%s", "{code!r:>9}"])
def test_braces_in_a_value_are_only_text(value: str) -> None:
    assert fill("{title} {code}", title=value, code="1") == f"{value} 1"


@settings(max_examples=60)
@given(*[st.text(alphabet="{}|｜ab :.!\n%\\", max_size=12)] * 3)
def test_whatever_is_written_around_a_fact_and_told_by_it_is_only_text(before: str, value: str, after: str) -> None:
    as_written = [each.replace("{", "{{").replace("}", "}}") for each in (before, after)]
    wording = Wording.parse("{a}".join(as_written))

    assert wording.faults == ()
    assert wording.fill({"a": f"x{value}y"}) == f"{before}x{value}y{after}".strip()


def test_a_fact_that_is_missing_is_a_defect_that_is_named() -> None:
    with pytest.raises(UnknownTemplate, match="minutes"):
        fill("{code} {minutes}", code="1")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("Dear {naem}", "There is no {naem} (character 6); you can use brand, title, note, code."),
        ("{brand.name}", "{brand.name} (character 1) is no name of a variable"),
        ("{brand[0]}", "{brand[0]} (character 1) is no name of a variable"),
        ("{brand!r}", "{brand!r} (character 1) is no name of a variable"),
        ("{code:>9}", "{code:>9} (character 1) is no name of a variable"),
        ("{__class__}", "{__class__} (character 1) is no name of a variable"),
        ("x {}", "The braces at character 3 name nothing"),
        ("{|x}", "The braces at character 1 name nothing"),
        ("{brand", "The brace { at character 1 has no other half; for a brace itself write {{."),
        ("brand}", "The brace } at character 6 has no other half; for a brace itself write }}."),
        ("{{brand}", "The brace } at character 8 has no other half"),
        ("Hi ｛title｝", "The braces at character 4 are full-width ones; write {title}."),
        ("Hi <b>you", "Messages are plain text, and “<b>” at character 4 reads as markup or script. Leave it out;"),
        ("{title} <{note|b}", "Messages are plain text, and “<b” at character 9 reads as markup or script."),
        ("{title} <{title}", "Messages are plain text, and “<x” at character 9 reads as markup or script."),
        ("java{note|script:}", "Messages are plain text, and “javascript:” at character 1 reads as markup or script."),
        ("{note}", "{note} (character 1) may be empty; say what stands there then, as in {note|Thank you.}"),
    ],
)
def test_what_is_wrong_is_said_with_its_place_and_what_can_be_used(text: str, message: str) -> None:
    (fault,) = faults(text)
    assert fault.startswith(message)


def test_every_fault_is_said_in_the_order_of_the_text_and_what_is_right_has_none() -> None:
    assert [each[:14] for each in faults("{a} {b {note} }")] == ["There is no {a", "The brace { at", "{note} (charac",
                                                                  "The brace } at"]  # fmt: skip
    assert faults("{brand} {note|} {{x}} {title|a: b} ｛sic｝ 5 < 6 <3") == [
        "The braces at character 36 are full-width ones; write {sic}."
    ]


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("", SmsLength("gsm_7", 0, 1)),
        ("a" * 160, SmsLength("gsm_7", 160, 1)),
        ("a" * 161, SmsLength("gsm_7", 161, 2)),
        ("a" * 306, SmsLength("gsm_7", 306, 2)),
        ("a" * 307, SmsLength("gsm_7", 307, 3)),
        ("€" * 80, SmsLength("gsm_7", 160, 1)),
        ("a" * 152 + "€" + "a" * 152, SmsLength("gsm_7", 306, 3)),  # no part divides a character of two septets
        ("中" * 70, SmsLength("ucs_2", 70, 1)),
        ("中" * 71, SmsLength("ucs_2", 71, 2)),
        ("中" * 134, SmsLength("ucs_2", 134, 2)),
        ("中" * 135, SmsLength("ucs_2", 135, 3)),
        ("a" * 69 + "“", SmsLength("ucs_2", 70, 1)),
        ("é" * 160, SmsLength("gsm_7", 160, 1)),
        ("ê" * 71, SmsLength("ucs_2", 71, 2)),
        ("😀" * 35, SmsLength("ucs_2", 70, 1)),
        ("😀" * 67, SmsLength("ucs_2", 134, 3)),  # 33 of them fit into a part of 67
    ],
)
def test_the_parts_of_a_text_message(text: str, length: SmsLength) -> None:
    assert sms_length(text) == length


AT = datetime(2026, 11, 28, 23, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("reader", "home", "en", "zh"),
    [
        ("America/New_York", "Asia/Shanghai", "Sat 28 Nov 2026, 18:00 (New York time)",
         "2026年11月28日（周六）18:00（纽约时间）"),
        ("Asia/Shanghai", "America/New_York", "Sun 29 Nov 2026, 07:00 (Shanghai time)",
         "2026年11月29日（周日）07:00（北京时间）"),
        ("Asia/Singapore", "Asia/Shanghai", "Sun 29 Nov 2026, 07:00", "2026年11月29日（周日）07:00"),
        ("America/Argentina/Buenos_Aires", "Asia/Shanghai", "Sat 28 Nov 2026, 20:00 (Buenos Aires time)",
         "2026年11月28日（周六）20:00（Buenos Aires 时间）"),
        ("Etc/GMT+5", "Asia/Shanghai", "Sat 28 Nov 2026, 18:00 (GMT-05:00)",
         "2026年11月28日（周六）18:00（GMT-05:00）"),
    ],
)  # fmt: skip
def test_an_instant_says_whose_time_it_is_where_clocks_differ(reader: str, home: str, en: str, zh: str) -> None:
    zones = ZoneInfo(reader), ZoneInfo(home)
    assert (said(AT, "en", *zones), said(AT, "zh", *zones)) == (en, zh)


def test_zones_that_differ_in_summer_alone_are_told_apart_then() -> None:
    phoenix, denver = ZoneInfo("America/Phoenix"), ZoneInfo("America/Denver")
    winter, summer = datetime(2026, 1, 5, 20, tzinfo=UTC), datetime(2026, 7, 6, 20, tzinfo=UTC)
    assert said(winter, "en", phoenix, denver) == "Mon 5 Jan 2026, 13:00"
    assert said(summer, "en", phoenix, denver) == "Mon 6 Jul 2026, 13:00 (Phoenix time)"


def test_every_zone_has_words_that_name_no_file() -> None:
    home = ZoneInfo("Pacific/Kiritimati")
    for name in available_timezones():
        for language in ("en", "zh"):
            words = said(AT, language, ZoneInfo(name), home)
            assert "_" not in words
            assert "/" not in words


def test_a_link_is_what_a_brand_writes_or_a_fact_that_is_one_and_no_name_that_looks_like_one() -> None:
    pieces = [
        Piece("https://evil.example", "url"), Piece(" of "), Piece("see https://evil.example", "title"),
        Piece(", or www.x.example, https://shop.example/a。 javascript:alert(1)\n\n\nBye\n"), Piece("12", "code"),
        Piece("javascript:alert(1)", "url"), Piece("https://evil.example/", "person"),
    ]  # fmt: skip

    first, second = paragraphs(pieces, {"title"})

    assert [(span.text, span.look) for span in first[0]] == [
        ("https://evil.example", "link"), (" of ", "plain"), ("see https://evil.example", "strong"),
        (", or www.x.example, ", "plain"), ("https://shop.example/a", "link"), ("。 javascript:alert(1)", "plain"),
    ]  # fmt: skip
    assert paragraphs([Piece("a\r\nb\r\n\r\nc", "note")]) == [[[Span("a")], [Span("b")]], [[Span("c")]]]
    assert second == [[Span("Bye")], [Span("12", "code"), Span("javascript:alert(1)"), Span("https://evil.example/")]]


def test_a_brands_name_that_stands_above_the_text_is_not_said_twice() -> None:
    assert without_brand([Piece("Linli", "brand"), Piece(": your order")]) == [Piece("Your order")]
    assert without_brand([Piece("邻里", "brand"), Piece("：您的订单")]) == [Piece("您的订单")]
    assert without_brand([Piece("Linli", "brand"), Piece(" has news")])[0] == Piece("Linli", "brand")


def test_names_are_cut_between_characters_as_people_count_them() -> None:
    family = "👩‍👩‍👧‍👦"
    assert sender_name(family * 80) == family * 60
    assert one_line("a\r\nBcc: x\x00y\u2028z\x85" + family * 300).splitlines() == ["a Bcc: x y z " + family * 187]


def test_a_mail_has_the_foot_that_a_text_message_lacks() -> None:
    assert Letter("s", "t", foot="f").mail_text == "t\n\nf"
    assert Letter("s", "t").mail_text == "t"


def test_every_fact_of_every_notice_is_explained_in_both_languages() -> None:
    missing = [
        f"{name}.{variable.name}"
        for name, notice in every_notice().items()
        for variable in variables_of(notice)
        if not (GLOSSARY.keys() & {variable.name, f"{name}.{variable.name}"})
    ]
    assert missing == []
    assert [name for name, each in GLOSSARY.items() if not each.en or not each.zh] == []


def test_our_words_can_be_taken_over_as_a_brand_reads_them() -> None:
    for notice in every_notice().values():
        for language in ("en", "zh"):
            check_words(notice, as_a_brand_writes(notice, language))
    assert Wording.parse("{{x}} {note} {code} {a|b}").written({"note", "a"}) == "{{x}} {note|} {code} {a|b}"


@pytest.mark.parametrize("language", ["en", "zh"])
def test_examples_are_of_what_the_fact_is_and_in_the_brands_money(language: str) -> None:
    """A place is no goods, and a brand that sells in yen reads no yuan."""
    brand, utc = Brand("Linli", "Asia/Tokyo", "JPY", "en"), ZoneInfo("UTC")
    for name, notice in every_notice().items():
        shown = examples(notice, brand, datetime(2026, 10, 1, tzinfo=UTC), language)
        for fact, value in shown.items():
            text = said(value, language, utc)
            assert "{" not in text, (name, fact)
            assert "50.00" not in text, (name, fact)
            assert fact not in {"where", "points", "keys"} or "×" not in text, (name, fact)


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("currency", ["CNY", "JPY"])
def test_every_fact_has_an_example_that_can_be_said(language: str, currency: str) -> None:
    brand = Brand("Linli", "America/New_York", currency, "en")
    eve_of_change = datetime(2026, 10, 31, 20, tzinfo=UTC)
    for name, notice in every_notice().items():
        for fact, value in examples(notice, brand, eve_of_change, language).items():
            assert said(value, language, ZoneInfo(brand.timezone)).strip(), f"{name}.{fact}"
    assert said(Money(5_000, "CNY"), "zh", ZoneInfo("UTC")) == "¥50.00"
