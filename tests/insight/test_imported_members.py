"""A file of members joins references and addresses; nobody is claimed by it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from chalicelib.db import Transaction, tenant_scope
from chalicelib.insight.activity.model.csv import Row
from chalicelib.insight.activity.model.fields import BadRow
from chalicelib.insight.activity.model.member_rows import MemberRow, parse, read_header
from chalicelib.insight.imports.service import member_files
from chalicelib.kernel import clock as product_clock
from chalicelib.members.birthdays.records import BirthdayRecord
from chalicelib.members.enrolment.service import find_or_enrol_by_phone
from chalicelib.members.model.identities import Identity
from chalicelib.members.model.profiles import USES, usable
from chalicelib.members.records import IdentityRecord
from chalicelib.members.service.members import members_by_ordinal
from tests.builders import Shop, made
from tests.calls import Api
from tests.conftest import Clock, Sweep
from tests.insight.figures import Figures
from tests.insight.test_exactly_once import CrashAt, work_off
from tests.insight.test_linking import members, signed_in, totals
from tests.members.codes import code_for, exchange
from tests.notices.kept import watched
from tests.tenants.brands import at_once
from tests.uploads import send

HEADER = "member,email,phone,name,joined_on"
ORDERS = [
    ("R-1", "C-1001", "2026-01-05", 1, 1000, "USD"),
    ("R-2", "pat@example.com", "2026-01-05", 1, 500, "USD"),
    ("R-3", "(202) 555-0123", "2026-02-01", 1, 300, "USD"),
]
PAT = "C-1001,PAT@example.com,202-555-0123,Pat,2025-12-24"


@pytest.fixture(autouse=True)
def _recipients_are_kept(request: pytest.FixtureRequest) -> Iterator[None]:
    yield from watched(request)


def bring(figures: Figures, *rows: str, header: str = HEADER) -> Any:
    """Imports members to the end; answers with the job."""
    wanted = {"kind": "members", "csv": "\n".join([header, *rows])}
    job = made(figures.shop.brand.post("/v1/imports", wanted), 202)["job"]
    figures._drain()
    return figures.job(job["id"])


def called(shop: Shop) -> list[tuple[Any, ...]]:
    names = ("external_ref", "email", "phone", "joined_on", "claimed")
    return [(*(member[name] for name in names), member["profile"]["name"]) for member in members(shop)]


WHOLE = ("C-1001", "pat@example.com", "+12025550123", "2025-12-24", False, "Pat")


def test_a_file_of_members_makes_them_and_orders_are_theirs(figures: Figures) -> None:
    job = bring(figures, PAT, "C-1002,,,Ann,", "C-1001,,,Somebody else,2027-01-01")
    assert (job["status"], job["done"], job["errors"]) == ("done", 3, [])
    figures.import_orders(ORDERS)
    figures.roll()
    assert called(figures.shop) == [("C-1002", None, None, "2028-01-10", False, "Ann"), WHOLE]
    assert totals(figures)["active_members"] == 1


def test_an_analyst_is_not_shown_the_addresses_that_rows_are_refused_for_nor_where_to_put_a_file(
    figures: Figures,
) -> None:
    brand = figures.shop.brand
    job = bring(figures, "C-1,,010-8888-6666,Yun,")
    assert "010-8888-6666" in job["errors"][0]["message"]
    awaiting = made(brand.post("/v1/imports", {"kind": "orders"}), 202)["job"]
    analyst = made(brand.post("/v1/api-keys", {"name": "figures", "scopes": ["analyst"]}))["secret"]

    ask = partial(figures.shop.caller.call, "GET", token=analyst)
    seen = made(ask(f"/v1/jobs/{job['id']}"), 200)
    listed = ask("/v1/jobs").text

    assert (seen["errors"], seen["errors_total"]) == ([{"row": 2, "message": None}], 1)
    assert "010-8888-6666" not in listed
    path = f"/v1/jobs/{awaiting['id']}"
    assert [bool(each.json["upload_url"]) for each in (brand.get(path), ask(path))] == [True, False]


def test_a_file_of_members_may_be_uploaded_first(figures: Figures, drain: Callable[[], None]) -> None:
    awaiting = made(figures.shop.brand.post("/v1/imports", {"kind": "members"}), 202)
    content = f"会员编号,邮箱,手机号,姓名,加入日期\r{PAT}".encode("gb18030")
    assert send({"url": awaiting["upload_url"], "fields": awaiting["upload_fields"]}, content) == 204
    made(figures.shop.brand.post(f"/v1/imports/{awaiting['id']}/start"), 202)
    drain()

    job = figures.job(awaiting["id"])
    assert (job["status"], job["done"], job["errors"]) == ("done", 1, [])
    assert called(figures.shop) == [WHOLE]


def test_a_row_makes_one_of_whom_orders_made_three(figures: Figures) -> None:
    figures.import_orders(ORDERS)
    figures.roll()
    assert totals(figures)["members"] == 3
    for _ in range(2):
        assert bring(figures, PAT)["errors"] == []
        figures.roll()
        assert called(figures.shop) == [WHOLE]
        assert totals(figures) == {"members": 1, "active_members": 1, "new_members": 1, "orders": 3}
    figures.import_orders([("R-4", "C-1001", "2026-03-01", 1, 100, "USD")])
    figures.roll()
    assert totals(figures) == {"members": 1, "active_members": 1, "new_members": 1, "orders": 4}


def test_history_by_reference_is_a_members_who_has_signed_in(api: Api, figures: Figures) -> None:
    pat = signed_in(api, figures.shop, email="pat@example.com")
    figures.import_orders(ORDERS[:1])
    bring(figures, PAT)
    figures.roll()
    # The number is the brand's word, so it is neither shown nor written to.
    assert called(figures.shop) == [("C-1001", "pat@example.com", None, "2025-12-24", True, None)]
    assert (members(figures.shop)[0]["id"], totals(figures)["active_members"]) == (pat, 1)


def test_only_the_address_that_was_proved_claims(api: Api, figures: Figures) -> None:
    bring(figures, PAT)
    pat = signed_in(api, figures.shop, email="pat@example.com")
    assert called(figures.shop) == [("C-1001", "pat@example.com", None, "2025-12-24", True, "Pat")]
    other = signed_in(api, figures.shop, phone="+12025550123")
    assert other != pat
    figures.import_orders(ORDERS)
    figures.roll()
    assert totals(figures)["active_members"] == 2
    assert signed_in(api, figures.shop, phone="+12025550123") == other


def test_two_who_have_signed_in_stay_two(api: Api, figures: Figures) -> None:
    both = {signed_in(api, figures.shop, email="pat@example.com"), signed_in(api, figures.shop, phone="+12025550123")}
    job = bring(figures, PAT)
    assert [error["row"] for error in job["errors"]] == [2]
    assert {member["id"] for member in members(figures.shop)} == both


def test_a_file_that_joins_two_while_both_sign_in_leaves_every_order_counted_once(api: Api, figures: Figures) -> None:
    shop = figures.shop
    figures.import_orders(ORDERS)
    mail, text = code_for(api, shop.slug, email="pat@example.com"), code_for(api, shop.slug, phone="+12025550123")
    job = made(shop.brand.post("/v1/imports", {"kind": "members", "csv": f"{HEADER}\n{PAT}"}), 202)["job"]

    def work() -> None:
        with tenant_scope(shop.tenant_id):
            member_files.work(shop.tenant_id, job["id"], product_clock.now())

    _, by_mail, by_text = at_once([
        work,
        partial(exchange, api, mail, shop.slug, email="pat@example.com"),
        partial(exchange, api, text, shop.slug, phone="+12025550123"),
    ])  # fmt: skip
    assert (by_mail.status, by_text.status) == (200, 200)
    figures.roll()
    listed = members(shop)
    assert {by_mail.json["principal"]["id"], by_text.json["principal"]["id"]} <= {member["id"] for member in listed}
    counted = totals(figures)
    assert counted["orders"] == 3
    assert counted["members"] == len([member for member in listed if member["last_active_on"] is not None])


BAD = {
    ",,,Nobody,": "one of member, email and phone must be given",
    "C-1,pat@,,,": "no e-mail address",
    "C-1,,12,,": "no mobile number",
    "C-1,,,,2030-01-01": "in the future",
    "C-1,,,,yesterday": "joined_on 'yesterday' is no date",
    "a@example.com,b@example.com,,,": "another address",
}


def test_a_bad_row_spoils_only_itself(figures: Figures) -> None:
    job = bring(figures, *BAD, PAT)
    found = {error["row"]: error["message"] for error in job["errors"]}
    assert list(found) == list(range(2, 2 + len(BAD)))
    assert all(reason in found[2 + at] for at, reason in enumerate(BAD.values())), found
    assert called(figures.shop) == [WHOLE]


@pytest.mark.verify
def test_an_import_that_dies_at_any_write_ends_as_if_it_had_not(
    new_figures: Callable[..., Figures], clock: Any
) -> None:
    clock.set(datetime(2028, 1, 10, 15, tzinfo=UTC))
    rows = [PAT, "C-1002,ann@example.com,,Ann,", "C-1002,,202-555-0199,,", "C-1003,pat@example.com,,,"]
    number, happened = 1, True
    while happened:
        figures, crash = new_figures(timezone="America/New_York", currency="USD"), CrashAt(number)
        tenant_id = figures.shop.tenant_id
        figures.import_orders(ORDERS)
        wanted = {"kind": "members", "csv": "\n".join([HEADER, *rows])}
        job = made(figures.shop.brand.post("/v1/imports", wanted), 202)["job"]
        work_off(tenant_id, partial(member_files.work, tenant_id, job["id"], product_clock.now()), crash)
        figures.roll()
        assert figures.job(job["id"])["errors"] == []
        assert sorted(called(figures.shop), key=str) == [
            WHOLE, ("C-1002", "ann@example.com", "+12025550199", "2028-01-10", False, "Ann"),
        ]  # fmt: skip
        assert totals(figures) == {"members": 1, "active_members": 1, "new_members": 1, "orders": 3}
        happened, number = crash.happened, number + 1
    assert number > 10


def test_a_header_of_another_file_is_refused(figures: Figures) -> None:
    wanted = {"kind": "members", "csv": "name,colour\nPat,red\n"}
    answer = figures.shop.brand.post("/v1/imports", wanted)
    assert (answer.status, answer.json["code"]) == (422, "bad_csv_header")
    assert [error["message"] for error in answer.json["errors"]] == [
        "Unknown column 'colour'", "One of the columns 'member', 'email' and 'phone' is needed",
    ]  # fmt: skip


def test_a_number_that_was_written_down_before_is_no_proof_either(api: Api, figures: Figures) -> None:
    shop, number = figures.shop, Identity("phone", "+12025550123")
    with tenant_scope(shop.tenant_id):
        find_or_enrol_by_phone(shop.tenant_id, number.value, "Pat", product_clock.now())
        tx = Transaction()
        place = IdentityRecord.address(shop.tenant_id, number)
        tx.update("identity", IdentityRecord, *place, actions=[IdentityRecord.named.remove()])
        tx.commit()
    bring(figures, ",pat@example.com,+12025550123,,", header=HEADER)
    pat = signed_in(api, shop, email="pat@example.com")
    assert signed_in(api, shop, phone="+12025550123") != pat
    assert signed_in(api, shop, email="pat@example.com") == pat


def test_who_is_blocked_stays_blocked_as_somebody_elses_history(api: Api, figures: Figures) -> None:
    shop = figures.shop
    pat = signed_in(api, shop, email="pat@example.com")
    figures.import_orders(ORDERS[:1])
    [blocked] = [member["id"] for member in members(shop) if member["id"] != pat]
    made(shop.brand.patch(f"/v1/members/{blocked}", {"status": "blocked", "reason": "never collects"}), 200)
    bring(figures, "C-1001,pat@example.com,,,")
    assert [(member["id"], member["status"]) for member in members(shop)] == [(pat, "blocked")]


def test_what_is_wrong_with_a_row_is_not_for_those_who_are_shown_no_contacts(figures: Figures) -> None:
    shop = figures.shop
    job = bring(figures, "C-1,pat@@example.com,,,")
    assert "pat@@example.com" in job["errors"][0]["message"]
    analyst = made(shop.brand.post("/v1/api-keys", {"name": "k", "scopes": ["analyst"]}))["secret"]
    shown = made(shop.brand.get(f"/v1/jobs/{job['id']}", token=analyst), 200)
    assert (shown["errors"], shown["result_url"]) == ([{"row": 2, "message": None}], None)


def test_reports_are_ready_when_a_file_of_members_has_made_one_of_several(figures: Figures) -> None:
    figures.import_orders(ORDERS)
    assert totals(figures)["active_members"] == 3
    bring(figures, PAT)
    assert totals(figures) == {"members": 1, "active_members": 1, "new_members": 1, "orders": 3}
    assert figures.report("summary", from_on="2026-01-01", to_on="2026-03-31")["complete"]
    jobs = [job["kind"] for job in made(figures.shop.brand.get("/v1/jobs"), 200)["items"]]
    bring(figures, "C-1003,,,Cy,")
    assert len(made(figures.shop.brand.get("/v1/jobs"), 200)["items"]) == len(jobs) + 1


ABOUT = "会员编号,手机号,生日,年龄段,性别,家庭结构,职业,收入区间,兴趣,语言"
ANN = "M-1,202-555-0101,3月8日,25-34岁,女,有7岁以下孩子,教师,5000-7999,水果、烘焙,中文"
OF_ANN = {
    "name": None, "birthday": "03-08", "age_band": "25_34", "gender": "female", "household": "children_under_7",
    "occupation": "教师", "income_band": "5000-7999", "interests": ["水果", "烘焙"], "favourite_point_id": None,
}  # fmt: skip


def only(shop: Shop) -> Any:
    [member] = made(shop.brand.get("/v1/members"), 200)["items"]
    return made(shop.brand.get(f"/v1/members/{member['id']}"), 200)


def test_what_a_file_says_of_people_stands_and_is_used_for_nothing_before_they_agree(figures: Figures) -> None:
    """Twice the same file changes nothing, and another one fills in no more than what is empty."""
    bring(figures, ANN, header=ABOUT)
    member = only(figures.shop)
    assert (member["profile"], member["locale"], member["claimed"]) == (OF_ANN, "zh", False)
    assert not any(each["granted"] for each in member["consent"].values() if each)
    with tenant_scope(figures.shop.tenant_id):
        stored = members_by_ordinal(figures.shop.tenant_id, [0])[0]
        assert [usable(stored.profile, stored.consent, purpose) for purpose in USES] == [{}] * len(USES)
        [entry] = BirthdayRecord.every(BirthdayRecord.partition(figures.shop.tenant_id, "03-08"))
    assert int(entry.ordinal) == 0

    again = bring(figures, ANN, header=ABOUT)
    bring(figures, "M-1,,04-09,,男,,,,,", "M-1,,,,,,,,,en", header=ABOUT)

    assert (again["status"], again["duplicates"]) == ("done", 1)
    with tenant_scope(figures.shop.tenant_id):
        assert members_by_ordinal(figures.shop.tenant_id, [0])[0].rev == stored.rev


def test_what_somebody_says_themselves_counts_before_any_file(figures: Figures, api: Api) -> None:
    bring(figures, ANN.replace("202-555-0101", ""), header=ABOUT)
    bring(figures, "M-1,pat@example.com,,,", "M-2,,,,")
    signed = exchange(
        api, code_for(api, figures.shop.slug, email="pat@example.com"), figures.shop.slug, email="pat@example.com",
        profile={"occupation": "nurse"},
    )  # fmt: skip
    member_id = made(signed, 200)["principal"]["id"]
    bring(figures, "M-1,,,,,,driver,9000,,", header=ABOUT)
    member = made(figures.shop.brand.get(f"/v1/members/{member_id}"), 200)
    assert (member["claimed"], member["profile"]["occupation"], member["profile"]["income_band"]) == (
        True, "nurse", "5000-7999",
    )  # fmt: skip


def test_an_import_that_is_undone_takes_birthdays_along(figures: Figures, clock: Clock, sweep: Sweep) -> None:
    job = bring(figures, ANN, header=ABOUT)
    made(figures.shop.brand.post(f"/v1/imports/{job['id']}/undo"), 202)
    figures._drain()
    clock.advance(minutes=3)
    sweep()
    assert made(figures.shop.brand.get("/v1/members"), 200)["items"] == []
    with tenant_scope(figures.shop.tenant_id):
        assert list(BirthdayRecord.every(BirthdayRecord.partition(figures.shop.tenant_id, "03-08"))) == []


@pytest.mark.parametrize(
    ("row", "named"),
    [
        ("M-1,,02-30,,,,,,,", "生日（birthday）“02-30”"),
        ("M-1,,3/5,,,,,,,", "生日（birthday）“3/5”"),
        ("M-1,,,34,,,,,,", "年龄段（age_band）“34”"),
        ("M-1,,,24-30,,,,,,", "年龄段（age_band）“24-30”"),
        ("M-1,,,,x,,,,,", "性别（gender）“x”"),
        ("M-1,,,,,many,,,,", "家庭情况（household）“many”"),
        (f"M-1,,,,,,{'a' * 61},,,", "职业（occupation）超过 60 个字符"),
        (f"M-1,,,,,,,,{'、'.join(map(str, range(21)))},", "兴趣（interests）超过 20 项"),
        ("M-1,,,,,,,,,klingon language", "语言（language）“klingon language”"),
    ],
)
def test_what_is_no_answer_is_refused_by_its_column_and_the_text(row: str, named: str) -> None:
    with pytest.raises(BadRow) as refused:
        parsed(row)
    assert refused.value.reason.zh.startswith(named)


@pytest.mark.parametrize(
    ("birthday", "read"),
    [("03-08", "03-08"), ("3-8", "03-08"), ("３月８号", "03-08"), ("1990/3/8", "03-08"), ("1992年2月29日", "02-29"),
     ("8-Mar", "03-08"), ("Mar 8", "03-08")],
)  # fmt: skip
def test_a_birthday_is_read_as_sheets_write_it_and_its_year_is_left_out(birthday: str, read: str) -> None:
    assert parsed(f"M-1,,{birthday},,,,,,,").answers == {"birthday": read}


@pytest.mark.parametrize(
    ("age", "read"),
    [("18岁以下", "under_18"), ("65+", "65_plus"), ("18~24 岁", "18_24"), ("19-24", "18_24"), ("45至50岁", "45_54")],
)
def test_an_age_band_is_read_in_both_languages(age: str, read: str) -> None:
    assert parsed(f"M-1,,,{age},,,,,,").answers == {"age_band": read}


def parsed(row: str) -> MemberRow:
    columns = read_header(Row(1, ABOUT.split(","), 0))
    return parse(row.split(","), columns, ZoneInfo("Asia/Shanghai"), "CN", datetime(2028, 1, 10, tzinfo=UTC))
