"""What a brand decides about its messages, over HTTP; and what those who send know of it."""

from __future__ import annotations

from datetime import time
from decimal import Decimal
from typing import Any

import pytest

from chalicelib.db import metered, tenant_scope
from chalicelib.kernel import remembering
from chalicelib.notices.model.notices import Category
from chalicelib.notices.recipients.model import Cap, MessageSettings, QuietHours
from chalicelib.notices.settings import service
from chalicelib.notices.settings.records import MessageSettingsRecord
from tests.builders import Shop, made

PATH = "/v1/message-settings"
SECRET = "0123456789abcdef0123456789abcdef"
TEMPLATE = {
    "notice": "order_ready", "template_id": "ngqIpbwh8bUfcSsECmogfXcV14J0tQlEpBO27izEYtY", "data": {"thing1": "title"},
}  # fmt: skip
ACCOUNT = {"app_id": "wxd678efh567hg6787", "secret": SECRET, "templates": [TEMPLATE]}


def known(shop: Shop) -> MessageSettings:
    with tenant_scope(shop.tenant_id):
        return service.message_settings(shop.tenant_id)


def test_what_nobody_has_set_is_as_usual(shop: Shop) -> None:
    answer = shop.brand.get(PATH)

    assert made(answer, 200) == {
        "channels": ["official_account", "email", "sms"],
        "quiet_hours": {"from": "22:00", "to": "08:00"},
        "caps": {"news": {"most": 2, "days": 7}, "service": {"most": 6, "days": 1}},
        "prices": {"email": None, "sms": None, "official_account": None},
        "currency": "CNY",
        "official_account": None,
    }
    assert known(shop) == MessageSettings()
    assert made(shop.brand.put(PATH, {}), 200) == answer.json


def test_what_is_set_is_what_those_who_send_know_at_once(shop: Shop) -> None:
    assert known(shop) == MessageSettings()
    wanted = {
        "channels": ["sms", "email"],
        "quiet_hours": None,
        "caps": {"news": {"most": 1, "days": 30}},
        "prices": {"sms": "0.045", "email": "0.000700"},
    }

    shown = made(shop.brand.put(PATH, wanted), 200)

    assert (shown["quiet_hours"], shown["prices"]["email"]) == (None, "0.000700")
    assert known(shop) == MessageSettings(
        ("sms", "email"),
        None,
        {Category.NEWS: Cap(1, 30), Category.SERVICE: Cap(6, 1)},
        {"sms": Decimal("0.045"), "email": Decimal("0.0007")},
    )
    made(shop.brand.put(PATH, {"quiet_hours": {"from": "21:30", "to": "07:00"}}), 200)
    assert known(shop) == MessageSettings(quiet_hours=QuietHours(time(21, 30), time(7)))


def test_they_ask_once_a_minute(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    seconds = [600.0]
    monkeypatch.setattr(remembering, "monotonic", lambda: seconds[0])
    with metered() as meter:
        for _ in range(5):
            known(shop)
        assert meter.reads == 1
        seconds[0] += 60
        known(shop)
    assert (meter.reads, meter.writes) == (2, 0)


def test_the_secret_of_the_account_is_never_shown_and_stays_until_there_is_another(shop: Shop) -> None:
    first = shop.brand.put(PATH, {"official_account": ACCOUNT})
    again = shop.brand.put(PATH, {"official_account": {**ACCOUNT, "secret": None}, "channels": ["email"]})

    for answer in (first, again, shop.brand.get(PATH), shop.brand.get("/v1/audit")):
        assert answer.status == 200, answer.text
        assert SECRET not in answer.text
    assert again.json["official_account"] == {
        "app_id": ACCOUNT["app_id"], "secret": "…cdef", "templates": [TEMPLATE | {"link": None}],
    }  # fmt: skip
    with tenant_scope(shop.tenant_id):
        stored = MessageSettingsRecord.fetch(*MessageSettingsRecord.address(shop.tenant_id))
        assert SECRET not in str(stored and stored.serialize())
        assert service.secret_of(shop.tenant_id, service.brand_messages(shop.tenant_id)) == SECRET

    other = shop.brand.put(PATH, {"official_account": {"app_id": "wx0000000000000000"}})
    assert (other.status, other.json["errors"][0]["pointer"]) == (422, "/official_account/secret")
    made(shop.brand.put(PATH, {}), 200)
    with tenant_scope(shop.tenant_id):
        assert service.secret_of(shop.tenant_id, service.brand_messages(shop.tenant_id)) is None


@pytest.mark.parametrize(
    "wanted",
    [
        {},
        {"channels": ["sms"], "quiet_hours": None, "prices": {"sms": "0.000001", "email": "0.000000"}},
        {
            "quiet_hours": {"from": "00:00", "to": "23:59"},
            "caps": {"news": {"most": 1, "days": 31}, "service": {"most": 100, "days": 1}},
            "prices": {"official_account": "999999.999999"},
            "official_account": {**ACCOUNT, "templates": [{**TEMPLATE, "link": "title"}]},
        },
    ],
)
def test_what_was_read_can_be_sent_back_and_changes_nothing(shop: Shop, wanted: dict[str, Any]) -> None:
    made(shop.brand.put(PATH, wanted), 200)
    read = shop.brand.get(PATH)

    again = shop.brand.put(PATH, read.json, headers={"If-Match": read.headers["ETag"]})

    assert (made(again, 200), again.headers["ETag"]) == (read.json, read.headers["ETag"])
    assert len(made(shop.brand.get("/v1/audit?action=message_settings.changed"), 200)["items"]) == 1
    with tenant_scope(shop.tenant_id):
        known_secret = service.secret_of(shop.tenant_id, service.brand_messages(shop.tenant_id))
    assert known_secret == (SECRET if "official_account" in wanted else None)


def test_with_a_change_the_secret_that_is_sent_back_as_it_is_shown_stays(shop: Shop) -> None:
    read = made(shop.brand.put(PATH, {"official_account": ACCOUNT}), 200)
    made(shop.brand.put(PATH, read | {"channels": ["email"]}), 200)

    with tenant_scope(shop.tenant_id):
        assert service.secret_of(shop.tenant_id, service.brand_messages(shop.tenant_id)) == SECRET
    log = made(shop.brand.get("/v1/audit?action=message_settings.changed"), 200)["items"]
    assert ["secret" in entry["changes"] for entry in log] == [False, True]
    for app_id, shown in ((ACCOUNT["app_id"], "…abcd"), ("wx0000000000000000", "…cdef")):
        refused = shop.brand.put(PATH, {"official_account": {"app_id": app_id, "secret": shown}})
        assert (refused.status, refused.json["errors"][0]["pointer"]) == (422, "/official_account/secret")


def test_a_price_that_is_none_says_how_one_is_written(shop: Shop) -> None:
    for price in (0.045, "4,5", "-1", "1e3", ""):
        refused = shop.brand.put(PATH, {"prices": {"sms": price}})
        chinese = shop.brand.put(PATH, {"prices": {"sms": price}}, headers={"Accept-Language": "zh"})
        ((pointer, hint),) = [(error["pointer"], error["message"]) for error in refused.json["errors"]]
        assert (refused.status, pointer, '"0.045"' in hint) == (422, "/prices/sms", True)
        assert '"0.045"' in chinese.json["errors"][0]["message"]


def test_a_sealed_secret_opens_for_no_other_brand(shop: Shop) -> None:
    made(shop.brand.put(PATH, {"official_account": ACCOUNT}), 200)
    with tenant_scope(shop.tenant_id):
        found = service.brand_messages(shop.tenant_id)
    assert service.secret_of("01J9ZQ0W7N8RXC5B2M4T6V8Y0A", found) is None


TWICE = {**ACCOUNT, "templates": [TEMPLATE, TEMPLATE]}


@pytest.mark.parametrize(
    ("wanted", "pointer"),
    [
        ({"channels": []}, "/channels"),
        ({"channels": ["fax"]}, "/channels/0"),
        ({"channels": ["email", "email"]}, "/channels"),
        ({"channels": ["official_account"]}, "/channels"),
        ({"quiet_hours": {"from": "22:00", "to": "22:00"}}, "/quiet_hours/to"),
        ({"quiet_hours": {"from": "24:00", "to": "08:00"}}, "/quiet_hours/from"),
        ({"caps": {"news": {"most": 0, "days": 1}}}, "/caps/news/most"),
        ({"caps": {"news": {"most": 1, "days": 32}}}, "/caps/news/days"),
        ({"prices": {"sms": "-1"}}, "/prices/sms"),
        ({"prices": {"sms": 0.05}}, "/prices/sms"),
        ({"prices": {"sms": "0.0000001"}}, "/prices/sms"),
        ({"prices": {"sms": "1e3"}}, "/prices/sms"),
        ({"currency": "USD"}, "/currency"),
        ({"official_account": {**ACCOUNT, "app_id": "1234"}}, "/official_account/app_id"),
        ({"official_account": {**ACCOUNT, "secret": "short"}}, "/official_account/secret"),
        ({"official_account": TWICE}, "/official_account/templates/1/notice"),
        (
            {"official_account": {**ACCOUNT, "templates": [{**TEMPLATE, "notice": "greeting"}]}},
            "/official_account/templates/0/notice",
        ),
        (
            {"official_account": {**ACCOUNT, "templates": [{**TEMPLATE, "data": {"thing1": "salary"}}]}},
            "/official_account/templates/0/data/thing1",
        ),
        (
            {"official_account": {**ACCOUNT, "templates": [{**TEMPLATE, "link": "salary"}]}},
            "/official_account/templates/0/link",
        ),
        ({"colour": "red"}, "/colour"),
    ],
)
def test_what_contradicts_itself_is_named(shop: Shop, wanted: dict[str, Any], pointer: str) -> None:
    refused = shop.brand.put(PATH, wanted)

    assert (refused.status, [error["pointer"] for error in refused.json["errors"]]) == (422, [pointer]), refused.text
    assert SECRET not in refused.text
    assert known(shop) == MessageSettings()


def test_who_read_an_earlier_revision_is_told_so(shop: Shop) -> None:
    made(shop.brand.put(PATH, {"channels": ["email"]}), 200)
    etag = {"If-Match": shop.brand.get(PATH).headers["ETag"]}

    assert shop.brand.put(PATH, {"channels": ["sms"]}, headers=etag).status == 200
    assert shop.brand.put(PATH, {"channels": ["email"]}, headers=etag).status == 412
    log = made(shop.brand.get("/v1/audit?action=message_settings.changed"), 200)["items"]
    assert [entry["changes"]["channels"] for entry in log] == [["sms"], ["email"]]
