"""Letters: in the brand's words or ours, in the reader's language, as text and as HTML."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from html.parser import HTMLParser
from typing import ClassVar

import pytest

from chalicelib.aftersales.notices.model import AfterSaleApproved, AfterSaleOpened
from chalicelib.complaints.notices.model import ComplaintResolved
from chalicelib.db import metered, tenant_scope
from chalicelib.fulfilment.notices.model import LeaderCampaignClosed, LeaderSheetReady, StockShort
from chalicelib.kernel import remembering
from chalicelib.kernel.money import Money
from chalicelib.notices.media.service import ALWAYS
from chalicelib.notices.model import notices
from chalicelib.notices.model.catalogue import UnknownTemplate, every_notice
from chalicelib.notices.model.letters import Letter
from chalicelib.notices.model.notices import Category, Destination, Notice, Queued, Telling, Told
from chalicelib.notices.model.pages import page_of
from chalicelib.notices.model.people import Person
from chalicelib.notices.recipients.model import Recipient
from chalicelib.notices.templates.model.variables import examples
from chalicelib.notices.templates.service import compose, compose_for_address, composing, digest
from chalicelib.notices.templates.service.remembered import own_words
from chalicelib.orders.notices.model.placing import OrderPlaced
from chalicelib.settings import settings
from chalicelib.settlement.notices.model import LeaderPaidOut
from chalicelib.surveys.model.notices import SurveyInvitation
from chalicelib.tenancy import Brand, brand_of
from chalicelib.tenants.notices.model import BrandToConfirm
from infra.local.engine import Engine
from tests.builders import Shop, made

NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)
UNTIL = datetime(2026, 11, 28, 23, tzinfo=UTC)
MEMBER = Person.member("01J9ZQ0W7N8RXC5B2M4T6V8Y0A")
LINK = "https://lintuan.example/u/abc?x=1&y=2"


@pytest.fixture
def pears() -> Iterator[type[Notice]]:
    """A notice with a fact of each kind."""

    @dataclass(frozen=True)
    class Pears(Notice):
        template = "pears"
        telling = Telling(Category.SERVICE, about="order")
        texts: ClassVar = {
            "en": ("{title}", "{brand}: {items} for {amount} until {until}, on {on}. {note}\n\n{url}"),
            "zh": ("{title}", "{brand}：{items}，{amount}，截止 {until}，{on}。{note}{url}"),
        }
        brand: str
        title: str
        items: tuple[str, ...]
        amount: Money
        until: datetime
        on: date
        url: str
        note: str = ""

    yield Pears
    del notices.DECLARED["pears"]


def told(kind: type[Notice], **facts: object) -> Told:
    usual = {
        "brand": "The shop", "title": "Pears", "items": ("2 × A", "1 × B"), "amount": Money(125_000, "CNY"),
        "until": UNTIL, "on": date(2026, 12, 1), "url": "https://x.example/a?b=1&c=2",
    }  # fmt: skip
    return Told.of(kind(**usual | facts), MEMBER, "order-1")


def reader(locale: str = "en", timezone: str = "Asia/Shanghai") -> Recipient:
    return Recipient(MEMBER, locale, timezone, email="a@example.com")


def write(shop: Shop, what: Told, to: Recipient | None = None, unsubscribe: str = LINK) -> Letter:
    with tenant_scope(shop.tenant_id):
        return compose(shop.tenant_id, to or reader(), what, "01J9ZQ0W7N8RXC5B2M4T6V8Y0B", unsubscribe, NOW)


def words(shop: Shop, name: str, locale: str, subject: str, text: str) -> None:
    made(shop.brand.put(f"/v1/message-templates/{name}", {"locale": locale, "subject": subject, "text": text}), 200)


class _Tags(HTMLParser):
    """Which elements a page has, with their attributes, and its text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


def test_a_person_reads_their_own_language_and_clock(shop: Shop, pears: type[Notice]) -> None:
    english = write(shop, told(pears))
    chinese = write(shop, told(pears), reader("zh-Hant-TW", "America/New_York"))

    assert english.text == (
        "The shop: 2 × A, 1 × B for CN¥1,250.00 until Sun 29 Nov 2026, 07:00, on Tue 1 Dec 2026.\n\n"
        "https://x.example/a?b=1&c=2"
    )
    assert chinese.text == (
        "The shop：2 × A，1 × B，¥1,250.00，截止 2026年11月28日（周六）18:00（纽约时间），2026年12月1日（周二）。"
        "https://x.example/a?b=1&c=2"
    )
    assert (english.subject, english.sender, english.template) == ("Pears", f"The {shop.slug}", "pears")
    assert (english.tenant_id, english.message_id) == (shop.tenant_id, "01J9ZQ0W7N8RXC5B2M4T6V8Y0B")
    assert english.facts["amount"] == "CN¥1,250.00"


def test_a_brands_own_words_go_before_ours_in_the_language_that_it_wrote(shop: Shop, pears: type[Notice]) -> None:
    words(shop, "pears", "en-GB", "Fresh {title}", "Pay {amount|nothing} {note|at the door}: {url} {{{title}}}")

    assert write(shop, told(pears)).text == "Pay CN¥1,250.00 at the door: https://x.example/a?b=1&c=2 {Pears}"
    assert write(shop, told(pears, note="now")).subject == "Fresh Pears"
    assert write(shop, told(pears), reader("zh")).text.startswith("The shop：2 × A")


def test_own_words_that_show_what_is_told_no_longer_give_way_to_ours(shop: Shop, pears: type[Notice]) -> None:
    words(shop, "pears", "en", "Mine", "Mine: {url}")
    earlier = told(pears)
    of_another_version = Told(earlier.person, earlier.template, "o", dict(list(earlier.facts.items())[:-2]))

    with pytest.raises(UnknownTemplate, match="url"):
        write(shop, of_another_version)
    ours = Told(earlier.person, earlier.template, "o", {k: v for k, v in earlier.facts.items() if k != "note"})
    assert write(shop, ours).subject == "Mine", "a fact with a default may be missing from a message in flight"


NASTY = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>{code}"


def test_markup_is_plain_text_wherever_it_comes_from(shop: Shop, pears: type[Notice]) -> None:
    made(
        shop.brand.patch("/v1/tenant", {"name": NASTY, "brand": {"logo": 'https://x.example/"onload=alert(1)//a.png'}}),
        200,
    )
    words(shop, "pears", "en", "{title}", "https://evil.example/x.js {note|} {title} {url}")

    letter = write(shop, told(pears, title=NASTY, brand=NASTY, url="javascript:alert(1)"))

    page = _Tags(letter.html)
    assert {tag for tag, _ in page.tags} <= {
        "html", "head", "meta", "title", "style", "body", "div", "img", "h1", "p", "a", "strong", "br",
    }  # fmt: skip
    assert not any(name.startswith("on") for _, attributes in page.tags for name in attributes)
    links = [attributes["href"] for tag, attributes in page.tags if tag == "a"]
    assert links[::2] == ["https://evil.example/x.js", LINK], "what the brand wrote leads where it says, and no more"
    assert links[1:2] == [f"http://127.0.0.1:8000/s/{shop.slug}/orders/order-1"]
    assert page.text.count("<script>alert(1)</script>") >= 2
    assert "<script>alert(1)</script>" in letter.text


def test_the_page_loads_nothing_but_the_brands_logo(shop: Shop, pears: type[Notice]) -> None:
    plain = _Tags(write(shop, told(pears)).html)
    face = {"logo": "https://x.example/logo.png", "colours": {"primary": "#2f8f4e"}}
    made(shop.brand.patch("/v1/tenant", {"brand": face}), 200)
    faced = write(shop, told(pears)).html

    assert not [tag for tag, _ in plain.tags if tag in {"img", "link", "script", "iframe"}]
    assert [attributes["src"] for tag, attributes in _Tags(faced).tags if tag == "img"] == [face["logo"]]
    assert "background: #2f8f4e" in faced
    assert "@import" not in faced
    assert "url(" not in faced


@pytest.mark.parametrize(
    ("telling", "locale", "why"),
    [
        (Telling(Category.ORDER), "en", "as a customer of"),
        (Telling(Category.MONEY), "zh", "与您款项有关的消息必定发送"),
        (Telling(Category.SERVICE), "en", "as a member of"),
        (Telling(Category.NEWS), "zh", "您同意接收"),
        (Telling(Category.SERVICE, audience="leader"), "en", "you lead a pickup point of"),
        (Telling(Category.ORDER, audience="team"), "zh", "团队的成员"),
        (Telling(Category.ACCESS, audience="team"), "en", "you work for"),
        (Telling(Category.ACCESS), "en", "your address was used at"),
    ],
)
def test_the_foot_says_why_and_how_to_get_no_more(
    shop: Shop, pears: type[Notice], telling: Telling, locale: str, why: str
) -> None:
    pears.telling = telling

    letter = write(shop, told(pears), reader(locale))

    declinable = telling.category in {Category.SERVICE, Category.NEWS}
    assert why in letter.foot
    assert why in letter.html
    assert (letter.unsubscribe == LINK) == (LINK in letter.mail_text) == declinable
    assert [a["href"] for tag, a in _Tags(letter.html).tags if tag == "a"][1:] == [LINK] * declinable
    assert LINK not in letter.text
    assert LINK not in write(shop, told(pears), reader(locale), unsubscribe="").mail_text


def test_a_mail_has_its_foot_and_a_text_message_none(shop: Shop, pears: type[Notice], engine: Engine) -> None:
    letter = write(shop, told(pears))
    ALWAYS["email"]("a@people.example", letter)
    ALWAYS["sms"]("+8613800138000", letter)

    texts = {each["channel"]: each["text"].strip() for each in engine.mail()}
    assert texts == {"email": letter.mail_text, "sms": letter.text.replace("×", "x")}


def test_a_code_goes_to_an_address_in_the_brands_words_too(shop: Shop) -> None:
    words(shop, "sign_in_code", "zh", "{code}", "{code}（{minutes} 分钟）")
    queued = Queued(Destination("sms", "+8613800138000", "zh"), "sign_in_code", {"code": "048213", "minutes": 10})
    with tenant_scope(shop.tenant_id):
        letter = compose_for_address(shop.tenant_id, queued)
        former = Queued(queued.to, "order_forfeited", {"brand": "b", "title": "t"})
        earlier = compose_for_address(shop.tenant_id, former)

    assert (letter.subject, letter.text, letter.unsubscribe) == ("048213", "048213（10 分钟）", "")
    assert '<strong class="code">048213</strong>' in letter.html
    assert earlier.subject == "订单已失效", "of a message that was queued by an earlier version"


def test_several_letters_come_as_one(shop: Shop, pears: type[Notice]) -> None:
    linked = ("see https://evil.example/x",)
    letters = [write(shop, told(pears)), write(shop, told(pears, title="<b>Eggs</b>", items=linked))]
    with tenant_scope(shop.tenant_id):
        both = digest(shop.tenant_id, reader(), letters, LINK, NOW)
        again = digest(shop.tenant_id, reader(), letters, LINK, NOW)
        chinese = digest(shop.tenant_id, reader("zh"), letters, LINK, NOW)
        alone = digest(shop.tenant_id, reader(), letters[:1], LINK, NOW)
        with pytest.raises(ValueError, match="needs a letter"):
            digest(shop.tenant_id, reader(), [], LINK, NOW)

    page = _Tags(both.html)
    assert both.subject == f"2 messages from The {shop.slug}"
    assert chinese.subject == f"The {shop.slug}的 2 条消息"
    assert both.text.index("Pears\nThe shop: 2 × A") < both.text.index("<b>Eggs</b>\n")
    order = f"http://127.0.0.1:8000/s/{shop.slug}/orders/order-1"
    assert [a["href"] for tag, a in page.tags if tag == "a"] == ["https://x.example/a?b=1&c=2", order] * 2 + [LINK]
    assert [tag for tag, _ in page.tags].count("h2") == 2
    assert "The shop: " not in page.text, "the heading names the brand"
    assert (both.unsubscribe, both.message_id, both) == (LINK, again.message_id, again)
    assert alone is letters[0]


@contextmanager
def _at(monkeypatch: pytest.MonkeyPatch, seconds: float) -> Iterator[None]:
    with monkeypatch.context() as patched:
        patched.setattr(remembering, "monotonic", lambda: seconds)
        yield


def test_a_burst_reads_the_brand_and_its_words_once_and_new_words_are_said_a_minute_later(
    shop: Shop, pears: type[Notice], monkeypatch: pytest.MonkeyPatch, forgetting: Callable[[], None]
) -> None:
    words(shop, "pears", "en", "Old", "Old {url}")
    forgetting()
    with _at(monkeypatch, 6000.0), metered() as burst:
        letters = [write(shop, told(pears), reader(locale)) for _ in range(100) for locale in ("en", "zh", "en-GB")]
    monkeypatch.setattr(own_words, "forget", lambda: None)  # set by another process
    words(shop, "pears", "en", "New", "New {url}")
    with _at(monkeypatch, 6059.9):
        before = write(shop, told(pears)).subject
    with _at(monkeypatch, 6060.0):
        after = write(shop, told(pears)).subject

    assert (burst.reads, burst.writes, len(letters)) == (3, 0, 300)  # the brand, and its words in two languages
    assert (before, after) == ("Old", "New")


@pytest.fixture
def forgetting() -> Iterator[Callable[[], None]]:
    """Ends with nothing remembered."""
    forget = own_words.forget
    yield forget
    forget()
    brand_of.forget()


def about(shop: Shop, kind: type[Notice], subject: str = "01J") -> Letter:
    """A letter of one of our own notices, about something of this id."""
    facts = examples(kind, Brand("The shop", "UTC", "CNY", "en"), NOW, "en")
    return write(shop, Told(MEMBER, kind.template, subject, facts))


@pytest.mark.parametrize(
    ("notice", "path", "label"),
    [
        (OrderPlaced, "/s/{}/orders/01J", "See it in the shop"),
        (AfterSaleApproved, "/s/{}/after-sales/01J", "See it in the shop"),
        (ComplaintResolved, "/s/{}/complaints/01J", "See it in the shop"),
        (SurveyInvitation, "", ""),
        (AfterSaleOpened, "/console/after-sales/01J", "Open it at the console"),
        (StockShort, "/console/supply/01J", "Open it at the console"),
        (BrandToConfirm, "/console", "Open it at the console"),
        (LeaderCampaignClosed, "/s/{}/leader", "Open it on your leader's page"),
        (LeaderSheetReady, "/s/{}/leader/sheet?campaign_id=01J", "Open it on your leader's page"),
        (LeaderPaidOut, "/s/{}/leader/statements/01J", "Open it on your leader's page"),
    ],
)
def test_a_mail_leads_to_the_page_where_its_reader_acts(
    shop: Shop, notice: type[Notice], path: str, label: str
) -> None:
    letter = about(shop, notice)
    link = "http://127.0.0.1:8000" + path.format(shop.slug)

    assert letter.lead == (f"{label}: {link}" if path else "")
    assert (link in [attrs.get("href") for tag, attrs in _Tags(letter.html).tags if tag == "a"]) == bool(path)
    assert link not in letter.text, "an SMS says no more than it has to"


def test_whatever_a_team_or_a_leader_is_told_of_leads_to_a_page_that_there_is() -> None:
    """But for what no page is about: work that waits for the platform's own people."""
    from app import PAGES

    declared = {route.path for screen in PAGES.values() for route in getattr(screen, "declared", ())}
    for name, kind in every_notice().items():
        if kind.telling.audience == "member":
            continue
        root = "/console" if kind.telling.audience == "team" else "/s/{slug}"
        path = page_of(name, kind.telling, "{id}").partition("?")[0].removesuffix("/")
        assert (root + path in declared and bool(page_of(name, kind.telling, "1"))) or name == "work_stuck", name


def test_the_subject_of_a_survey_is_in_the_readers_language_whatever_the_survey_is_called(shop: Shop) -> None:
    facts = examples(SurveyInvitation, Brand("The shop", "UTC", "CNY", "en"), NOW, "en") | {"title": "满意度调查"}
    invited = Told(MEMBER, SurveyInvitation.template, "01J", facts)
    assert write(shop, invited).subject == "How was your order from The shop?"
    assert write(shop, invited, reader("zh-CN")).subject == "您在The shop的订单还满意吗？"


def test_each_part_of_a_digest_leads_to_its_own_page(shop: Shop) -> None:
    letters = [about(shop, OrderPlaced, "01A"), about(shop, ComplaintResolved, "01B")]
    with tenant_scope(shop.tenant_id):
        both = digest(shop.tenant_id, reader(), letters, "", NOW)

    hrefs = [attrs.get("href") for tag, attrs in _Tags(both.html).tags if tag == "a"]
    links = [f"http://127.0.0.1:8000/s/{shop.slug}{path}" for path in ("/orders/01A", "/complaints/01B")]
    assert [each for each in hrefs if each in links] == links
    assert all(f"See it in the shop: {each}" in both.text for each in links)


def test_without_an_address_of_its_own_the_product_gives_no_link(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    nowhere = replace(settings(), public_url="")
    monkeypatch.setattr(composing, "settings", lambda: nowhere)
    assert about(shop, OrderPlaced).lead == ""
