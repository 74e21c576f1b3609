"""What webhooks refuse."""

from chalicelib.kernel.errors import Conflict, Invalid, TooManyRequests, Unavailable


class TargetRefused(Invalid):
    """The address is none that webhooks are sent to. ``reason`` is the word for it in the log of deliveries."""

    code, title, title_zh = "webhook_target_refused", "Webhooks are not sent to this address", "无法向该地址发送通知"

    reason = "target_refused"


class TooManyEndpoints(Conflict):
    """The brand has as many endpoints as it may have."""

    code, title, title_zh = "too_many_webhook_endpoints", "There are too many endpoints", "接收地址过多"


class EndpointIsDisabled(Conflict):
    """Nothing is sent to an endpoint that is disabled."""

    code, title, title_zh = "webhook_endpoint_disabled", "The endpoint is disabled", "接收地址已停用"


class TooManySecrets(Conflict):
    """The secret was replaced so often that the earlier ones are still overlapping."""

    code, title, title_zh = "too_many_webhook_secrets", "Too many secrets overlap", "重叠的签名密钥过多"


class TooManyTests(TooManyRequests):
    """The brand has sent as many test events as it may in an hour."""

    code, title, title_zh = "too_many_webhook_tests", "Too many test events", "测试通知过多"


class SecretUnreadable(Unavailable):
    """The endpoint's secret does not open: the key that sealed it counts no longer. A new secret helps."""

    code, title, title_zh = "webhook_secret_unreadable", "The secret cannot be read", "签名密钥无法读取"
