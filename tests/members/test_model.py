from datetime import UTC, datetime

import pytest

from chalicelib.kernel.keys import key_of
from chalicelib.members.model.identities import Identity, member_id, search_identities
from chalicelib.members.model.profiles import ProfileChanges, consent_after, profile_after
from chalicelib.members.sign_in.model import code_digest, sign_in_key, window_start

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
KEY, ANOTHER = key_of(b"one", "codes"), key_of(b"two", "codes")
TENANT = "01J9ZQ0W7N8RXC5B2M4T6V8Y0A"


def test_an_ordinal_has_one_id_in_each_tenant() -> None:
    ids = {member_id(tenant, n) for tenant in (TENANT, TENANT[:-1] + "B") for n in range(1000)}
    assert len(ids) == 2000
    assert member_id(TENANT, 7) == member_id(TENANT, 7)


def test_identities_of_different_kinds_never_meet() -> None:
    assert len({Identity(kind, "x").digest for kind in ("email", "phone", "ref")}) == 3  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("C-1001", ["ref"]),
        ("Fang@Home.example", ["ref", "email"]),
        ("+86 138-0013-8000", ["ref", "phone"]),
        ("+86 138 x", ["ref"]),
        ("+", ["ref"]),
    ],
)
def test_a_search_text_may_be_several_things(text: str, kinds: list[str]) -> None:
    assert [identity.kind for identity in search_identities(text)] == kinds


def test_a_search_uses_the_forms_in_which_identities_are_kept() -> None:
    assert search_identities("Fang@Home.example")[1].value == "fang@home.example"
    assert search_identities("+86 (138) 0013-8000")[1].value == "+8613800138000"
    assert search_identities("＋８６１３８００１３８０００")[1].value == "+8613800138000"


def test_what_is_stored_of_a_code_depends_on_secret_sign_in_and_code() -> None:
    digests = {
        code_digest(secret, sign_in, code)
        for secret in (b"one", b"two")
        for sign_in in ("a", "b")
        for code in ("000000", "000001")
    }
    assert len(digests) == 8


def test_a_sign_in_is_named_by_audience_store_and_address() -> None:
    mail = Identity("email", "a@b.example")
    names = {
        sign_in_key(KEY, "staff", "linli", mail),
        sign_in_key(KEY, "member", "linli", mail),
        sign_in_key(KEY, "member", "other", mail),
        sign_in_key(KEY, "member", "linli", Identity("email", "c@b.example")),
        sign_in_key(ANOTHER, "member", "linli", mail),
    }
    assert len(names) == 5
    assert not any("a@b" in name or "linli" in name for name in names)


def test_a_window_begins_every_quarter_of_an_hour() -> None:
    assert window_start(NOON) == window_start(NOON.replace(minute=14, second=59)) == int(NOON.timestamp())
    assert window_start(NOON.replace(minute=15)) == int(NOON.timestamp()) + 900


def test_a_consent_keeps_the_instant_of_its_last_change() -> None:
    given = consent_after({}, {"marketing": True}, NOON)
    repeated = consent_after(given, {"marketing": True, "analytics": False}, NOON.replace(hour=13))
    withdrawn = consent_after(repeated, {"marketing": False}, NOON.replace(hour=14))
    assert repeated["marketing"] == {"granted": True, "at": "2026-03-01T12:00:00Z"}
    assert repeated["analytics"]["at"] == "2026-03-01T13:00:00Z"
    assert withdrawn["marketing"] == {"granted": False, "at": "2026-03-01T14:00:00Z"}


def test_a_profile_sets_clears_and_keeps() -> None:
    before = {"gender": "female", "occupation": "nurse", "interests": ["tea"]}
    after = profile_after(before, ProfileChanges("apart", "25_34", gender=None, interests=[]))
    assert after == {"age_band": "25_34", "occupation": "nurse"}
