"""What the routes of a brand's own domain answer."""

from typing import Literal, Self

from pydantic import Field

from chalicelib.own_domains.model.hosts import mark_of, shown
from chalicelib.own_domains.model.states import Problem, Status
from chalicelib.own_domains.records import OwnDomain
from chalicelib.tenancy import origin_of
from chalicelib.web import Instant, View


class DnsRecordView(View):
    """A record to set at the domain's provider, and whether the last look found it as it should be."""

    type: Literal["TXT", "CNAME"]
    name: str
    value: str
    found: bool


class DomainView(View):
    """The brand's own domain. Without one ``status`` is ``none`` and all else is empty.

    ``waiting_for_dns``: set the records, they are looked for by themselves, and at once with ``verify``.
    ``waiting_for_certificate``: nothing to do, it takes some minutes. ``live``: neighbours reach the shop at ``url``,
    and links name it. ``broken``: see ``problem``; links name the shop's first address, which always works.
    """

    status: Status | Literal["none"]
    host: str | None
    shown: str | None = Field(description="The host in its own letters.")
    url: str | None
    problem: Problem | None = Field(
        description="What is missing: `no_proof` or `wrong_proof` (the TXT record), `not_pointed` (the CNAME record), "
        "`no_certificate`, `held` (another shop still proves it) or `taken` (another shop has proved it)."
    )
    records: list[DnsRecordView]
    claimed_at: Instant | None
    proved_at: Instant | None
    looked_at: Instant | None

    @classmethod
    def of(cls, domain: OwnDomain | None, target: str) -> Self:
        """The domain, with the records that lead it to ``target``."""
        if domain is None or not domain.host:
            return cls(
                status="none", host=None, shown=None, url=None, problem=None, records=[], claimed_at=None,
                proved_at=None, looked_at=None,
            )  # fmt: skip
        host, standing = str(domain.host), domain.standing
        looked = domain.looked_at is not None
        proof = looked and standing.problem not in ("no_proof", "wrong_proof", "held", "taken")
        records = [
            DnsRecordView(type="TXT", name=mark_of(host), value=str(domain.token), found=proof),
            DnsRecordView(type="CNAME", name=host, value=target, found=proof and standing.problem != "not_pointed"),
        ]
        return cls(
            status=standing.status, host=host, shown=shown(host), url=origin_of(host),
            problem=standing.problem or None, records=records, claimed_at=domain.claimed_at,
            proved_at=domain.proved_at, looked_at=domain.looked_at,
        )  # fmt: skip
