"""Who is asked, and when, on the engine."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from chalicelib.db import tenant_scope
from chalicelib.kernel import clock as product_clock
from chalicelib.kernel.ids import derived_id
from chalicelib.members.records import MemberRecord
from chalicelib.messaging import Message
from chalicelib.surveys.events import consumer
from chalicelib.surveys.model.sending import Every, is_drawn, next_wave, wave_name
from chalicelib.surveys.records import WAVE_GOES_ON, InvitationRecord, WaveRecord
from tests.builders import made
from tests.letters import news

SCORE = {"id": "q1", "kind": "score", "text": "Satisfied?", "required": True}


def written(care, trigger, **fields):
    body = {"title": f"Of {trigger}", "trigger": trigger, "questions": [SCORE], **fields}
    return made(care.brand.post("/v1/surveys", body))


def asked(care, member):
    """The titles of the surveys that wait for somebody's answer."""
    tokens = [each["token"] for each in made(care.store("GET", "/invitations", member), 200)["items"]]
    return sorted(made(care.store("GET", f"/invitations/{token}"), 200)["title"] for token in tokens)


def days(care, count):
    """So many days pass, the sweep at work."""
    for _ in range(count):
        care.clock.advance(days=1)
        care.sweep()


def always(care):
    made(care.brand.put("/v1/survey-rules", {"quiet_days": 0}), 200)


def test_who_joined_is_asked_so_many_days_later_and_once(care):
    written(care, "joined", after_days=3)
    member = care.shop.member()
    care.drain()

    days(care, 2)
    assert asked(care, member) == []
    days(care, 1)
    assert asked(care, member) == ["Of joined"]
    days(care, 8)
    assert asked(care, member) == ["Of joined"]


def test_who_leaves_is_not_asked_what_was_planned_also_after_coming_back(care):
    written(care, "joined", after_days=3)
    leaving, staying = care.shop.member(), care.shop.member()
    care.drain()
    assert made(care.store("GET", "/invitations", leaving), 200)["items"] == []
    made(care.brand.post(f"/v1/members/{leaving.id}/leave", {"reason": "moved_away"}), 200)
    care.drain()
    made(care.brand.post(f"/v1/members/{leaving.id}/rejoin"), 200)
    care.drain()

    days(care, 4)
    assert (asked(care, leaving), asked(care, staying)) == ([], ["Of joined"])


def test_a_word_of_leaving_that_comes_late_drops_nothing_of_who_came_back(care):
    written(care, "joined", after_days=3)
    member = care.shop.member()
    care.drain()
    consumer.handle(
        Message(derived_id("left"), "member.left", care.id, product_clock.now(), {"member_id": member.id}),
        product_clock.now(),
    )

    days(care, 4)
    assert asked(care, member) == ["Of joined"]


def test_nobody_is_asked_by_a_survey_that_is_in_the_archive_meanwhile(care):
    survey = written(care, "joined", after_days=3)
    member = care.shop.member()
    care.drain()
    made(care.brand.patch(f"/v1/surveys/{survey['id']}", {"status": "archived"}), 200)

    days(care, 4)

    assert asked(care, member) == []


def test_an_invitation_that_did_not_go_out_is_in_no_list_and_has_no_link(care):
    survey = written(care, "joined", after_days=3)
    care.shop.member()
    care.drain()

    listed = made(care.brand.get(f"/v1/surveys/{survey['id']}/invitations"), 200)
    results = made(care.brand.get(f"/v1/surveys/{survey['id']}/results"), 200)

    assert (listed["items"], results["invited"]) == ([], 0)


def test_who_ordered_in_a_campaign_is_asked_once_it_is_locked_each_once(care):
    written(care, "campaign_end", after_days=1)
    ada, bea, none = care.shop.member(), care.shop.member(), care.shop.member()
    campaign = care.shop.campaign(closes_in=timedelta(hours=1))
    for who in (ada, ada, bea):
        made(care.shop.order(who, campaign=campaign))
    care.clock.advance(hours=2)
    care.sweep()
    assert asked(care, ada) == []

    days(care, 1)

    assert (asked(care, ada), asked(care, bea), asked(care, none)) == (["Of campaign_end"], ["Of campaign_end"], [])


def test_whose_complaint_was_closed_is_asked_although_they_were_asked_shortly_before(care):
    care.hire("service")
    written(care, "complaint_closed")
    member = care.shop.member()
    (order,) = care.collected(member)
    complaint = made(care.store("POST", "/complaints", member, json={"text": "Torn", "order_id": order["id"]}))

    for _ in range(2):
        made(care.brand.post(f"/v1/complaints/{complaint['id']}/resolve", {"outcome": "Sorry"}), 200)
        care.drain()
        made(care.brand.post(f"/v1/complaints/{complaint['id']}/reopen", {"reason": "Again"}), 200)

    assert asked(care, member) == ["How was your order?", "Of complaint_closed"]


def test_who_was_asked_is_not_asked_again_for_a_week_unless_the_brand_says_so(care):
    member = care.shop.member()
    care.collected(member)
    care.collected(member)
    assert len(asked(care, member)) == 1

    days(care, 7)
    care.collected(member)
    assert len(asked(care, member)) == 2

    always(care)
    care.collected(member)
    assert len(asked(care, member)) == 3
    assert care.results()["invited"] == 3


def test_rules_are_read_and_set_under_their_revision(care):
    first = care.brand.get("/v1/survey-rules")
    assert (first.json, first.headers["ETag"]) == ({"quiet_days": 7}, '"0"')

    made(care.brand.put("/v1/survey-rules", {"quiet_days": 30}, headers={"If-Match": '"0"'}), 200)
    stale = care.brand.put("/v1/survey-rules", {"quiet_days": 1}, headers={"If-Match": '"0"'})
    wrong = care.brand.put("/v1/survey-rules", {"quiet_days": 91})

    assert (stale.status, wrong.status) == (412, 422)
    assert made(care.brand.get("/v1/survey-rules"), 200) == {"quiet_days": 30}


@pytest.mark.usefixtures("noon")
def test_who_has_not_answered_is_reminded_once_and_who_has_is_not(care, engine):
    silent, content = care.shop.member("ada@people.example"), care.shop.member("bea@people.example")
    care.collected(silent, content)
    assert care.answer(care.invitation(content), score=5).status == 201

    days(care, 16)

    letters = [(mail["to"], mail["subject"]) for mail in news(engine) if "would still like" in mail["subject"]]
    assert [to for to, _ in letters] == ["ada@people.example"]


def test_a_periodic_survey_goes_to_its_sample_at_ten_on_the_first_and_anew_each_time(care):
    always(care)
    members = [care.shop.member() for _ in range(12)]
    survey = written(care, "periodic", every="week", sample=50)
    zone = ZoneInfo("Asia/Shanghai")
    first = datetime.fromisoformat(survey["next_wave_at"])
    local = first.astimezone(zone)
    assert (local.weekday(), local.hour, local.minute) == (0, 10, 0)
    care.clock.stand(first - timedelta(seconds=1))
    care.sweep()
    assert not any(asked(care, member) for member in members)

    care.clock.set(first)
    care.sweep()

    drawn = [member for member in members if asked(care, member)]
    assert {member.id for member in drawn} == {
        member.id for member in members if is_drawn(survey["id"], wave_name(first, zone), member.id, 50)
    }
    assert 0 < len(drawn) < 12
    following = made(care.brand.get(f"/v1/surveys/{survey['id']}"), 200)["next_wave_at"]
    assert datetime.fromisoformat(following) == first + timedelta(days=7)


def test_waves_that_were_missed_are_not_made_up_for_and_a_message_twice_asks_once(care):
    always(care)
    member = care.shop.member()
    survey = written(care, "periodic", every="week")
    first = datetime.fromisoformat(survey["next_wave_at"])
    care.clock.set(first + timedelta(days=22))
    care.sweep(times=2)

    assert len(asked(care, member)) == 1
    with tenant_scope(care.id):
        (wave,) = WaveRecord.every(f"{care.id}#survey#{survey['id']}", begins_with="wave#")
    for _ in range(2):
        with tenant_scope(care.id):
            wave.ended_at, wave.next = None, 0
            wave.save()
        deliver(care, WAVE_GOES_ON, survey_id=survey["id"], wave=wave.name)
    assert len(asked(care, member)) == 1


def deliver(care, event_type, **data):
    now = product_clock.now()
    consumer.handle(Message(derived_id(event_type), event_type, care.id, now, data), now)


@pytest.mark.parametrize(
    ("fields", "pointer"),
    [
        ({"trigger": "periodic"}, "/every"),
        ({"trigger": "pickup", "every": "week"}, "/every"),
        ({"trigger": "pickup", "sample": 10}, "/sample"),
        ({"trigger": "periodic", "every": "week", "after_days": 1}, "/after_days"),
        ({"trigger": "joined", "after_days": 366}, "/after_days"),
        ({"trigger": "periodic", "every": "week", "sample": 0}, "/sample"),
    ],
)
def test_a_plan_that_makes_no_sense_is_refused_at_its_field(care, fields, pointer):
    refused = care.brand.post("/v1/surveys", {"title": "Ours", "questions": [SCORE], **fields})

    assert refused.status == 422
    assert [error["pointer"] for error in refused.json["errors"]] == [pointer]


@pytest.mark.parametrize(
    ("every", "after", "zone", "wave"),
    [
        (Every.WEEK, "2026-03-02T01:59:59", "Asia/Shanghai", "2026-03-02T02:00:00"),
        (Every.WEEK, "2026-03-02T02:00:00", "Asia/Shanghai", "2026-03-09T02:00:00"),
        (Every.MONTH, "2026-12-01T02:00:00", "Asia/Shanghai", "2027-01-01T02:00:00"),
        (Every.QUARTER, "2026-02-15T00:00:00", "Asia/Shanghai", "2026-04-01T02:00:00"),
        (Every.QUARTER, "2026-10-01T02:00:00", "Asia/Shanghai", "2027-01-01T02:00:00"),
        (Every.WEEK, "2026-03-02T15:00:00", "America/New_York", "2026-03-09T14:00:00"),
        (Every.WEEK, "2026-10-26T14:00:00", "America/New_York", "2026-11-02T15:00:00"),
        (Every.MONTH, "2026-03-31T23:30:00", "Europe/London", "2026-04-01T09:00:00"),
    ],
)
def test_waves_go_out_at_ten_by_the_wall_clock_of_the_brand(every, after, zone, wave):
    found = next_wave(every, datetime.fromisoformat(after).replace(tzinfo=UTC), ZoneInfo(zone))
    assert found == datetime.fromisoformat(wave).replace(tzinfo=UTC)


def test_a_sample_is_as_large_as_it_says_and_another_each_time():
    drawn = [{n for n in range(20_000) if is_drawn("survey", wave, str(n), 10)} for wave in ("a", "b")]

    # Binomial with n = 20,000 and p = 0.1: five standard deviations are 212.
    assert all(abs(len(each) - 2000) < 212 for each in drawn)
    assert abs(len(drawn[0] & drawn[1]) - 200) < 5 * 14
    assert all(is_drawn("survey", "a", str(n), 100) for n in range(1000))


def test_an_invitation_of_before_is_one_after_a_pickup(care):
    member = care.shop.member()
    care.collected(member)
    with tenant_scope(care.id):
        (found,) = InvitationRecord.every(InvitationRecord.of_survey(care.id, care.survey_id()), index="gsi1")
        found.trigger = found.stored_about = None
        found.save()

    (listed,) = made(care.brand.get(f"/v1/surveys/{care.survey_id()}/invitations"), 200)["items"]
    assert listed["trigger"] == "pickup"
    assert care.answer(care.invitation(member), score=1).status == 201


def test_waves_before_and_after_are_compared_with_how_sure_the_change_is(care):
    always(care)
    members = [care.shop.member() for _ in range(12)]
    survey = written(care, "link")
    path = f"/v1/surveys/{survey['id']}"
    for name, scores in (("before", (2, 3, 2, 4, 3, 2)), ("after", (5, 4, 5, 5, 4, 3))):
        for _ in range(2):  # sent again it is the wave that there is
            wave = made(care.brand.post(f"{path}/waves", {"name": name, "sample": 100}))
        care.drain()
        assert (wave["name"], wave["sample"]) == (name, 100)
        for member, score in zip(members, scores, strict=False):
            token = made(care.store("GET", "/invitations", member), 200)["items"][0]["token"]
            made(care.answer(token, score=score))
        care.clock.advance(hours=1)

    assert [each["name"] for each in made(care.brand.get(f"{path}/waves"), 200)["items"]] == ["before", "after"]
    found = made(care.brand.get(f"{path}/figures?by=wave"), 200)
    assert sorted((each["value"], each["invited"], each["answered"]) for each in found["groups"]) == [
        ("after", 12, 6), ("before", 12, 6),
    ]  # fmt: skip
    (change,) = found["changes"]
    assert (change["earlier"], change["later"]) == ("before", "after")
    # scipy ttest_ind((5, 4, 5, 5, 4, 3), (2, 3, 2, 4, 3, 2), equal_var=False).confidence_interval(0.95)
    assert change["mean"] == {"value": "1.6667", "low": "0.6163", "high": "2.7170"}
    # statsmodels confint_proportions_2indep(5, 6, 1, 6, method="newcomb", compare="diff")
    assert change["csat"]["value"] == "0.6667"
    assert float(change["csat"]["low"]) > 0

    made(care.brand.patch(path, {"status": "archived"}), 200)
    assert care.brand.post(f"{path}/waves", {"name": "later"}).json["code"] == "survey_archived"


def test_a_wave_that_the_team_named_like_the_day_does_not_hold_up_a_periodic_survey(care):
    always(care)
    member = care.shop.member()
    survey = written(care, "periodic", every="week")
    first = datetime.fromisoformat(survey["next_wave_at"])
    name = wave_name(first, ZoneInfo("Asia/Shanghai"))
    made(care.brand.post(f"/v1/surveys/{survey['id']}/waves", {"name": name}))
    care.drain()

    for weeks in (0, 1):
        care.clock.set(first + timedelta(days=7 * weeks))
        care.sweep()

    assert len(asked(care, member)) == 2


def test_a_planned_invitation_of_somebody_who_was_removed_goes_nowhere(care):
    written(care, "joined", after_days=3)
    member = care.shop.member()
    care.drain()
    with tenant_scope(care.id):
        MemberRecord.at(care.id, member.id).delete()

    days(care, 4)  # fails where a message could not be handled
