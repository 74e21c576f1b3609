"""Payment accounts in the console: set up by an owner, whose secrets are never shown again."""

from __future__ import annotations

from tests.pages.examples import FORMS


def typed(path):
    return {name.replace(".", "__"): value for name, value in FORMS[path].fields(None).items()}


STRIPE, WECHAT = "/console/payment-accounts/stripe", "/console/payment-accounts/wechat"


def test_stripe_is_set_up_and_its_secrets_stay_hidden(desk, shop):
    assert "not set up" in desk.get("/payment-accounts").words()
    saved = desk.send(
        desk.get("/payment-accounts/stripe"), "Save", **typed(STRIPE) | {"fee_bps": "2.9", "fee_fixed_minor": "0.30"}
    )
    assert saved.words(".flash").startswith("It is saved. Try it")
    settings = shop.brand.get("/v1/payment-settings/stripe").json
    assert (settings["enabled"], settings["fee_bps"], settings["fee_fixed_minor"]) == (True, 290, 30)
    page = desk.get("/payment-accounts/stripe")
    assert page.soup.select_one("#f-account_id")["value"] == "acct_1Store"
    assert "rk_test_your_restricted_key" not in page.text
    assert f"/v1/webhooks/stripe/{shop.tenant_id}" in page.words()


def test_what_is_refused_stands_beside_its_field_and_no_secret_comes_back(desk):
    wrong = typed(STRIPE) | {"account_id": "mine", "fee_bps": "2.9"}
    page = desk.send(desk.get("/payment-accounts/stripe"), "Save", **wrong)
    assert page.status == 422
    assert page.words("#f-account_id-fault")
    assert page.soup.select_one("#f-publishable_key")["value"] == "pk_test_51Store"
    assert "rk_test_your_restricted_key" not in page.text
    rates = desk.send(desk.get("/payment-accounts/stripe"), "Save", **typed(STRIPE) | {"fee_bps": "two"})
    assert rates.words("#f-fee_bps-fault")


def test_wechat_is_set_up_switched_off_and_removed(desk, shop):
    desk.send(desk.get("/payment-accounts/wechat"), "Save", **typed(WECHAT))
    assert shop.brand.get("/v1/payment-settings/wechat").json["enabled"] is True
    off = desk.send(desk.get("/payment-accounts/wechat"), "Save", **typed(WECHAT) | {"enabled": "false"})
    assert off.words(".flash") == "It is saved, and switched off: no new payment starts with it."
    gone = desk.send(desk.get("/payment-accounts/wechat"), "Yes, take no more payments")
    assert gone.words(".flash").startswith("No new payment starts with it.")
    assert shop.brand.get("/v1/payment-settings/wechat").status == 404


def test_accounts_are_the_owners_alone(new_desk, shop):
    assert new_desk(shop, "manager").get("/payment-accounts").status == 403
    assert "收款账户" in new_desk(shop, language="zh").get("/payment-accounts").heading
