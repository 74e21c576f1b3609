"""Segments as a brand uses them: made, counted, listed, changed, deleted; who comes and goes, and what follows."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib.db import metered, tenant_scope
from chalicelib.jobs.records import JobRecord
from chalicelib.kernel import clock as product_clock
from chalicelib.members.linking.service.uniting import unite
from chalicelib.members.records import MemberRecord
from chalicelib.members.service import taking_back
from chalicelib.segments.records import ChunkRecord, LinesRecord, LookRecord
from chalicelib.segments.service import evaluating, lists, reading
from tests.builders import Member, made
from tests.customer_care import CustomerCare

HAS_ORDERED = {"field": "orders", "op": "at_least", "value": {"number": 1}}
QUIET = {"field": "recency", "op": "at_least", "value": 3}


class Segments:
    """A shop whose members are put into segments."""

    def __init__(self, care: CustomerCare) -> None:
        self.care, self.shop, self.brand = care, care.shop, care.brand
        self.drain, self.clock, self.sweep = care.drain, care.clock, care.sweep

    def make(self, rule: Any = None, title: str = "Some", **more: Any) -> Any:
        body = {"title": title, "rule": rule, **more} if rule else {"title": title, "kind": "list", **more}
        answer = made(self.brand.post("/v1/segments", body))
        self.drain()
        return answer

    def read(self, segment: Any) -> Any:
        return made(self.brand.get(f"/v1/segments/{segment['id']}"), 200)

    def walked(self, segment: Any, limit: int = 100) -> list[str]:
        """The ids of the members in the list, walked to its end."""
        found, cursor = [], ""
        while True:
            path = f"/v1/segments/{segment['id']}/members?limit={limit}" + (f"&cursor={cursor}" if cursor else "")
            page = made(self.brand.get(path), 200)
            found += [each["id"] for each in page["items"]]
            cursor = page["next_cursor"]
            if cursor is None:
                return found

    def inside(self, segment: Any) -> list[str]:
        """Who is in it: its list, its number, and what members show say the same."""
        found = self.walked(segment)
        assert self.read(segment)["count"] == len(found)
        with tenant_scope(self.shop.tenant_id):
            for member_id in found:
                member = MemberRecord.at(self.shop.tenant_id, member_id, consistent=True)
                assert member is not None
                assert segment["id"] in member.segment_ids
        return found

    def record(self, member: Member) -> MemberRecord:
        with tenant_scope(self.shop.tenant_id):
            found = MemberRecord.at(self.shop.tenant_id, member.id, consistent=True)
        assert found is not None
        return found


@pytest.fixture
def segments(noon: None, care: CustomerCare) -> Segments:
    """At noon: days of the brand do not end between two steps of a test."""
    return Segments(care)


def test_members_come_and_go_by_what_they_do(segments: Segments) -> None:
    shop, (ann, bob) = segments.shop, (segments.shop.member(), segments.shop.member())
    buyers = segments.make(HAS_ORDERED)
    others = segments.make({"not": HAS_ORDERED}, "Others")
    assert (segments.inside(buyers), segments.inside(others)) == ([], [ann.id, bob.id])

    order = made(shop.order(ann))
    segments.drain()
    assert (segments.inside(buyers), segments.inside(others)) == ([ann.id], [bob.id])

    made(segments.care.store("POST", f"/orders/{order['id']}/cancel", ann), 200)
    segments.drain()
    assert (segments.inside(buyers), segments.inside(others)) == ([], [ann.id, bob.id])

    cid = shop.member()
    segments.drain()
    assert segments.inside(others) == [ann.id, bob.id, cid.id]


def test_a_rule_that_is_changed_counts_all_anew(segments: Segments) -> None:
    ann, bob = segments.shop.member(), segments.shop.member()
    made(segments.shop.order(ann))
    segments.drain()
    segment = segments.make(HAS_ORDERED)
    assert segments.inside(segment) == [ann.id]
    path = f"/v1/segments/{segment['id']}"
    changed = made(segments.brand.patch(path, {"rule": {"not": HAS_ORDERED}}), 200)
    assert changed["counting"]
    segments.drain()
    assert segments.inside(segment) == [bob.id]
    read = segments.read(segment)
    assert (read["counting"], read["words"]) == (None, "not (orders at least 1)")
    assert read["counted_at"]
    assert made(segments.brand.get(f"/v1/jobs/{changed['counting']}"), 200)["status"] == "done"


def test_time_alone_moves_members_and_only_they_are_looked_at(segments: Segments) -> None:
    people = [segments.shop.member() for _ in range(6)]
    quiet = segments.make(QUIET)
    for each in people[:2]:
        made(segments.shop.order(each))
    segments.drain()
    assert segments.inside(quiet) == []
    segments.clock.advance(days=2)
    segments.sweep()
    made(segments.shop.order(people[1]))
    segments.drain()
    segments.clock.advance(days=1)
    segments.sweep()
    assert segments.inside(quiet) == [people[0].id]
    segments.clock.advance(days=2)
    segments.sweep()
    assert segments.inside(quiet) == [people[0].id, people[1].id]
    made(segments.shop.order(people[0]))
    segments.drain()
    assert segments.inside(quiet) == [people[1].id]
    with tenant_scope(segments.shop.tenant_id):
        waiting = list(LookRecord.every(LookRecord.partition(segments.shop.tenant_id)))
    assert [each.ordinal for each in waiting] == [int(segments.record(people[0]).ordinal)]


def test_a_quiet_night_reads_nothing_of_members(segments: Segments) -> None:
    for _ in range(5):
        segments.shop.member()
    segments.make(QUIET)
    from chalicelib.segments.service.counting import begin_night

    with tenant_scope(segments.shop.tenant_id), metered() as meter:
        begin_night(segments.shop.tenant_id, product_clock.now())
    assert meter.reads <= 2  # the brand's zone, and what is due


def stored_job(segments: Segments, answer: Any) -> JobRecord:
    with tenant_scope(segments.shop.tenant_id):
        found = JobRecord.fetch(*JobRecord.address(segments.shop.tenant_id, answer["id"]), consistent=True)
    assert found is not None
    return found


def lines_of(segments: Segments, job: JobRecord) -> list[str]:
    """What is kept of the text that a job reads."""
    partition, _ = LinesRecord.address(segments.shop.tenant_id, job.id, 0)
    with tenant_scope(segments.shop.tenant_id):
        kept = list(LinesRecord.every(partition, consistent=True))
    assert all(each.expires_at for each in kept)
    return [line for each in kept for line in each.lines]


def test_a_list_is_filled_by_hand_and_by_a_file(segments: Segments) -> None:
    ann, bob, cid = (segments.shop.member() for _ in range(3))
    testers = segments.make(title="Testers")
    path = f"/v1/segments/{testers['id']}"
    assert made(segments.brand.post(f"{path}/members", {"add": [ann.id, bob.id]}), 200)["count"] == 2
    made(segments.brand.post(f"{path}/members", {"add": [bob.id], "remove": [ann.id]}), 200)
    assert segments.inside(testers) == [bob.id]

    text = f'\ufeff{ann.email.upper()}\r\n"{cid.email}"\r\nC-404\r\n\r\n'
    answer = made(segments.brand.post(f"{path}/imports", {"text": text}), 202)
    stored = stored_job(segments, answer)
    assert cid.email not in str(stored.params)
    assert lines_of(segments, stored) == [ann.email.upper(), cid.email, "C-404"]
    segments.drain()
    job = made(segments.brand.get(f"/v1/jobs/{answer['id']}"), 200)
    assert (job["status"], job["imported"], job["errors_total"]) == ("done", 2, 1)
    assert lines_of(segments, stored) == []
    assert (job["errors"][0]["row"], "C-404" in job["errors"][0]["message"]) == (3, False)
    assert segments.inside(testers) == [ann.id, bob.id, cid.id]

    buyers = segments.make(HAS_ORDERED)
    refused = segments.brand.post(f"/v1/segments/{buyers['id']}/members", {"add": [ann.id]})
    assert (refused.status, refused.json["code"]) == (409, "not_a_list")
    refused = segments.brand.patch(path, {"rule": HAS_ORDERED})
    assert (refused.status, refused.json["code"]) == (409, "not_a_list")


def test_a_text_of_several_slices_is_read_to_its_end_and_not_kept_where_the_list_is_deleted(
    segments: Segments, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lists, "SLICE", 2)
    people = [segments.shop.member() for _ in range(5)]
    testers = segments.make(title="Testers")
    path = f"/v1/segments/{testers['id']}"
    text = "\n".join(each.email for each in people)
    answer = made(segments.brand.post(f"{path}/imports", {"text": text}), 202)
    segments.drain()
    assert segments.inside(testers) == [each.id for each in people]
    assert lines_of(segments, stored_job(segments, answer)) == []
    again = made(segments.brand.post(f"{path}/imports", {"text": text}), 202)
    made(segments.brand.delete(path), 204)
    segments.drain()
    assert stored_job(segments, again).status == "done"
    assert lines_of(segments, stored_job(segments, again)) == []


def test_who_is_in_a_segment_carries_its_tag(segments: Segments) -> None:
    ann = segments.shop.member()
    for tag in ("buyer", "spicy"):
        made(segments.brand.post("/v1/tags", {"tag": tag}))
    segments.make(HAS_ORDERED, tag="buyer")
    by_tag = segments.make({"field": "tags", "op": "all_of", "value": ["buyer", "spicy"]}, "Both")
    tags = f"/v1/members/{ann.id}/tags"
    assert made(segments.brand.post(tags, {"add": ["spicy"]}), 200)["tags"] == ["spicy"]
    order = made(segments.shop.order(ann))
    segments.drain()
    assert made(segments.brand.get(tags), 200) == {
        "member_id": ann.id, "tags": ["spicy", "buyer"], "by_hand": ["spicy"],
    }  # fmt: skip
    assert segments.inside(by_tag) == [ann.id]
    assert made(segments.brand.get(f"/v1/members/{ann.id}"), 200)["tags"] == ["spicy", "buyer"]

    made(segments.care.store("POST", f"/orders/{order['id']}/cancel", ann), 200)
    segments.drain()
    assert made(segments.brand.get(tags), 200)["tags"] == ["spicy"]
    assert segments.inside(by_tag) == []

    refused = segments.brand.delete("/v1/tags/spicy")
    assert (refused.status, refused.json["code"]) == (409, "tag_in_use")
    assert "Both" in refused.json["detail"]
    made(segments.brand.delete(f"/v1/segments/{by_tag['id']}"), 204)
    made(segments.brand.delete("/v1/tags/spicy"), 204)
    segments.drain()
    assert made(segments.brand.get(tags), 200)["tags"] == []
    assert made(segments.brand.get("/v1/tags"), 200)["tags"] == ["buyer"]
    refused = segments.brand.post(tags, {"add": ["spicy"]})
    assert (refused.status, refused.json["errors"][0]["pointer"]) == (422, "/add/0")


def test_all_of_a_segment_are_tagged(segments: Segments) -> None:
    ann, bob = segments.shop.member(), segments.shop.member()
    made(segments.shop.order(ann))
    segments.drain()
    buyers = segments.make(HAS_ORDERED)
    made(segments.brand.post("/v1/tags", {"tag": "kind"}))
    made(segments.brand.post(f"/v1/segments/{buyers['id']}/tags", {"add": ["kind"]}), 202)
    segments.drain()
    assert [segments.record(each).tags for each in (ann, bob)] == [["kind"], None]
    audited = made(segments.brand.get("/v1/audit?action=segment.tagged"), 200)["items"]
    assert [each["changes"]["added"] for each in audited] == [["kind"]]


def test_what_a_rule_names_must_be_there(segments: Segments) -> None:
    for rule, pointer in [
        ({"field": "tier", "op": "any_of", "value": ["gold"]}, "/rule/value/0"),
        ({"all": [{"field": "tags", "op": "any_of", "value": ["x"]}]}, "/rule/all/0/value/0"),
        ({"field": "segments", "op": "any_of", "value": ["x"]}, "/rule/value/0"),
        ({"field": "favourite_point", "op": "any_of", "value": ["x"]}, "/rule/value/0"),
        ({"field": "purchases", "op": "bought", "value": {"product_ids": ["x"]}}, "/rule/value/product_ids/0"),
        ({"field": "shoe", "op": "any_of", "value": ["x"]}, "/rule/field"),
    ]:
        refused = segments.brand.post("/v1/segments", {"title": "x", "rule": rule})
        assert (refused.status, refused.json["code"]) == (422, "rule_refused"), rule
        assert refused.json["errors"][0]["pointer"] == pointer
        assert "there are:" in refused.json["errors"][0]["message"]


def test_segments_do_not_ask_for_one_another_in_a_ring(segments: Segments) -> None:
    one = segments.make(HAS_ORDERED, "One")
    two = segments.make({"field": "segments", "op": "any_of", "value": [one["id"]]}, "Two")
    ring = {"field": "segments", "op": "none_of", "value": [two["id"]]}
    refused = segments.brand.patch(f"/v1/segments/{one['id']}", {"rule": ring})
    assert (refused.status, refused.json["code"]) == (422, "rule_refused")
    assert "One, Two" in refused.json["detail"]


def test_a_segment_of_another_asks_again_where_that_changes(segments: Segments) -> None:
    ann, bob = segments.shop.member(), segments.shop.member()
    made(segments.shop.order(ann))
    segments.drain()
    one = segments.make(HAS_ORDERED, "One")
    two = segments.make({"field": "segments", "op": "none_of", "value": [one["id"]]}, "Two")
    assert segments.inside(two) == [bob.id]
    made(segments.brand.patch(f"/v1/segments/{one['id']}", {"rule": {"not": HAS_ORDERED}}), 200)
    segments.drain()
    assert (segments.inside(one), segments.inside(two)) == ([bob.id], [ann.id])


def test_a_deleted_segment_goes_from_its_members(segments: Segments) -> None:
    ann = segments.shop.member()
    segment = segments.make({"not": HAS_ORDERED})
    assert segments.record(ann).segment_ids == [segment["id"]]
    using = segments.make({"field": "segments", "op": "any_of", "value": [segment["id"]]}, "Asks")
    refused = segments.brand.delete(f"/v1/segments/{segment['id']}")
    assert (refused.status, refused.json["code"]) == (409, "segment_in_use")
    assert "Asks" in refused.json["detail"]
    made(segments.brand.delete(f"/v1/segments/{using['id']}"), 204)
    made(segments.brand.delete(f"/v1/segments/{segment['id']}"), 204)
    assert segments.brand.get(f"/v1/segments/{segment['id']}").status == 404
    assert made(segments.brand.get("/v1/segments"), 200)["items"] == []
    segments.drain()
    assert segments.record(ann).segment_ids is None
    with tenant_scope(segments.shop.tenant_id):
        assert not list(ChunkRecord.every(ChunkRecord.partition(segments.shop.tenant_id)))


def test_the_number_is_the_list_after_uniting_and_removal(segments: Segments) -> None:
    brand, shop = segments.brand, segments.shop
    rows = "reference\nC-1\nC-2\nC-3\n"
    job = made(brand.post("/v1/imports", {"kind": "members", "csv": rows}), 202)
    segments.drain()
    assert made(brand.get(f"/v1/jobs/{job['id']}"), 200)["imported"] == 3
    ids = [each["id"] for each in made(brand.get("/v1/members"), 200)["items"]][::-1]
    made(brand.post("/v1/tags", {"tag": "spicy"}))
    everybody = segments.make({"field": "points", "op": "at_least", "value": 0})
    chosen = segments.make(title="Chosen")
    made(brand.post(f"/v1/segments/{chosen['id']}/members", {"add": ids[1:]}), 200)
    made(brand.post(f"/v1/members/{ids[1]}/tags", {"add": ["spicy"]}), 200)
    assert (segments.inside(everybody), segments.inside(chosen)) == (ids, ids[1:])

    with tenant_scope(shop.tenant_id):
        assert unite(shop.tenant_id, 1, 0, product_clock.now())
    segments.drain()
    assert (segments.inside(everybody), segments.inside(chosen)) == ([ids[0], ids[2]], [ids[0], ids[2]])
    assert made(brand.get(f"/v1/members/{ids[0]}"), 200)["tags"] == ["spicy"]

    with tenant_scope(shop.tenant_id):
        found = MemberRecord.at(shop.tenant_id, ids[2], consistent=True)
        assert found is not None
        taking_back.take_back(found, "job", product_clock.now())
        assert reading.members_of(shop.tenant_id, everybody["id"]).bit_count() == 2  # not known yet
    assert segments.walked(everybody) == [ids[0]]
    assert segments.read(everybody)["count"] == 1  # the list has seen it
    segments.drain()
    assert (segments.inside(everybody), segments.inside(chosen)) == ([ids[0]], [ids[0]])


def test_being_put_into_a_segment_does_not_keep_an_imported_member(segments: Segments) -> None:
    job = made(segments.brand.post("/v1/imports", {"kind": "members", "csv": "reference\nC-1\n"}), 202)
    segments.drain()
    everybody = segments.make({"field": "points", "op": "at_least", "value": 0})
    assert len(segments.inside(everybody)) == 1
    undo = made(segments.brand.post(f"/v1/imports/{job['id']}/undo", {}), 202)
    segments.drain()
    segments.clock.advance(minutes=5)
    segments.sweep()
    assert made(segments.brand.get(f"/v1/jobs/{undo['id']}"), 200)["undone"] == 1
    assert segments.inside(everybody) == []


def test_what_members_said_counts_only_while_they_agree(segments: Segments) -> None:
    ann = segments.shop.member()
    tea = segments.make({"field": "interests", "op": "any_of", "value": ["tea"]})
    me = {"profile": {"interests": ["tea"]}}
    made(segments.care.store("PATCH", "/me", ann, json=me), 200)
    segments.drain()
    assert segments.inside(tea) == []
    for agreed, expected in ((True, [ann.id]), (False, [])):
        made(segments.care.store("PATCH", "/me", ann, json={"consent": {"personalisation": agreed}}), 200)
        segments.drain()
        assert segments.inside(tea) == expected


def test_a_rule_is_tried_before_it_is_saved(segments: Segments) -> None:
    ann = segments.shop.member()
    segments.shop.member()
    made(segments.shop.order(ann))
    segments.drain()
    tried = made(segments.brand.post("/v1/segments/count", {"rule": HAS_ORDERED}), 200)
    assert tried == {
        "count": 1, "of": 2, "exact": True, "at_least": 1, "at_most": 1, "words": "orders at least 1",
    }  # fmt: skip
    assert made(segments.brand.get("/v1/segments"), 200)["items"] == []


def test_a_count_of_many_is_an_estimate_and_says_so(segments: Segments, monkeypatch: pytest.MonkeyPatch) -> None:
    from chalicelib.segments.service import trying

    monkeypatch.setattr(trying, "EXACT_UP_TO", 5)
    people = [segments.shop.member() for _ in range(15)]
    made(segments.shop.order(people[3]))
    segments.drain()
    tried = made(segments.brand.post("/v1/segments/count", {"rule": HAS_ORDERED}), 200)
    assert (tried["count"], tried["of"], tried["exact"]) == (3, 15, False)  # one of the five that were looked at
    assert tried["at_least"] <= 1 <= tried["count"] <= tried["at_most"]


def test_why_somebody_is_in_it(segments: Segments) -> None:
    ann, bob = segments.shop.member(), segments.shop.member()
    made(segments.shop.order(ann, quantity=2))
    segments.drain()
    rule = {"all": [HAS_ORDERED, {"field": "monetary", "op": "at_least", "value": {"number": 1_000}}]}
    segment = segments.make(rule)
    path = f"/v1/segments/{segment['id']}/members"
    why = made(segments.brand.get(f"{path}/{ann.id}"), 200)
    assert (why["inside"], [each["found"] for each in why["conditions"]]) == (True, ["1", "CN¥18.00"])
    why = made(segments.brand.get(f"{path}/{bob.id}", headers={"Accept-Language": "zh"}), 200)
    assert (why["inside"], why["conditions"][0]) == (
        False, {"condition": "订单数至少 1", "holds": False, "found": "0"},
    )  # fmt: skip


def test_fifty_segments_at_most(segments: Segments, monkeypatch: pytest.MonkeyPatch) -> None:
    from chalicelib.segments.service import defining

    monkeypatch.setattr(defining, "MOST_SEGMENTS", 2)
    for n in range(2):
        segments.make(title=f"List {n}")
    refused = segments.brand.post("/v1/segments", {"title": "One more", "kind": "list"})
    assert (refused.status, refused.json["code"]) == (409, "too_many_segments")


def test_events_say_who_came_and_went_once(segments: Segments, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[tuple[str, list[int]]] = []
    emit = ChunkRecord.emit

    def noted(self: ChunkRecord, event: str, now: Any, **data: Any) -> None:
        told.append((event, data["ordinals"]))
        emit(self, event, now, **data)

    monkeypatch.setattr(ChunkRecord, "emit", noted)
    ann, bob = segments.shop.member(), segments.shop.member()
    segments.make({"not": HAS_ORDERED})
    assert told == [("segment.entered", [0, 1])]
    with tenant_scope(segments.shop.tenant_id):
        for _ in range(2):
            evaluating.look_at(segments.shop.tenant_id, [0, 1], product_clock.now())
    assert len(told) == 1
    made(segments.shop.order(ann))
    segments.drain()
    assert told[1:] == [("segment.left", [0])]
    assert bob.id


def test_a_brand_without_segments_pays_one_read(segments: Segments) -> None:
    segments.shop.member()
    with tenant_scope(segments.shop.tenant_id), metered() as meter:
        evaluating.look_at(segments.shop.tenant_id, [0], product_clock.now())
    assert meter.reads == 1


def test_what_a_look_reads_grows_with_who_is_looked_at_alone(segments: Segments) -> None:
    segments.make({"not": HAS_ORDERED})
    costs = []
    for _ in range(2):
        for _ in range(10):
            segments.shop.member()
        segments.drain()
        with tenant_scope(segments.shop.tenant_id), metered() as meter:
            evaluating.look_at(segments.shop.tenant_id, [0, 3], product_clock.now())
        costs.append(meter.reads)
    assert costs[0] == costs[1] <= 4


def test_whoever_asks_for_a_class_asks_again_where_the_brand_parts_them_anew(segments: Segments) -> None:
    ann = segments.shop.member()
    new = segments.make({"field": "class", "op": "any_of", "value": ["new"]})
    made(segments.shop.order(ann))
    segments.drain()
    assert segments.inside(new) == [ann.id]
    segments.clock.advance(days=5)
    segments.sweep()
    assert segments.inside(new) == [ann.id]
    made(segments.brand.put("/v1/member-classes", {"new_days": 3}), 200)
    segments.drain()
    assert segments.inside(new) == []


def test_the_list_of_members_is_narrowed_by_segment_and_tag(segments: Segments) -> None:
    ann, bob, cid = (segments.shop.member() for _ in range(3))
    made(segments.brand.post("/v1/tags", {"tag": "kind"}))
    chosen = segments.make(title="Chosen", tag="kind")
    made(segments.brand.post(f"/v1/segments/{chosen['id']}/members", {"add": [ann.id, cid.id]}), 200)
    made(segments.brand.post(f"/v1/members/{bob.id}/tags", {"add": ["kind"]}), 200)

    def listed(query: str) -> set[str]:
        return {each["id"] for each in made(segments.brand.get(f"/v1/members?{query}"), 200)["items"]}

    assert listed(f"segment={chosen['id']}") == {ann.id, cid.id}
    assert listed("tag=kind") == {ann.id, bob.id, cid.id}
    assert listed(f"segment={chosen['id']}&tag=kind&q={ann.email[:6]}") >= {ann.id}
    assert segments.brand.get("/v1/members?segment=01J9ZQ0W7N8RXC5B2M4T6V8Y0A").status == 404
