"""A store's accounts at its providers, over HTTP."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from chalicelib import settings as product_settings
from chalicelib.db import tenant_scope
from chalicelib.payments.accounts import service as accounts
from chalicelib.payments.accounts.records import ProviderSettings
from chalicelib.payments.errors import ProviderNotSetUp
from tests.builders import Shop, made
from tests.payments.checkout import Checkout
from tests.payments.conftest import Keys
from tests.payments.fake_stripe import STRIPE

PATH = "/v1/payment-settings"


@pytest.fixture
def wechat(merchant_keys: Keys, platform_keys: Keys) -> dict[str, Any]:
    return {
        "merchant_id": "1900000001",
        "app_id": "wxd678efh567hg6787",
        "serial": "5157F09EFDC096DE15EBE81A47057A72",
        "platform_serial": "PUB_KEY_ID_0116000000002026",
        "platform_key": platform_keys.public_pem,
        "private_key": merchant_keys.private_pem,
        "api_v3_key": "an-api-v3-key-of-32-characters-.",
    }


def test_secrets_are_never_shown_again(shop: Shop, wechat: dict[str, Any]) -> None:
    answers = [
        shop.brand.put(f"{PATH}/stripe", STRIPE),
        shop.brand.put(f"{PATH}/wechat", wechat),
        shop.brand.get(PATH),
    ]

    for answer in answers:
        assert answer.status == 200, answer.text
        assert not [name for name in ("secret_key", "webhook_secret") if STRIPE[name] in answer.text]
        assert "PRIVATE KEY" not in answer.text
        assert wechat["api_v3_key"] not in answer.text
    stripe, shown = answers[2].json["items"]
    assert stripe["secrets"] == {"secret_key": "…ters", "webhook_secret": "…ters"}
    assert shown["secrets"] == {"private_key": "…", "api_v3_key": "…rs-."}
    assert stripe["webhook_url"].endswith(f"/v1/webhooks/stripe/{shop.tenant_id}")


def test_whoever_reads_the_database_finds_no_secret(shop: Shop, wechat: dict[str, Any]) -> None:
    made(shop.brand.put(f"{PATH}/stripe", STRIPE), 200)
    made(shop.brand.put(f"{PATH}/wechat", wechat), 200)

    with tenant_scope(shop.tenant_id):
        stored = [
            str(record.serialize()) for record in ProviderSettings.every(ProviderSettings.partition(shop.tenant_id))
        ]

    assert len(stored) == 2
    for secret in (STRIPE["secret_key"], STRIPE["webhook_secret"], wechat["api_v3_key"], "PRIVATE KEY"):
        assert not any(secret in each for each in stored)


def test_the_account_that_is_called_has_the_secrets(shop: Shop, wechat: dict[str, Any]) -> None:
    made(shop.brand.put(f"{PATH}/stripe", STRIPE), 200)
    made(shop.brand.put(f"{PATH}/wechat", wechat), 200)

    with tenant_scope(shop.tenant_id):
        stripe, opened = (accounts.provider(shop.tenant_id, name) for name in ("stripe", "wechat"))

    assert (stripe.merchant, opened.merchant) == ("acct_1Store", "1900000001")
    assert stripe.secret_key == STRIPE["secret_key"]
    assert opened.private_key.strip() == wechat["private_key"].strip()
    assert "StoreSecret" not in repr(stripe)
    assert "PRIVATE KEY" not in repr(opened)


def test_the_secret_of_the_app_is_one_of_the_secrets(shop: Shop, wechat: dict[str, Any]) -> None:
    answer = shop.brand.put(f"{PATH}/wechat", wechat | {"app_secret": "0123456789abcdef0123456789abcdef"})

    assert made(answer, 200)["secrets"]["app_secret"] == "…cdef"
    assert "0123456789abcdef" not in answer.text
    with tenant_scope(shop.tenant_id):
        opened = accounts.provider(shop.tenant_id, "wechat")
    assert opened.app_secret == "0123456789abcdef0123456789abcdef"
    assert "0123456789abcdef" not in repr(opened)


def test_a_later_account_takes_the_place_of_the_earlier(shop: Shop) -> None:
    made(shop.brand.put(f"{PATH}/stripe", STRIPE), 200)
    made(shop.brand.put(f"{PATH}/stripe", STRIPE | {"account_id": "acct_2Store", "enabled": False}), 200)

    (only,) = made(shop.brand.get(PATH), 200)["items"]

    assert (only["merchant_id"], only["enabled"]) == ("acct_2Store", False)


def test_an_account_can_be_removed(shop: Shop) -> None:
    made(shop.brand.put(f"{PATH}/stripe", STRIPE), 200)

    assert shop.brand.delete(f"{PATH}/stripe").status == 204
    assert shop.brand.delete(f"{PATH}/stripe").status == 204
    assert made(shop.brand.get(PATH), 200)["items"] == []
    with tenant_scope(shop.tenant_id), pytest.raises(ProviderNotSetUp):
        accounts.provider(shop.tenant_id, "stripe")


def test_stripe_cannot_be_set_up_for_a_currency_with_three_decimals(new_shop: Callable[..., Shop]) -> None:
    """Stripe takes such amounts only where they end in 0: https://docs.stripe.com/currencies#three-decimal."""
    shop = new_shop(currency="KWD")

    refused = shop.brand.put(f"{PATH}/stripe", STRIPE)

    assert (refused.status, refused.json["code"]) == (422, "currency_not_taken")
    assert "KWD" in refused.json["detail"]
    assert made(shop.brand.get(PATH), 200)["items"] == []


def test_the_audit_log_says_who_changed_it_and_no_secret(shop: Shop) -> None:
    made(shop.brand.put(f"{PATH}/stripe", STRIPE), 200)
    made(shop.brand.delete(f"{PATH}/stripe"), 204)

    log = shop.brand.get("/v1/audit?target=payment_settings:stripe")

    assert [entry["action"] for entry in made(log, 200)["items"]] == [
        "payment_settings.removed",
        "payment_settings.changed",
    ]
    assert "StoreSecret" not in log.text


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("account_id", "1Store"),
        ("publishable_key", "sk_test_51Store"),
        ("secret_key", "pk_test_51Store"),
        ("webhook_secret", "whsec_"),
    ],
)
def test_a_key_in_the_wrong_place_is_named(shop: Shop, field: str, value: str) -> None:
    refused = shop.brand.put(f"{PATH}/stripe", STRIPE | {field: value})

    assert refused.status == 422
    assert [error["pointer"] for error in refused.json["errors"]] == [f"/{field}"]
    assert made(shop.brand.get(PATH), 200)["items"] == []


@pytest.mark.parametrize("field", ["private_key", "platform_key", "api_v3_key", "merchant_id"])
def test_a_wechat_key_that_cannot_be_one_is_named(shop: Shop, wechat: dict[str, Any], field: str) -> None:
    refused = shop.brand.put(f"{PATH}/wechat", wechat | {field: "-----BEGIN PRIVATE KEY-----" + "A" * 100})

    assert refused.status == 422
    assert [error["pointer"] for error in refused.json["errors"]] == [f"/{field}"]
    assert "AAAA" not in refused.text, "what was pasted may be half a secret"


def test_only_owners_see_and_change_it(shop: Shop) -> None:
    key = made(shop.brand.post("/v1/api-keys", {"name": "Manager", "scopes": ["manager"]}))["secret"]

    assert shop.brand.call("GET", PATH, token=key).status == 403
    assert shop.brand.call("PUT", f"{PATH}/stripe", json=STRIPE, token=key).status == 403


def test_an_account_is_read_by_itself_without_its_keys(shop: Shop) -> None:
    assert shop.brand.get(f"{PATH}/stripe").status == 404
    made(shop.brand.put(f"{PATH}/stripe", STRIPE), 200)

    shown = made(shop.brand.get(f"{PATH}/stripe"), 200)

    assert (shown["provider"], shown["merchant_id"], shown["fee_bps"]) == ("stripe", "acct_1Store", 0)


def test_a_payment_keeps_the_rates_that_were_agreed_when_it_was_started(shop: Shop) -> None:
    """2.9 % of 18.00 is 0.522, and 0.30: 0.82; a later rate does not touch it."""
    made(shop.brand.put(f"{PATH}/test", {"fee_bps": 290, "fee_fixed_minor": 30}), 200)
    checkout = Checkout(shop)
    payment_id = made(checkout.start())["id"]
    made(shop.brand.put(f"{PATH}/test", {"fee_bps": 0}), 200)

    assert checkout.payment(payment_id).fee_minor == 82
    (shown,) = made(shop.brand.get(f"/v1/orders/{checkout.order['id']}/payments"), 200)["items"]
    assert shown["fee"] == shop.money(82)


def test_what_is_switched_off_starts_nothing_new_and_ends_what_was_begun(shop: Shop) -> None:
    checkout = Checkout(shop)
    payment_id = made(checkout.start())["id"]
    made(shop.brand.put(f"{PATH}/test", {"enabled": False}), 200)

    assert checkout.start().json["code"] == "provider_not_set_up"
    checkout.pay(payment_id)
    checkout.notify(payment_id)
    assert checkout.order_record().status == "placed"


def test_there_is_no_test_provider_where_money_is_real(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    checkout = Checkout(shop)
    monkeypatch.setenv("STAGE", "prod")
    product_settings.forget()

    refused = shop.brand.put(f"{PATH}/test", {}), checkout.start()

    assert {each.json["code"] for each in refused} == {"provider_not_set_up"}
    assert checkout.notify("01J9ZQ0W7N8RXC5B2M4T6V8Y0A").status == 400
    monkeypatch.undo()
    product_settings.forget()


def test_a_campaign_offers_only_ways_of_paying_that_lead_somewhere(shop: Shop) -> None:
    methods = ["pickup", "stripe", "wechat"]
    drafted = shop.campaign(publish=False, payment_methods=methods)
    publish = f"/v1/campaigns/{drafted['id']}/publish"
    refused = shop.brand.post(publish)
    made(shop.brand.put(f"{PATH}/stripe", STRIPE), 200)
    made(shop.brand.put(f"{PATH}/stripe", STRIPE | {"enabled": False}), 200)
    switched_off = shop.brand.post(publish)
    made(shop.brand.put(f"{PATH}/stripe", STRIPE), 200)
    one_left = shop.brand.post(publish)

    for answer, missing in ((refused, [1, 2]), (switched_off, [1, 2]), (one_left, [2])):
        assert (answer.status, answer.json["code"]) == (422, "campaign_incomplete")
        assert [error["pointer"] for error in answer.json["errors"]] == [f"/payment_methods/{n}" for n in missing]
    made(shop.brand.call("PATCH", f"/v1/campaigns/{drafted['id']}", json={"payment_methods": ["stripe"]}), 200)
    assert shop.brand.post(publish).status == 200


def test_real_money_is_not_taken_by_the_test_provider(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    drafted = shop.campaign(publish=False, payment_methods=["test"])
    with monkeypatch.context() as patch:
        patch.setenv("STAGE", "prod")
        product_settings.forget()
        refused = shop.brand.post(f"/v1/campaigns/{drafted['id']}/publish")
    product_settings.forget()

    assert refused.json["code"] == "campaign_incomplete"
