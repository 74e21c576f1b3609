"""The environment variables of the product's functions, set for this process."""

from __future__ import annotations

import os
from collections.abc import Mapping

from infra.local.engine import CREDENTIALS, Engine
from infra.local.resources import Resources

# A developer's own AWS profile must neither be used nor needed.
_FOREIGN = ("AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWS_SESSION_TOKEN", "AWS_ENDPOINT_URL_DYNAMODB", "AWS_REGION")


def apply(engine: Engine, resources: Resources, more: Mapping[str, str]) -> None:
    """Points the product at the engine and drops what it had cached of another environment."""
    for name in _FOREIGN:
        os.environ.pop(name, None)
    os.environ.update(CREDENTIALS)
    os.environ.update(
        {
            "AWS_ENDPOINT_URL": engine.url,
            "AWS_REGION": CREDENTIALS["AWS_DEFAULT_REGION"],
            "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_CONFIG_FILE": os.devnull,
            "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
            "POWERTOOLS_METRICS_DISABLED": "true",
            "STAGE": "local",
        }
    )
    os.environ.update(resources.environment | {"LIMITS": os.environ.get("LIMITS", "{}")})
    os.environ.update(more)
    forget()


def forget() -> None:
    """Makes the product read its environment anew at the next use."""
    from chalicelib import aws, settings
    from chalicelib.db import client

    settings.forget()
    client.forget()
    aws.forget()
