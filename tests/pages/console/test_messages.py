"""Messages on the console: their words, how they go out, what they cost, whom they do not reach."""

from __future__ import annotations

from chalicelib.db import tenant_scope
from chalicelib.kernel import clock
from chalicelib.notices.suppression.model import Feedback, Kind
from chalicelib.notices.suppression.service import take_in
from tests.builders import made
from tests.pages.site import fields

WORDS = "/message-templates/words?name=order_ready&locale=en"


def test_the_brands_own_words_are_seen_first_and_then_kept(desk, shop):
    page = desk.get(WORDS)
    own = {"subject": "Here!", "text": "Come for {title}. Code {code}."}
    shown = desk.send(page, "Preview", **own)
    assert "Code" in shown.words('section[aria-label="Preview"]')
    assert "{code}" not in shown.words('section[aria-label="Preview"]')
    assert made(shop.brand.get("/v1/message-templates/order_ready?locale=en"), 200)["own"] is None
    kept = desk.send(shown, "Save")
    assert kept.words(".flash").startswith("It is saved.")
    assert made(shop.brand.get("/v1/message-templates/order_ready?locale=en"), 200)["own"]["subject"] == "Here!"
    assert "own words: English" in desk.get("/message-templates").words()
    desk.send(kept, "Go back to these words")
    assert made(shop.brand.get("/v1/message-templates/order_ready?locale=en"), 200)["own"] is None


def test_a_variable_that_there_is_not_is_refused_beside_the_text(desk):
    page = desk.send(desk.get(WORDS), "Save", subject="Here!", text="{title} {code} {price}")
    assert page.status == 422
    assert "price" in page.words("#f-text-fault")
    assert fields(page.form("Save"))["text"] == "{title} {code} {price}"


def test_who_was_slower_is_told_and_can_send_again(desk):
    page = desk.get(WORDS)
    desk.send(page, "Save", subject="First", text="{title} {code}")
    late = desk.send(page, "Save", subject="Second", text="{title} {code}")
    assert late.status == 412
    assert fields(late.form("Save"))["subject"] == "Second"
    assert desk.send(late, "Save").words(".flash").startswith("It is saved.")


def test_a_brand_decides_how_messages_go_out(desk, shop):
    page = desk.get("/message-settings")
    sent = {"channels__0": "sms", "channels__1": "email", "channels__2": "", "caps__news__most": "1"}
    page = desk.send(page, "Save", **sent, quiet="false", prices__sms="0.045")
    assert page.words(".flash").startswith("It is saved.")
    stored = made(shop.brand.get("/v1/message-settings"), 200)
    assert stored["channels"] == ["sms", "email"]
    assert stored["quiet_hours"] is None
    assert stored["caps"]["news"]["most"] == 1
    assert stored["prices"]["sms"] == "0.045"


def test_what_is_refused_of_the_settings_is_marked_and_kept(desk):
    sent = {"quiet": "true", "quiet_hours__from": "22:00", "quiet_hours__to": "22:00", "prices__sms": "free"}
    page = desk.send(desk.get("/message-settings"), "Save", **sent)
    assert page.status == 422
    assert page.soup.select_one("#f-prices-sms-fault")
    page = desk.send(page, "Save", prices__sms="0.045")
    assert page.soup.select_one("#f-quiet_hours-to-fault")
    assert fields(page.form("Save"))["prices.sms"] == "0.045"


def test_the_secret_of_an_account_stays_where_it_is_not_typed_anew(desk, shop):
    account = {"app_id": "wxd678efh567hg6787", "secret": "0123456789abcdef0123456789abcdef"}
    desk.send(
        desk.get("/message-settings"), "Save", **{f"official_account__{name}": text for name, text in account.items()}
    )
    page = desk.get("/message-settings")
    assert account["secret"] not in page.text
    desk.send(page, "Save", caps__news__most="3")
    stored = made(shop.brand.get("/v1/message-settings"), 200)
    assert stored["official_account"]["secret"] == "…cdef"
    assert stored["caps"]["news"]["most"] == 3


def test_messages_are_counted_by_way_and_day(desk, shop, drain):
    assert "No message left in these days." in desk.get("/message-usage").words()
    shop.shopper  # noqa: B018 - who signs in is sent a code
    made(shop.order())
    drain()
    page = desk.get("/message-usage")
    assert "E-mail" in page.words("table")
    assert "no price set" in page.words()


def test_an_address_is_written_to_again(desk, shop):
    assert "mail reaches everybody" in desk.get("/suppressed-addresses").words()
    with tenant_scope(shop.tenant_id):
        take_in(shop.tenant_id, "email", Feedback("f1", Kind.BOUNCE, "gone@people.example", clock.now()), clock.now())
    page = desk.get("/suppressed-addresses")
    assert "gone@people.example" in page.words("table")
    desk.send(page, "Write to it again")
    assert "mail reaches everybody" in desk.get("/suppressed-addresses").words()


def test_each_role_finds_its_part(shop, new_desk):
    editor = new_desk(shop, "editor").get("/messages").words(".ways")
    assert "Words of messages" in editor
    assert "How messages go out" not in editor
    service = new_desk(shop, "service")
    assert "Addresses that mail does not reach" in service.get("/messages").words(".ways")
    assert service.get("/message-templates").status == 403
    owner = new_desk(shop)
    owner.language = "zh"
    assert owner.get("/message-templates").heading == "消息文案"
