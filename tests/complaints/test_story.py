"""From an order to the verdict on its complaint and the survey after it, over HTTP: everybody sees what is theirs."""

from __future__ import annotations

from tests.builders import made
from tests.complaints.conftest import Complaining
from tests.complaints.test_costs import balanced, supplier
from tests.letters import news


def test_from_an_order_to_a_complaint_that_its_member_accepts(complaining: Complaining, engine) -> None:
    complaining.care.hire("service")
    asked = {
        "title": "Closed",
        "trigger": "complaint_closed",
        "questions": [{"kind": "score", "text": "Handled well?"}],
    }
    survey = made(complaining.brand.post("/v1/surveys", asked))
    owed = supplier(complaining)
    order = complaining.collected()
    assert complaining.earned() == [(360, 0)]

    # The leader was rude: the commission waits. A part of the money makes it good, at the leader's cost.
    mine = complaining.complain(order, cause="leader", text="The leader shouted at me")
    refund = {"kind": "refund", "amount": complaining.money(150), "cost_to": "leader"}
    made(complaining.resolve(mine, refund, outcome="We have talked to her, and give you ¥1.50 back."), 200)
    complaining.care.drain()
    complaining.care.drain()

    assert complaining.earned() == [(210, 150)]
    assert complaining.accounts()["commission_frozen:leader"] == 210
    assert balanced(complaining)
    told = [mail["text"] for mail in news(engine) if mail["to"] == complaining.member.email]
    assert any("We have talked to her" in text for text in told)
    (refund_made,) = made(complaining.brand.get(f"/v1/orders/{order['id']}/refunds"), 200)["items"]
    made(complaining.brand.post(f"/v1/orders/{order['id']}/refunds/{refund_made['id']}/confirm"), 200)
    complaining.care.drain()
    assert complaining.own(mine)["remedy"]["state"] == "done"
    assert made(complaining.verdict(mine, "accepted", "Thank you"), 200)["verdict"]["verdict"] == "accepted"
    care, me = complaining.care, complaining.member
    waiting = [each["token"] for each in made(care.store("GET", "/invitations", me), 200)["items"]]
    (token,) = [each for each in waiting if made(care.store("GET", f"/invitations/{each}"), 200)["title"] == "Closed"]
    assert care.answer(token, score=5).status == 201
    results = made(complaining.brand.get(f"/v1/surveys/{survey['id']}/results"), 200)
    assert (results["invited"], results["answered"], results["hidden"]) == (1, 1, True)

    # Another one is the supplier's doing, and counts for it.
    other = complaining.complain(order, text="Two were bruised")
    made(complaining.resolve(other, {"kind": "points", "points": 10}, attributed_to="supplier"), 200)
    rate = made(complaining.brand.get(f"/v1/suppliers/{owed}/rate"), 200)
    assert (rate["sold"], rate["complained"], rate["ratio"]) == (4, 4, "1.0000")

    # After the window the rest of the commission is payable, with what was borne still taken off.
    complaining.care.clock.advance(days=16)
    complaining.care.sweep()
    assert complaining.accounts()["commission_payable:leader"] == 210
    assert balanced(complaining)
