"""I9 for members: their days, classes and histories are what their orders make them, and the reports count the same."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import timedelta

from chalicelib.histories.service import history_of
from chalicelib.members.model.classes import MemberClass
from tests.builders import made
from tests.invariants.brand import Brand
from tests.invariants.people import Person


def check_members(brand: Brand, people: Mapping[str, Person]) -> None:
    """For all members, in the scope of the brand, when the night has been worked off."""
    for who in people.values():
        _check_days(who)
        _check_history(brand.tenant_id, who)
    _check_reports(brand, people)


def _check_days(who: Person) -> None:
    days, record = who.days_of_orders, who.record
    shown = record.first_ordered_on, record.last_ordered_on
    assert shown == ((min(days), max(days)) if days else (None, None)), f"{who.id}: shows {shown}, ordered on {days}"
    found = record.class_on(who.today, who.thresholds)
    assert found is who.member_class, f"{who.id}: is {found}, and should be {who.member_class}"


def _check_history(tenant_id: str, who: Person) -> None:
    history = history_of(tenant_id, who.ordinal)
    found = {each.source: (each.on, each.amount_minor) for each in history.purchases}
    assert found == {order_id: (on, who.bought[order_id]) for order_id, on in who.orders.items()}, who.id
    assert history.occasions == len(who.days_of_orders)


def _check_reports(brand: Brand, people: Mapping[str, Person]) -> None:
    """As of yesterday, the last day that is complete."""
    first = next(iter(people.values()))
    on = first.today - timedelta(days=1)
    classes = Counter(found for who in people.values() if (found := who.class_on(on)) is not None)
    report = made(brand.ask("GET", "/v1/reports/classes"), 200)
    assert report["to_on"] == on.isoformat()
    assert {row["class"]: row["count"] for row in report["rows"]} == {each.value: classes[each] for each in MemberClass}
    assert report["total"] == classes.total()
    buyers = [who for who in people.values() if any(each <= on for each in who.days_of_orders)]
    rfm = made(brand.ask("GET", "/v1/reports/rfm"), 200)
    assert rfm["total"] == len(buyers) == sum(row["count"] for row in rfm["rows"])
