from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial

import pytest

from chalicelib.complaints.notices.model import ComplaintResolved
from chalicelib.db import metered, tenant_scope
from chalicelib.kernel import clock
from chalicelib.members.enrolment.service import find_or_create_by_ref
from chalicelib.members.model.status import MemberBlocked
from chalicelib.members.service.members import check_may_order, get_member
from chalicelib.notices.telling.service import tell_member
from infra.local.engine import Engine
from tests.calls import Api
from tests.letters import news
from tests.members.codes import sign_in
from tests.tenants.brands import Brand, at_once, sign_up

NOW = datetime(2026, 3, 1, 20, tzinfo=UTC)
PROFILE = {
    "name": "方芳",
    "birthday": "03-08",
    "age_band": "25_34",
    "gender": "female",
    "household": "two_adults",
    "occupation": "nurse",
    "income_band": "5000-7999",
    "interests": ["fruit", "tea"],
    "favourite_point_id": None,
}


@pytest.fixture
def token(api: Api, brand: Brand) -> str:
    """A member who filled in the whole profile on joining."""
    found: str = sign_in(api, profile=PROFILE, consent={"marketing": True})["access_token"]
    return found


def test_a_member_sees_what_they_said_and_no_figure_that_does_not_exist(api: Api, token: str) -> None:
    me = api.get("/v1/stores/linli/me", token=token)
    assert me.headers["etag"] == '"1"'
    assert me.json["profile"] == PROFILE
    assert me.json["consent"]["marketing"]["granted"] is True
    assert [me.json[name] for name in ("class", "tier", "points", "coupons", "external_ref")] == [None] * 5
    assert me.json["status"] == "active"


def test_nothing_is_agreed_to_by_silence(api: Api, brand: Brand) -> None:
    token = sign_in(api)["access_token"]
    assert api.get("/v1/stores/linli/me", token=token).json["consent"] == {}


def test_a_change_sets_clears_and_keeps(api: Api, token: str) -> None:
    body = {"profile": {"name": "Fang", "gender": None}, "consent": {"marketing": False}, "locale": "en"}
    changed = api.patch("/v1/stores/linli/me", body, token=token)
    assert changed.status == 200
    assert changed.json["profile"] == {**PROFILE, "name": "Fang", "gender": None}
    assert changed.json["consent"]["marketing"]["granted"] is False
    assert changed.json["locale"] == "en"
    assert api.get("/v1/stores/linli/me", token=token).json == changed.json


@pytest.mark.parametrize(("locale", "subject"), [("zh-Hant-TW", "您的投诉已有处理结果"), ("en-GB", "Your complaint")])
def test_a_member_is_written_to_in_the_nearest_language(
    api: Api, brand: Brand, token: str, engine: Engine, drain: Callable[[], None], locale: str, subject: str
) -> None:
    me = api.patch("/v1/stores/linli/me", {"locale": locale}, token=token)
    assert (me.status, me.json["locale"]) == (200, locale)
    refused = api.patch("/v1/stores/linli/me", {"locale": "zh_CN"}, token=token)
    assert (refused.status, refused.json["errors"][0]["pointer"]) == (422, "/locale")
    with tenant_scope(brand.id):
        notice = ComplaintResolved("Linli", "Sorry")
        tell_member(brand.id, me.json["id"], notice, ("complaint", locale), clock.now())
    drain()
    assert news(engine)[-1]["subject"].startswith(subject)


def test_a_stale_change_is_refused(api: Api, token: str) -> None:
    body = {"locale": "en"}
    assert api.patch("/v1/stores/linli/me", body, token=token, headers={"If-Match": '"1"'}).status == 200
    assert api.patch("/v1/stores/linli/me", body, token=token, headers={"If-Match": '"1"'}).status == 412


def test_changes_at_once_all_stay(api: Api, token: str) -> None:
    edits = [{"profile": {"occupation": "baker"}}, {"locale": "en"}, {"consent": {"analytics": True}}]
    answers = at_once([partial(api.patch, "/v1/stores/linli/me", edit, token=token) for edit in edits])
    assert [answer.status for answer in answers] == [200] * 3
    me = api.get("/v1/stores/linli/me", token=token).json
    assert (me["profile"]["occupation"], me["locale"], me["consent"]["analytics"]["granted"]) == ("baker", "en", True)


@pytest.mark.parametrize(
    "body",
    [
        {"points": 100},
        {"profile": {"tier": "gold"}},
        {"status": "active"},
        {"profile": {"age_band": "25-34"}},
        {"profile": {"interests": "tea"}},
        {"consent": {"marketing": "yes"}},
        {"consent": {"selling": True}},
        {"profile": {"name": "a\x00b"}},
    ],
)
def test_what_a_member_cannot_set_is_refused(api: Api, token: str, body: dict[str, object]) -> None:
    assert api.patch("/v1/stores/linli/me", body, token=token).status == 422


def test_the_team_lists_members_latest_first_without_an_index(brand: Brand) -> None:
    with tenant_scope(brand.id):
        members = find_or_create_by_ref(brand.id, [f"C-{n}" for n in range(7)], NOW)
    brand.get("/v1/members?limit=1")  # whose the key is, and how the brand classes members, is known from here on
    seen, cursor = [], ""
    while cursor is not None:
        with metered() as meter:
            page = brand.get(f"/v1/members?limit=3{cursor and f'&cursor={cursor}'}").json
        seen += [(member["external_ref"], member["id"]) for member in page["items"]]
        cursor = page["next_cursor"]
        # The credential, the place to go on from, the members.
        assert meter.reads <= 3
    assert seen == [(ref, member.id) for ref, member in reversed(members.items())]


def test_a_brand_without_members_has_an_empty_list(brand: Brand) -> None:
    assert brand.get("/v1/members").json == {"items": [], "next_cursor": None}


def test_a_member_is_found_by_each_identity(api: Api, brand: Brand) -> None:
    with tenant_scope(brand.id):
        find_or_create_by_ref(brand.id, ["C-1", "C-2"], NOW)
    mail = sign_in(api, email="fang@home.example")["principal"]["id"]
    phone = sign_in(api, phone="+8613800138000")["principal"]["id"]
    one = brand.get("/v1/members?external_ref=C-1").json["items"][0]["id"]

    def found(query: str) -> list[str]:
        return [member["id"] for member in brand.get(f"/v1/members?{query}").json["items"]]

    assert found("q=C-1") == [one]
    assert found("q=Fang@Home.example") == found("email=FANG@home.example") == [mail]
    assert found("q=%2B86%20138%200013%208000") == found("phone=%2B8613800138000") == [phone]
    assert found("q=138%200013%208000") == found("phone=138-0013-8000") == found("phone=+8613800138000") == [phone]
    assert found("q=nobody") == found("q=C-1&email=fang@home.example") == []
    assert found("q=fang@home.example&email=fang@home.example") == [mail]


ASKED = ["class=old", "tier_code=gold", "tag=", "segment=y", "email=nonsense", "q=", "q=a&q=b"]


@pytest.mark.parametrize("query", ASKED)
def test_a_filter_that_does_not_exist_is_refused_rather_than_ignored(brand: Brand, query: str) -> None:
    assert brand.get(f"/v1/members?{query}").status == 422


def test_another_brands_members_do_not_exist(api: Api, brand: Brand, token: str) -> None:
    other = sign_up(api, slug="other")
    mine = brand.get("/v1/members").json["items"][0]
    assert other.get(f"/v1/members/{mine['id']}").status == 404
    assert other.get("/v1/members").json["items"] == []
    assert other.get(f"/v1/members?email={mine['email']}").json["items"] == []
    assert other.patch(f"/v1/members/{mine['id']}", {"status": "blocked", "reason": "x"}).status == 404
    assert brand.get("/v1/members/not-an-id").status == 404


def test_a_blocked_member_reads_but_may_not_order_until_it_is_lifted(api: Api, brand: Brand, token: str) -> None:
    member_id = brand.get("/v1/members").json["items"][0]["id"]
    blocked = brand.patch(f"/v1/members/{member_id}", {"status": "blocked", "reason": "three no-shows"})
    assert blocked.json["status"] == "blocked"
    assert api.get("/v1/stores/linli/me", token=token).json["status"] == "blocked"
    with tenant_scope(brand.id), pytest.raises(MemberBlocked):
        check_may_order(get_member(brand.id, member_id))

    brand.patch(f"/v1/members/{member_id}", {"status": "active", "reason": "talked it over"})
    with tenant_scope(brand.id):
        check_may_order(get_member(brand.id, member_id))
    reasons = [entry["changes"]["reason"] for entry in brand.get(f"/v1/audit?target=member:{member_id}").json["items"]]
    assert reasons == ["talked it over", "three no-shows"]


def test_roles_bound_who_sees_and_who_blocks(brand: Brand, token: str) -> None:
    member_id = brand.get("/v1/members").json["items"][0]["id"]
    body = {"status": "blocked", "reason": "x"}
    for role, may in (("analyst", 403), ("editor", 403), ("service", 200), ("manager", 200)):
        key = brand.key_with(role)
        assert brand.get("/v1/members", token=key).status == 200
        assert brand.patch(f"/v1/members/{member_id}", body, token=key).status == may


def test_a_staff_key_has_no_profile_and_a_stranger_none_at_all(api: Api, brand: Brand) -> None:
    assert brand.get("/v1/stores/linli/me").status == 403
    assert api.get("/v1/stores/linli/me").status == 401
