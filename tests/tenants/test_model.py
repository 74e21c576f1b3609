from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.tenants.model import (
    DAY_GRACE,
    RESERVED_SLUGS,
    CannotGrant,
    FixedAtSignUp,
    SlugInvalid,
    SlugReserved,
    TenantChanges,
    changed,
    check_editable,
    check_may_grant,
    check_slug,
    day_ended_at,
    merged,
    scopes_now,
)
from tests.refusals import refusal


@pytest.mark.parametrize("slug", ["abc", "a1b", "linli-fresh", "a-b-c", "x" * 40])
def test_a_plain_slug_is_taken(slug: str) -> None:
    assert refusal(check_slug, slug) is None


@pytest.mark.parametrize(
    "slug",
    ["", "ab", "x" * 41, "Linli", "1abc", "-abc", "abc-", "a--b", "xn--f", "a b", "a.b", "a/b", "a#b", "邻里", "ab\n"],
)
def test_what_cannot_stand_in_an_address_is_refused_by_its_field(slug: str) -> None:
    with pytest.raises(SlugInvalid) as refused:
        check_slug(slug)
    assert refused.value.errors[0].pointer == "/slug"


@pytest.mark.parametrize("slug", ["admin", "api", "support", "lintuan", "lintuan-official"])
def test_the_platforms_own_names_are_refused(slug: str) -> None:
    with pytest.raises(SlugReserved):
        check_slug(slug)


@pytest.mark.parametrize(
    "slug",
    [
        "lintuan1", "lintuan2-shop", "l1ntuan", "lintuan-1", "my-lintuan", "lin-tuan", "iintuan", "llntuan24",
        "lintu4n", "thelintuan", "l-i-n-t-u-a-n", "stripe", "str1pe", "stripe-payments", "pay-stripe2", "wechat",
        "wechatpay", "wechat-pay", "weixin", "alipay", "aiipay", "paypal", "paypa1-help", "unionpay", "postmaster",
        "post-master", "postmaster2", "hostmaster", "webmaster", "abuse", "no-reply", "noreply", "mailer-daemon",
        "adm1n", "admin-2", "supp0rt", "official-1",
    ],
)  # fmt: skip
def test_names_that_pass_for_the_platform_or_a_payment_provider_are_refused(slug: str) -> None:
    with pytest.raises(SlugReserved):
        check_slug(slug)


@pytest.mark.parametrize(
    "slug",
    ["home24", "store24", "linli", "lin-fresh", "tuan-lin", "stripes-and-dots", "striped", "wei-xin-ji", "badminton",
     "supporters", "union-fruit", "post-office", "pinduoduo", "lian-tuan", "abuser-free"],
)  # fmt: skip
def test_names_of_their_own_are_free(slug: str) -> None:
    check_slug(slug)


def test_reserved_names_are_in_the_form_in_which_slugs_come() -> None:
    assert all(name == name.lower().strip() for name in RESERVED_SLUGS)


@pytest.mark.parametrize(
    ("now", "timezone", "midnight"),
    [
        # 23:59:59 and 00:00 in Shanghai (UTC+8).
        ("2026-03-01T15:59:59+00:00", "Asia/Shanghai", "2026-03-01T16:00:00+00:00"),
        ("2026-03-01T16:00:00+00:00", "Asia/Shanghai", "2026-03-02T16:00:00+00:00"),
        # New York: the day on which clocks go forward has 23 hours, the one on which they go back 25.
        ("2026-03-08T05:00:00+00:00", "America/New_York", "2026-03-09T04:00:00+00:00"),
        ("2026-11-01T04:00:00+00:00", "America/New_York", "2026-11-02T05:00:00+00:00"),
    ],
)
def test_a_day_ends_at_the_next_local_midnight_and_the_grace(now: str, timezone: str, midnight: str) -> None:
    assert day_ended_at(datetime.fromisoformat(now), timezone) == datetime.fromisoformat(midnight) + DAY_GRACE


def test_the_grace_lets_late_writes_land_but_is_no_second_day() -> None:
    assert timedelta() < DAY_GRACE < timedelta(hours=1)
    assert day_ended_at(datetime(2026, 1, 1, tzinfo=UTC), "UTC").tzinfo is not None


@pytest.mark.parametrize("held", [{"owner"}, {"*"}, {"owner", "editor"}])
def test_who_holds_everything_may_grant_everything(held: set[str]) -> None:
    assert refusal(check_may_grant, held, ["owner", "*", "analyst"]) is None


def test_nobody_grants_what_they_do_not_hold() -> None:
    check_may_grant({"manager", "editor"}, ["editor"])
    with pytest.raises(CannotGrant, match=r"\*, owner"):
        check_may_grant({"manager"}, ["manager", "owner", "*"])


def test_an_edit_of_what_is_fixed_says_which_and_why() -> None:
    check_editable({"name", "brand"})
    with pytest.raises(FixedAtSignUp) as refused:
        check_editable({"name", "currency", "slug"})
    assert [error.pointer for error in refused.value.errors] == ["/currency", "/slug"]


def test_a_merge_sets_what_is_named_clears_on_none_and_keeps_the_rest() -> None:
    before = {"name": "A", "locale": "zh", "slogan": "old", "story": "long"}
    after = merged(before, TenantChanges(name="B", slogan=None, values=["fair"]))
    assert after == {"name": "B", "locale": "zh", "story": "long", "values": ["fair"]}


def test_an_audit_entry_keeps_only_what_differs() -> None:
    assert changed({"a": 1, "b": 2}, {"a": 1, "b": 3, "c": 4}) == {
        "b": {"from": 2, "to": 3},
        "c": {"from": None, "to": 4},
    }


@pytest.mark.parametrize(
    ("scopes", "roles", "allowed"),
    [
        ({"planner"}, {"owner"}, {"planner"}),
        ({"*"}, {"owner"}, {"*"}),
        ({"*"}, {"manager", "planner"}, {"manager", "planner"}),
        ({"owner"}, {"analyst"}, {"analyst"}),
        ({"manager", "analyst"}, {"analyst", "service"}, {"analyst"}),
        ({"manager"}, {"planner"}, set()),
        ({"manager"}, set(), set()),
    ],
)
def test_a_key_does_what_its_scopes_and_its_keepers_roles_have_in_common(
    scopes: set[str], roles: set[str], allowed: set[str]
) -> None:
    assert scopes_now(scopes, roles) == allowed
