"""What the database keeps of a store's keys is of no use to whoever reads it."""

from __future__ import annotations

import base64
from collections.abc import Iterator

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from chalicelib import settings
from chalicelib.payments.vault import service as vault

SECRET = {"secret_key": "sk_live_the-secret"}


@pytest.fixture(autouse=True)
def payment_secret(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("PAYMENT_SECRET", "the payment secret")
    settings.forget()
    yield
    settings.forget()


def test_what_was_sealed_for_a_place_opens_there() -> None:
    assert vault.unseal(vault.seal(SECRET, "tenant", "stripe"), "tenant", "stripe") == SECRET


def test_it_shows_nothing_and_never_looks_the_same() -> None:
    sealed = [vault.seal(SECRET, "tenant", "stripe") for _ in range(2)]

    assert sealed[0] != sealed[1]
    assert "sk_live" not in sealed[0]


@pytest.mark.parametrize("place", [("other", "stripe"), ("tenant", "wechat"), ("tenantstripe",), ()])
def test_it_opens_nowhere_else(place: tuple[str, ...]) -> None:
    with pytest.raises(InvalidTag):
        vault.unseal(vault.seal(SECRET, "tenant", "stripe"), *place)


def test_it_opens_with_no_other_payment_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    sealed = vault.seal(SECRET, "tenant", "stripe")
    monkeypatch.setenv("PAYMENT_SECRET", "another payment secret")
    settings.forget()

    with pytest.raises(InvalidTag):
        vault.unseal(sealed, "tenant", "stripe")


def test_what_does_not_open_can_be_asked_for_gently(monkeypatch: pytest.MonkeyPatch) -> None:
    sealed = vault.seal(SECRET, "tenant", "stripe")
    assert vault.unseal_or_none(sealed, "tenant", "stripe") == SECRET
    assert vault.unseal_or_none(sealed, "other", "stripe") is None
    monkeypatch.setenv("PAYMENT_SECRET", "another payment secret")
    settings.forget()

    assert vault.unseal_or_none(sealed, "tenant", "stripe") is None


def test_what_was_sealed_before_keys_had_ids_opens_and_can_be_sealed_anew() -> None:
    key = HKDF(SHA256(), 32, None, b'["payments vault"]').derive(b"the payment secret")
    sealed = AESGCM(key).encrypt(b"a nonce once", b'{"secret_key":"sk_live_old"}', b'["tenant","stripe"]')
    text = base64.b64encode(b"a nonce once" + sealed).decode()

    assert vault.unseal(text, "tenant", "stripe") == {"secret_key": "sk_live_old"}
    assert vault.unseal_or_none(text, "tenant", "wechat") is None

    anew = vault.sealed_anew(text, "tenant", "stripe")

    assert anew.startswith(settings.secret("payments vault").current.id)
    assert vault.unseal(anew, "tenant", "stripe") == {"secret_key": "sk_live_old"}


def test_what_is_sealed_with_the_current_key_or_does_not_open_stays_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    sealed = vault.seal(SECRET, "tenant", "stripe")
    assert vault.sealed_anew(sealed, "tenant", "stripe") == sealed
    monkeypatch.setenv("PAYMENT_SECRET", "another payment secret")
    settings.forget()

    assert vault.sealed_anew(sealed, "tenant", "stripe") == sealed
