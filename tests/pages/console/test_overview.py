"""The page that says how the brand is doing, what changed, and what to do next."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from urllib.parse import parse_qs, urlsplit

import pytest

from chalicelib.db import metered
from chalicelib.kernel.money import Money
from chalicelib.pages.console.overview.views import board
from tests.builders import made
from tests.insight.conftest import figures, new_figures
from tests.insight.figures import Figures
from tests.insight.test_lifetime_report import bought

__all__ = ["bought", "figures", "new_figures"]

LAST = date(2028, 1, 9)
"""The last complete day where it is 10 January 2028."""

COLUMNS = ("order_ref", "member", "ordered_on", "quantity", "amount_minor", "currency", "channel", "product_code")


def orders(name, days_ago, members, amount, channel="chat", product="pears"):
    """One order a member, so many days before the last complete one."""
    on = (LAST - timedelta(days=days_ago)).isoformat()
    return [(f"{name}-{each}", f"m{each}", on, 1, amount, "USD", channel, product) for each in members]


ROWS = [
    *orders("old", 100, range(1, 9), 900),
    *orders("before", 10, range(1, 5), 1000),
    *orders("before-too", 9, range(5, 7), 1000, channel="shop"),
    *orders("now", 3, range(1, 10), 1000, product="plums"),
    *orders("now-too", 2, range(3, 6), 2000, product="plums"),
]


@pytest.fixture
def busy(figures):
    """Two weeks of orders and an older day: 6 orders of 60 dollars before, and 12 of 150 in the last week."""

    def made_():
        figures.import_orders(ROWS, COLUMNS)
        figures.roll()

    figures.shop.once("two weeks", made_)
    return figures


@pytest.fixture
def manager(busy, new_desk):
    return new_desk(busy.shop, "manager")


def tiles(page, within=".doing"):
    return [" ".join(each.get_text(" ").split()) for each in page.soup.select(f"{within} a.tile")]


def told(page, heading):
    found = page.soup.select(f"section[aria-labelledby={heading}] a.way")
    return [(" ".join(each.get_text(" ").split()), each["href"].removeprefix("/console")) for each in found]


def test_the_last_complete_days_stand_beside_as_many_before(manager):
    page = manager.get("/overview")
    assert "Mon 3 Jan 2028 – Sun 9 Jan 2028" in page.words()
    assert "Mon 27 Dec 2027 – Sun 2 Jan 2028" in page.words()
    why = "Sales rose by 150.0% to $150.00: 100.0% more orders, each 25.0% larger on average."
    assert why in " ".join(page.words().split())
    assert tiles(page)[:6] == [
        "$150.00 Sales amount ▲ $90.00 more (+150.0%) before: $60.00",
        "12 Orders ▲ 6 more (+100.0%) before: 6",
        "$12.50 Average order ▲ $2.50 more (+25.0%) before: $10.00",
        "9 Members who ordered ▲ 3 more (+50.0%) before: 6",
        "1 New members ▲ 1 more before: 0",
        "100.0% Members who are customers as before before: 100.0% 9 of 9 members have ordered",
    ]
    assert tiles(page)[6:] == [f"– {each} nothing to count in these days" for each in ("Praise", "Complaints")]


@pytest.mark.parametrize("days", [7, 28])
def test_every_figure_is_the_one_of_the_report_that_it_leads_to(manager, busy, days):
    page = manager.get(f"/overview?days={days}")
    shown = page.soup.select(".doing a.tile")
    asked = {name: value[0] for name, value in parse_qs(urlsplit(shown[0]["href"]).query).items()}
    totals = busy.report("summary", **asked)["totals"]

    def money(amount):
        return Money(amount["amount_minor"], amount["currency"]).said("en")

    figures = [money(totals["gmv"]), totals["orders"], money(totals["aov"]), totals["active_members"]]
    assert [each.strong.get_text() for each in shown[:5]] == [*map(str, figures), str(totals["new_members"])]
    personas = busy.report("personas", to_on=asked["to_on"])["conversion"]
    assert shown[5].strong.get_text() == f"{Decimal(personas['rate']) * 100:.1f}%"
    assert shown[5]["href"].endswith(f"/reports/personas?to_on={asked['to_on']}")


def test_what_it_compares_is_what_the_summary_compares(manager, busy):
    asked = {"from_on": "2028-01-03", "to_on": "2028-01-09", "compare": "previous"}
    changes = {each["name"]: each["percent"] for each in busy.report("summary", **asked)["compared"]["changes"]}
    shown = " ".join(tiles(manager.get("/overview")))
    for name in ("gmv", "orders", "aov", "active_members"):
        assert f"(+{changes[name]}%)" in shown


def test_what_changed_is_told_in_sentences_that_lead_to_the_figures(manager, busy):
    week = "from_on=2028-01-03&to_on=2028-01-09"
    found = told(manager.get("/overview"), "changed")
    assert found == [
        ("Sales amount rose by 150.0%: $150.00 after $60.00.", f"/reports?by=day&{week}&compare=previous"),
        ("Orders rose by 100.0%: 12 after 6.", f"/reports?by=day&{week}&compare=previous"),
        (
            "Of all products, “plums” moved most: $150.00 more was sold, $150.00 after $0.00.",
            f"/reports/summary?by=product&{week}",
        ),
        ("Of all channels, “chat” moved most: $110.00 more was sold, $150.00 after $40.00.", found[3][1]),
    ]
    rows = busy.report("summary", by="channel", from_on="2028-01-03", to_on="2028-01-09")["rows"]
    assert [(each["group"], each["gmv"]["amount_minor"]) for each in rows] == [("chat", 15000)]
    for _, link in found:
        assert manager.get(link).status == 200, link


def test_members_who_became_dormant_are_told_and_listed(busy, new_desk):
    busy.import_orders(orders("once", 100, range(20, 22), 900), COLUMNS)
    made(busy.shop.brand.put("/v1/member-classes", {"new_days": 7, "dormant_days": 90, "churned_days": 365}), 200)
    page = new_desk(busy.shop, "manager").get("/overview?days=28")
    [(sentence, link)] = [each for each in told(page, "changed") if "dormant" in each[0]]
    counted = {each["class"]: each["count"] for each in busy.report("classes", as_of=LAST.isoformat())["rows"]}
    assert sentence == f"2 members became dormant; {counted['dormant']} are dormant now."
    listed = new_desk(busy.shop, "manager").get(link)
    assert len(listed.soup.select("a.way")) == counted["dormant"]


def test_figures_that_were_counted_again_are_told_to_who_may_read_why(busy, new_desk):
    busy.import_orders(orders("late", 3, [1], 500), COLUMNS)
    busy.roll()
    [(sentence, link)] = [each for each in told(new_desk(busy.shop).get("/overview"), "changed") if "again" in each[0]]
    assert sentence.startswith("On Mon 10 Jan 2028, 1 day that was complete was counted again")
    assert link == "/audit?action=figures.restated"
    assert "again, and" not in new_desk(busy.shop, "analyst").get("/overview").words()


def test_late_orders_leave_the_figures_and_take_the_comparison_away(busy, manager):
    busy.import_unrolled([each[:6] for each in orders("late", 4, [1], 500)])
    page = manager.get("/overview")
    assert page.soup.select_one("p .badge.warn").get_text() == "so far"
    assert "Orders of earlier days arrived late" in page.words()
    assert tiles(page)[1] == "12 Orders not compared before: 6"
    assert told(page, "changed") == []


def test_a_brand_that_began_lately_is_not_compared_with_days_that_it_did_not_have(figures, new_desk):
    figures.import_orders(orders("first", 8, range(1, 7), 1000) + orders("now", 2, range(1, 10), 1000), COLUMNS)
    figures.roll()
    page = new_desk(figures.shop, "manager").get("/overview")
    assert "The first order is not yet 14 days old" in page.words()
    assert tiles(page)[1] == "9 Orders not compared before: 6"
    assert told(page, "changed") == []


def test_a_new_brand_is_told_what_will_be_here_and_when(desk):
    page = desk.get("/overview")
    assert "With the first order: the figures of the running day, below." in page.words()
    assert "After 14 days: how they compare" in page.words()
    assert not tiles(page)
    assert len(tiles(page, "")) == 3, "of today"
    assert "still running" in page.words()


def test_orders_of_today_alone_make_no_complete_day(figures, new_desk):
    figures.import_orders(orders("today", -1, [1], 700), COLUMNS)
    page = new_desk(figures.shop, "manager").get("/overview")
    assert "No day with orders is complete yet" in page.words("section.card")
    assert not tiles(page)


def test_the_running_day_is_marked_and_is_that_of_its_report(busy, manager):
    busy.import_orders(orders("today", -1, [1, 2], 700), COLUMNS)
    totals = busy.report("today")["totals"]
    page = manager.get("/overview")
    assert totals["orders"] == 2
    assert [each.split()[0] for each in tiles(page, "h2 + .tiles")] == ["$14.00", "2", "2"]


def test_a_group_buy_that_is_short_of_its_target_is_to_be_shared(busy, manager):
    target = {"measure": "quantity", "value": 50, "on_miss": "extend"}
    campaign = busy.shop.campaign(title="Pears", closes_in=timedelta(hours=20), target=target)
    busy.shop.campaign(title="Plums", closes_in=timedelta(hours=60), target=target)
    [(sentence, link)] = told(manager.get("/overview"), "next")
    assert sentence.startswith("“Pears” has 0% of its target")
    assert link == f"/campaigns/{campaign['id']}"


def test_a_complaint_that_is_late_comes_first_for_who_sees_to_it(shop, drain, clock, new_desk):
    order = made(shop.order())
    sent = {"text": "The eggs were broken.", "category": "quality", "order_id": order["id"]}
    made(shop.caller.call("POST", f"{shop.path}/complaints", json=sent, token=shop.shopper.token))
    drain()
    clock.advance(days=30)
    Figures(shop, drain).roll()
    assert told(new_desk(shop).get("/overview"), "next")[0] == (
        "Complaints that are late: 1 See to them",
        "/complaints?overdue=true",
    )
    assert "Complaints that are late" not in new_desk(shop, "analyst").get("/overview").words()


def test_members_who_are_due_are_counted_as_their_report_counts_them(busy, manager):
    steady = [row for ago in (40, 33, 26, 19) for row in orders(f"steady-{ago}", ago, range(20, 24), 100)]
    steady += [row for ago in (22, 15, 8) for row in orders(f"lately-{ago}", ago, range(30, 33), 100)]
    busy.import_orders(steady, COLUMNS)
    busy.roll()
    page = manager.get("/overview")
    [(sentence, link)] = [each for each in told(page, "next") if "due" in each[0]]
    asked = {name: value[0] for name, value in parse_qs(urlsplit(link).query).items()}
    report = busy.report("periodicity", **asked)
    assert sentence.startswith(f"{len(report['members'])} members are due to order again")
    assert len(report["members"]) == sum(each["due"] for each in report["rows"]) == 3
    assert manager.get(link).status == 200


def risks(desk):
    return [each for each in told(desk.get("/overview"), "next") if "at risk" in each[0]]


def kept(figures):
    return [pk for pk, _ in figures.stored() if "#lifetime" in pk]


def test_money_at_risk_is_told_where_it_was_computed_before_and_never_computes_it(bought, new_desk):
    manager = new_desk(bought.shop, "manager")
    assert risks(manager) == []
    assert not kept(bought), "nothing was fitted for a page"
    bought.report("lifetime-value")
    assert kept(bought)
    [(sentence, link)] = risks(manager)
    asked = {name: value[0] for name, value in parse_qs(urlsplit(link).query).items()}
    members = bought.report("lifetime-value", **asked)["at_risk"]
    amount = sum(each["at_risk"]["amount_minor"] for each in members)
    assert len(members) == 20
    assert sentence.startswith(f"{Money(amount, 'USD').said('en')} is at risk with 20 members")
    assert manager.get(link).status == 200


def test_without_a_model_that_is_to_be_trusted_no_money_is_at_risk(busy, manager):
    assert busy.report("lifetime-value")["model"]["reason"]
    assert risks(manager) == []


def test_doubtful_data_leads_to_its_report(busy, manager):
    day = LAST - timedelta(days=1)
    doubled = [(f"D-{n}", "m1", f"{day}T12:00:0{n}Z", 1, 5000, "USD", "chat", "plums") for n in (1, 2)]
    busy.import_orders(doubled, [*COLUMNS[:2], "ordered_at", *COLUMNS[3:]])
    busy.roll()
    found = told(manager.get("/overview"), "next")
    rows = {
        each["rule"]: each for each in busy.report("data-quality", from_on="2028-01-03", to_on="2028-01-09")["rows"]
    }
    assert rows["double_orders"]["count"] == 1
    assert (found[-1][0].partition(" They")[0], found[-1][1]) == (
        "Orders that look doubled: 1",
        "/reports/data-quality?from_on=2028-01-03&to_on=2028-01-09",
    )


def test_only_who_reads_reports_finds_it(busy, new_desk):
    for role, status in (("owner", 200), ("analyst", 200), ("planner", 403), ("service", 403), ("technical", 403)):
        desk = new_desk(busy.shop, role)
        assert desk.get("/overview").status == status, role
        if role != "owner":
            assert ("How we are doing" in desk.get("/inbox").words("nav.side")) is (status == 200), role


def test_days_that_it_does_not_have_are_refused(manager):
    assert manager.get("/overview?days=9").status == 422


def test_its_charts_are_pictures_of_the_summary(manager):
    pictures = [each["src"] for each in manager.get("/overview").soup.select("figure.chart img")]
    assert len(pictures) == 2
    for each in pictures:
        assert manager.get(each.removeprefix("/console")).headers["content-type"] == "image/svg+xml"


def test_it_is_said_in_chinese(manager):
    manager.language = "zh"
    page = manager.get("/overview")
    assert tiles(page)[1] == "12 订单 ▲ 增加 6 (+100.0%) 此前：6"
    assert told(page, "changed")[0][0] == "销售额上升 150.0%：由 US$60.00 变为 US$150.00。"


def test_what_is_read_does_not_grow_with_orders(busy, manager):
    """With twice the orders of the same days."""
    manager.get("/overview")
    with metered() as few:
        manager.get("/overview")
    more = [(f"{each[0]}-more", f"n{at}", *each[2:]) for at, each in enumerate(ROWS)]
    busy.import_orders(more, COLUMNS)
    busy.roll()
    with metered() as many:
        manager.get("/overview")
    assert many.reads == few.reads
    assert few.reads <= 100
    assert many.writes <= few.writes


def test_on_a_first_of_the_month_the_link_does_not_compare_with_other_days():
    spans = board.Spans.ending(date(2026, 12, 7), 7)
    assert "compare" not in board._asked(spans)
    assert board._asked(board.Spans.ending(date(2026, 12, 8), 7))["compare"] == "previous"
