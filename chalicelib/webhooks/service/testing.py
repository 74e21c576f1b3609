"""A test event, sent while its sender waits."""

from datetime import datetime

from chalicelib.kernel.counting import counted
from chalicelib.kernel.ids import new_id
from chalicelib.rate_limits.model import Budget, LimitReached
from chalicelib.rate_limits.service import take
from chalicelib.webhooks.errors import TooManyTests
from chalicelib.webhooks.model.attempts import Outcome
from chalicelib.webhooks.model.catalogue import TEST
from chalicelib.webhooks.model.emission import Emission, body_of
from chalicelib.webhooks.service.endpoints import stored
from chalicelib.webhooks.service.posting import post
from chalicelib.webhooks.service.signing import headers
from chalicelib.webhooks.service.vault import secrets_of


def send_test(tenant_id: str, endpoint_id: str, now: datetime) -> Outcome:
    """Sends a test event to an endpoint, also to one that is disabled, and says what came of it. It is tried once, is
    in no log, and says nothing of how the endpoint does. Raises NotFound, TooManyTests and SecretUnreadable.
    """
    endpoint = stored(tenant_id, endpoint_id)
    secrets = secrets_of(endpoint).signing(now)
    try:
        take([Budget.of("webhook_tests_a_brand", tenant_id)], now)
    except LimitReached as reached:
        minutes = -(-(reached.retry_after or 60) // 60)
        raise TooManyTests(
            f"You have sent many test events; try again in {counted(minutes, 'minute')}.",
            detail_zh=f"测试通知发送过多，请在 {minutes} 分钟后重试。",
            retry_after=reached.retry_after,
        ) from reached
    event_id = new_id(now)
    body = body_of(Emission(event_id, TEST, now, {"version": 1, "endpoint": {"id": endpoint.id, "url": endpoint.url}}))
    return post(endpoint.url, headers(secrets, event_id, body, now), body)
