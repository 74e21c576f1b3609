"""Every secret is replaced while the product runs, as docs/rotation.md says: what was made before goes on until its
time is over, and not after.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import jwt
import pytest

from chalicelib import aws, settings
from chalicelib.db import tenant_scope
from chalicelib.kernel import clock as product_clock
from chalicelib.notices.model.notices import Category
from chalicelib.notices.model.people import Person
from chalicelib.notices.recipients.service import unsubscribe_link
from chalicelib.notices.settings import service as message_settings
from chalicelib.payments.accounts import service as accounts
from chalicelib.web.tokens import issue
from infra import reseal
from tests.builders import Shop, made
from tests.conftest import Api, Clock
from tests.customer_care import CustomerCare
from tests.members.codes import code_for, exchange
from tests.payments.fake_stripe import STRIPE

NAMES = {
    "TOKEN_SECRET": "TokenSecret",
    "LINK_SECRET": "LinkSecret",
    "PAYMENT_SECRET": "PaymentSecret",
    "WEBHOOK_SECRET": "WebhookSecret",
    "MESSAGE_SECRET": "MessageSecret",
}
STACK = "lintuan-of-this-test"


class Secrets:
    """The product's secrets where they are kept when it is deployed."""

    def __init__(self) -> None:
        self._client = aws.client("secretsmanager")
        self._made = 0

    def replace(self, name: str) -> None:
        """As docs/rotation.md has it: a new current version; the one before becomes the previous."""
        self._made += 1
        self._client.put_secret_value(SecretId=NAMES[name], SecretString=f"{name}-{self._made}-of-this-test")

    def end_previous(self, name: str) -> None:
        """Takes its label from the previous version, which ends the overlap."""
        found = self._client.list_secret_version_ids(SecretId=NAMES[name])["Versions"]
        (version,) = [each["VersionId"] for each in found if "AWSPREVIOUS" in each["VersionStages"]]
        self._client.update_secret_version_stage(
            SecretId=NAMES[name], VersionStage="AWSPREVIOUS", RemoveFromVersionId=version
        )


@pytest.fixture
def kept(engine: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Secrets]:
    """The secrets as a deployed product has them: as plain text in Secrets Manager, as its template made them."""
    deployed = {"TenantTable": settings.settings().tenant_table} | {name: name for name in NAMES.values()}
    for variable, name in NAMES.items():
        monkeypatch.delenv(variable)
        monkeypatch.setenv(f"{variable}_ARN", name)
        aws.client("secretsmanager").create_secret(Name=name, SecretString=f"{name}-as-the-template-made-it")
    settings.forget()
    monkeypatch.setattr(reseal, "_deployed", lambda stack, name: deployed[name])
    yield Secrets()
    for name in NAMES.values():
        aws.client("secretsmanager").delete_secret(SecretId=name, ForceDeleteWithoutRecovery=True)
    monkeypatch.undo()
    settings.forget()


def another_process() -> None:
    """The next request meets a function that has just started."""
    settings.forget()


@pytest.fixture
def new_shop(kept: Secrets, new_shop: Callable[..., Shop]) -> Callable[..., Shop]:
    """Brands of a product whose secrets are kept like this."""
    return new_shop


def me(shop: Shop, token: str) -> int:
    return shop.caller.call("GET", f"{shop.path}/me", token=token).status


def long_lived(shop: Shop) -> str:
    """A token that a thief of the secret would make for themselves."""
    now = product_clock.now()
    return issue("member", shop.tenant_id, shop.slug, shop.shopper.id, frozenset(), now, 10**8)


class TestTokens:
    def test_an_old_token_lives_out_its_time_and_new_ones_have_another_key(self, shop: Shop, kept: Secrets) -> None:
        old = shop.shopper.token
        assert me(shop, old) == 200

        kept.replace("TOKEN_SECRET")
        another_process()
        new = shop.member().token

        assert (me(shop, old), me(shop, new)) == (200, 200)
        assert jwt.get_unverified_header(old)["kid"] != jwt.get_unverified_header(new)["kid"]

    def test_after_the_overlap_the_old_key_opens_nothing(self, shop: Shop, kept: Secrets, clock: Clock) -> None:
        stolen = long_lived(shop)
        kept.replace("TOKEN_SECRET")
        another_process()
        clock.advance(hours=24, minutes=55)
        assert me(shop, stolen) == 200

        clock.advance(minutes=10)

        assert me(shop, stolen) == 401

    def test_a_second_replacement_ends_the_first_secret_at_once(self, shop: Shop, kept: Secrets) -> None:
        stolen = long_lived(shop)
        for _ in range(2):
            kept.replace("TOKEN_SECRET")
        another_process()

        assert me(shop, stolen) == 401
        assert me(shop, shop.member().token) == 200


def test_a_list_goes_on_from_an_old_cursor(shop: Shop, kept: Secrets, clock: Clock) -> None:
    _ = shop.member(), shop.member()
    path = f"/v1/members?limit=1&cursor={made(shop.brand.get('/v1/members?limit=1'), 200)['next_cursor']}"
    kept.replace("TOKEN_SECRET")
    another_process()

    assert len(made(shop.brand.get(path), 200)["items"]) == 1
    clock.advance(hours=26)
    assert shop.brand.get(path).json["code"] == "bad_cursor"


def test_a_sign_in_code_that_is_out_still_works(shop: Shop, kept: Secrets, api: Api) -> None:
    code = code_for(api, shop.slug)
    kept.replace("TOKEN_SECRET")
    another_process()

    assert exchange(api, code, shop.slug).status == 200
    assert exchange(api, code, shop.slug).status == 401


def test_a_new_sign_in_code_works_where_the_new_secret_is_not_known_yet(
    shop: Shop, kept: Secrets, api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    code_for(api, shop.slug, email="pat@home.example")
    warm = {name: settings._stored(name) for name in NAMES}
    kept.replace("TOKEN_SECRET")
    another_process()
    code = code_for(api, shop.slug)

    monkeypatch.setattr(settings, "_stored", warm.__getitem__)

    assert exchange(api, code, shop.slug).status == 200


def test_links_in_messages_work_as_long_as_their_invitation(kept: Secrets, care: CustomerCare) -> None:
    member = care.shop.member()
    care.collected(member)
    link = f"/invitations/{care.invitation(member)}"
    kept.replace("LINK_SECRET")
    another_process()

    assert care.invitation(member) not in link, "the same invitation is sent with the new key from now on"
    care.clock.advance(days=29, hours=23)
    assert care.store("POST", f"{link}/answers", json={"score": 5}).status == 201
    care.clock.advance(days=2)
    assert care.store("GET", link).status == 404


def test_links_that_end_messages_work_until_the_second_replacement(shop: Shop, kept: Secrets, clock: Clock) -> None:
    def link() -> str:
        with tenant_scope(shop.tenant_id):
            person = Person.member(shop.shopper.id)
            return urlsplit(unsubscribe_link(shop.tenant_id, person, Category.SERVICE)).path

    out = link()
    kept.replace("LINK_SECRET")
    another_process()
    clock.advance(days=400)
    assert shop.caller.call("GET", out).status == 200
    assert link() != out

    kept.replace("LINK_SECRET")
    another_process()
    assert [shop.caller.call("GET", each).status for each in (out, link())] == [404, 200]


class TestSealedAccounts:
    @pytest.fixture
    def accounts_of(self, shop: Shop) -> Shop:
        """A store with a present account, and one that it put aside."""
        for account in ("acct_1Before", "acct_1Store"):
            made(shop.brand.put("/v1/payment-settings/stripe", STRIPE | {"account_id": account}), 200)
        return shop

    def test_they_open_with_the_previous_secret_and_are_sealed_anew_at_once_by_the_operator(
        self, accounts_of: Shop, kept: Secrets
    ) -> None:
        assert opened(accounts_of) == 2
        kept.replace("PAYMENT_SECRET")
        another_process()
        assert opened(accounts_of) == 2

        assert reseal.main(STACK) == 0

        kept.end_previous("PAYMENT_SECRET")
        another_process()
        assert opened(accounts_of) == 2
        assert reseal.reseal(settings.settings().tenant_table) == reseal.Outcome(current=2)

    def test_one_that_is_written_is_sealed_anew(self, accounts_of: Shop, kept: Secrets) -> None:
        kept.replace("PAYMENT_SECRET")
        another_process()
        made(accounts_of.brand.delete("/v1/payment-settings/stripe"), 204)
        kept.end_previous("PAYMENT_SECRET")
        another_process()

        assert opened(accounts_of) == 1, "the one that was put aside now, not the one before it"

    def test_without_the_previous_secret_the_operator_is_told_what_is_left(
        self, accounts_of: Shop, kept: Secrets, capsys: pytest.CaptureFixture[str]
    ) -> None:
        for _ in range(2):
            kept.replace("PAYMENT_SECRET")
        another_process()

        assert (opened(accounts_of), reseal.main(STACK)) == (0, 1)
        assert "Opened by no version there is: 2." in capsys.readouterr().out
        made(accounts_of.brand.put("/v1/payment-settings/stripe", STRIPE), 200)
        assert opened(accounts_of) == 1


class TestSealedWebhookSecrets:
    def test_they_open_with_the_previous_secret_and_are_sealed_anew_at_once_by_the_operator(
        self, shop: Shop, kept: Secrets
    ) -> None:
        endpoint = made(shop.brand.post("/v1/webhook-endpoints", {"url": "https://erp.example.com/"}))["id"]
        made(shop.brand.put("/v1/payment-settings/stripe", STRIPE), 200)
        test = f"/v1/webhook-endpoints/{endpoint}/test"
        kept.replace("WEBHOOK_SECRET")
        another_process()
        assert shop.brand.post(test).status == 200
        assert reseal.reseal(settings.settings().tenant_table) == reseal.Outcome(sealed=1, current=1)

        kept.end_previous("WEBHOOK_SECRET")
        another_process()
        assert shop.brand.post(test).status == 200
        for _ in range(2):
            kept.replace("WEBHOOK_SECRET")
        another_process()
        assert shop.brand.post(test).json["code"] == "webhook_secret_unreadable"
        assert reseal.main(STACK) == 1


class TestSealedAccountsOfMessages:
    def test_they_open_with_the_previous_secret_and_are_sealed_anew_at_once_by_the_operator(
        self, shop: Shop, kept: Secrets
    ) -> None:
        account = {"app_id": "wxd678efh567hg6787", "secret": "0123456789abcdef0123456789abcdef"}
        made(shop.brand.put("/v1/message-settings", {"official_account": account}), 200)
        kept.replace("MESSAGE_SECRET")
        another_process()
        assert app_secret(shop) == account["secret"]
        assert reseal.main(STACK) == 0

        kept.end_previous("MESSAGE_SECRET")
        another_process()
        assert app_secret(shop) == account["secret"]
        for _ in range(2):
            kept.replace("MESSAGE_SECRET")
        another_process()
        assert app_secret(shop) is None
        assert reseal.main(STACK) == 1


def app_secret(shop: Shop) -> str | None:
    """What the worker that sends would call the official account with now."""
    message_settings.brand_messages.forget()
    with tenant_scope(shop.tenant_id):
        return message_settings.secret_of(shop.tenant_id, message_settings.brand_messages(shop.tenant_id))


def opened(shop: Shop) -> int:
    """How many accounts at Stripe a function can use now."""
    with tenant_scope(shop.tenant_id):
        return len(list(accounts.all_of(shop.tenant_id, "stripe")))
