"""The one logger and the one metric namespace. Lines are JSON; tenant and correlation id are on each of them."""

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics.functions import is_metrics_disabled

logger = Logger(service="lintuan", use_rfc3339=True, utc=True)
metrics = Metrics(namespace="Lintuan", service="lintuan")

NEEDS_A_PERSON = "MoneyNeedsAPerson"
"""The counter of payments and refunds that stand still until somebody looks at them; an alarm watches it."""


def count(name: str, value: int) -> None:
    """Adds to a counter of this invocation; the map's middleware publishes them when the function ends. Where metrics
    are disabled nothing is kept: Powertools would print what has gathered with the hundredth value all the same.
    """
    if is_metrics_disabled():
        return
    metrics.add_metric(name=name, unit="Count", value=value)
