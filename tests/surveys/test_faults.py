"""Whatever fails, at whichever request: somebody is asked, planned and reminded once, and an answer counts once."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest

from chalicelib.db import tenant_scope
from chalicelib.improvements.model.reports import Words
from chalicelib.improvements.model.tasks import Status
from chalicelib.improvements.service import improving, reporting
from chalicelib.kernel import clock
from chalicelib.kernel.language import Language
from chalicelib.surveys.errors import AlreadyAnswered
from chalicelib.surveys.model.invitations import Occasion
from chalicelib.surveys.model.questions import Kind, Question, Trigger
from chalicelib.surveys.model.sending import Plan
from chalicelib.surveys.records import InvitationRecord, SurveyRecord, WaveRecord
from chalicelib.surveys.service import asking, invitations, links, sending, waves
from chalicelib.surveys.service.links import Given
from chalicelib.surveys.service.publishing import releases_of
from chalicelib.surveys.service.surveys import create_survey, results
from chalicelib.tenants.records import StaffRecord
from tests.conftest import Engine, Memory
from tests.faults import KINDS, Faults, faults
from tests.orders.store import Store, open_store
from tests.orders.test_faults import SERIES, _without_pauses, repeated, requests_of

__all__ = ["_without_pauses", "faults"]

ASKED = [Question("score", Kind.SCORE, "Satisfied?")]


@pytest.fixture
def store(engine: Engine, memory: Memory) -> Iterator[Store]:
    """A brand as the use cases see it."""
    made = open_store(remembered=memory)
    with tenant_scope(made.tenant_id):
        yield made


def survey_of(store: Store, trigger: Trigger, plan: Plan) -> SurveyRecord:
    return create_survey(store.tenant_id, "Ours", trigger, ASKED, store.staff, clock.now(), plan=plan)


def run(faults: Faults, act: Callable[[int], object], check: Callable[[int], None]) -> int:
    """The act, on another one each time, at each fault and request, sent again until it is through; then once more."""
    faults.arm(None)
    requests, runs = requests_of(faults, lambda: act(0)), 0
    for at in range(requests):
        for kind in KINDS:
            runs += 1
            faults.arm(kind, at, SERIES)
            repeated(faults, lambda runs=runs: act(runs))  # type: ignore[misc]
            faults.arm(None)
            act(runs)
            check(runs)
    return runs


def occasion(store: Store, n: int) -> Occasion:
    member = store.member(n)
    return Occasion(Trigger.JOINED, (member,), member, clock.now() - timedelta(minutes=1))


def kept(store: Store, n: int) -> InvitationRecord:
    new = occasion(store, n).invitation_id(store.tenant_id)
    found = InvitationRecord.fetch(*InvitationRecord.address(store.tenant_id, new), consistent=True)
    assert found is not None
    return found


def test_somebody_is_asked_once_and_counted_once(store: Store, faults: Faults) -> None:
    faults.of("asking")
    survey = survey_of(store, Trigger.JOINED, Plan())
    store.member(60)

    def check(n: int) -> None:
        assert kept(store, n).status == "open"
        assert results(store.tenant_id, survey.id).invited == n + 1

    assert run(faults, lambda n: asking.ask_by(survey, occasion(store, n), clock.now()), check) >= 6


def test_an_invitation_is_planned_once_and_goes_out_once(store: Store, faults: Faults) -> None:
    faults.of("asking")
    survey = survey_of(store, Trigger.JOINED, Plan(after_days=3))
    store.member(60)
    now = clock.now()
    for n in range(60):
        asking.ask_by(survey, occasion(store, n), now)
    later = now + timedelta(days=4)

    def act(n: int) -> None:
        planned = kept(store, n)
        asking.send_planned(store.tenant_id, str(planned.pk), str(planned.sk), later)

    def check(n: int) -> None:
        assert kept(store, n).status == "open"
        assert results(store.tenant_id, survey.id).invited == n + 1

    assert run(faults, act, check) >= 12


def test_who_has_not_answered_is_reminded_once(store: Store, faults: Faults) -> None:
    faults.of("asking")
    survey = survey_of(store, Trigger.JOINED, Plan())
    store.member(60)
    now = clock.now()
    for n in range(40):
        asking.ask_by(survey, occasion(store, n), now)

    def act(n: int) -> None:
        found = kept(store, n)
        asking.remind(store.tenant_id, str(found.pk), str(found.sk), now + timedelta(days=8))

    def check(n: int) -> None:
        found = kept(store, n)
        assert found.reminded_at is not None
        assert (int(found.rev), found.due_at) == (2, None)

    assert run(faults, act, check) >= 6


def test_an_answer_by_an_invitation_or_a_link_counts_once(store: Store, faults: Faults) -> None:
    faults.of("asking")
    survey = survey_of(store, Trigger.JOINED, Plan())
    link = links.create_link(store.tenant_id, survey.id, "Gate", None, None, store.staff, clock.now())
    token = links.address_of(link).rpartition("/")[2]
    store.member(60)
    for n in range(60):
        asking.ask_by(survey, occasion(store, n), clock.now())

    def invited(n: int) -> None:
        try:
            values = [("score", 4)]
            invitations.answer_invitation(
                store.tenant_id, invitations.token_for(kept(store, n)), None, values, None, clock.now()
            )
        except AlreadyAnswered:
            assert kept(store, n).answers == {"score": 4}

    def counted(n: int) -> None:
        assert results(store.tenant_id, survey.id).answered == n + 1

    assert run(faults, invited, counted) >= 9

    def openly(n: int) -> None:
        given = Given(5, (), None, f"k{n}")
        links.answer_openly(store.tenant_id, token, given, f"198.51.100.{n}", clock.now())

    def listed(n: int) -> None:
        page = links.list_responses(store.tenant_id, survey.id, "open", 200, None)
        assert len(page.items) == n + 1

    assert run(faults, openly, listed) >= 12


@pytest.mark.verify
def test_a_wave_goes_to_everybody_once(store: Store, faults: Faults) -> None:
    faults.of("asking")
    survey = survey_of(store, Trigger.LINK, Plan())
    for n in range(4):
        store.member(n)

    def act(n: int) -> None:
        name = f"wave {n}"
        sending.send_wave(store.tenant_id, survey.id, name, 100, store.staff, clock.now() + timedelta(days=8 * n))
        waves.send_slice(store.tenant_id, survey.id, name, clock.now() + timedelta(days=8 * n))

    def check(n: int) -> None:
        wave = WaveRecord.fetch(*WaveRecord.address(store.tenant_id, survey.id, f"wave {n}"), consistent=True)
        assert wave is not None
        assert wave.ended_at is not None
        assert results(store.tenant_id, survey.id).invited == (n + 1) * int(wave.total)

    assert run(faults, act, check) >= 30


def test_an_improvement_is_changed_once(store: Store, faults: Faults) -> None:
    faults.of("improving")
    survey = survey_of(store, Trigger.JOINED, Plan())
    owner = next(StaffRecord.every(StaffRecord.partition(store.tenant_id))).id
    followed = improving.Followed(survey.id, "score")
    due_on = (clock.now() + timedelta(days=9)).date()
    tasks = [
        improving.create_improvement(
            store.tenant_id, followed, improving.Task(f"Task {n}", None, owner, due_on), store.staff, clock.now()
        ).id
        for n in range(30)
    ]

    def act(n: int) -> None:
        wanted = improving.Changes(status=Status.DONE, done_text="Done", published=True)
        improving.edit_improvement(store.tenant_id, tasks[n], wanted, None, store.staff, clock.now())

    def check(n: int) -> None:
        found = improving.get_improvement(store.tenant_id, tasks[n], consistent=True)
        assert (found.status, found.published, found.done_text) == ("done", True, "Done")

    assert run(faults, act, check) >= 6


@pytest.mark.verify
def test_a_report_is_published_once(store: Store, faults: Faults) -> None:
    faults.of("publishing")
    survey = survey_of(store, Trigger.LINK, Plan())
    for n in range(5):
        given = Given(5, [], None, f"sheet-{n}")
        links.key_in(store.tenant_id, survey.id, given, None, store.staff, clock.now())
    reported = reporting.Reported(survey.id, ["score"], "paper")
    words: dict[Language, Words] = {"en": Words("What you said", "Thank you.")}
    reports = [
        reporting.create_report(store.tenant_id, reported, words, store.staff, clock.now()).id for _ in range(60)
    ]
    first_look = clock.now()

    def act(n: int) -> None:
        reporting.publish_report(store.tenant_id, reports[n], store.staff, first_look + timedelta(seconds=n))

    def check(n: int) -> None:
        found = reporting.get_report(store.tenant_id, reports[n], consistent=True)
        kept = releases_of(store.tenant_id, survey.id).releases
        assert (found.status, found.shown is not None) == ("published", True)
        assert len(kept) == n + 1

    assert run(faults, act, check) >= 6
