"""The deployed product from sign-up to the lock, over an update of its stack, by its own queues and schedules."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from typing import Any

import pytest

import app
from chalicelib.kernel import clock
from chalicelib.kernel.clock import sortable
from chalicelib.tenants.records import DayClock
from tests.builders import made
from tests.deployed.cloud import until
from tests.deployed.conftest import ORDER_KEY, SENDER_DOMAIN, Store, Updated
from tests.deployed.elsewhere import Elsewhere
from tests.deployed.release import resources_of, version_of
from tests.insight.figures import APRIL, BY_HAND, Figures, as_csv
from tests.notices.test_suppression import told
from tests.payments.fake_stripe import STRIPE

pytestmark = pytest.mark.verify


def test_the_update_adds_what_is_new_and_replaces_nothing_that_keeps_data(updated: Updated) -> None:
    added = {each["LogicalResourceId"] for each in updated.changes if each["Action"] == "Add"}
    replaced = {each["LogicalResourceId"] for each in updated.changes if each.get("Replacement") == "True"}

    assert (updated.before.version, updated.store.version()) == (version_of(updated.earlier), app.__version__)
    assert resources_of(updated.present) - resources_of(updated.earlier) <= added
    assert not [name for name in replaced if name.endswith(("Table", "Bucket", "Secret"))]


def test_what_was_there_before_the_update_reads_the_same_and_goes_on(updated: Updated) -> None:
    before, store = updated.before, updated.store
    ann = before.neighbour

    path = f"{store.path}/orders/{before.order['id']}"
    assert _still_says(made(store.caller.call("GET", path, token=ann.token), 200), before.as_read)
    assert made(store.order(ann, campaign=before.staying, quantity=2, key=ORDER_KEY)) == before.order
    made(store.order(store.signed_in("bob"), campaign=before.staying, quantity=48))
    assert store.order(ann, campaign=before.staying).json["code"] == "sold_out"


def _still_says(now: Any, before: Any) -> bool:
    """Whether an answer has all that it had; a later version may say more."""
    if isinstance(before, dict):
        return all(name in now and _still_says(now[name], value) for name, value in before.items())
    if isinstance(before, list):
        return len(now) == len(before) and all(map(_still_says, now, before))
    return bool(now == before)


def test_a_message_of_the_provider_counts_an_order_as_paid_and_its_cancelling_pays_back(
    updated: Updated, outside: Elsewhere
) -> None:
    store = updated.store
    account = made(store.brand.put("/v1/payment-settings/stripe", STRIPE), 200)
    member = store.signed_in("cy")
    campaign = store.campaign(payment_methods=["stripe"])
    order = made(store.order(member, campaign=campaign, quantity=2, payment_method="stripe"))
    path = f"{store.path}/orders/{order['id']}"
    key = {"Idempotency-Key": "pay"}
    payment = made(store.caller.call("POST", f"{path}/payments", json={}, token=member.token, headers=key))
    outside.stripe.pay(payment["id"])
    headers, body = outside.stripe.message(payment["id"])
    webhook = account["webhook_url"].partition("/api")[2]

    forged = store.caller.call("POST", webhook, body=body.replace(b"succeeded", b"succeedee"), headers=headers)
    assert (forged.status, forged.json["code"]) == (400, "webhook_refused")
    made(store.caller.call("POST", webhook, body=body, headers=headers), 204)

    def mine() -> Any:
        return made(store.caller.call("GET", path, token=member.token), 200)

    paid = until(lambda: mine() if mine()["status"] == "placed" else None)
    assert paid["totals"]["paid"] == paid["totals"]["total"] == store.money(1_800)
    made(store.caller.call("POST", f"{path}/cancel", json={}, token=member.token), 200)
    # A message that met an engine busy with starting functions comes again after its visibility timeout.
    until(lambda: [each["amount"] for each in outside.stripe.refunds.values()] == [1_800], seconds=240)
    assert mine()["totals"]["refunded"] == store.money(1_800)


def test_imported_orders_are_counted_by_the_night(updated: Updated) -> None:
    store = updated.new_store("corner-books", timezone="America/New_York", currency="USD")
    figures = Figures(store, lambda: None)
    job = figures.send(as_csv(BY_HAND))
    done = until(lambda: figures.job(job["id"]) if figures.job(job["id"])["status"] == "done" else None)
    assert (done["imported"], done["errors_total"]) == (len(BY_HAND), 0)
    assert figures.report("summary", **APRIL)["complete"] is False

    _end_the_day(updated, store)
    until(lambda: figures.report("summary", **APRIL)["complete"], seconds=240)

    report = figures.report("summary", by="month", from_on="2026-01-01", **APRIL)
    totals = report["totals"]
    assert (totals["members"], totals["orders"], totals["quantity"]) == (4, 9, 10)
    assert totals["gmv"] == store.money(2_705)
    (job,) = [each for each in made(store.brand.get("/v1/jobs"), 200)["items"] if each["kind"] == "rollup"]
    assert (job["status"], job["done"]) == ("done", len({row[2] for row in BY_HAND}))


def _end_the_day(updated: Updated, store: Store) -> None:
    """What a night finds: the brand's day has ended. And the rule of the nights, every 15 minutes, runs each minute."""
    pk, sk = DayClock.address(store.tenant_id)
    ended_at = sortable(clock.now() - timedelta(minutes=1))
    updated.stack.cloud.client("dynamodb").update_item(
        TableName=updated.stack.physical("TenantTable"),
        Key={"pk": {"S": pk}, "sk": {"S": sk}},
        UpdateExpression="SET due_at = :ended",
        ConditionExpression="attribute_exists(due_at)",
        ExpressionAttributeValues={":ended": {"S": ended_at}},
    )
    events = updated.stack.cloud.client("events")
    rules = {each["Name"]: each["ScheduleExpression"] for each in events.list_rules()["Rules"]}
    (nightly,) = [name for name, expression in rules.items() if expression == "rate(15 minutes)"]
    events.put_rule(Name=nightly, ScheduleExpression="rate(1 minute)")


def test_a_sign_in_code_that_ses_refuses_is_counted_where_the_alarm_looks(updated: Updated) -> None:
    ses, alarms = (updated.stack.cloud.client(name) for name in ("ses", "cloudwatch"))
    (alarm,) = alarms.describe_alarms(AlarmNames=[updated.stack.physical("SignInCodesDropped")])["MetricAlarms"]
    dimensions = {each["Name"]: each["Value"] for each in alarm["Dimensions"]}
    who = {"audience": "member", "tenant": updated.store.slug, "email": "dee@people.example"}

    ses.delete_identity(Identity=SENDER_DOMAIN)
    try:
        assert updated.store.caller.call("POST", "/v1/auth/code", json=who).status == 202
        (line,) = until(lambda: updated.stack.logged("SignInCodesDropped"))
    finally:
        ses.verify_domain_identity(Domain=SENDER_DOMAIN)

    (published,) = line["_aws"]["CloudWatchMetrics"]
    assert published["Namespace"] == alarm["Namespace"]
    assert alarm["MetricName"] in {each["Name"] for each in published["Metrics"]}
    assert [{name: line[name] for name in names} for names in published["Dimensions"]] == [dimensions]
    assert updated.stack.cloud.inbox(who["email"]) == []


def test_what_ses_tells_of_a_mailbox_comes_by_its_topic_and_stops_mail_to_it(updated: Updated) -> None:
    store = updated.store
    topic = updated.stack.physical("MailEventsTopic")

    told_of = told(store.tenant_id, to="eve@people.example")
    updated.stack.cloud.client("sns").publish(TopicArn=topic, Message=json.loads(told_of)["Message"])

    (stopped,) = until(lambda: made(store.brand.get("/v1/suppressed-addresses"), 200)["items"])
    assert (stopped["address"], stopped["reason"]) == ("eve@people.example", "bounce")


def test_a_neighbour_opens_the_shop_signs_in_by_its_pages_and_stays_signed_in_there_alone(updated: Updated) -> None:
    browser, slug, address = updated.browser(), updated.store.slug, "fay@people.example"

    home = browser.get("")
    assert (home.status, home.heading) == (200, "Group buys")
    for style in home.soup.select('link[rel="stylesheet"]'):
        kept = browser.get(str(style["href"]))
        assert (kept.status, kept.set_cookies) == (200, ())
        assert kept.headers["cache-control"].startswith("public, max-age=")
    assert updated.browser("zh").get("").soup.select_one("html[lang=zh-CN]")
    assert browser.get("/sign-in/", follow=False).headers["location"] == f"/api/s/{slug}/sign-in"

    page = browser.send(browser.get("/sign-in"), "Send me a code", address=address)
    (text, *_) = until(lambda: updated.stack.cloud.inbox(address))
    (code,) = re.findall(r"\b\d{6}\b", text)
    answer = browser.send(page, "Sign in", follow=False, code=code)

    assert (answer.status, answer.headers["location"]) == (303, f"/api/s/{slug}")
    (session,) = [each for each in answer.set_cookies if each.startswith("session=")]
    assert session.partition("; ")[2].startswith(f"Path=/api/s/{slug}; ")
    assert browser.get("").words(".flash").endswith(("You are signed in.", "You are a member now."))
    assert browser.get("/sign-in", follow=False).status == 303, "who is signed in goes on at once"
    assert browser.post("/sign-out-everywhere", {}, sec_fetch_site="cross-site").status == 403


def test_a_campaign_from_before_the_update_closes_by_its_own_schedule(updated: Updated) -> None:
    before, store = updated.before, updated.store
    path = f"/v1/campaigns/{before.closing['id']}"

    until(lambda: made(store.brand.get(path), 200)["status"] == "locked", seconds=240)

    late = store.order(before.neighbour, campaign=before.closing)
    assert (late.status, late.json["code"]) == (409, "campaign_closed")
    (line,) = made(store.brand.get(f"{path}/purchase-list"), 200)["lines"]
    (order,) = made(store.brand.get(f"/v1/orders?campaign_id={before.closing['id']}"), 200)["items"]
    assert (line["quantity"], order["id"]) == (3, before.last_order["id"])


def test_nothing_failed_on_the_way(updated: Updated) -> None:
    """But for calls that a busy machine did not answer in time: those are made again."""
    errors = [line for line in updated.stack.logged('"level":"ERROR"') if "timeout on endpoint URL" not in str(line)]

    assert errors == []
    assert set(updated.stack.dead_letters().values()) == {0}
