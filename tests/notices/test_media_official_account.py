"""Template messages by a brand's official account, against WeChat as its documents describe it."""

from __future__ import annotations

import traceback
from collections.abc import Iterator
from dataclasses import replace

import pytest

from chalicelib import settings
from chalicelib.db import tenant_scope
from chalicelib.notices.media.model.official_account import fitting
from chalicelib.notices.media.service import official_account, senders
from chalicelib.notices.media.service.official_account import AccountSender, NotNow
from chalicelib.notices.model.letters import BadAddress, Letter
from chalicelib.notices.settings.model import AccountTemplate, OfficialAccount
from tests.builders import Shop, made
from tests.conftest import Clock
from tests.notices.fake_wechat import APP_ID, FOLLOWER, SECRET, STRANGER, TEMPLATE_ID, FakeWeChat, fake_wechat

DATA = {"thing1": "title", "time2": "until", "amount3": "due", "character_string4": "code", "keyword5": "missing"}
ACCOUNT = OfficialAccount(APP_ID, {"order_ready": AccountTemplate(TEMPLATE_ID, DATA, "url")})
FACTS = {
    "title": "阳山水蜜桃 3 斤装\n（团长自提，当季现摘现发）", "until": "2026年11月29日（周日）18:00",
    "due": "¥1,250.00", "code": "A 8K2", "url": "https://shop.example/o/1",
}  # fmt: skip
LETTER = Letter("s", "t", template="order_ready", facts=FACTS, message_id="01J9ZQ0W7N8RXC5B2M4T6V8Y0A")


@pytest.fixture
def wechat(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeWeChat]:
    with fake_wechat() as played:
        monkeypatch.setenv("WECHAT_API", played.url)
        monkeypatch.setenv("STAGE", "local")
        settings.forget()
        official_account.forget()
        yield played
    official_account.forget()
    monkeypatch.undo()
    settings.forget()


def sender(secret: str = SECRET, account: OfficialAccount = ACCOUNT) -> AccountSender:
    return AccountSender("tenant", account, secret)


def test_a_follower_gets_the_template_with_the_facts_in_its_places(wechat: FakeWeChat) -> None:
    sent = sender()(FOLLOWER, LETTER)

    assert (sent.provider_id, sent.parts) == ("200228332", 1)
    (message,) = wechat.sent.values()
    assert message == {
        "touser": FOLLOWER,
        "template_id": TEMPLATE_ID,
        "url": "https://shop.example/o/1",
        "client_msg_id": LETTER.message_id,
        "data": {
            "thing1": {"value": "阳山水蜜桃 3 斤装 （团长自提，当季…"},
            "time2": {"value": "2026年11月29日 18:00"},
            "amount3": {"value": "¥1250.00"},
            "character_string4": {"value": "A8K2"},
            "keyword5": {"value": "-"},
        },
    }
    assert wechat.asked[0][1] == {
        "grant_type": "client_credential", "appid": APP_ID, "secret": SECRET, "force_refresh": False,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("link", "leads_to"), [("url", "https://shop.example/o/1"), ("", "https://shop.example/s/a/orders/1")]
)
def test_a_message_leads_to_the_page_of_what_it_is_about_unless_the_brand_names_another(
    wechat: FakeWeChat, link: str, leads_to: str
) -> None:
    account = OfficialAccount(APP_ID, {"order_ready": AccountTemplate(TEMPLATE_ID, DATA, link)})

    sender(account=account)(FOLLOWER, replace(LETTER, page="https://shop.example/s/a/orders/1"))

    (message,) = wechat.sent.values()
    assert message["url"] == leads_to


def test_a_message_that_is_asked_for_again_is_one_to_wechat(wechat: FakeWeChat) -> None:
    """As after an answer that was lost."""
    sender()(FOLLOWER, LETTER)
    sender()(FOLLOWER, LETTER)

    assert (len(wechat.asked), len(wechat.sent)) == (3, 1)


def test_a_token_is_asked_for_once_and_again_shortly_before_it_ends(wechat: FakeWeChat, clock: Clock) -> None:
    for _ in range(3):
        sender()(FOLLOWER, LETTER)
    assert wechat.paths() == ["stable_token", "send", "send", "send"]

    clock.advance(minutes=114)
    sender()(FOLLOWER, LETTER)
    assert wechat.paths().count("stable_token") == 1
    clock.advance(minutes=2)
    sender()(FOLLOWER, LETTER)
    assert wechat.paths()[-2:] == ["stable_token", "send"]


def test_a_token_of_one_brand_is_never_anothers(wechat: FakeWeChat) -> None:
    sender()(FOLLOWER, LETTER)
    with pytest.raises(BadAddress, match="40125"):
        AccountSender("other", ACCOUNT, "f" * 32)(FOLLOWER, LETTER)


def test_a_token_that_ended_early_is_replaced_once(wechat: FakeWeChat) -> None:
    sender()(FOLLOWER, LETTER)
    wechat.end_token()

    sender()(FOLLOWER, LETTER)

    assert wechat.paths() == ["stable_token", "send", "send", "stable_token", "send"]
    assert not any(body.get("force_refresh") for _, body in wechat.asked)


@pytest.mark.parametrize("code", [40001, 40014, 42001])
def test_only_a_token_that_wechat_still_gives_out_is_forced_anew(wechat: FakeWeChat, code: int) -> None:
    sender()(FOLLOWER, LETTER)
    wechat.answers.append({"errcode": code})

    sender()(FOLLOWER, LETTER)

    assert wechat.paths()[2:] == ["send", "stable_token", "stable_token", "send"]
    assert [body["force_refresh"] for path, body in wechat.asked if path.endswith("token")] == [False, False, True]


def test_a_token_that_never_counts_is_no_endless_round(wechat: FakeWeChat) -> None:
    sender()(FOLLOWER, LETTER)
    wechat.answers += [{"errcode": 40001}, {"access_token": "a", "expires_in": 7200}, {"errcode": 40001}]

    with pytest.raises(NotNow):
        sender()(FOLLOWER, LETTER)
    assert len(wechat.asked) == 5


@pytest.mark.parametrize(
    ("to", "reason"),
    [(STRANGER, "43004"), ("nobody", "40003"), ("", "40003"), (f"{FOLLOWER},{STRANGER}", "40003")],
)
def test_who_does_not_follow_is_reached_by_no_other_try(wechat: FakeWeChat, to: str, reason: str) -> None:
    with pytest.raises(BadAddress, match=reason):
        sender()(to, LETTER)


def test_what_has_no_template_goes_by_another_medium(wechat: FakeWeChat) -> None:
    with pytest.raises(BadAddress, match="no template"):
        sender()(FOLLOWER, Letter("s", "t", template="payout"))
    assert wechat.asked == []


@pytest.mark.parametrize("code", [43101, 40037, 47003, 48001, 40164])
def test_an_account_that_is_not_set_up_leaves_the_message_to_other_media(wechat: FakeWeChat, code: int) -> None:
    sender()(FOLLOWER, LETTER)
    wechat.answers.append({"errcode": code, "errmsg": "…"})
    with pytest.raises(BadAddress, match=str(code)):
        sender()(FOLLOWER, LETTER)


@pytest.mark.parametrize(
    "answer",
    [{"errcode": -1}, {"errcode": 45009}, {"errcode": 45011}, {"errcode": "0"}, {"errcode": 99999}, [], b"<html>", b"",
     500, 302, 429, b'{"errcode":0,"errcode":1}'],
    ids=str,
)  # fmt: skip
def test_what_may_pass_is_tried_later(wechat: FakeWeChat, answer: object) -> None:
    sender()(FOLLOWER, LETTER)
    wechat.answers.append(answer)  # type: ignore[arg-type]
    with pytest.raises(NotNow):
        sender()(FOLLOWER, LETTER)


@pytest.mark.parametrize("answer", [{"errcode": -1}, {"access_token": ""}, {"access_token": "a"}, {}], ids=str)
def test_without_a_token_nothing_is_sent(wechat: FakeWeChat, answer: dict[str, object]) -> None:
    wechat.answers.append(answer)
    with pytest.raises(NotNow):
        sender()(FOLLOWER, LETTER)
    assert wechat.paths() == ["stable_token"]


def test_no_error_says_the_token_or_the_secret(wechat: FakeWeChat, monkeypatch: pytest.MonkeyPatch) -> None:
    sender()(FOLLOWER, LETTER)
    monkeypatch.setenv("WECHAT_API", "http://127.0.0.1:9")
    settings.forget()

    for refused in (sender(), AccountSender("other", ACCOUNT, SECRET)):
        with pytest.raises(NotNow) as raised:
            refused(FOLLOWER, LETTER)
        said = "".join(traceback.format_exception(raised.value)) + repr(refused) + repr(official_account._tokens)
        assert SECRET not in said
        assert "token/" not in said
        assert "token%2F" not in said


def test_deployed_there_is_one_place_that_messages_go_to(wechat: FakeWeChat, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STAGE", "prod")
    settings.forget()
    assert (settings.settings().wechat_api, official_account.API) == ("", "https://api.weixin.qq.com")


@pytest.mark.parametrize(
    ("place", "said", "taken"),
    [
        ("thing1", "x" * 20, "x" * 20), ("thing1", "x" * 21, "x" * 19 + "…"), ("thing12", "🍎" * 30, "🍎" * 19 + "…"),
        ("thing1", "👩‍👩‍👧‍👦" * 9, "👩‍👩‍👧‍👦" * 2 + "…"), ("thing1", "", "-"), ("thing1", " \n ", "-"),
        ("phrase3", "等待取货中了", "等待取货…"), ("amount1", "CN¥1,250.00", "¥1250.00"), ("number1", "1,250", "1250"),
        ("time4", "Sun 29 Nov 2026, 18:00", "2026年11月29日 18:00"),
        ("date2", "2026年11月29日（周日）", "2026年11月29日"),
        ("time4", "2026年11月29日（周日）18:00（东京时间）", "2026年11月29日 18:00"), ("time4", "soon", "soon"),
        ("character_string1", "取货码 48 21", "4821"), ("keyword1", "y" * 201, "y" * 199 + "…"),
        ("first", "a\r\nb", "a b"),
    ],
)  # fmt: skip
def test_a_fact_fits_its_place(place: str, said: str, taken: str) -> None:
    assert fitting(place, said) == taken


def test_a_brand_with_an_account_has_one_medium_more(shop: Shop, wechat: FakeWeChat) -> None:
    def media_of(settings: dict[str, object]) -> set[str]:
        made(shop.brand.put("/v1/message-settings", settings), 200)
        with tenant_scope(shop.tenant_id):
            return set(senders(shop.tenant_id))

    template = {"notice": "order_ready", "template_id": TEMPLATE_ID, "data": {"thing1": "title"}}
    account = {"app_id": APP_ID, "secret": SECRET}
    assert media_of({}) == {"email", "sms"}
    assert media_of({"official_account": account}) == {"email", "sms"}, "no notice has a template"
    assert media_of({"official_account": {**account, "templates": [template]}}) == {"email", "sms", "official_account"}
    with tenant_scope(shop.tenant_id):
        assert set(senders(shop.tenant_id, "payout")) == {"email", "sms"}
        senders(shop.tenant_id, "order_ready")["official_account"](FOLLOWER, LETTER)
    assert len(wechat.sent) == 1
