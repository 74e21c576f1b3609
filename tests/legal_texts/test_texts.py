"""Privacy notice, terms and imprint: written by the brand, read by everybody, accepted by members."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.kernel import clock
from chalicelib.legal_texts.model import MOST_KEPT, Accepted, accepted_after
from tests.builders import Shop, made
from tests.members.codes import sign_in

TERMS = {"en": "# Orders\nYours once paid.", "zh": "# 订单\n付款后成立。"}


def publish(shop: Shop, kind: str = "terms", **body: Any) -> Any:
    """Publishes a text; terms in two languages unless told otherwise."""
    return made(shop.brand.put(f"/v1/legal-texts/{kind}", {"texts": TERMS, **body}), 200)


def me(shop: Shop) -> Any:
    """The shopper as they see themselves."""
    return made(shop.caller.call("GET", f"{shop.path}/me", token=shop.shopper.token), 200)


def accept(shop: Shop, *accepted: dict[str, Any]) -> Any:
    """The shopper accepts versions of texts."""
    return shop.caller.call(
        "POST", f"{shop.path}/me/acceptances", json={"accepted": list(accepted)}, token=shop.shopper.token
    )


def version(revision: int = 1, kind: str = "terms", language: str = "en") -> dict[str, Any]:
    return {"kind": kind, "revision": revision, "language": language}


@pytest.mark.parametrize("kind", ["privacy", "terms", "imprint"])
def test_where_nothing_is_written_the_team_gets_a_template_that_is_refused_as_it_is(shop: Shop, kind: str) -> None:
    offered = made(shop.brand.get(f"/v1/legal-texts/{kind}"), 200)
    assert (offered["revision"], offered["texts"], offered["must_accept"]) == (None, {}, False)
    assert offered["template"].keys() == {"en", "zh"}

    refused = shop.brand.put(f"/v1/legal-texts/{kind}", {"texts": offered["template"]})

    assert (refused.status, refused.json["errors"][0]["pointer"]) == (422, "/texts/en")
    assert "[[" in refused.json["errors"][0]["message"]
    assert shop.caller.call("GET", f"{shop.path}/legal-texts/{kind}").status == 404


def test_words_that_change_are_a_new_version_and_the_earlier_ones_stay_readable(shop: Shop) -> None:
    first = publish(shop)
    assert publish(shop)["revision"] == first["revision"] == 1
    assert publish(shop, must_accept=True)["revision"] == 1
    assert publish(shop, texts={"en": "New."})["revision"] == 2

    shown = made(shop.caller.call("GET", f"{shop.path}/legal-texts/terms"), 200)
    earlier = made(shop.caller.call("GET", f"{shop.path}/legal-texts/terms?revision=1"), 200)
    assert (shown["revision"], shown["texts"], earlier["texts"]) == (2, {"en": "New."}, TERMS)
    assert shop.caller.call("GET", f"{shop.path}/legal-texts/terms?revision=3").status == 404


def test_what_is_in_force_stands_on_the_store(shop: Shop) -> None:
    terms = publish(shop, must_accept=True)
    imprint = publish(shop, "imprint", texts={"zh": "经营者"})
    assert made(shop.caller.call("GET", shop.path), 200)["legal_texts"] == [
        {
            "kind": "imprint", "revision": 1, "published_at": imprint["published_at"], "must_accept": False,
            "languages": ["zh"],
        },
        {
            "kind": "terms", "revision": 1, "published_at": terms["published_at"], "must_accept": True,
            "languages": ["en", "zh"],
        },
    ]  # fmt: skip


def test_a_text_that_is_taken_away_is_asked_of_nobody(shop: Shop) -> None:
    publish(shop, must_accept=True)
    publish(shop, texts={})
    assert made(shop.brand.get("/v1/legal-texts/terms"), 200)["template"]
    assert made(shop.caller.call("GET", shop.path), 200)["legal_texts"] == []
    assert shop.order().status == 201


@pytest.mark.parametrize(
    ("kind", "body", "pointer"),
    [
        ("privacy", {"texts": TERMS, "must_accept": True}, "/must_accept"),
        ("terms", {"texts": {}, "must_accept": True}, "/must_accept"),
        ("terms", {"texts": {"fr": "Bonjour"}}, "/texts/fr"),
        ("terms", {"texts": {"en": ""}}, "/texts/en"),
        ("terms", {"texts": {"en": "x" * 30_001}}, "/texts/en"),
    ],
)
def test_a_text_that_makes_no_sense_is_refused_at_its_field(shop: Shop, kind: str, body: Any, pointer: str) -> None:
    refused = shop.brand.put(f"/v1/legal-texts/{kind}", body)
    assert refused.status == 422
    assert [each["pointer"].removesuffix("/[key]") for each in refused.json["errors"]] == [pointer]


def test_a_text_that_was_changed_in_between_is_not_overwritten(shop: Shop) -> None:
    read = shop.brand.get("/v1/legal-texts/terms")
    publish(shop)
    stale = shop.brand.put(
        "/v1/legal-texts/terms", {"texts": {"en": "Mine"}}, headers={"If-Match": read.headers["ETag"]}
    )
    assert stale.status == 412


def test_another_word_than_the_three_is_no_text(shop: Shop) -> None:
    assert shop.brand.get("/v1/legal-texts/cookies").status == 404


def test_what_a_member_accepts_is_kept_with_version_language_and_time(shop: Shop, clock: Any) -> None:
    publish(shop)
    publish(shop, "privacy", texts={"zh": "隐私"})
    accepted = made(accept(shop, version(), version(kind="privacy", language="zh")), 200)["accepted"]
    assert [(each["kind"], each["revision"], each["language"]) for each in accepted] == [
        ("privacy", 1, "zh"),
        ("terms", 1, "en"),
    ]

    clock.advance(days=1)
    assert made(accept(shop, version(language="zh")), 200)["accepted"] == accepted
    publish(shop, texts={"en": "New."})
    made(accept(shop, version(2)), 200)
    seen = made(shop.brand.get(f"/v1/members/{shop.shopper.id}"), 200)["accepted"]
    assert [each["revision"] for each in seen if each["kind"] == "terms"] == [1, 2]
    assert seen[0]["at"] == accepted[0]["at"] < seen[2]["at"]


@pytest.mark.parametrize("wrong", [version(2), version(kind="privacy"), version(language="zh")])
def test_only_what_is_in_force_can_be_accepted(shop: Shop, wrong: dict[str, Any]) -> None:
    publish(shop, texts={"en": "Only English."})
    refused = accept(shop, wrong)
    assert (refused.status, refused.json["code"]) == (409, "text_changed")
    assert me(shop)["accepted"] == []


def test_orders_wait_for_the_terms_only_where_the_brand_says_so(shop: Shop) -> None:
    publish(shop)
    assert shop.order().status == 201

    publish(shop, must_accept=True)
    refused = shop.order()
    assert (refused.status, refused.json["code"]) == (403, "terms_not_accepted")
    made(accept(shop, version()), 200)
    assert shop.order().status == 201

    publish(shop, texts={"en": "Stricter."}, must_accept=True)
    assert shop.order().json["code"] == "terms_not_accepted"


def test_who_joins_accepts_in_the_same_step(api: Any, new_shop: Callable[..., Shop]) -> None:
    shop = new_shop()
    publish(shop, must_accept=True)
    token = sign_in(api, shop.slug, accepted=[version()])["access_token"]
    assert [each["revision"] for each in api.get(f"{shop.path}/me", token=token).json["accepted"]] == [1]


def test_a_version_that_is_no_longer_in_force_keeps_nobody_from_signing_in(
    api: Any, new_shop: Callable[..., Shop]
) -> None:
    shop = new_shop()
    publish(shop)
    token = sign_in(api, shop.slug, accepted=[version(7)])["access_token"]
    assert api.get(f"{shop.path}/me", token=token).json["accepted"] == []


def test_of_each_kind_the_latest_acceptances_are_kept() -> None:
    now = clock.now()
    all_of = [Accepted("terms", n, "en", now + timedelta(days=n)) for n in range(1, MOST_KEPT + 3)]
    kept = accepted_after(all_of[:-1], [all_of[-1], Accepted("privacy", 1, "en", now)])
    assert [each.revision for each in kept] == [1, *range(3, MOST_KEPT + 3)]
