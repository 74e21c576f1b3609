"""A brand's FAQ over HTTP: written by the team, read by everybody."""

import pytest

from chalicelib.db import metered, tenant_scope
from chalicelib.enquiries.records import FaqBook
from chalicelib.enquiries.service import faq as service
from tests.builders import made

FIRST = {"question": "怎么退款？", "answer": "在订单页面申请。", "locale": "zh", "tags": ["退钱"], "position": 2}


def add(care, key, **fields):
    return made(care.brand.post("/v1/faq", {**FIRST, **fields}, headers={"Idempotency-Key": key}))


def shown(care, query=""):
    return [each["question"] for each in made(care.store("GET", f"/faq{query}"), 200)["items"]]


def test_everybody_reads_what_is_published_by_language_and_position(care):
    add(care, "a")
    add(care, "b", question="怎么取货？", position=1, tags=[])
    add(care, "c", question="How do I collect?", answer="With the code.", locale="en", tags=["pickup"])
    add(care, "d", question="Draft", published=False, locale="en")

    assert shown(care) == ["How do I collect?", "怎么取货？", "怎么退款？"]
    assert shown(care, "?locale=zh") == ["怎么取货？", "怎么退款？"]
    assert shown(care, "?q=PICKUP") == ["How do I collect?"]
    assert shown(care, "?q=退錢") == ["怎么退款？"]
    assert shown(care, "?q=nothing") == []
    assert len(made(care.brand.get("/v1/faq"), 200)["items"]) == 4


def test_an_entry_is_added_once_changed_and_deleted(care):
    mine = add(care, "a")
    assert add(care, "a") == mine
    assert (
        care.brand.post("/v1/faq", {**FIRST, "answer": "Else"}, headers={"Idempotency-Key": "a"}).json["code"]
        == "idempotency_mismatch"
    )
    changed = made(care.brand.patch(f"/v1/faq/{mine['id']}", {"answer": "已修改。", "tags": ["退"]}), 200)
    assert (changed["answer"], changed["tags"], changed["question"]) == ("已修改。", ["退"], FIRST["question"])
    stale = care.brand.patch(f"/v1/faq/{mine['id']}", {"answer": "x"}, headers={"If-Match": '"1"'})
    assert stale.status == 412
    made(care.brand.delete(f"/v1/faq/{mine['id']}"), 204)
    assert care.brand.get(f"/v1/faq/{mine['id']}").status == 404
    assert care.brand.delete(f"/v1/faq/{mine['id']}").status == 404
    assert shown(care) == []
    with tenant_scope(care.id):
        book = FaqBook.fetch(*FaqBook.address(care.id), consistent=True)
    assert book is not None
    assert int(book.entries) == 0


def test_a_full_faq_takes_no_more(care, monkeypatch):
    monkeypatch.setattr(service, "MOST_FAQ", 2)
    first = add(care, "a")
    add(care, "b")
    full = care.brand.post("/v1/faq", FIRST, headers={"Idempotency-Key": "c"})
    assert (full.status, full.json["code"]) == (409, "faq_full")
    made(care.brand.delete(f"/v1/faq/{first['id']}"), 204)
    add(care, "c")


def test_a_brand_reads_and_changes_its_own_alone(care, new_care):
    mine, other = add(care, "a"), new_care()

    assert other.brand.get(f"/v1/faq/{mine['id']}").status == 404
    assert other.brand.patch(f"/v1/faq/{mine['id']}", {"answer": "x"}).status == 404
    assert shown(other) == []


@pytest.mark.parametrize(
    "body", [{"locale": "fr"}, {"question": ""}, {"answer": "x" * 1001}, {"tags": ["x"] * 21}, {"position": -1}]
)
def test_what_makes_no_sense_is_refused(care, body):
    assert care.brand.post("/v1/faq", {**FIRST, **body}, headers={"Idempotency-Key": "k"}).status == 422


def test_the_index_is_made_again_only_where_the_faq_has_changed(care):
    add(care, "a")
    with tenant_scope(care.id):
        first = service.index_of(care.id)
        with metered() as meter:
            assert service.index_of(care.id) is first
        assert sum(meter.by_operation.values()) == 1
    add(care, "b", question="怎么取货？")
    with tenant_scope(care.id):
        assert service.index_of(care.id) is not first
