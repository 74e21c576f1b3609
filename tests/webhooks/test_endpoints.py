"""Endpoints over HTTP: added, read, changed, given new secrets, taken away."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import pytest
from standardwebhooks import WebhookVerificationError

from chalicelib import settings
from chalicelib.db import metered, tenant_scope
from chalicelib.kernel import clock as product_clock
from chalicelib.kernel.principal import Principal
from chalicelib.webhooks.errors import TooManyEndpoints
from chalicelib.webhooks.model import catalogue
from chalicelib.webhooks.service import endpoints
from chalicelib.webhooks.service.emitting import types_wanted
from tests.builders import Shop, made
from tests.webhooks.conftest import EVENTS, Hooks, verified
from tests.webhooks.receiver import Receiver

PATH = "/v1/webhook-endpoints"
URL = "https://erp.example.com/hooks"


def test_an_endpoint_is_shown_with_its_secret_once(hooks: Hooks) -> None:
    answer = hooks.brand.post(PATH, {"url": URL, "event_types": ["order.placed"], "description": " Our ERP "})
    added = made(answer)
    shown = hooks.brand.get(f"{PATH}/{added['id']}")

    assert added.pop("secret").startswith("whsec_")
    assert shown.json == added
    assert shown.headers["ETag"] == answer.headers["ETag"] == '"1"'
    assert (added["url"], added["event_types"], added["description"]) == (URL, ["order.placed"], "Our ERP")
    assert (added["status"], added["disabled_reason"], added["failing_since"]) == ("active", None, None)
    assert made(hooks.brand.get(PATH), 200)["items"] == [added]


def test_a_secret_lies_in_the_table_sealed_and_in_no_log(hooks: Hooks) -> None:
    endpoint = hooks.endpoint(URL)
    fresh = made(hooks.brand.post(f"{PATH}/{endpoint}/rotate-secret", {}), 200)["secret"]
    stored = hooks.stored()

    assert endpoint in stored
    for secret in (hooks.secrets[endpoint], fresh):
        assert secret.removeprefix("whsec_") not in stored


@pytest.mark.parametrize("asked", [{}, {"event_types": []}, {"event_types": ["*"]}])
def test_no_events_and_a_star_mean_every_event(asked: dict[str, Any], hooks: Hooks) -> None:
    assert made(hooks.brand.post(PATH, {"url": URL, **asked}))["event_types"] == ["*"]
    with tenant_scope(hooks.tenant_id):
        assert types_wanted(hooks.tenant_id) == EVENTS.keys()


def test_an_unknown_event_is_refused_with_the_known_ones(hooks: Hooks) -> None:
    refused = hooks.brand.post(PATH, {"url": URL, "event_types": ["order.placed", "order.eaten", "*"]})

    assert (refused.status, refused.json["code"]) == (422, "unknown_event_type")
    assert [each["pointer"] for each in refused.json["errors"]] == ["/event_types/1", "/event_types/2"]
    assert "there are order.cancelled, order.placed" in refused.json["errors"][0]["message"]
    assert "name it alone" in refused.json["errors"][1]["message"]
    chinese = hooks.brand.post(PATH, {"url": URL, "event_types": ["order.eaten"]}, headers={"Accept-Language": "zh"})
    assert "可选：order.cancelled、order.placed" in chinese.json["errors"][0]["message"]


def test_a_misspelt_event_is_refused_with_those_of_its_kind_first(
    hooks: Hooks, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The alphabet would name aftersales and campaigns, and never come to payments."""
    many = {f"aftersale.a{n}": "" for n in range(30)} | {"payment.succeeded": ""}
    monkeypatch.setattr(catalogue, "known", lambda: many)
    refused = hooks.brand.post(PATH, {"url": URL, "event_types": ["payment.paid"]})
    assert "there are payment.succeeded, aftersale.a0" in refused.json["errors"][0]["message"]


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"url": URL, "secret": "whsec_mine"},
        {"url": URL, "event_types": "order.placed"},
        {"url": URL, "event_types": ["order.placed"] * 101},
        {"url": URL, "description": "two\r\nlines"},
        {"url": "https://erp.example.com/" + "x" * 2000},
        {"url": ["https://erp.example.com/"]},
    ],
)
def test_bad_input_is_refused_by_its_field(body: dict[str, Any], hooks: Hooks) -> None:
    assert hooks.brand.post(PATH, body).status == 422
    assert made(hooks.brand.get(PATH), 200)["items"] == []


def test_types_wanted_is_one_small_read(hooks: Hooks) -> None:
    hooks.endpoint(URL, event_types=["order.placed"])
    disabled = hooks.endpoint(URL, event_types=["order.cancelled"])
    made(hooks.brand.patch(f"{PATH}/{disabled}", {"status": "disabled"}), 200)
    with tenant_scope(hooks.tenant_id), metered() as meter:
        assert types_wanted(hooks.tenant_id) == {"order.placed"}
    assert (meter.reads, meter.writes, meter.read_units) == (1, 0, 0.5)


def test_the_catalogue_is_that_which_was_given_last(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(catalogue, "_given", [])
    with pytest.raises(catalogue.CatalogueMissing):
        catalogue.known()
    catalogue.use_catalogue(dict)
    catalogue.use_catalogue(lambda: EVENTS)
    assert catalogue.known() == EVENTS


def test_a_brand_without_endpoints_wants_nothing(hooks: Hooks) -> None:
    with tenant_scope(hooks.tenant_id):
        assert types_wanted(hooks.tenant_id) == frozenset()
    hooks.emit()


def test_a_brand_has_twenty_endpoints_at_most(hooks: Hooks) -> None:
    added = [hooks.endpoint(URL) for _ in range(20)]
    refused = hooks.brand.post(PATH, {"url": URL})
    assert (refused.status, refused.json["code"]) == (409, "too_many_webhook_endpoints")
    assert hooks.brand.delete(f"{PATH}/{added[0]}").status == 204
    hooks.endpoint(URL)
    page = made(hooks.brand.get(f"{PATH}?limit=15"), 200)
    rest = made(hooks.brand.get(f"{PATH}?limit=15&cursor={page['next_cursor']}"), 200)
    assert [len(page["items"]), len(rest["items"])] == [15, 5]


def test_a_change_honours_what_was_read_and_is_on_record(hooks: Hooks) -> None:
    endpoint = hooks.endpoint(URL)
    edit = {"event_types": ["order.placed"], "description": "Stock"}
    changed = hooks.brand.patch(f"{PATH}/{endpoint}", edit, headers={"If-Match": '"1"'})
    assert (changed.status, changed.headers["ETag"]) == (200, '"2"')
    assert hooks.brand.patch(f"{PATH}/{endpoint}", edit, headers={"If-Match": '"1"'}).status == 412
    assert hooks.brand.patch(f"{PATH}/{endpoint}", edit).headers["ETag"] == '"2"'  # nothing has changed
    assert hooks.brand.post(f"{PATH}/{endpoint}/rotate-secret", {}, headers={"If-Match": '"1"'}).status == 412
    assert hooks.brand.delete(f"{PATH}/{endpoint}", headers={"If-Match": '"1"'}).status == 412
    hooks.brand.post(f"{PATH}/{endpoint}/rotate-secret", {"overlap_hours": 1})
    assert hooks.brand.delete(f"{PATH}/{endpoint}", headers={"If-Match": '"3"'}).status == 204
    assert hooks.brand.get(f"{PATH}/{endpoint}").status == 404

    log = made(hooks.brand.get(f"/v1/audit?target=webhook_endpoint:{endpoint}"), 200)["items"]
    assert [each["action"] for each in log] == [
        "webhook_endpoint.deleted", "webhook_endpoint.secret_rotated", "webhook_endpoint.changed",
        "webhook_endpoint.created",
    ]  # fmt: skip
    assert log[2]["changes"]["event_types"] == {"from": ["*"], "to": ["order.placed"]}
    assert log[1]["changes"] == {"overlap_hours": 1}


def test_endpoints_of_another_brand_are_not_there(hooks: Hooks, new_shop: Callable[..., Shop]) -> None:
    endpoint, theirs = hooks.endpoint(URL), new_shop().brand
    assert made(theirs.get(PATH), 200)["items"] == []
    for reply in (
        theirs.get(f"{PATH}/{endpoint}"),
        theirs.patch(f"{PATH}/{endpoint}", {"status": "disabled"}),
        theirs.delete(f"{PATH}/{endpoint}"),
        theirs.post(f"{PATH}/{endpoint}/rotate-secret", {}),
        theirs.post(f"{PATH}/{endpoint}/test"),
    ):
        assert reply.status == 404
    assert hooks.show(endpoint)["status"] == "active"


def test_while_secrets_overlap_both_verify_and_afterwards_the_new_one_alone(hooks: Hooks, receiver: Receiver) -> None:
    endpoint = hooks.endpoint(receiver)
    old = hooks.secrets[endpoint]
    rotated = made(hooks.brand.post(f"{PATH}/{endpoint}/rotate-secret", {}), 200)
    new, ends_at = rotated["secret"], datetime.fromisoformat(rotated["old_secrets_end_at"])
    assert timedelta(hours=23, minutes=59) < ends_at - product_clock.now() <= timedelta(hours=24)
    hooks.clock.stand(ends_at - timedelta(seconds=5))
    hooks.emit()
    hooks.drain()
    during = receiver.received[-1]
    assert len(during.headers["webhook-signature"].split(" ")) == 2
    assert verified(during, old) == verified(during, new)

    hooks.clock.set(ends_at)
    hooks.emit()
    hooks.drain()
    after = receiver.received[-1]
    assert verified(after, new)["type"] == "order.placed"
    with pytest.raises(WebhookVerificationError, match="No matching signature"):
        verified(after, old)
    assert hooks.show(endpoint)["old_secrets_end_at"] is None


def test_a_lost_answer_to_a_rotation_leaves_the_secret_in_use_signing(hooks: Hooks, receiver: Receiver) -> None:
    endpoint = hooks.endpoint(receiver)
    hooks.brand.post(f"{PATH}/{endpoint}/rotate-secret", {})  # nobody has seen this one
    new = made(hooks.brand.post(f"{PATH}/{endpoint}/rotate-secret", {}), 200)["secret"]
    hooks.emit()
    hooks.drain()
    assert verified(receiver.received[0], hooks.secrets[endpoint]) == verified(receiver.received[0], new)

    for _ in range(2):
        made(hooks.brand.post(f"{PATH}/{endpoint}/rotate-secret", {}), 200)
    assert hooks.brand.post(f"{PATH}/{endpoint}/rotate-secret", {}).json["code"] == "too_many_webhook_secrets"
    only = made(hooks.brand.post(f"{PATH}/{endpoint}/rotate-secret", {"overlap_hours": 0}), 200)
    hooks.emit()
    hooks.drain()
    assert verified(receiver.received[1], only["secret"])
    assert " " not in receiver.received[1].headers["webhook-signature"]


def test_a_secret_whose_key_counts_no_longer_is_a_failed_attempt_that_a_new_secret_helps(
    hooks: Hooks, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    endpoint = hooks.endpoint(receiver)
    with monkeypatch.context() as patch:
        patch.setenv("WEBHOOK_SECRET", "another-secret-that-was-never-there")
        settings.forget()
        hooks.emit()
        hooks.drain()
        assert hooks.brand.post(f"{PATH}/{endpoint}/test").json["code"] == "webhook_secret_unreadable"
        new = made(hooks.brand.post(f"{PATH}/{endpoint}/rotate-secret", {}), 200)["secret"]
        assert receiver.received == []
        hooks.later(seconds=6)
    settings.forget()

    assert verified(receiver.received[0], new)["type"] == "order.placed"
    (delivery,) = hooks.deliveries(endpoint, "sent")
    assert [each["reason"] for each in delivery["attempts"]] == ["secret_unreadable", None]


def test_of_many_added_at_once_no_more_than_twenty_stay(hooks: Hooks) -> None:
    for _ in range(17):
        hooks.endpoint(URL)
    barrier, by = threading.Barrier(6), Principal("staff", hooks.tenant_id, "s", frozenset({"owner"}))

    def add(_: int) -> int:
        with tenant_scope(hooks.tenant_id):
            barrier.wait()
            try:
                endpoints.add(hooks.tenant_id, endpoints.Wanted(URL, [], ""), "", by, product_clock.now())
            except TooManyEndpoints:
                return 0
        return 1

    with ThreadPoolExecutor(6) as pool:
        assert sum(pool.map(add, range(6))) == 3
    assert len(made(hooks.brand.get(f"{PATH}?limit=100"), 200)["items"]) == 20
