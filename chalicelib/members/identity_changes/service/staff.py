"""Someone on the staff replaces their own e-mail. Who has lost the old one is removed and added again by an owner."""

from collections.abc import Mapping
from datetime import datetime
from functools import partial

from chalicelib.db import Transaction, change
from chalicelib.kernel.principal import Principal
from chalicelib.members.identity_changes.model import Holder, IdentityUnchanged, Side, masked
from chalicelib.members.identity_changes.service import proofs
from chalicelib.members.model.identities import Identity
from chalicelib.members.sessions.service import end_tokens
from chalicelib.tenants.records import StaffEmail, StaffRecord
from chalicelib.tenants.service.audit import audit
from chalicelib.tenants.service.brand import get_tenant
from chalicelib.tenants.service.staff import get_staff


def ask(who: Principal, email: str, named: str | None, source: str, now: datetime) -> Identity:
    """Sends codes to the old e-mail, which is answered, and the new one; in the language ``named``, else the brand's.

    Raises IdentityUnchanged, TooManyIdentityCodes.
    """
    person, tenant = _unlike(who.tenant_id, who.id, email), get_tenant(who.tenant_id)
    proof, wanted = Identity("email", person.email), Identity("email", email)
    holder = Holder("staff", who.tenant_id, who.id)
    proofs.send_codes(holder, proof, wanted, tenant, named or tenant.locale, source, now)
    return proof


def confirm(who: Principal, email: str, codes: Mapping[Side, str], now: datetime) -> StaffRecord:
    """Replaces the e-mail where both codes are right, each once. Every token of theirs ends; the old e-mail is told.

    Raises CodesRefused, IdentityTaken, IdentityUnchanged.
    """
    tenant_id, wanted = who.tenant_id, Identity("email", email)
    holder = Holder("staff", tenant_id, who.id)
    digests = proofs.tried(holder, codes, wanted, now)

    def decide(person: StaffRecord, tx: Transaction) -> StaffRecord:
        before = Identity("email", person.email)
        proofs.use(tx, holder, digests)
        mine = StaffEmail.staff_id == person.id
        tx.delete("before", StaffEmail, *StaffEmail.address(tenant_id, before.value), condition=mine)
        tx.create(proofs.IDENTITY, StaffEmail(*StaffEmail.address(tenant_id, email), staff_id=person.id))
        person.email = email
        end_tokens(person)
        person.emit(
            "staff.identity_changed", now, told_by="email", told=before.value, shown=masked(wanted), locale=None
        )
        tx.replace("staff", person)
        changes = {"email": {"from": before.value, "to": email}}
        audit(tx, tenant_id, who, "staff.identity_changed", f"staff:{person.id}", now, changes)
        return person

    return change(partial(_unlike, tenant_id, who.id, email), decide, refused=proofs.refuse)


def _unlike(tenant_id: str, staff_id: str, email: str) -> StaffRecord:
    person = get_staff(tenant_id, staff_id, consistent=True)
    if person.email == email:
        raise IdentityUnchanged("This is already your e-mail; nothing changes.", detail_zh="已是您的邮箱，无需更改。")
    return person
