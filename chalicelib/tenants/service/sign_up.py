"""Sign-up: a brand exists in one transaction, with its owner and its first key."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from chalicelib.db import Refused, Transaction, tenant_scope
from chalicelib.kernel.errors import FieldError
from chalicelib.kernel.ids import new_id
from chalicelib.kernel.language import Language, nearest
from chalicelib.kernel.mailboxes import mailbox
from chalicelib.kernel.principal import Principal
from chalicelib.rate_limits.model import Budget, LimitReached
from chalicelib.rate_limits.service import spend, spent_of
from chalicelib.tenants.model import EVERY_ROLE, SlugTaken, TooManyBrands, check_slug, day_ended_at
from chalicelib.tenants.records import ConfirmedOwner, DayClock, RegistryEntry, SlugClaim, Tenant
from chalicelib.tenants.service.api_keys import IssuedKey, NewKey, add_key
from chalicelib.tenants.service.audit import audit
from chalicelib.tenants.service.staff import add_first_owner

_FIRST_KEY: Mapping[Language, str] = {"en": "First key", "zh": "首个密钥"}


@dataclass(frozen=True, slots=True)
class SignUp:
    """What a brand says of itself. Slug, zone and currency are for good: addresses, days and amounts rest on them."""

    name: str
    slug: str
    owner_email: str
    timezone: str
    currency: str
    locale: str
    country: str | None = None


def sign_up(form: SignUp, source: str, now: datetime) -> tuple[Tenant, IssuedKey]:
    """Creates the tenant, its owner and an API key of every scope, all or nothing.

    Anybody may sign up, in anybody's name: so many for each source an hour, and few for each owner's e-mail a day until
    that owner has signed in to one. Raises LimitReached, TooManyBrands, SlugInvalid, SlugReserved, SlugTaken or
    UnknownZone. Sent twice, the second meets SlugTaken.
    """
    check_slug(form.slug)
    by_source = Budget.of("sign_ups_a_source", source)
    by_owner = Budget.of("brands_an_owner_email", mailbox(form.owner_email))
    try:
        return _signed_up(form, [by_source, by_owner], now)
    except Refused as refused:
        reached = spent_of(refused, [by_source, by_owner], now)
        if reached is None:
            raise
        if reached.limit == by_source.limit:
            raise reached from refused
        if not _is_confirmed(form.owner_email):
            raise _too_many_brands(reached) from refused
    try:
        return _signed_up(form, [by_source], now)
    except Refused as refused:
        raise spent_of(refused, [by_source], now) or refused from refused


def _too_many_brands(reached: LimitReached) -> TooManyBrands:
    return TooManyBrands(
        "Many brands were signed up with this e-mail today; sign in to one of them with a code, then sign up more.",
        detail_zh="今天已用该邮箱注册多个品牌，请先用验证码登录其中一个，再继续注册。",
        retry_after=reached.retry_after,
    )


def _is_confirmed(email: str) -> bool:
    return ConfirmedOwner.fetch(*ConfirmedOwner.address(email), consistent=True) is not None


def _signed_up(form: SignUp, budgets: Sequence[Budget], now: datetime) -> tuple[Tenant, IssuedKey]:
    """One transaction. Raises SlugTaken, or Refused where a budget is spent."""
    tenant_id = new_id(now)
    tenant = Tenant(
        *Tenant.address(tenant_id),
        slug=form.slug,
        name=form.name,
        timezone=form.timezone,
        currency=form.currency,
        locale=form.locale,
        stored_country=form.country,
        created_at=now,
    )
    tenant.emit("tenant.created", now)
    tx = Transaction()
    spend(tx, budgets, now)
    tx.create("slug", SlugClaim(*SlugClaim.address(form.slug), tenant_id=tenant_id))
    registry = RegistryEntry(*RegistryEntry.address(tenant_id), slug=form.slug, status=tenant.status, created_at=now)
    tx.create("registry", registry)
    tx.create("tenant", tenant)
    tx.create("day-clock", DayClock(*DayClock.address(tenant_id), due_at=day_ended_at(now, form.timezone)))
    owner = add_first_owner(tx, tenant_id, form.owner_email, now)
    by = Principal("staff", tenant_id, owner.id, frozenset({"owner"}), owner.email, form.slug)
    issued = add_key(
        tx, tenant_id, form.slug, NewKey(_FIRST_KEY[nearest(form.locale)], [EVERY_ROLE]), owner, by.label, now
    )
    audit(tx, tenant_id, by, "tenant.created", f"tenant:{tenant_id}", now)
    _commit(tx, tenant_id, form.slug)
    return tenant, issued


def _commit(tx: Transaction, tenant_id: str, slug: str) -> None:
    try:
        with tenant_scope(tenant_id):
            tx.commit()
    except Refused as refused:
        if "slug" not in refused.names:
            raise
        raise SlugTaken(
            f"The slug '{slug}' belongs to another brand; choose another one.",
            detail_zh=f"标识“{slug}”已被其他品牌使用，请换一个。",
            errors=(FieldError("/slug", "taken", "已被使用"),),
        ) from refused
