"""The edge: the network that answers for brands' domains with a certificate of their own, and leads to their shops.

A host has one tenant of a shared distribution there, known by the host alone. So what was done already is found, and
doing it again changes nothing.
"""

from typing import Any

from botocore.exceptions import ClientError

from chalicelib.aws import client
from chalicelib.kernel.ids import derived_id
from chalicelib.own_domains.model.states import Certificate
from chalicelib.settings import required, settings

SHOP = "slug"
"""The parameter of the distribution that says whose shop a host leads to."""

_CERTIFICATE: dict[str, Certificate] = {"pending-validation": "pending", "issued": "issued"}


def lead(host: str, slug: str, *, anew: bool = False) -> Certificate:
    """Has the host lead to a shop, and answers how its certificate stands; one is asked for where there is none, and
    with ``anew`` once more where none was issued.
    """
    found = _found(host)
    if found is None:
        try:
            _create(host, slug)
        except ClientError as fault:
            if _code(fault) not in ("EntityAlreadyExists", "CNAMEAlreadyExists"):
                raise
        found = _found(host)
        if found is None:
            return "pending"  # a distribution of somebody else's account has the host as yet
    tenant, etag = found
    if _shop_of(tenant) != slug or not tenant.get("Enabled", True):
        _update(tenant, etag, Parameters=_parameters(slug), Enabled=True)
        found = _found(host)
        return _certificate(*found) if found else "pending"
    stands = _certificate(tenant, etag)
    if stands == "failed" and anew:
        _update(tenant, etag, ManagedCertificateRequest=_request(host))
        return "pending"
    return stands


def leave(host: str, slug: str) -> bool:
    """Takes the way to a shop away; answers whether it is gone. One that leads to another shop by now is left alone."""
    found = _found(host)
    if found is None or _shop_of(found[0]) != slug:
        return True
    tenant, etag = found
    if tenant.get("Enabled", True):
        _update(tenant, etag, Enabled=False)
        found = _found(host)
        if found is None:
            return True
        tenant, etag = found
    try:
        client("cloudfront").delete_distribution_tenant(Id=tenant["Id"], IfMatch=etag)
    except ClientError as fault:
        if _code(fault) == "EntityNotFound":
            return True
        if _code(fault) in ("ResourceNotDisabled", "PreconditionFailed"):
            return False  # its end is on its way round the world
        raise
    return True


def _found(host: str) -> tuple[dict[str, Any], str] | None:
    try:
        answer = client("cloudfront").get_distribution_tenant(Identifier=_name(host))
    except ClientError as fault:
        if _code(fault) == "EntityNotFound":
            return None
        raise
    return answer["DistributionTenant"], answer["ETag"]


def _create(host: str, slug: str) -> None:
    client("cloudfront").create_distribution_tenant(
        DistributionId=required(settings().edge_distribution, "EDGE_DISTRIBUTION"),
        ConnectionGroupId=required(settings().edge_group, "EDGE_GROUP"),
        Name=_name(host),
        Domains=[{"Domain": host}],
        Parameters=_parameters(slug),
        ManagedCertificateRequest=_request(host),
        Enabled=True,
    )


def _update(tenant: dict[str, Any], etag: str, **changes: Any) -> None:
    client("cloudfront").update_distribution_tenant(Id=tenant["Id"], IfMatch=etag, **changes)


def _certificate(tenant: dict[str, Any], etag: str) -> Certificate:
    """How the certificate stands; one that was issued is put in use."""
    details = client("cloudfront").get_managed_certificate_details(Identifier=tenant["Id"])["ManagedCertificateDetails"]
    arn = details.get("CertificateArn")
    stands = _CERTIFICATE.get(details.get("CertificateStatus", "pending-validation"), "failed")
    used = ((tenant.get("Customizations") or {}).get("Certificate") or {}).get("Arn")
    if stands == "issued" and arn and used != arn:
        _update(tenant, etag, Customizations={"Certificate": {"Arn": arn}})
    return stands


def _request(host: str) -> dict[str, str]:
    return {"ValidationTokenHost": "cloudfront", "PrimaryDomainName": host}


def _parameters(slug: str) -> list[dict[str, str]]:
    return [{"Name": SHOP, "Value": slug}]


def _shop_of(tenant: dict[str, Any]) -> str:
    return next((str(each["Value"]) for each in tenant.get("Parameters") or () if each["Name"] == SHOP), "")


def _name(host: str) -> str:
    return f"shop-{derived_id('host', host)}"


def _code(fault: ClientError) -> str:
    return str(fault.response["Error"]["Code"])
