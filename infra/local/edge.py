"""What CloudFront does in front of brands' domains: each leads to the shop that its distribution tenant names.

The tenants are those that the product itself has made in the engine. There is no certificate on this machine, and none
is needed: browsers take any name that ends in `.localhost` for this machine, and http there for safe.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from botocore.exceptions import ClientError

from chalicelib.own_domains.service.edge import SHOP
from chalicelib.pages.shell.hosts import HOST, KEY, VIEWER
from infra.local.gateway import Reply, Request

_STACK = "lintuan"
_AS_THEY_ARE = ("/s/", "/static/")
"""Paths that lead past the parameter, as the template has them: pictures by their stored addresses, and assets."""

_OWN = ("127.0.0.1", "localhost", "[::1]")


def create(cloudfront: Any) -> dict[str, str]:
    """Makes the shared distribution and the name that brands point their domains at, where they are not there yet."""
    found = cloudfront.list_distributions()["DistributionList"].get("Items") or ()
    distribution = next((each["Id"] for each in found if each.get("Comment") == _STACK), None)
    if distribution is None:
        distribution = cloudfront.create_distribution(DistributionConfig=_distribution())["Distribution"]["Id"]
    try:
        group = cloudfront.get_connection_group(Identifier=_STACK)["ConnectionGroup"]
    except ClientError:
        group = cloudfront.create_connection_group(Name=_STACK)["ConnectionGroup"]
    return {"EDGE_DISTRIBUTION": distribution, "EDGE_GROUP": group["Id"], "EDGE_TARGET": group["RoutingEndpoint"]}


def _distribution() -> dict[str, Any]:
    origin = {"Id": "shop", "DomainName": "127.0.0.1", "CustomOriginConfig": {
        "HTTPPort": 80, "HTTPSPort": 443, "OriginProtocolPolicy": "http-only",
    }}  # fmt: skip
    return {
        "CallerReference": _STACK,
        "Comment": _STACK,
        "Enabled": True,
        "ConnectionMode": "tenant-only",
        "Origins": {"Quantity": 1, "Items": [origin]},
        "DefaultCacheBehavior": {"TargetOriginId": "shop", "ViewerProtocolPolicy": "allow-all"},
        "TenantConfig": {"ParameterDefinitions": [
            {"Name": SHOP, "Definition": {"StringSchema": {"Required": True}}},
        ]},
    }  # fmt: skip


class Edge:
    """Passes a request for a brand's domain on to the shop behind it. `key` is what the product knows the edge by."""

    def __init__(self, cloudfront: Callable[[], Any], key: str) -> None:
        self._cloudfront = cloudfront
        self._key = key

    def __call__(self, request: Request) -> Request | Reply:
        """The request as it reaches the product: one for this machine itself as it is."""
        host = request.header("Host")
        name = host.rpartition(":")[0] if ":" in host.rpartition("]")[2] else host
        if not name or name.lower() in _OWN:
            return request
        slug = self._shop_of(name.lower())
        if slug is None:
            return request if not name.endswith(".localhost") else _nowhere(name)
        target = request.target if request.path.startswith(_AS_THEY_ARE) else f"/s/{slug}{request.target}"
        mine = ((HOST, host), (VIEWER, request.source), (KEY, self._key))
        others = tuple((name, value) for name, value in request.headers if name.lower() not in (HOST, VIEWER, KEY))
        return replace(request, target=target, headers=(*others, *mine))

    def _shop_of(self, name: str) -> str | None:
        try:
            answer = self._cloudfront().get_distribution_tenant_by_domain(Domain=name)
        except ClientError:
            return None
        tenant = answer["DistributionTenant"]
        if not tenant["Enabled"]:
            return None
        return next((each["Value"] for each in tenant.get("Parameters", ()) if each["Name"] == SHOP), None)


def _nowhere(name: str) -> Reply:
    text = f"The edge of this machine leads {name} nowhere: no brand uses it.\n"
    return Reply(404, (("Content-Type", "text/plain; charset=utf-8"),), text.encode())
