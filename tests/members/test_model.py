from datetime import UTC, datetime

import pytest

from chalicelib.kernel.keys import key_of
from chalicelib.members.model.identities import Identity, member_id, person_of
from chalicelib.members.model.profiles import ProfileChanges, consent_after, profile_after
from chalicelib.members.sign_in.model import code_digest, sign_in_key

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
KEY, ANOTHER = key_of(b"one", "codes"), key_of(b"two", "codes")
TENANT = "01J9ZQ0W7N8RXC5B2M4T6V8Y0A"


def test_an_ordinal_has_one_id_in_each_tenant() -> None:
    ids = {member_id(tenant, n) for tenant in (TENANT, TENANT[:-1] + "B") for n in range(1000)}
    assert len(ids) == 2000
    assert member_id(TENANT, 7) == member_id(TENANT, 7)


def test_identities_of_different_kinds_never_meet() -> None:
    assert len({Identity(kind, "x").digest for kind in ("email", "phone", "ref")}) == 3  # type: ignore[arg-type]


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


@pytest.mark.parametrize(
    ("typed", "person"),
    [
        ("ann@x.example", "ann@x.example"),
        ("ann+1@x.example", "ann@x.example"),
        ("ann+1+2@x.example", "ann@x.example"),
        ("+ann@x.example", "+ann@x.example"),
        ("a.n.n@x.example", "a.n.n@x.example"),
        ("a.n.n+shop@gmail.com", "ann@gmail.com"),
        ("ann@googlemail.com", "ann@gmail.com"),
    ],
)
def test_one_mailbox_is_one_person_for_limits(typed: str, person: str) -> None:
    assert person_of(Identity("email", typed)) == person


def test_a_phone_number_is_a_person_as_it_is() -> None:
    assert person_of(Identity("phone", "+8613800138000")) == "+8613800138000"


def test_a_consent_keeps_the_instant_of_its_last_change() -> None:
    given = consent_after({}, {"marketing": True}, NOON)
    repeated = consent_after(given, {"marketing": True, "analytics": False}, NOON.replace(hour=13))
    withdrawn = consent_after(repeated, {"marketing": False}, NOON.replace(hour=14))
    assert repeated["marketing"] == {"granted": True, "at": "2026-03-01T12:00:00Z", "words": 1}
    assert repeated["analytics"]["at"] == "2026-03-01T13:00:00Z"
    assert withdrawn["marketing"] == {"granted": False, "at": "2026-03-01T14:00:00Z", "words": 1}


def test_a_profile_sets_clears_and_keeps() -> None:
    before = {"gender": "female", "occupation": "nurse", "interests": ["tea"]}
    after = profile_after(before, ProfileChanges("apart", age_band="25_34", gender=None, interests=[]))
    assert after == {"age_band": "25_34", "occupation": "nurse"}
