"""The typed environment of a function, read once, when first asked for."""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from typing import Literal

from chalicelib.secret_versions import KeyRing, StoredSecret

Purpose = Literal[
    "tokens",
    "sessions",
    "forms",
    "cursors",
    "codes",
    "links",
    "unsubscribing",
    "payments vault",
    "test provider",
    "webhooks vault",
    "messages vault",
    "edge",
]

_PURPOSES: Mapping[Purpose, tuple[str, timedelta | None]] = {
    "tokens": ("TOKEN_SECRET", timedelta(hours=25)),
    "sessions": ("TOKEN_SECRET", timedelta(days=31)),
    "forms": ("TOKEN_SECRET", timedelta(hours=25)),
    "cursors": ("TOKEN_SECRET", timedelta(hours=25)),
    "codes": ("TOKEN_SECRET", timedelta(minutes=30)),
    "links": ("LINK_SECRET", timedelta(days=31)),
    "unsubscribing": ("LINK_SECRET", None),
    "payments vault": ("PAYMENT_SECRET", None),
    "test provider": ("PAYMENT_SECRET", None),
    "webhooks vault": ("WEBHOOK_SECRET", None),
    "messages vault": ("MESSAGE_SECRET", None),
    "edge": ("EDGE_SECRET", None),
}
"""The secret that each kind of key is made of, and how long its previous version still counts: as long as anything
that it signed, and the minutes in which a warm function goes on signing with it. What it sealed has no end: it is
sealed anew (docs/rotation.md). Nor has a link that ends messages, since those are read late: it counts until the secret
has been replaced twice.

Tokens, cursors and codes are the API's alone; workers send links, and those who call payment providers open the sealed
keys, and those who call webhooks open what signs these: none of them may be able to forge a token, or to open what
another needs (docs/decisions 0014, 0020).
"""


class SettingMissing(RuntimeError):
    """A function was deployed without a variable that it needs; the name is in the message."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Names of the resources and the few values that differ between stages."""

    stage: str
    public_url: str
    mail_from: str
    mail_events: str
    wechat_api: str
    dns_server: str
    edge_target: str
    edge_distribution: str
    edge_group: str
    tenant_table: str
    platform_table: str
    insight_table: str
    media_bucket: str
    queues: Mapping[str, str]
    limits: Mapping[str, int]

    @property
    def local(self) -> bool:
        """Whether this is the embedded stack or a test, and says so: codes may show in the log, webhooks be local."""
        return self.stage == "local"


@lru_cache(maxsize=1)
def settings() -> Settings:
    """The settings of this process. Missing values raise only when they are used."""
    env = os.environ
    queues = {name[6:].lower(): url for name, url in env.items() if name.startswith("QUEUE_")}
    return Settings(
        stage=env.get("STAGE", "unknown"),
        public_url=env.get("PUBLIC_URL", "").rstrip("/"),
        mail_from=env.get("MAIL_FROM", ""),
        mail_events=env.get("MAIL_EVENTS", ""),
        # Where messages of official accounts go to when the product is tried out; deployed, to WeChat alone.
        wechat_api=env.get("WECHAT_API", "") if env.get("STAGE") == "local" else "",
        # Whom brands' domains are asked of when the product is tried out, as address:port; deployed, whom Lambda asks.
        dns_server=env.get("DNS_SERVER", "") if env.get("STAGE") == "local" else "",
        edge_target=env.get("EDGE_TARGET", ""),
        edge_distribution=env.get("EDGE_DISTRIBUTION", ""),
        edge_group=env.get("EDGE_GROUP", ""),
        tenant_table=env.get("TENANT_TABLE", ""),
        platform_table=env.get("PLATFORM_TABLE", ""),
        insight_table=env.get("INSIGHT_TABLE", ""),
        media_bucket=env.get("MEDIA_BUCKET", ""),
        queues=queues,
        limits=json.loads(env.get("LIMITS") or "{}"),
    )


def required(value: str, name: str) -> str:
    """The value, or SettingMissing with the variable's name."""
    if not value:
        raise SettingMissing(f"the environment variable {name} is not set")
    return value


def secret(purpose: Purpose) -> KeyRing:
    """The keys of one purpose. Raises SettingMissing for a secret that was not deployed with this function."""
    name, overlap = _PURPOSES[purpose]
    return KeyRing(purpose, _stored(name), overlap)


@lru_cache
def _stored(name: str) -> StoredSecret:
    """From the environment where it is given, as it is locally, else from Secrets Manager."""
    given, arn = os.environ.get(name, ""), os.environ.get(f"{name}_ARN", "")
    return StoredSecret(given, arn if given else required(arn, f"{name}_ARN"))


def forget() -> None:
    """Reads the environment anew at the next use; for the embedded stack and tests, which set it at run time."""
    settings.cache_clear()
    _stored.cache_clear()
