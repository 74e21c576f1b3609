"""What the database keeps of a store's keys is of no use to whoever reads it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from cryptography.exceptions import InvalidTag

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


def test_each_purpose_has_a_key_of_its_own() -> None:
    keys = {vault.derived_key("one"), vault.derived_key("two"), vault.derived_key("one", "context")}

    assert len(keys) == 3
    assert all(len(key) == 32 for key in keys)


def test_the_derivation_is_hkdf() -> None:
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    expected = HKDF(SHA256(), 32, None, b'["one","context"]').derive(b"the payment secret")

    assert vault.derived_key("one", "context") == expected
