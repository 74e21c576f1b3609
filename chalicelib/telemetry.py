"""The one logger and the one metric namespace. Lines are JSON; tenant and correlation id are on each of them."""

from aws_lambda_powertools import Logger, Metrics

logger = Logger(service="lintuan", use_rfc3339=True, utc=True)
metrics = Metrics(namespace="Lintuan", service="lintuan")
