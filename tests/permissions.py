"""Holds every function to its policy file: a call that AWS would refuse fails the test that caused it.

The embedded engine lets everyone do anything. Here each request to AWS that a function makes is compared with what
`.chalice/policy-*.json` allows that function, in every test that drives the product.
"""

from __future__ import annotations

import functools
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import pytest
from botocore.client import BaseClient

from chalicelib.routing.places import is_page
from chalicelib.secret_versions import StoredSecret, Version
from infra.local.gateway import Gateway, Request
from infra.local.pump import Pump
from infra.package import ROOT

Permission = tuple[str, str]
"""An action and the resource it is done to, such as ("dynamodb:Query", "TenantTable/index/gsi1")."""

TABLES = {"TENANT_TABLE": "TenantTable", "PLATFORM_TABLE": "PlatformTable", "INSIGHT_TABLE": "InsightTable"}
SECRETS = {
    f"{kind}_SECRET": f"{kind.title()}Secret" for kind in ("TOKEN", "LINK", "PAYMENT", "WEBHOOK", "MESSAGE", "EDGE")
}
FILES = {
    "GetObject": ("GetObject",),
    "HeadObject": ("GetObject",),
    "PutObject": ("PutObject",),
    "CopyObject": ("GetObject", "PutObject"),
    "DeleteObject": ("DeleteObject",),
}
IN_TRANSACTION = {
    "Put": "PutItem",
    "Update": "UpdateItem",
    "Delete": "DeleteItem",
    "ConditionCheck": "ConditionCheckItem",
}

_function: ContextVar[str | None] = ContextVar("function", default=None)
_refused: list[str] = []


def needed(service: str, operation: str, params: dict[str, Any]) -> set[Permission]:  # noqa: C901 - a table
    """The permissions that a request needs. What is not known here is never permitted."""
    match service, operation:
        case "dynamodb", "TransactWriteItems":
            changes = [change for item in params["TransactItems"] for change in item.items()]
            return {(f"dynamodb:{IN_TRANSACTION[kind]}", _table(each["TableName"])) for kind, each in changes}
        case "dynamodb", "BatchGetItem" | "BatchWriteItem":
            return {(f"dynamodb:{operation}", _table(name)) for name in params["RequestItems"]}
        case "dynamodb", _:
            index = f"/index/{params['IndexName']}" if "IndexName" in params else ""
            return {(f"dynamodb:{operation}", _table(params["TableName"]) + index)}
        case "sqs", "SendMessage" | "SendMessageBatch":
            name = params["QueueUrl"].rpartition("/")[2].removeprefix("lintuan-")
            return {("sqs:SendMessage", f"{name.capitalize()}Queue")}
        case "s3", "ListObjectsV2":
            return {("s3:ListBucket", "MediaBucket")}
        case "s3", "ListObjectVersions":
            return {("s3:ListBucketVersions", "MediaBucket")}
        case "s3", "DeleteObject" if "VersionId" in params:
            return {("s3:DeleteObjectVersion", "MediaBucket/*")}
        case "s3", _ if operation in FILES:
            return {(f"s3:{action}", "MediaBucket/*") for action in (*FILES[operation], *_tagging(params))}
        case "cloudfront", _:
            return {(f"cloudfront:{operation}", "distribution-tenant")}
        case "secretsmanager", "GetSecretValue":
            return {("secretsmanager:GetSecretValue", params["SecretId"])}
        case "ses", "SendRawEmail":
            return {("ses:SendRawEmail", "identity/${MailIdentity}")}
        case "sns", "Publish" if "PhoneNumber" in params:
            return {("sns:Publish", "anything but a topic")}
    return {(f"{service}:{operation}", "unknown to tests/permissions.py")}


def _tagging(params: dict[str, Any]) -> list[str]:
    return ["PutObjectTagging"] if "Tagging" in params else []


@functools.cache
def allowed(function: str) -> frozenset[Permission]:
    """What the policy file of a function allows it."""
    config = json.loads((ROOT / ".chalice" / "config.json").read_text())["stages"]["prod"]["lambda_functions"]
    policy = json.loads((ROOT / ".chalice" / config[function]["iam_policy_file"]).read_text())
    return frozenset(
        (action, name)
        for statement in policy["Statement"]
        for action in statement["Action"]
        for name in (map(_named, statement["Resource"]) if "Resource" in statement else ("anything but a topic",))
    )


def _named(resource: Any) -> str:
    if isinstance(resource, dict) and "Fn::If" in resource:
        return _named(resource["Fn::If"][1])
    if isinstance(resource, dict) and "Fn::Sub" in resource:
        text = str(resource["Fn::Sub"])
        if ":cloudfront:" in text:
            return text.rpartition(":")[2].partition("/")[0]
        return text[text.index("identity/") :] if "identity/" in text else text.replace("${", "").replace(".Arn}", "")
    return str(resource["Fn::GetAtt"][0] if "Fn::GetAtt" in resource else resource["Ref"])


def _table(name: str) -> str:
    return next((logical for variable, logical in TABLES.items() if os.environ.get(variable) == name), name)


def _secret(version: Version) -> str | None:
    """What the template calls a secret, which tests give by the environment; None for one that a test has made up."""
    given = (logical for variable, logical in SECRETS.items() if os.environ[variable].encode() == version.secret)
    return next(given, None)


def _serving(path: str) -> str | None:
    """The function that answers a request."""
    if path.startswith("/local/"):
        return None
    return "pages" if is_page(path) else "api_handler"


@contextmanager
def _acting_as(function: str | None) -> Iterator[None]:
    token = _function.set(function)
    try:
        yield
    finally:
        _function.reset(token)


@pytest.fixture(scope="session", autouse=True)
def _watch_functions() -> Iterator[None]:
    call, answer, request = Pump._call, Gateway.answer, BaseClient._make_api_call  # type: ignore[attr-defined]
    current = StoredSecret.current

    def watched_call(self: Pump, function: str, *given: Any) -> Any:
        with _acting_as(function):
            return call(self, function, *given)

    def watched_answer(self: Gateway, asked: Request) -> Any:
        with _acting_as(_serving(asked.path)):
            return answer(self, asked)

    def watched_request(self: Any, operation: str, params: dict[str, Any]) -> Any:
        function = _function.get()
        if function:
            missing = needed(self.meta.service_model.service_name, operation, params) - allowed(function)
            _refused.extend(f"{function} may not {action} {resource}" for action, resource in missing)
        return request(self, operation, params)

    def watched_current(self: StoredSecret) -> Version:
        read, function = current(self), _function.get()
        logical = _secret(read) if function and self._given else None
        if function and logical and ("secretsmanager:GetSecretValue", logical) not in allowed(function):
            _refused.append(f"{function} may not read {logical}")
        return read

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Pump, "_call", watched_call)
        patch.setattr(Gateway, "answer", watched_answer)
        patch.setattr(BaseClient, "_make_api_call", watched_request)
        patch.setattr(StoredSecret, "current", watched_current)
        yield


@pytest.fixture(autouse=True)
def permitted(_watch_functions: None) -> Iterator[None]:
    """Fails a test in which a function did what its policy file does not allow."""
    _refused.clear()
    yield
    if _refused:
        pytest.fail("; ".join(sorted(set(_refused))))
