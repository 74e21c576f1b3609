"""The link in a message: looking at it changes nothing, pressing its button ends one kind of messages."""

import re
from datetime import UTC, datetime

import pytest

from chalicelib.announcements.model import News
from chalicelib.complaints.notices.model import ComplaintResolved
from chalicelib.db import metered, tenant_scope
from chalicelib.kernel import clock
from chalicelib.members.enrolment.service import Newcomer, enrol
from chalicelib.members.linking.service.uniting import unite
from chalicelib.members.model.identities import Identity, member_id
from chalicelib.members.model.status import IMPORTED
from chalicelib.notices.model.notices import Category, Notice
from chalicelib.notices.model.people import Person
from chalicelib.notices.model.unsubscribing import Unsubscribing, read, token_of
from chalicelib.notices.recipients.service import find, unsubscribe_link
from chalicelib.notices.telling.service import tell_member
from chalicelib.settings import secret
from chalicelib.web.colours import OURS
from tests.calls import Api
from tests.keys import Ring
from tests.members.codes import sign_in
from tests.tenants.brands import Brand, at_once, sign_up

ME = "/v1/stores/linli/me"
ONE_CLICK = "List-Unsubscribe=One-Click"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
FANG = Identity("email", "fang@home.example")


@pytest.fixture
def token(api: Api, brand: Brand) -> str:
    """A member who agreed to news."""
    found: str = sign_in(api, consent={"marketing": True})["access_token"]
    return found


def me(brand: Brand, ordinal: int = 0) -> Person:
    return Person.member(member_id(brand.id, ordinal))


def link(brand: Brand, category: str = "news", person: Person | None = None) -> str:
    """The path of the link."""
    with tenant_scope(brand.id):
        found = unsubscribe_link(brand.id, person or me(brand), Category(category))
    assert found.startswith("http://127.0.0.1:8000/s/linli/unsubscribe/")
    return found.removeprefix("http://127.0.0.1:8000")


def wishes(brand: Brand, person: Person | None = None) -> tuple[bool, bool]:
    """Whether news, and whether service, are wanted."""
    with tenant_scope(brand.id):
        found = find(brand.id, person or me(brand))
    assert found is not None
    return found.preferences.marketing, Category.SERVICE not in found.preferences.declined


def heading(page) -> str:
    return re.search("<h1>(.*)</h1>", page.text)[1]


def button(page) -> str | None:
    found = re.search('<button type="submit">(.*)</button>', page.text)
    return found and found[1]


class TestLooking:
    def test_however_often_a_scanner_opens_it_nothing_is_written(self, api, brand, token):
        with metered() as meter:
            for kind in ("news", "service"):
                for _ in range(10):
                    assert api.get(link(brand, kind)).status == 200
        assert set(meter.by_operation) == {"GetItem"}
        assert wishes(brand) == (True, True)

    def test_the_page_says_what_ends_in_the_readers_language(self, api, brand, token):
        page = api.get(link(brand), headers={"Accept-Language": "en"})
        assert (heading(page), button(page)) == ("停止接收资讯与优惠消息？", "停止接收")
        api.patch(ME, {"locale": "en-GB"}, token=token)
        page = api.get(link(brand, "service"), headers={"Accept-Language": "zh"})
        assert heading(page) == "Stop replies, surveys and other notes?"
        assert '<html lang="en">' in page.text
        assert "邻里鲜果" in page.text

    def test_it_runs_nothing_sends_only_here_and_is_kept_nowhere(self, api, brand, token):
        page = api.get(link(brand))
        policy = page.headers["content-security-policy"]
        assert "form-action 'self'" in policy
        assert "default-src 'none'" in policy
        assert "<script" not in page.text
        assert page.headers["cache-control"] == "no-store"
        assert page.headers["referrer-policy"] == "no-referrer"
        assert "fang" not in page.text

    def test_it_wears_the_brands_colour_with_words_that_can_be_read_on_it(self, api, brand, token):
        brand.patch("/v1/tenant", {"brand": {"colours": {"primary": "#ffd400"}}})
        page = api.get(link(brand))
        assert "--brand:#ffd400;--on-brand:#000000" in page.text
        assert "<header><p>邻里鲜果</p></header>" in page.text

    def test_a_link_that_is_none_wears_the_products_own(self, api, brand):
        page = api.get("/s/linli/unsubscribe/none")
        assert page.status == 404
        assert f"--brand:{OURS}" in page.text

    def test_a_brands_name_is_text(self, api, brand, token):
        brand.patch("/v1/tenant", {"name": "<script>alert(1)</script> & {{7*7}}"})
        for page in (api.get(link(brand)), api.post(link(brand))):
            assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; {{7*7}}" in page.text
            assert "<script" not in page.text


class TestLeaving:
    def test_what_a_messenger_appends_to_a_link_keeps_nobody_in(self, api, brand, token):
        tracked = f"{link(brand)}?utm_source=mail&isappinstalled=0"
        assert api.get(tracked).status == 200
        assert api.post(tracked, body=ONE_CLICK, headers=FORM).status == 200
        assert wishes(brand) == (False, True)
        assert api.post(tracked.replace("?", "/undo?")).status == 200

    @pytest.mark.parametrize(("kind", "after"), [("news", (False, True)), ("service", (True, False))])
    def test_one_press_ends_that_kind_alone_at_once_and_for_good(self, api, brand, token, kind, after, clock):
        page = api.post(link(brand, kind))
        assert (page.status, wishes(brand)) == (200, after)
        assert "订单和资金" in page.text

        rev = api.get(ME, token=token).headers["etag"]
        for _ in range(2):
            assert api.post(link(brand, kind)).status == 200
        assert (wishes(brand), api.get(ME, token=token).headers["etag"]) == (after, rev)
        clock.advance(days=400)
        assert heading(api.get(link(brand, kind))).startswith("您已不再接收")

    @pytest.mark.parametrize(
        ("body", "headers"),
        [
            (ONE_CLICK, FORM),
            (
                '--x\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--x--\r\n',
                {"Content-Type": "multipart/form-data; boundary=x"},
            ),
            ("", FORM),
            ("{}", {"Content-Type": "application/json"}),
            ("\x00\xff not a form", {"Content-Type": "application/octet-stream"}),
        ],
        ids=["one click", "multipart", "the button", "json", "anything"],
    )
    def test_a_mail_program_does_it_with_whatever_it_sends(self, api, brand, token, body, headers):
        assert api.post(link(brand), body=body, headers=headers).status == 200
        assert wishes(brand) == (False, True)

    def test_the_consent_is_withdrawn_and_the_preferences_show_it(self, api, brand, token):
        api.post(link(brand), body=ONE_CLICK, headers=FORM)
        assert api.get(ME, token=token).json["consent"]["marketing"]["granted"] is False
        assert api.get(f"{ME}/preferences", token=token).json["categories"]["news"]["on"] is False

    def test_somebody_who_is_blocked_is_let_go_too(self, api, brand, token):
        brand.patch(f"/v1/members/{me(brand).id}", {"status": "blocked", "reason": "Never collects"})
        assert api.post(link(brand)).status == 200
        assert api.get(ME, token=token).json["consent"]["marketing"]["granted"] is False

    def test_at_once_with_other_changes_none_is_lost(self, api, brand, token):
        answers = at_once([
            lambda: api.post(link(brand, "news")),
            lambda: api.post(link(brand, "service")),
            lambda: api.patch(ME, {"locale": "en"}, token=token),
        ])  # fmt: skip
        assert {each.status for each in answers} == {200}
        assert (wishes(brand), api.get(ME, token=token).json["locale"]) == ((False, False), "en")


class TestUndoing:
    @pytest.mark.parametrize("kind", ["news", "service"])
    def test_who_pressed_by_mistake_presses_again(self, api, brand, token, kind):
        page = api.post(link(brand, kind))
        action = re.search('<form method="post" action="(.*)">', page.text)[1]
        assert (button(page), f"/s/linli/unsubscribe/{action}") == ("撤销", f"{link(brand, kind)}/undo")

        for _ in range(2):
            again = api.post(f"{link(brand, kind)}/undo")
            assert (again.status, heading(again)[:5]) == (200, "您已恢复接")
        assert wishes(brand) == (True, True)

    @pytest.mark.parametrize("kind", ["news", "service"])
    def test_a_day_later_it_takes_a_sign_in(self, api, brand, token, kind, clock):
        api.post(link(brand, kind))
        clock.advance(hours=23)
        assert button(api.get(link(brand, kind))) == "撤销"
        clock.advance(hours=2)
        assert button(api.get(link(brand, kind))) is None
        late = api.post(f"{link(brand, kind)}/undo")
        assert (late.status, heading(late), False in wishes(brand)) == (409, "已无法在此撤销", True)

    def test_no_link_consents_to_what_was_never_agreed_to(self, api, brand):
        sign_in(api)
        assert api.post(link(brand)).status == 200
        assert api.post(f"{link(brand)}/undo").status == 409
        assert wishes(brand) == (False, True)

    def test_what_was_said_since_counts(self, api, brand, token, clock):
        api.post(link(brand))
        for granted in (True, False):
            clock.advance(minutes=1)
            api.patch(ME, {"consent": {"marketing": granted}}, token=token)
        assert api.post(f"{link(brand)}/undo").status == 409
        assert wishes(brand) == (False, True)

    def test_set_preferences_count(self, api, brand, token):
        api.post(link(brand, "service"))
        shown = api.get(f"{ME}/preferences", token=token).json
        api.put(f"{ME}/preferences", shown, token=token)
        assert api.post(f"{link(brand, 'service')}/undo").status == 409
        assert wishes(brand) == (True, False)


class TestWhoHasNotComeYet:
    def imported(self, brand: Brand, *identities: Identity) -> None:
        now = datetime(2026, 3, 1, tzinfo=UTC)
        with tenant_scope(brand.id):
            enrol(brand.id, [Newcomer(each, now.date(), IMPORTED) for each in identities], now)

    def test_they_leave_without_an_account_and_keep_their_history(self, api, brand):
        self.imported(brand, FANG)
        for kind in ("service", "news"):
            assert api.post(link(brand, kind)).status == 200
        assert wishes(brand) == (False, False)

        token = sign_in(api)["access_token"]
        assert api.get(ME, token=token).json["id"] == me(brand).id
        assert wishes(brand) == (False, False)

    def test_what_they_declined_goes_along_where_two_were_one(self, api, brand):
        self.imported(brand, FANG, Identity("ref", "C-1"))
        api.post(link(brand, "service"))
        with tenant_scope(brand.id):
            assert unite(brand.id, 0, 1, clock.now())
        assert wishes(brand, me(brand, 1)) == (False, False)
        assert heading(api.get(link(brand, "service"))).startswith("您已不再接收")


class TestWrongLinks:
    def test_every_changed_link_gets_a_page_that_says_nothing_of_anybody(self, api, brand, token):
        sign_up(api, slug="other", owner_email="boss@other.example", name="Another")
        good = link(brand)
        base, text = good.rsplit("/", 1)
        other = link(brand, person=me(brand, 7)).rsplit("/", 1)[1]
        wrong = [
            *(text[:at] + ("A" if text[at] != "A" else "B") + text[at + 1 :] for at in range(0, len(text), 7)),
            text[:52] + "s" + text[53:],
            text[:52] + "x" + text[53:],
            text[:-1], text + "A", text.lower(), text[:26], "x", "%00", "%E9%82%BB", "a" * 5000, other,
        ]  # fmt: skip
        for path in (
            *(f"{base}/{each}" for each in wrong),
            good.replace("linli", "other"),
            good.replace("linli", "no"),
        ):
            for page in (api.get(path), api.post(path), api.post(f"{path}/undo")):
                assert page.status == 404, path
                assert "邻里鲜果" not in page.text
                assert brand.id not in page.text.replace(path, "")
                if "%00" not in path:
                    assert heading(page) == "This link does not work"
        assert wishes(brand) == (True, True)
        assert heading(api.get(f"{base}/x", headers={"Accept-Language": "zh"})) == "链接无效"

    def test_a_link_of_one_kind_is_none_of_another_purpose(self, brand):
        what = Unsubscribing(brand.id, me(brand).id, Category.NEWS)
        assert read(secret("unsubscribing"), token_of(secret("links"), what)) is None

    @pytest.mark.parametrize("kind", ["access", "order", "money"])
    def test_what_always_goes_has_no_link(self, brand, kind):
        with tenant_scope(brand.id):
            assert unsubscribe_link(brand.id, me(brand), Category(kind)) == ""
            assert unsubscribe_link(brand.id, Person.staff(brand.owner_id()), Category.SERVICE) == ""


def test_the_link_in_a_letter_of_news_ends_them_and_orders_go_on(api, brand, token, clock, engine, drain):
    noon = datetime(2027, 3, 3, 4, tzinfo=UTC)  # in Shanghai
    clock.set(noon)

    def told(notice: Notice, cause: str) -> list[str]:
        with tenant_scope(brand.id):
            tell_member(brand.id, me(brand).id, notice, (cause,), noon)
        drain()
        return [mail["text"] for mail in engine.mail() if mail["to"] == "fang@home.example"]

    news = News("邻里鲜果", "梨到了", "周日前可订。")
    [letter] = told(news, "first")
    [out] = set(re.findall(r"http://127.0.0.1:8000(/s/linli/unsubscribe/\S+)", letter))
    assert api.post(out, body=ONE_CLICK, headers=FORM).status == 200

    assert told(news, "second") == [letter]
    [_, order] = told(ComplaintResolved("邻里鲜果", "已退款"), "third")
    assert "/unsubscribe/" not in order


def test_a_link_counts_until_the_secret_was_replaced_twice() -> None:
    what = Unsubscribing("01J9ZQ0W7N8RXC5B2M4T6V8Y0A", "01J9ZQ0W7N8RXC5B2M4T6V8Y0B", Category.SERVICE)
    token = token_of(Ring(b"first"), what)
    assert read(Ring(b"second", b"first"), token) == what
    assert read(Ring(b"third", b"second"), token) is None
