"""Who can be told something: kept with every change of them, found in one read."""

from datetime import UTC, datetime

import pytest

from chalicelib.db import Transaction, key, metered, tenant_scope
from chalicelib.kernel import clock
from chalicelib.kernel.principal import Principal
from chalicelib.members.enrolment.service import Newcomer, enrol, find_or_create_by_ref
from chalicelib.members.linking.service.uniting import unite
from chalicelib.members.model.identities import Identity, member_id
from chalicelib.members.model.status import IMPORTED
from chalicelib.members.records import MemberRecord
from chalicelib.members.service import people
from chalicelib.members.service.official_account import connect
from chalicelib.notices.model.people import Person
from chalicelib.notices.recipients.records import RecipientRecord
from chalicelib.notices.recipients.service import find, of_team
from chalicelib.tenants.records import StaffRecord
from infra.local.engine import Engine
from tests.calls import Api
from tests.members.codes import sign_in
from tests.notices.kept import apart
from tests.tenants.brands import Brand, at_once, sign_up

NOW = datetime(2026, 3, 1, 20, tzinfo=UTC)
ME = "/v1/stores/linli/me"


@pytest.fixture
def brand(api: Api) -> Brand:
    return sign_up(api)


@pytest.fixture
def fang(api: Api, brand: Brand) -> Person:
    """A member who signed in and agreed to news."""
    sign_in(api, profile={"name": "方芳"}, consent={"marketing": True})
    return Person.member(member_id(brand.id, 0))


def found(brand: Brand, person: Person):
    with tenant_scope(brand.id):
        return find(brand.id, person)


def forget(brand: Brand, *people_: Person) -> None:
    """As an earlier release left them: kept of nobody."""
    tx = Transaction()
    for each in people_:
        tx.delete(str(each), RecipientRecord, *RecipientRecord.address(brand.id, each))
    with tenant_scope(brand.id):
        tx.commit()


def imported(brand: Brand, *identities: Identity) -> list[Person]:
    with tenant_scope(brand.id):
        ordinals = enrol(brand.id, [Newcomer(each, NOW.date(), IMPORTED) for each in identities], NOW)
    return [Person.member(member_id(brand.id, ordinals[each])) for each in identities]


class TestFinding:
    def test_a_member_is_found_in_one_read_with_the_brands_language_and_zone(self, brand, fang):
        found(brand, fang)  # the brand is remembered
        with metered() as meter:
            recipient = found(brand, fang)

        assert meter.by_operation == {"GetItem": 1}
        assert (recipient.email, recipient.phone, recipient.name) == ("fang@home.example", None, "方芳")
        assert (recipient.locale, recipient.timezone, recipient.own_timezone) == ("zh", "Asia/Shanghai", False)
        assert recipient.preferences.marketing is True

    def test_what_a_member_changes_shows_at_once(self, api, brand, fang):
        token = sign_in(api)["access_token"]
        changes = {"locale": "en-GB", "profile": {"name": "Fang"}, "consent": {"marketing": False}}
        assert api.patch(ME, changes, token=token).status == 200

        recipient = found(brand, fang)
        assert (recipient.locale, recipient.name, recipient.preferences.marketing) == ("en-GB", "Fang", False)

    def test_who_is_blocked_is_reached_again_when_it_is_lifted(self, brand, fang):
        for status, reached in (("blocked", False), ("active", True)):
            body = {"status": status, "reason": "Never collects"}
            assert brand.patch(f"/v1/members/{fang.id}", body).status == 200
            assert (found(brand, fang) is not None) is reached

    def test_whose_history_is_anothers_is_the_other_who_has_the_address(self, brand, engine: Engine):
        gone, stays = imported(brand, Identity("email", "fang@home.example"), Identity("ref", "C-1"))
        with tenant_scope(brand.id):
            assert unite(brand.id, 0, 1, clock.now())

        assert found(brand, gone) == found(brand, stays)
        assert (found(brand, gone).person, found(brand, gone).email) == (stays, "fang@home.example")
        assert apart(engine) == []

    def test_nobody_and_somebody_elses_member_are_nobody(self, api, brand, fang):
        other = sign_up(api, slug="other", owner_email="boss@other.example")
        assert found(brand, Person.member("01J9ZQ0W7N8RXC5B2M4T6V8Y0A")) is None
        assert found(brand, Person.staff(fang.id)) is None
        assert found(other, fang) is None

    def test_a_reference_alone_is_told_in_the_product_and_not_kept(self, brand, engine: Engine):
        with tenant_scope(brand.id):
            [member] = find_or_create_by_ref(brand.id, ["C-1"], NOW).values()
        recipient = found(brand, Person.member(member.id))

        assert recipient is not None
        assert recipient.addresses == {}
        assert apart(engine) == []


class TestOfficialAccount:
    BY = Principal("staff", "", "01J9ZQ0W7N8RXC5B2M4T6V8Y0A", frozenset({"owner"}), "Olga")

    def test_who_follows_it_is_reached_there_until_that_is_taken_away(self, brand, engine: Engine):
        [member] = imported(brand, Identity("ref", "C-1"))
        for open_id in ("oLVPpjqs9BhvzwPj5A-vTYAX3GLc", None):
            with tenant_scope(brand.id):
                for _ in range(2):
                    connect(brand.id, member.id, open_id, self.BY, NOW)
            assert found(brand, member).open_id == open_id
            assert apart(engine) == []
        actions = [each["action"] for each in brand.get("/v1/audit").json["items"]]
        assert actions.count("member.official_account_connected") == 1
        assert actions.count("member.official_account_disconnected") == 1

    def test_it_is_no_proof_of_who_signs_in(self, api, brand):
        [member] = imported(brand, Identity("email", "fang@home.example"))
        with tenant_scope(brand.id):
            connect(brand.id, member.id, "oLVPpjqs9BhvzwPj5A-vTYAX3GLc", self.BY, NOW)
        sign_in(api)
        assert found(brand, member).addresses == {"email": "fang@home.example"}


def test_a_change_writes_one_item_more_and_sends_no_request_more(api, brand, fang):
    token = sign_in(api)["access_token"]
    with metered() as meter:
        assert api.patch(ME, {"locale": "en"}, token=token).status == 200
    # One of the reads is the brand's, for the class that the answer shows; a process keeps it for a minute.
    assert (meter.by_operation, meter.items_written) == ({"GetItem": 3, "TransactWriteItems": 1}, 2)


class TestFromBefore:
    def test_who_was_never_kept_is_kept_when_first_needed(self, brand, fang, engine: Engine):
        forget(brand, fang)
        assert apart(engine) != []

        assert found(brand, fang).email == "fang@home.example"
        assert apart(engine) == []

    def test_many_at_once_keep_one(self, brand, fang, engine: Engine):
        forget(brand, fang)
        assert {each.email for each in at_once([lambda: found(brand, fang)] * 8)} == {"fang@home.example"}
        assert apart(engine) == []

    def test_a_change_that_comes_between_reading_and_keeping_wins(self, brand, fang, monkeypatch, engine: Engine):
        forget(brand, fang)
        read, blocked = people._read, []

        def blocked_meanwhile(*arguments):
            answer = read(*arguments)
            if not blocked:
                body = {"status": "blocked", "reason": "Never collects"}
                blocked.append(brand.patch(f"/v1/members/{fang.id}", body).status)
            return answer

        monkeypatch.setattr(people, "_read", blocked_meanwhile)
        assert (found(brand, fang), blocked) == (None, [200])
        assert apart(engine) == []


class TestTeam:
    def test_those_with_a_role_are_the_team_and_the_owners_where_nobody_has(self, brand):
        mei, _ = brand.hire("mei@linli.example", "service", "analyst"), brand.hire("bo@linli.example", "planner")

        assert self.of(brand, "service", "manager") == ["mei@linli.example"]
        assert self.of(brand, "editor") == ["owner@linli.example"]
        brand.patch(f"/v1/staff/{mei}", {"roles": ["analyst"]})
        assert self.of(brand, "service") == ["owner@linli.example"]
        brand.delete(f"/v1/staff/{mei}")
        assert self.of(brand, "analyst") == ["owner@linli.example"]
        assert found(brand, Person.staff(mei)) is None

    def test_a_team_of_before_is_whole(self, brand, engine: Engine):
        mei, bo = (brand.hire(f"{each}@linli.example", "service") for each in ("mei", "bo"))
        forget(brand, Person.staff(brand.owner_id()), Person.staff(mei))

        assert self.of(brand, "service") == ["mei@linli.example", "bo@linli.example"]
        assert self.of(brand, "owner") == ["owner@linli.example"]
        assert [found(brand, Person.staff(each)).roles for each in (mei, bo)] == [{"service"}] * 2
        assert found(brand, Person.staff(brand.owner_id())).email == "owner@linli.example"
        assert apart(engine) == []

    def test_a_team_costs_one_request(self, brand):
        self.of(brand, "owner")
        with metered() as meter:
            self.of(brand, "owner")
        assert meter.by_operation == {"Query": 1}

    def of(self, brand, *roles):
        with tenant_scope(brand.id):
            return [each.email for each in of_team(brand.id, frozenset(roles))]


def test_a_path_that_forgets_the_copy_is_found(brand, fang, engine: Engine):
    assert apart(engine) == []
    with tenant_scope(brand.id):
        member = MemberRecord.at(brand.id, fang.id)
        tx = Transaction()
        tx._put("member", _renamed(member), {})  # what no use case can do: a write without its copy
        tx.commit()
    [difference] = apart(engine)
    assert fang.id in difference


def test_what_a_recipient_follows_from_is_not_changed_in_place(brand, fang):
    tx = Transaction()
    for attribute in (MemberRecord.email, MemberRecord.consent, MemberRecord.locale, MemberRecord.status):
        with pytest.raises(ValueError, match="so that its copy follows"):
            tx.update("m", MemberRecord, *MemberRecord.address(brand.id, fang.id), actions=[attribute.set("x")])


@pytest.mark.parametrize("kind", [MemberRecord, StaffRecord])
def test_a_copy_follows_from_nothing_but_what_is_guarded(kind):
    """What is not named as copied may be changed in place, so the copy may not read it."""
    kept = {"pk", "sk", "rev", *kind.COPIED}
    person = kind(key("01J9ZQ0W7N8RXC5B2M4T6V8Y0A", "staff"), "member", email="fang@home.example")
    if kind is StaffRecord:
        person.roles = ["owner"]
    before = person.copy().serialize()
    for name, attribute in kind.get_attributes().items():
        if attribute.attr_name not in kept:
            setattr(person, name, "changed in place")
    assert person.copy().serialize() == before


def _renamed(member: MemberRecord) -> MemberRecord:
    member.name = "Somebody else"
    return member
