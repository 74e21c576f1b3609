"""An import is undone: what nobody has used or changed since goes, the rest stays and is reported."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from chalicelib.campaigns.drafting.service import applying
from chalicelib.db import tenant_scope
from chalicelib.insight.imports.service import brought_products, undoing
from chalicelib.kernel import clock as product_clock
from chalicelib.kernel.errors import Unavailable
from chalicelib.kernel.principal import Principal
from chalicelib.members.enrolment.service import ordinals_given
from chalicelib.members.service.members import OrderDays, members_by_ordinal, note_activity
from chalicelib.orders.placing import service as placing
from tests.builders import Shop, made
from tests.calls import Api
from tests.conftest import Clock, Drain, Sweep
from tests.coupons.shops import batch
from tests.insight.test_exactly_once import CrashAt, work_off
from tests.insight.test_imported_products import HEADER, LYCHEE, job_at, listed
from tests.insight.test_linking import signed_in
from tests.notices.kept import watched

GOODS = (*LYCHEE, "大米,,RICE,58,40,10,果园,粮油,", "茶,,TEA,20,,,,,", "糖,,SUGAR,5,,,,,", "盐,,SALT,2,1,,果园,,")
NOW = product_clock.now
PEOPLE = (
    "M-1,ann@example.com,+8613800138001,Ann,",
    "M-2,bob@example.com,,Bob,",
    "M-3,,+8613800138003,Cy,",
    "M-4,,+8613800138004,Dan,",
    "M-5,eve@example.com,,,",
)


@pytest.fixture(autouse=True)
def _recipients_are_kept(request: pytest.FixtureRequest) -> Iterator[None]:
    yield from watched(request)


class Importer:
    """Imports of a brand, to the end, and their undoing."""

    def __init__(self, shop: Shop, drain: Drain, sweep: Sweep, clock: Clock) -> None:
        self.shop, self.drain, self.sweep, self.clock = shop, drain, sweep, clock

    def bring(self, kind: str, header: str, *rows: str) -> str:
        """The id of an import that has come to its end."""
        sent = made(self.shop.brand.post("/v1/imports", {"kind": kind, "csv": "\n".join([header, *rows])}), 202)
        self.drain()
        return str(sent["id"])

    def goods(self, *rows: str) -> str:
        return self.bring("products", HEADER, *(rows or GOODS))

    def people(self, *rows: str) -> str:
        return self.bring("members", "member,email,phone,name,joined_on", *(rows or PEOPLE))

    def begin(self, import_id: str, *, dry_run: bool = False) -> Any:
        """The job of an undoing, as far as it goes before it waits."""
        begun = made(self.shop.brand.post(f"/v1/imports/{import_id}/undo", {"dry_run": dry_run}), 202)
        self.drain()
        return self.job(begun["id"])

    def undo(self, import_id: str) -> Any:
        """The job of an undoing that is over."""
        begun = self.begin(import_id)
        return self.end(begun["id"])

    def end(self, undo_id: str) -> Any:
        self.clock.advance(minutes=3)
        self.sweep()
        return self.job(undo_id)

    def job(self, job_id: str) -> Any:
        return job_at(self.shop, f"/v1/jobs/{job_id}")

    def product(self, code: str) -> Any:
        [found] = [each for each in listed(self.shop) if each["skus"][0]["code"] == code]
        return found


@pytest.fixture
def importer(shop: Shop, drain: Drain, sweep: Sweep, clock: Clock) -> Importer:
    return Importer(shop, drain, sweep, clock)


def came_of(job: Any) -> tuple[str, int, int, dict[int, str]]:
    return job["status"], job["undone"], job["stayed"], {each["row"]: each["message"] for each in job["errors"]}


def changed_goods(importer: Importer) -> None:
    """Of the six products two stay as the import made them."""
    shop = importer.shop
    rice, tea, sugar, salt = (importer.product(code) for code in ("RICE", "TEA", "SUGAR", "SALT"))
    path = f"/v1/skus/{rice['skus'][0]['id']}/adjustments"
    made(shop.brand.post(path, {"delta": 5, "reason": "found"}, headers={"Idempotency-Key": "k"}))
    shop.campaign(title="Autumn", publish=False, offers=[shop.offer(sku_id=tea["skus"][0]["id"])])
    made(shop.brand.patch(f"/v1/products/{sugar['id']}", {"title": "Sugar"}), 200)
    [orchard] = made(shop.brand.get("/v1/suppliers"), 200)["items"]
    terms = {"cost": shop.money(90)}
    made(shop.brand.put(f"/v1/suppliers/{orchard['id']}/skus/{salt['skus'][0]['id']}", terms), 200)


STAYS = {
    4: "'大米' stays: its stock has moved",
    5: "'茶' stays: it is offered in 'Autumn'",
    6: "'Sugar' stays: it has been changed",
    7: "'盐' stays: what its supplier asks",
}


def test_products_go_with_all_that_came_with_them_and_what_was_used_stays(importer: Importer) -> None:
    shop, imported = importer.shop, importer.goods()
    importer.clock.advance(seconds=5)
    changed_goods(importer)
    lychee = importer.product("LY-1")
    before = [{**each, "updated_at": None} for each in listed(shop)]

    tried = importer.begin(imported, dry_run=True)

    assert tried["dry_run"] is True
    assert tried["import_id"] == imported
    assert [status := tried["status"], tried["undone"], tried["stayed"]] == ["done", 2, 4], status
    assert [{**each, "updated_at": None} for each in listed(shop)] == before

    begun = importer.begin(imported)
    assert (begun["status"], begun["undone"]) == ("running", 0)
    assert made(shop.brand.get(f"/v1/products/{lychee['id']}"), 200)["status"] == "archived"
    assert importer.begin(imported)["id"] == begun["id"]
    done = importer.end(begun["id"])

    status, undone, stayed, reasons = came_of(done)
    assert (status, undone, stayed, list(reasons)) == ("done", 2, 4, list(STAYS))
    assert all(reasons[row].startswith(words) for row, words in STAYS.items()), reasons
    assert [each["title"] for each in listed(shop)] == ["大米", "茶", "Sugar", "盐"]
    assert {each["status"] for each in listed(shop)} == {"active"}
    assert shop.brand.get(f"/v1/products/{lychee['id']}").status == 404
    assert shop.brand.get(f"/v1/skus/{lychee['skus'][0]['id']}/movements").status == 404
    [orchard] = made(shop.brand.get("/v1/suppliers"), 200)["items"]
    terms = made(shop.brand.get(f"/v1/suppliers/{orchard['id']}/skus"), 200)["items"]
    assert {each["sku_id"] for each in terms} == {
        importer.product(code)["skus"][0]["id"] for code in ("RICE", "SALT")
    }  # fmt: skip
    log = made(shop.brand.get(f"/v1/audit?target=product:{lychee['id']}"), 200)["items"]
    assert log[0]["action"] == "product.removed"

    again = importer.job(importer.goods(*LYCHEE))

    assert (again["imported"], again["errors"]) == (2, [])
    assert importer.job(imported)["undo_id"] == done["id"]


def test_what_is_used_while_an_import_is_undone_stays_in_the_shop(importer: Importer) -> None:
    shop, imported = importer.shop, importer.goods(*LYCHEE, GOODS[3], GOODS[4])
    begun = importer.begin(imported)
    lychee, tea, sugar = (importer.product(code) for code in ("LY-1", "TEA", "SUGAR"))
    offered = {"title": "Now", "kind": "group_order", "offers": [shop.offer(sku_id=tea["skus"][0]["id"])]}
    refused = shop.brand.post("/v1/campaigns", offered | {"pickup_point_ids": [shop.pickup_point_id]})
    assert refused.status == 422
    path = f"/v1/skus/{lychee['skus'][0]['id']}/adjustments"
    made(shop.brand.post(path, {"delta": 1, "reason": "found"}, headers={"Idempotency-Key": "k"}))
    made(shop.brand.patch(f"/v1/products/{sugar['id']}", {"origin": "Guangxi"}), 200)

    status, undone, stayed, reasons = came_of(importer.end(begun["id"]))

    assert (status, undone, stayed, list(reasons)) == ("done", 1, 3, [2, 3, 5])
    assert [(each["title"], each["status"]) for each in listed(shop)] == [("荔枝", "active"), ("糖", "archived")]
    more = importer.undo(imported)
    assert (more["undone"], more["stayed"]) == (0, 3)


def test_a_product_is_found_whole_wherever_a_piece_of_the_list_ends(
    importer: Importer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(brought_products, "_TOGETHER", 1)
    done = importer.undo(importer.goods(*GOODS[:4], "", *GOODS[4:]))
    assert (done["undone"], done["stayed"], listed(importer.shop)) == (6, 0, [])


def test_variants_that_a_list_added_to_what_stood_go_alone(importer: Importer) -> None:
    shop, first = importer.shop, importer.goods(*LYCHEE)
    sizes = ((3, "三公斤", 7), (4, "四公斤", 7), (5, "五公斤", ""))
    variants = [f",{size},LY-{n},99,60,{stock},果园,," for n, size, stock in sizes]
    added = importer.goods(*LYCHEE, *variants)
    assert importer.job(added)["added"] == 3
    *_, four, five = importer.product("LY-1")["skus"]
    path = f"/v1/skus/{four['id']}/adjustments"
    made(shop.brand.post(path, {"delta": -1, "reason": "gone"}, headers={"Idempotency-Key": "k"}))

    begun = importer.begin(added)
    product = importer.product("LY-1")
    late = {"title": "Late", "kind": "group_order", "offers": [shop.offer(sku_id=five["id"])]}
    assert shop.brand.post("/v1/campaigns", late | {"pickup_point_ids": [shop.pickup_point_id]}).status == 422
    status, undone, stayed, reasons = came_of(importer.end(begun["id"]))

    assert product["status"] == "active"
    assert (status, undone, stayed) == ("done", 2, 1)
    assert reasons == {5: "'荔枝 · 四公斤' stays: its stock has moved since"}
    assert [sku["code"] for sku in importer.product("LY-1")["skus"]] == ["LY-1", "LY-2", "LY-4"]
    assert importer.job(importer.goods(*LYCHEE, variants[0]))["added"] == 1
    shop.campaign(publish=False, offers=[shop.offer(sku_id=four["id"])])
    assert importer.undo(first)["stayed"] == 2


def test_a_variant_stays_whose_product_is_written_anew_while_its_import_is_undone(importer: Importer) -> None:
    shop = importer.shop
    importer.goods(*LYCHEE)
    begun = importer.begin(importer.goods(*LYCHEE, ",三公斤,LY-3,99,60,,果园,,", ",四公斤,LY-4,99,60,,果园,,"))
    lychee = importer.product("LY-1")
    made(shop.brand.patch(f"/v1/products/{lychee['id']}", {"origin": "Gaozhou"}), 200)
    done = importer.end(begun["id"])
    assert (done["undone"], done["stayed"]) == (0, 2)
    shop.campaign(publish=False, offers=[shop.offer(sku_id=lychee["skus"][2]["id"])])
    again = importer.undo(done["import_id"])
    assert (again["undone"], again["stayed"]) == (1, 1)


def test_members_go_who_neither_signed_in_nor_ordered_and_their_places_stay_empty(importer: Importer, api: Api) -> None:
    shop, imported = importer.shop, importer.people()
    bob = signed_in(api, shop, email="bob@example.com")
    by_ref = {each["external_ref"]: each["id"] for each in made(shop.brand.get("/v1/members"), 200)["items"]}
    order = {
        "campaign_id": shop.campaign_id, "pickup_point_id": shop.pickup_point_id, "member_id": by_ref["M-3"],
        "lines": [{"offer_id": shop.offer_id, "quantity": 1}],
    }  # fmt: skip
    made(shop.brand.post("/v1/orders", order, headers={"Idempotency-Key": "k"}))
    made(shop.brand.patch(f"/v1/pickup-points/{shop.pickup_point_id}", {"leader_id": by_ref["M-4"]}), 200)
    importer.people("M-5,,,Eve,")
    given = ordinals_in(shop)

    begun = importer.begin(imported)

    late = shop.brand.post("/v1/orders", order | {"member_id": by_ref["M-1"]}, headers={"Idempotency-Key": "l"})
    assert (late.status, late.json["code"]) == (503, "unavailable")
    leads = shop.brand.patch(f"/v1/pickup-points/{shop.pickup_point_id}", {"leader_id": by_ref["M-1"]})
    assert leads.status == 422
    status, undone, stayed, reasons = came_of(importer.end(begun["id"]))
    assert (status, undone, stayed) == ("done", 1, 4)
    assert [reasons[row].partition(": ")[2] for row in (3, 4, 5, 6)] == [
        "they have signed in", "they have ordered", "they lead a pickup point",
        "another list, or somebody of the team, has changed them since",
    ]  # fmt: skip
    kept = {each["external_ref"] for each in made(shop.brand.get("/v1/members"), 200)["items"]}
    assert kept == {"M-2", "M-3", "M-4", "M-5"}
    assert made(shop.brand.get("/v1/members?phone=%2B8613800138001"), 200)["items"] == []
    assert made(shop.brand.get("/v1/members?q=Ann"), 200)["items"] == []
    assert shop.brand.get(f"/v1/members/{by_ref['M-1']}").status == 404
    assert ordinals_in(shop) == given

    again = importer.job(importer.people(PEOPLE[0]))

    assert (again["imported"], ordinals_in(shop)) == (1, given + 1)
    [ann] = made(shop.brand.get("/v1/members?email=ann@example.com"), 200)["items"]
    assert ann["id"] not in (bob, by_ref["M-1"])


def test_who_was_given_a_coupon_stays(importer: Importer) -> None:
    shop, imported = importer.shop, importer.people()
    [ann] = made(shop.brand.get("/v1/members?email=ann@example.com"), 200)["items"]
    given = batch(shop)
    made(shop.brand.post(f"/v1/coupon-batches/{given['id']}/grants", {"member_ids": [ann["id"]]}), 202)

    _, _, _, reasons = came_of(importer.end(importer.begin(imported)["id"]))

    assert [row for row, reason in reasons.items() if reason.endswith("they were given a coupon")] == [2]


def ordinals_in(shop: Shop) -> int:
    with tenant_scope(shop.tenant_id):
        return ordinals_given(shop.tenant_id)


def test_who_signs_in_or_is_named_again_while_an_import_is_undone_stays(importer: Importer, api: Api) -> None:
    shop, imported = importer.shop, importer.people(*PEOPLE[:3])
    begun = importer.begin(imported)
    ann = signed_in(api, shop, email="ann@example.com")
    named = importer.job(importer.people("M-3,,,,"))
    assert (named["imported"], named["duplicates"]) == (0, 1)
    done = importer.end(begun["id"])
    assert (done["undone"], done["stayed"]) == (1, 2)
    assert {each["external_ref"] for each in made(shop.brand.get("/v1/members"), 200)["items"]} == {"M-1", "M-3"}
    # Orders for them are taken again.
    shop.open_campaign  # noqa: B018 - made here, before it is ordered from
    order = {
        "campaign_id": shop.campaign_id, "pickup_point_id": shop.pickup_point_id, "member_id": ann,
        "lines": [{"offer_id": shop.offer_id, "quantity": 1}],
    }  # fmt: skip
    made(shop.brand.post("/v1/orders", order, headers={"Idempotency-Key": "k"}))


def test_an_order_and_a_campaign_that_had_begun_before_the_undoing_keep_what_they_are_of(
    importer: Importer, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop, people, goods = importer.shop, importer.people(PEOPLE[0]), importer.goods(GOODS[3])
    [ann] = made(shop.brand.get("/v1/members"), 200)["items"]
    tea = importer.product("TEA")["skus"][0]["id"]
    begun: list[str] = []

    def after_leaving(module: Any, name: str, import_id: str) -> None:
        """Has a function be called when what it is about has been read, and has left since."""
        called = getattr(module, name)

        def late(*given: Any) -> Any:
            monkeypatch.setattr(module, name, called)
            undo = undoing.start_undo(shop.tenant_id, import_id, Principal("staff", shop.tenant_id, "x"), NOW(), "en")
            undoing.work(shop.tenant_id, undo.id, NOW())
            begun.append(undo.id)
            return called(*given)

        monkeypatch.setattr(module, name, late)

    order = {
        "campaign_id": shop.campaign_id, "pickup_point_id": shop.pickup_point_id, "member_id": ann["id"],
        "lines": [{"offer_id": shop.offer_id, "quantity": 1}],
    }  # fmt: skip
    after_leaving(placing, "check_audience", people)
    made(shop.brand.post("/v1/orders", order, headers={"Idempotency-Key": "k"}))
    after_leaving(applying, "_spread", goods)
    shop.campaign(title="Winter", publish=False, offers=[shop.offer(sku_id=tea)])
    importer.drain()

    ordered, offered = (importer.end(undo_id) for undo_id in begun)

    assert came_of(ordered)[:3] == came_of(offered)[:3] == ("done", 0, 1)
    assert "have ordered" in ordered["errors"][0]["message"]
    assert "offered in 'Winter'" in offered["errors"][0]["message"]
    assert importer.product("TEA")["status"] == "active"


def test_what_an_import_completed_itself_is_undone_with_it(importer: Importer) -> None:
    imported = importer.people("M-1,ann@example.com,,,", "M-1,,+8613800138001,Ann,2020-01-01")
    assert importer.job(imported)["imported"] == 1
    done = importer.undo(imported)
    assert (done["undone"], done["stayed"]) == (1, 0)
    assert made(importer.shop.brand.get("/v1/members"), 200)["items"] == []
    assert importer.begin(imported)["id"] == done["id"]


def test_what_cannot_be_undone_is_refused_with_the_reason(importer: Importer, new_shop: Callable[..., Shop]) -> None:
    shop = importer.shop
    orders = importer.bring("orders", "order_ref,member,ordered_on,quantity,amount", "A,ann,2026-01-05,1,10")
    refused = shop.brand.post(f"/v1/imports/{orders}/undo")
    assert (refused.status, refused.json["code"]) == (409, "import_not_undoable")
    assert "when they were last active" in refused.json["detail"]
    chinese = shop.brand.post(f"/v1/imports/{orders}/undo", headers={"Accept-Language": "zh"})
    assert "订单导入无法撤销" in chinese.json["detail"]
    waiting = made(shop.brand.post("/v1/imports", {"kind": "members"}), 202)["id"]
    assert "Nothing of this file" in shop.brand.post(f"/v1/imports/{waiting}/undo").json["detail"]
    under_way = made(shop.brand.post("/v1/imports", {"kind": "members", "csv": "member\nM-1"}), 202)["id"]
    assert "under way" in shop.brand.post(f"/v1/imports/{under_way}/undo").json["detail"]
    [rollup] = [each for each in made(shop.brand.get("/v1/jobs"), 200)["items"] if each["kind"] == "rollup"]
    assert "no import" in shop.brand.post(f"/v1/imports/{rollup['id']}/undo").json["detail"]
    assert new_shop().brand.post(f"/v1/imports/{orders}/undo").status == 404


def test_orders_of_a_member_who_was_removed_at_this_moment_are_read_again(importer: Importer) -> None:
    shop, imported = importer.shop, importer.people(PEOPLE[0])
    importer.undo(imported)
    with tenant_scope(shop.tenant_id), pytest.raises(Unavailable):
        note_activity(shop.tenant_id, {0: OrderDays(product_clock.now().date(), product_clock.now().date())})


@pytest.mark.verify
@pytest.mark.parametrize("kind", ["products", "members"])
def test_an_undoing_that_dies_at_any_write_ends_as_if_it_had_not(
    new_shop: Callable[..., Shop], drain: Drain, sweep: Sweep, clock: Clock, kind: str
) -> None:
    number, happened = 1, True
    while happened:
        importer, crash = Importer(new_shop(), drain, sweep, clock), CrashAt(number)
        shop = importer.shop
        imported = importer.goods() if kind == "products" else importer.people()
        if kind == "products":
            changed_goods(importer)
        undo = made(shop.brand.post(f"/v1/imports/{imported}/undo"), 202)["id"]
        now = product_clock.now()
        for at in (now, now + timedelta(minutes=3)):
            work_off(shop.tenant_id, partial(undoing.work, shop.tenant_id, undo, at), crash)
        status, undone, stayed, reasons = came_of(importer.job(undo))
        if kind == "products":
            assert (status, undone, stayed, list(reasons)) == ("done", 2, 4, list(STAYS))
            assert [each["status"] for each in listed(shop)] == ["active"] * 4
        else:
            assert (status, undone, stayed, reasons) == ("done", 5, 0, {})
            with tenant_scope(shop.tenant_id):
                assert members_by_ordinal(shop.tenant_id, range(5)) == []
        happened, number = crash.happened, number + 1
    assert number > 7
