"""The typed environment of a function, read once, when first asked for."""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache


class SettingMissing(RuntimeError):
    """A function was deployed without a variable that it needs; the name is in the message."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Names of the resources and the few values that differ between stages."""

    stage: str
    public_url: str
    mail_from: str
    tenant_table: str
    platform_table: str
    insight_table: str
    media_bucket: str
    token_secret: str = field(repr=False)
    token_secret_arn: str
    link_secret: str = field(repr=False)
    link_secret_arn: str
    payment_secret: str = field(repr=False)
    payment_secret_arn: str
    queues: Mapping[str, str]
    limits: Mapping[str, int]

    @property
    def local(self) -> bool:
        """Whether this is the embedded stack or a test: codes may show in the log, webhooks may be local."""
        return self.stage == "local"


@lru_cache(maxsize=1)
def settings() -> Settings:
    """The settings of this process. Missing values raise only when they are used."""
    env = os.environ
    queues = {name[6:].lower(): url for name, url in env.items() if name.startswith("QUEUE_")}
    return Settings(
        stage=env.get("STAGE", "local"),
        public_url=env.get("PUBLIC_URL", "").rstrip("/"),
        mail_from=env.get("MAIL_FROM", ""),
        tenant_table=env.get("TENANT_TABLE", ""),
        platform_table=env.get("PLATFORM_TABLE", ""),
        insight_table=env.get("INSIGHT_TABLE", ""),
        media_bucket=env.get("MEDIA_BUCKET", ""),
        token_secret=env.get("TOKEN_SECRET", ""),
        token_secret_arn=env.get("TOKEN_SECRET_ARN", ""),
        link_secret=env.get("LINK_SECRET", ""),
        link_secret_arn=env.get("LINK_SECRET_ARN", ""),
        payment_secret=env.get("PAYMENT_SECRET", ""),
        payment_secret_arn=env.get("PAYMENT_SECRET_ARN", ""),
        queues=queues,
        limits=json.loads(env.get("LIMITS") or "{}"),
    )


def required(value: str, name: str) -> str:
    """The value, or SettingMissing with the variable's name."""
    if not value:
        raise SettingMissing(f"the environment variable {name} is not set")
    return value


@lru_cache(maxsize=1)
def token_secret() -> bytes:
    """The secret that signs tokens, cursors and codes; the API alone may read it."""
    current = settings()
    return _secret(current.token_secret, current.token_secret_arn, "TOKEN_SECRET_ARN")


@lru_cache(maxsize=1)
def link_secret() -> bytes:
    """The secret behind links in messages. Workers send links, so it must not be the one that signs tokens."""
    current = settings()
    return _secret(current.link_secret, current.link_secret_arn, "LINK_SECRET_ARN")


@lru_cache(maxsize=1)
def payment_secret() -> bytes:
    """The secret that the stores' keys at payment providers are sealed with; only those who call providers read it."""
    current = settings()
    return _secret(current.payment_secret, current.payment_secret_arn, "PAYMENT_SECRET_ARN")


def _secret(given: str, arn: str, name: str) -> bytes:
    """From the environment where it is given, as it is locally, else from Secrets Manager."""
    if given:
        return given.encode()
    from chalicelib.aws import client

    secret: str = client("secretsmanager").get_secret_value(SecretId=required(arn, name))["SecretString"]
    return secret.encode()


def forget() -> None:
    """Reads the environment anew at the next use; for the embedded stack and tests, which set it at run time."""
    settings.cache_clear()
    token_secret.cache_clear()
    link_secret.cache_clear()
    payment_secret.cache_clear()
