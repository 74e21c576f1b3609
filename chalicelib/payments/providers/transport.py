"""HTTPS to a provider with time limits that leave the API time to answer."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import urllib3
from botocore.httpsession import get_cert_path

from chalicelib.kernel import strict_json
from chalicelib.payments.errors import ProviderUnavailable

CONNECT_SECONDS, READ_SECONDS = 1.5, 5.0
TRIES = 2
"""Two tries take 13 s at worst, and the API, which makes one request at a time, has 20; the payments worker, which
makes three, has 60. Every request can be repeated: each carries its key.
"""

_MOST_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class Reply:
    """A provider's answer; header names in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> dict[str, Any]:
        """The body as an object; raises ProviderUnavailable where it is none, such as a proxy's error page."""
        try:
            found = strict_json.read(self.body)
        except ValueError as fault:
            raise ProviderUnavailable("The provider's answer cannot be read.", retry_after=5) from fault
        if not isinstance(found, dict):
            raise ProviderUnavailable("The provider's answer cannot be read.", retry_after=5)
        return found


@lru_cache(maxsize=1)
def _pool() -> urllib3.PoolManager:
    # botocore's certificates: Lambda has no other file of them that is sure to be there.
    return urllib3.PoolManager(
        timeout=urllib3.Timeout(connect=CONNECT_SECONDS, read=READ_SECONDS),
        retries=False,
        ca_certs=get_cert_path(True),
    )


def send(method: str, url: str, headers: Mapping[str, str], body: bytes | None = None) -> Reply:
    """Sends a request and returns any answer below 500 but 429. Tries twice; raises ProviderUnavailable."""
    for _ in range(TRIES):
        try:
            answer = _pool().request(method, url, headers=dict(headers), body=body, redirect=False)
        except urllib3.exceptions.HTTPError:
            continue
        if answer.status < 500 and answer.status != 429:
            lowered = {name.lower(): value for name, value in answer.headers.items()}
            return Reply(answer.status, lowered, answer.data[:_MOST_BYTES])
    raise ProviderUnavailable(
        "The payment provider does not answer; send the same request again.",
        detail_zh="支付渠道暂时无响应，请重试。",
        retry_after=5,
    )
