"""Somebody asks to join a store that decides whom it takes; the team decides, and the applicant is told."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal

from chalicelib.db import Page, Refused, Transaction, change, fetch_many
from chalicelib.kernel.errors import NotFound
from chalicelib.kernel.principal import Principal
from chalicelib.members.enrolment.model import Arrival
from chalicelib.members.enrolment.service import find_ordinals
from chalicelib.members.model.identities import Identity
from chalicelib.members.sign_in.service.codes import bad_code, is_alive, place_of, use_code
from chalicelib.members.sign_in.service.people import SignIn
from chalicelib.members.sign_in.service.sign_in import try_code
from chalicelib.notices.model.notices import Destination, Notice
from chalicelib.notices.telling.service import tell_address, tell_team
from chalicelib.recruitment.errors import AlreadyJoined, AlreadyMember, NoApplications
from chalicelib.recruitment.model.notices import ApplicationApproved, ApplicationArrived, ApplicationDeclinedNotice
from chalicelib.recruitment.model.rules import Joining, checked
from chalicelib.recruitment.records import ApplicationRecord
from chalicelib.recruitment.service.admission import of_link
from chalicelib.recruitment.service.rules import rules_of
from chalicelib.tenants.service.audit import audit
from chalicelib.tenants.service.brand import get_tenant

ARRIVED, DECIDED = "application.arrived", "application.decided"

Decision = Literal["approved", "declined"]


def apply(
    tenant_id: str, sign_in: SignIn, code: str, handle: str | None, name: str | None, answers: Mapping[str, str],
    link: str | None, locale: str | None, now: datetime,
) -> ApplicationRecord:  # fmt: skip
    """The application of whoever proves an address by a sign-in code, which is used up by it; the one there is, where
    they have applied before.

    Raises BadCode; NoApplications, AlreadyMember; Invalid for answers that cannot be taken: the code is good still.
    """
    asking = try_code(tenant_id, sign_in, code, handle, now)
    (right,) = fetch_many([place_of(asking, code)], consistent=True)
    if not is_alive(right, now):
        raise bad_code()  # before anything is said of the address
    rules, identity = rules_of(tenant_id), sign_in.identity
    if find_ordinals(tenant_id, [identity]):
        raise AlreadyMember(
            "You are a member of this store already: sign in.", detail_zh="您已是本店会员，请直接登录。"
        )
    known = _at(tenant_id, ApplicationRecord.id_of(tenant_id, identity))
    if known is None and rules.joining is not Joining.APPLICATION:
        raise NoApplications("This store asks for no application: sign in.", detail_zh="本店无需申请，请直接登录。")
    came = of_link(tenant_id, rules, Arrival(identity, sign_in.source, link=link))
    new = None if known else _new(tenant_id, identity, now)
    if new is not None:
        new.answers = [list(each) for each in checked(rules.questions, answers)]
        new.name, new.locale, new.referred_by, new.channel_id = name, locale, came.referred_by, came.channel_id
        new.emit(ARRIVED, now, application_id=new.id)
    tx = Transaction()
    use_code(tx, asking, code, now)
    if new is not None:
        tx.create("application", new)
    try:
        tx.commit()
    except Refused as refusal:
        if "application" in refusal.names and (twin := _at(tenant_id, ApplicationRecord.id_of(tenant_id, identity))):
            return twin  # sent twice at one moment
        raise bad_code() from refusal
    return known or new or _gone()


def get_application(tenant_id: str, application_id: str) -> ApplicationRecord:
    """An application. Raises NotFound."""
    return _at(tenant_id, application_id) or _gone()


def list_applications(
    tenant_id: str, status: str | None, limit: int, cursor: dict[str, Any] | None
) -> Page[ApplicationRecord]:
    """Applications, latest first; of one status alone where it is named."""
    if status is None:
        partition, index = ApplicationRecord.of_tenant(tenant_id), "gsi1"
    else:
        partition, index = ApplicationRecord.of_status(tenant_id, status), "gsi2"
    return ApplicationRecord.page(partition, index=index, limit=limit, cursor=cursor, newest_first=True)


def decide_on(
    tenant_id: str, application_id: str, decision: Decision, reason: str | None, by: Principal, now: datetime
) -> ApplicationRecord:
    """Approves or declines an application; one that was declined may be approved later, and the other way round until
    they have joined. Done again, it changes nothing. Raises NotFound, AlreadyJoined.
    """

    def decide(found: ApplicationRecord, tx: Transaction) -> ApplicationRecord:
        if found.status == decision:
            return found
        if found.status == "joined":
            raise AlreadyJoined(
                "The applicant has joined meanwhile; block the member instead, if that is what you want.",
                detail_zh="申请人已加入；如需限制，请到会员页限制其下单。",
            )
        found.decide(decision, reason if decision == "declined" else None, by.label, now)
        found.emit(DECIDED, now, application_id=found.id, decision=decision)
        tx.replace("application", found)
        said = {"reason": reason} if reason else None
        audit(tx, tenant_id, by, f"application.{decision}", f"application:{found.id}", now, said)
        return found

    return change(lambda: get_application(tenant_id, application_id), decide)


def tell_team_of(tenant_id: str, application_id: str, now: datetime) -> None:
    """Tells those of the team who decide that an application has come, once."""
    found = _at(tenant_id, application_id)
    if found is not None and found.status == "pending":
        tell_team(tenant_id, ApplicationArrived(), (application_id, "arrived"), now, subject_id=application_id)


def tell_applicant(tenant_id: str, application_id: str, decision: str, cause: str, now: datetime) -> None:
    """Tells an applicant what became of the application, once for each decision; not of one that was changed since."""
    found = _at(tenant_id, application_id)
    if found is None or found.status != decision:
        return
    tenant = get_tenant(tenant_id)
    to = Destination("email" if found.kind == "email" else "sms", found.value, found.locale or tenant.locale)
    notice: Notice = (
        ApplicationApproved(tenant.name)
        if decision == "approved"
        else ApplicationDeclinedNotice(tenant.name, found.reason or "")
    )
    tell_address(tenant_id, to, notice, ("application", cause), now)


def _new(tenant_id: str, identity: Identity, now: datetime) -> ApplicationRecord:
    application_id = ApplicationRecord.id_of(tenant_id, identity)
    return ApplicationRecord(
        *ApplicationRecord.address(tenant_id, application_id), id=application_id, kind=identity.kind,
        value=identity.value, applied_at=now,
    )  # fmt: skip


def _at(tenant_id: str, application_id: str) -> ApplicationRecord | None:
    return ApplicationRecord.fetch(*ApplicationRecord.address(tenant_id, application_id), consistent=True)


def _gone() -> ApplicationRecord:
    raise NotFound("There is no such application.", detail_zh="没有该申请。")
