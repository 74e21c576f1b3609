"""Two brands with something of everything, and credentials of every kind for each."""

from __future__ import annotations

import hashlib
import itertools
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cached_property
from http.client import HTTPConnection
from typing import Any

from chalicelib.boards.service.deciding import decide_award, hand_out
from chalicelib.db import Transaction, tenant_scope
from chalicelib.journeys.events import consumer
from chalicelib.kernel import clock
from chalicelib.kernel.clock import parse_instant
from chalicelib.kernel.ids import dated_id, new_id
from chalicelib.members.model.identities import Identity
from chalicelib.messaging import Message
from chalicelib.notices.inbox.service import entry
from chalicelib.notices.model.letters import Letter
from chalicelib.notices.model.notices import Category, Told
from chalicelib.notices.model.people import Person
from chalicelib.notices.model.unsubscribing import Unsubscribing, token_of
from chalicelib.notices.suppression.model import Feedback, Kind
from chalicelib.notices.suppression.service import take_in
from chalicelib.recruitment.records import ApplicationRecord, ReferralRecord
from chalicelib.settings import secret
from chalicelib.web.tokens import issue
from chalicelib.webhooks.model.emission import Emission
from chalicelib.webhooks.service.emitting import emit
from infra.local.engine import Engine
from infra.local.resources import Resources, client
from tests.builders import Caller, Member, Shop, in_time, made
from tests.isolation.document import ROLES, Operation, operations
from tests.isolation.examples import example

SINGULAR = {
    "api-keys": "api_key",
    "staff": "owner",
    "jobs": "job",
    "imports": "job",
    "skus": "sku",
    "campaign-series": "series",
    "report-jobs": "report_job",
    "report-schedules": "report_schedule",
    "deliveries": "delivery",
    "enquiries": "enquiry",
    "coupon-batches": "coupon_batch",
    "suppressed-addresses": "suppressed_address",
    "favourites": "product",
    "reminders": "product",
    "waiting": "waited_campaign",
}


_numbers = itertools.count(1)
_SCAN = {
    "X-Amz-Target": "DynamoDB_20120810.Scan",
    "Content-Type": "application/x-amz-json-1.0",
    "Authorization": "AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/dynamodb/aws4_request",
}


@dataclass
class Brand:
    """A shop that has sold, handed over, asked and been complained to."""

    shop: Shop
    keys: dict[str, str] = field(default_factory=dict)
    ids: dict[str, str] = field(default_factory=dict)
    decided_for: str = ""
    """The last day of the period that the award was decided for."""

    @property
    def member(self) -> Member:
        return self.shop.shopper

    @cached_property
    def owner_token(self) -> str:
        """What the owner has after signing in."""
        owner, roles = self.ids["owner"], frozenset({"owner"})
        return issue("staff", self.shop.tenant_id, self.shop.slug, owner, roles, clock.now(), 3600)

    def id_of(self, collection: str) -> str:
        """The id of one resource of a collection, such as ``orders``. Raises KeyError."""
        return self.ids[SINGULAR.get(collection) or collection.removesuffix("s").replace("-", "_")]

    def path(self, operation: Operation, **given: str) -> str:
        """The operation's path with this brand's own ids, but for those given."""
        words = {
            "message-templates": "order_ready", "legal-texts": "terms", "leaderboards": "spend",
            "results": self.decided_for, "complaint-causes": "late",
        }  # fmt: skip
        name = words.get(operation.collections().get("name", ""), "summary")
        values = {"slug": self.shop.slug, "name": name} | given
        for name, collection in operation.collections().items():
            if name not in values:
                values[name] = self.id_of(collection)
        return operation.path.format(**values)

    def body(self, operation: Operation) -> Any:
        """A body with this brand's own ids in it."""
        return None if operation.body is None else example(operation.body, self.ids)

    def token(self, operation: Operation) -> str | None:
        """The credential that reaches furthest among those the route takes."""
        if operation.public:
            return None
        if operation.for_people_of_the_staff:
            return self.owner_token
        return self.shop.api_key if operation.for_staff else self.member.token

    def tokens_of_the_wrong_kind(self, operation: Operation) -> dict[str, str]:
        """This brand's own credentials that the route must not take, by a name."""
        if operation.public:
            return {}
        found = {f"key for {role}": self.keys[role] for role in operation.other_roles} if operation.for_staff else {}
        if not operation.for_members:
            found["member"] = self.member.token
        if not operation.for_staff:
            found["key"] = self.shop.api_key
        return found


@dataclass
class World:
    """Ours and theirs, on one engine."""

    engine: Engine
    resources: Resources
    caller: Caller
    ours: Brand
    theirs: Brand
    sweep: Callable[[], None]
    _digest: tuple[int, str] = (-1, "")
    """The last one, and how often content had changed by then: most calls that are refused have written nothing."""

    @cached_property
    def digest_at_first(self) -> str:
        """The digest before the first call of a test."""
        return self.digest()

    def digest(self) -> str:
        """Of all that is stored, sent and waiting: every item, every object, every message, every e-mail."""
        changes = self.engine.changes()
        if self._digest[0] != changes:
            self._digest = changes, self._whole_digest()
        return self._digest[1]

    def _whole_digest(self) -> str:
        whole = hashlib.sha256(json.dumps([self.engine.work(), self.engine.mail()], default=str).encode())
        for name in sorted(self.resources.tables.values()):
            whole.update(self._raw_scan(name))
        for name in sorted(self.resources.buckets.values()):
            objects = self._s3.list_objects_v2(Bucket=name).get("Contents", [])
            whole.update(json.dumps([(each["Key"], each["ETag"]) for each in objects]).encode())
        return whole.hexdigest()

    def _raw_scan(self, table: str) -> bytes:
        # Not through a client of AWS: it is asked a thousand times, and nobody reads what is in it.
        self._http.request("POST", "/", json.dumps({"TableName": table}), _SCAN)
        answer = self._http.getresponse()
        content = answer.read()
        assert answer.status == 200, content
        assert b'"LastEvaluatedKey"' not in content, "the world has outgrown one page"
        return content

    @cached_property
    def _http(self) -> HTTPConnection:
        return HTTPConnection("127.0.0.1", self.engine.port)

    @cached_property
    def _s3(self) -> Any:
        return client(self.engine, "s3")


@dataclass(frozen=True)
class Contents:
    """What is stored of a world, kept by its engine."""

    name: str

    @classmethod
    def of(cls, world: World) -> Contents:
        """Keeps everything."""
        made = cls(f"world {next(_numbers)}")
        world.engine.keep(made.name)
        return made

    def restore(self, world: World) -> None:
        """Puts everything back as it was kept."""
        assert world.engine.recall(self.name)["recalled"]


def furnish(shop: Shop, drain: Any, sweep: Any, move_clock: Any) -> Brand:
    """Runs a shop through a sale, so that there is one of each thing that a route can name."""
    brand = Brand(shop)
    for role in ROLES:
        brand.keys[role] = made(shop.brand.post("/v1/api-keys", {"name": role, "scopes": [role]}))["secret"]
    # The shopper leads the pickup point, so that the routes of leaders have something to show.
    made(shop.brand.patch(f"/v1/pickup-points/{shop.pickup_point_id}", {"leader_id": shop.shopper.id}), 200)
    made(shop.brand.put("/v1/tenant/domain", {"host": f"{shop.slug}.green-valley.com"}), 200)
    made(shop.brand.put("/v1/legal-texts/terms", {"texts": {"zh": "付款后订单成立。"}}), 200)
    campaign = shop.campaign(closes_in=timedelta(hours=1))
    orders = [made(shop.order(campaign=campaign, quantity=units)) for units in (1, 3)]
    move_clock(hours=2)
    sweep()
    shop.arrived(campaign["id"])
    handed = {"code": orders[0]["pickup_code"], "pickup_point_id": orders[0]["pickup_point_id"]}
    made(shop.brand.post(f"/v1/orders/{orders[0]['id']}/pickup", handed), 200)
    refund = _refund(shop, orders[1])
    drain()
    complaint, after_sale = _complaint(shop), _after_sale(shop, orders[0])
    today = clock.now().date().isoformat()
    job = made(shop.brand.post("/v1/rollups", {"from_on": today, "to_on": today}), 202)
    drain()
    invited = made(shop.caller.call("GET", f"{shop.path}/invitations", token=shop.shopper.token), 200)
    payment = _payment(brand)
    team = made(shop.order(campaign=_team_buy(shop)))["team_id"]
    endpoint, delivery = _webhooks(shop, drain)
    running = shop.open_campaign
    channel = made(shop.brand.post("/v1/channels", {"kind": "chat_group", "title": "Garden Road"}))["id"]
    brand.ids = {
        "campaign": running["id"],
        "offer": running["offers"][0]["offer_id"],
        "pickup_point": shop.pickup_point_id,
        "order": orders[1]["id"],
        "payment": payment["id"],
        "refund": refund["id"],
        "member": shop.shopper.id,
        "leader": shop.shopper.id,
        "sku": shop.sku_id,
        "supplier": _supplier(shop),
        "channel": channel,
        "coupon_batch": _coupons(shop, shop.shopper.id),
        "journey": _journey(shop, shop.shopper.id),
        "step": "0",
        "invite_code": made(shop.brand.post("/v1/invite-codes", {"code": "GARDEN-7", "channel_id": channel}))["id"],
        "application": _application(shop),
        "prospect": _prospect(shop),
        "promotion": _promotion(shop),
        "gift": _gift(shop),
        "award": _award(brand),
        "product": _first(shop, "/v1/products"),
        "api_key": brand.keys["analyst"].removeprefix("lt_").partition(".")[0],
        "owner": _first(shop, "/v1/staff"),
        "survey": _first(shop, "/v1/surveys"),
        **_survey_link(shop),
        "improvement": _improvement(shop),
        "survey_report": _report(shop),
        "announcement": _announcement(shop),
        "complaint": complaint["id"],
        "review": _review(shop, orders[0]),
        "suggestion": _suggestion(shop),
        "after_sale": after_sale["id"],
        "enquiry": _enquiry(shop)["id"],
        "faq": _faq(shop)["id"],
        "cost": _cost(shop, running["id"]),
        "experiment": _experiment(shop),
        "job": job["job"]["id"],
        "segment": _segment(shop),
        "tag": f"kind-{shop.slug}",
        "team": team,
        "series": _series(shop),
        "report_job": str(made(shop.brand.post("/v1/report-jobs", {"name": "classes"}), 202)["id"]),
        "report_schedule": _report_schedule(shop),
        "invoice": _invoice(shop, orders[1]),
        "statement": _statement(shop),
        "party": shop.shopper.id,
        "invitation": invited["items"][0]["token"],
        "webhook_endpoint": endpoint,
        "delivery": delivery,
        "suppressed_address": _suppressed(shop),
    }
    brand.ids |= _wants(shop, brand.ids["product"])
    brand.ids["inbox"] = _told(brand)
    brand.ids["unsubscribe"] = _unsubscribing(brand)
    drain()
    made(shop.brand.get("/v1/leaderboards/spend"), 200)  # the first look keeps what it has counted
    return brand


def _improvement(shop: Shop) -> str:
    """Something that is to become better, done and told in the shop."""
    wanted = {
        "title": "Shorter waiting", "survey_id": _first(shop, "/v1/surveys"), "question_id": "score",
        "owner": _first(shop, "/v1/staff"), "due_on": "2037-03-01",
    }  # fmt: skip
    made_one = str(made(shop.brand.post("/v1/improvements", wanted))["id"])
    done = {"status": "done", "done_text": "Two helpers at noon", "published": True}
    made(shop.brand.patch(f"/v1/improvements/{made_one}", done), 200)
    return made_one


def _report(shop: Shop) -> str:
    """What sheets of paper came to, published."""
    survey = _first(shop, "/v1/surveys")
    for number in range(5):
        headers = {"Idempotency-Key": f"sheet-{number}"}
        made(shop.brand.post(f"/v1/surveys/{survey}/paper-answers", {"score": 4}, headers=headers))
    texts = {"en": {"title": "What you said", "text": "Thank you."}}
    wanted = {"survey_id": survey, "questions": ["score"], "source": "paper", "texts": texts}
    report = str(made(shop.brand.post("/v1/survey-reports", wanted))["id"])
    made(shop.brand.post(f"/v1/survey-reports/{report}/publish"), 200)
    return report


def _survey_link(shop: Shop) -> dict[str, str]:
    """A link to the survey that is open to all, its token, and an answer by it."""
    link = made(shop.brand.post(f"/v1/surveys/{_first(shop, '/v1/surveys')}/links", {"label": "Gate"}))
    token = link["url"].rpartition("/ask/")[2]
    path, headers = f"{shop.path}/survey-links/{token}/answers", {"Idempotency-Key": "one"}
    made(shop.caller.call("POST", path, json={"score": 4}, headers=headers))
    return {"link": link["id"], "survey_link": token}


def _announcement(shop: Shop) -> Any:
    news = {
        "texts": {"en": {"subject": "Pears are back", "text": "Order until Sunday."}},
        "send_at": "2027-01-01T08:00:00Z",
    }
    return made(shop.brand.post("/v1/announcements", news))["id"]


def _segment(shop: Shop) -> str:
    """A list with the member in it, and a tag."""
    made(shop.brand.post("/v1/tags", {"tag": f"kind-{shop.slug}"}))
    segment = str(made(shop.brand.post("/v1/segments", {"title": "Testers", "kind": "list"}))["id"])
    made(shop.brand.post(f"/v1/segments/{segment}/members", {"add": [shop.shopper.id]}), 200)
    return segment


def _coupons(shop: Shop, member_id: str) -> str:
    """A batch of coupons, of which the member has one; a code gives another."""
    wanted = {
        "title": "Welcome", "kind": "amount", "purpose": "holiday", "value": shop.money(500),
        "codes": {"mode": "shared", "code": "HARVEST-7"}, "limits": {"per_member": 20},
    }  # fmt: skip
    batch = str(made(shop.brand.post("/v1/coupon-batches", wanted))["id"])
    made(shop.brand.post(f"/v1/coupon-batches/{batch}/grants", {"member_ids": [member_id]}), 202)
    return batch


def _journey(shop: Shop, member_id: str) -> str:
    """A journey that runs, which the member is in, and whose next version is drafted."""
    message = {"kind": "message", "texts": {"en": {"subject": "Happy birthday", "text": "Come and see."}}}
    wanted = {"title": "Birthdays", "trigger": {"kind": "birthday"}, "steps": [{"kind": "wait", "days": 30}, message]}
    journey = str(made(shop.brand.post("/v1/journeys", wanted))["id"])
    made(shop.brand.post(f"/v1/journeys/{journey}/publish"), 200)
    made(shop.brand.patch(f"/v1/journeys/{journey}", {"control_share": "10"}), 200)
    birthday = Message(new_id(clock.now()), "member.birthday", shop.tenant_id, clock.now(), {"member_id": member_id})
    consumer.handle(birthday, clock.now())
    return journey


def _application(shop: Shop) -> str:
    """An application to join that waits for a decision; and somebody whom the member has brought, by their own link."""
    made(shop.brand.put("/v1/recruitment", {"referral": {}}), 200)
    made(shop.caller.call("GET", f"{shop.path}/me/referral", token=shop.shopper.token), 200)
    now, identity = clock.now(), Identity("email", f"applicant@{shop.slug}.example")
    application_id = ApplicationRecord.id_of(shop.tenant_id, identity)
    place = ApplicationRecord.address(shop.tenant_id, application_id)
    applied = ApplicationRecord(
        *place, id=application_id, kind="email", value=identity.value, name="Mo", applied_at=now,
        answers=[["Where do you live?", "Garden Road"]],
    )  # fmt: skip
    brought = ReferralRecord.of(shop.tenant_id, shop.shopper.id, shop.shopper.id, now)
    tx = Transaction()
    tx.create("application", applied)
    tx.create("referral", brought)
    with tenant_scope(shop.tenant_id):
        tx.commit()
    return application_id


def _prospect(shop: Shop) -> str:
    """Somebody who is invited, and not told of it yet."""
    person = {"name": "Ning", "email": f"prospect@{shop.slug}.example", "source": "Market", "agreed_on": "2026-01-01"}
    wanted = {"people": [person], "join_by": f"{clock.now() + timedelta(days=90):%Y-%m-%d}"}
    return str(made(shop.brand.post("/v1/prospects", wanted), 200)["people"][0]["prospect_id"])


def _wants(shop: Shop, product_id: str) -> dict[str, str]:
    """The shopper keeps a product, is told of it, and waits for an offer that another has bought up."""
    own = {"token": shop.shopper.token}
    for kind in ("favourites", "reminders"):
        made(shop.caller.call("PUT", f"{shop.path}/me/{kind}/{product_id}", **own), 200)
    campaign = shop.campaign(offers=[shop.offer(quantity=1)], closes_in=timedelta(days=30))
    made(shop.order(shop.member(), campaign=campaign))
    offer_id = campaign["offers"][0]["offer_id"]
    path = f"{shop.path}/me/waiting/{campaign['id']}/{offer_id}"
    made(shop.caller.call("PUT", path, json={"quantity": 1}, **own), 200)
    return {"waited_campaign": campaign["id"], "waited_offer": offer_id}


def _promotion(shop: Shop) -> str:
    """A promotion that is drafted."""
    wanted = {"title": "Fruit week", "kind": "timed_price", "terms": {"percent_off": "10"}}
    times = {"starts_at": "2027-01-01T08:00:00Z", "ends_at": "2027-01-08T08:00:00Z"}
    return str(made(shop.brand.post("/v1/promotions", wanted | times))["id"])


def _gift(shop: Shop) -> str:
    """A gift, and points that pay for some."""
    body = {"delta": 5_000, "reason": "Thanks"}
    sent = {"Idempotency-Key": "for-gifts"}
    made(shop.brand.post(f"/v1/members/{shop.shopper.id}/points", body, headers=sent))
    wanted = {
        "title": "A linen bag", "points": 5, "sku_id": shop.sku_id, "quantity": 50,
        "closes_at": in_time(clock.now() + timedelta(days=30)), "pickup_point_ids": [shop.pickup_point_id],
    }  # fmt: skip
    return str(made(shop.brand.post("/v1/gifts", wanted, headers={"Idempotency-Key": "a-bag"}))["id"])


def _award(brand: Brand) -> str:
    """An award that was decided for the running week, and whose winner has got theirs."""
    wanted = {"title": {"en": "Shopper of the week"}, "by": "spend", "every": "week", "top": 3, "reward": {"points": 5}}
    shop = brand.shop
    award = made(shop.brand.post("/v1/awards", wanted))
    brand.decided_for = award["next_period"]["to_on"]
    with tenant_scope(shop.tenant_id):
        decide_award(shop.tenant_id, award["id"], parse_instant(award["decides_at"]))
        hand_out(shop.tenant_id, award["id"], brand.decided_for, 0, clock.now())
    return str(award["id"])


def _unsubscribing(brand: Brand) -> str:
    """The secret part of the link by which the member ends messages of a kind."""
    what = Unsubscribing(brand.shop.tenant_id, brand.ids["member"], Category.SERVICE)
    return token_of(secret("unsubscribing"), what)


def _told(brand: Brand) -> str:
    """A message in the member's inbox, and one in the owner's, under one id."""
    tenant_id, order_id = brand.shop.tenant_id, brand.ids["order"]
    letter = Letter("Your team is complete", "Your team is complete, and your order stands.")
    tx, now = Transaction(), clock.now()
    for person in (Person.member(brand.ids["member"]), Person.staff(brand.ids["owner"])):
        told = Told(person, "team_filled", order_id, {})
        tx.create(person.kind, entry(tenant_id, person, letter, told, order_id, now))
    with tenant_scope(tenant_id):
        tx.commit()
    return dated_id(now, "inbox", order_id)


def _complaint(shop: Shop) -> Any:
    text = {"text": "The eggs were broken."}
    return made(shop.caller.call("POST", f"{shop.path}/complaints", json=text, token=shop.shopper.token))


def _enquiry(shop: Shop) -> Any:
    asked = {"text": "Is the honey organic?"}
    headers = {"Idempotency-Key": "enquiry"}
    path = f"{shop.path}/enquiries"
    return made(shop.caller.call("POST", path, json=asked, token=shop.shopper.token, headers=headers))


def _faq(shop: Shop) -> Any:
    entry = {"question": "How do I pay for a product?", "answer": "By card.", "locale": "en"}
    return made(shop.brand.post("/v1/faq", entry, headers={"Idempotency-Key": "faq"}))


def _cost(shop: Shop, campaign_id: str) -> str:
    """A cost that is booked for a campaign."""
    cost = {
        "kind": "labour", "title": "Wages", "amount": shop.money(6_200), "from_on": "2026-01-05",
        "campaign_id": campaign_id,
    }  # fmt: skip
    return str(made(shop.brand.post("/v1/costs", cost, headers={"Idempotency-Key": "cost"}))["id"])


def _experiment(shop: Shop) -> str:
    """An experiment that runs, to which the shopper was exposed."""
    wanted = {
        "key": "button", "arms": [{"name": "grey", "share": "0.5"}, {"name": "blue", "share": "0.5"}],
        "metric": "conversion", "horizon": {"sample": 300}, "method": "sequential",
    }  # fmt: skip
    experiment = str(made(shop.brand.post("/v1/experiments", wanted))["id"])
    made(shop.brand.post(f"/v1/experiments/{experiment}/start"), 200)
    made(shop.caller.call("GET", f"{shop.path}/experiments/button", token=shop.shopper.token), 200)
    return experiment


def _suggestion(shop: Shop) -> str:
    """What the shopper suggests."""
    asked = {"json": {"text": "Use paper bags"}, "headers": {"Idempotency-Key": "suggestion"}}
    path = f"{shop.path}/suggestions"
    return str(made(shop.caller.call("POST", path, token=shop.shopper.token, **asked))["id"])


def _review(shop: Shop, order: Any) -> str:
    """A review of what the shopper has collected."""
    said = {"order_id": order["id"], "sku_id": order["lines"][0]["sku_id"], "rating": 4, "text": "Fresh."}
    asked = {"json": said, "token": shop.shopper.token}
    return str(made(shop.caller.call("POST", f"{shop.path}/reviews", **asked))["id"])


def _after_sale(shop: Shop, order: Any) -> Any:
    returned = {"kind": "return", "lines": [_line(order)], "reason": "Broken"}
    asked = {"json": returned, "token": shop.shopper.token, "headers": {"Idempotency-Key": "return"}}
    return made(shop.caller.call("POST", f"{shop.path}/orders/{order['id']}/after-sales", **asked))


def _invoice(shop: Shop, order: Any) -> str:
    """An invoice that the shopper has asked for."""
    buyer = {"kind": "person", "title": "Yun Li", "email": f"yun@{shop.slug}.example"}
    path = f"{shop.path}/orders/{order['id']}/invoice"
    return str(made(shop.caller.call("POST", path, json=buyer, token=shop.shopper.token))["id"])


def _supplier(shop: Shop) -> str:
    """A supplier of the shop's SKU."""
    supplier = str(made(shop.brand.post("/v1/suppliers", {"name": "Orchard"}))["id"])
    made(shop.brand.put(f"/v1/suppliers/{supplier}/skus/{shop.sku_id}", {"cost": shop.money(400)}), 200)
    return supplier


def _team_buy(shop: Shop) -> Any:
    return shop.campaign(kind="team_buy", team={"size": 3, "hours": 24})


def _series(shop: Shop) -> str:
    """A campaign that recurs each evening."""
    starts_on = (clock.now() + timedelta(days=3)).date().isoformat()
    rule = {"every": "day", "opens": "20:00", "open_minutes": 60, "starts_on": starts_on}
    wanted = {"title": "Every evening", "offers": [shop.offer()], "pickup_point_ids": [shop.pickup_point_id]}
    return str(made(shop.brand.post("/v1/campaign-series", wanted | {"rule": rule}))["id"])


def _report_schedule(shop: Shop) -> str:
    """The classes of members, each week to the owner."""
    wanted = {"name": "classes", "every": "week", "at": "08:00", "recipients": [f"owner@{shop.slug}.example"]}
    return str(made(shop.brand.post("/v1/report-schedules", wanted))["id"])


def _line(order: Any) -> dict[str, Any]:
    return {"offer_id": order["lines"][0]["offer_id"], "quantity": 1}


def _first(shop: Shop, path: str) -> str:
    return str(made(shop.brand.get(path), 200)["items"][0]["id"])


def _statement(shop: Shop) -> str:
    """The shopper's account as a leader, of a day on which nothing happened."""
    day = (clock.now() - timedelta(days=3)).date().isoformat()
    wanted = {"party": "leader", "party_id": shop.shopper.id, "from_on": day, "to_on": day}
    return str(made(shop.brand.post("/v1/statements", wanted, headers={"Idempotency-Key": "statement"}))["id"])


def _suppressed(shop: Shop) -> str:
    """An address of nobody, to which mail was sent."""
    told = Feedback("f1", Kind.BOUNCE, f"gone@{shop.slug}.example", clock.now())
    with tenant_scope(shop.tenant_id):
        take_in(shop.tenant_id, "email", told, clock.now())
    return _first(shop, "/v1/suppressed-addresses")


def _webhooks(shop: Shop, drain: Any) -> tuple[str, str]:
    """An endpoint that nobody answers at, and an event on its way there."""
    path = "/v1/webhook-endpoints"
    endpoint = made(shop.brand.post(path, {"url": "https://erp.example.com/hooks"}))["id"]
    now = clock.now()
    with tenant_scope(shop.tenant_id):
        emit(shop.tenant_id, [Emission(new_id(now), "order.placed", now, {"version": 1, "order": {}})], now)
    drain()
    return str(endpoint), _first(shop, f"{path}/{endpoint}/deliveries")


def _payment(brand: Brand) -> Any:
    """Every provider set up, and a payment of an order that is held for it."""
    shop = brand.shop
    for operation in operations():
        if operation.method == "PUT" and operation.path.startswith("/v1/payment-settings/"):
            made(shop.brand.put(operation.path, brand.body(operation)), 200)
    order = made(shop.order(campaign=shop.campaign(payment_methods=["test"]), payment_method="test"))
    path, keyed = f"{shop.path}/orders/{order['id']}/payments", {"Idempotency-Key": "payment"}
    return made(shop.caller.call("POST", path, json={}, token=shop.shopper.token, headers=keyed))


def _refund(shop: Shop, order: Any) -> Any:
    """One of the order's three units is handed over, which pays for all; one is taken out, and owed in cash."""
    base, line = f"/v1/orders/{order['id']}", {"offer_id": order["lines"][0]["offer_id"]}
    part = {"lines": [{**line, "quantity": 1}]}
    handed = {"code": order["pickup_code"], "pickup_point_id": order["pickup_point_id"]}
    made(shop.brand.post(f"{base}/pickup", handed | part), 200)
    lowered = {"lines": [{**line, "quantity": 2}], "reason": "Bruised"}
    made(shop.brand.post(f"{base}/adjustments", lowered, headers={"Idempotency-Key": "bruised"}), 200)
    return made(shop.brand.get(f"{base}/refunds"), 200)["items"][0]
