"""Who may do what: each function has a policy of its own, which allows what it does and no more."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from typing import Any

import pytest

import app
from chalicelib.own_domains.records import HostClaim
from chalicelib.rate_limits.model import Budget
from chalicelib.rate_limits.records import SpentBudget
from infra.package import ROOT
from tests.template.conftest import Resource, nodes, of_type, sources, target

FOLDER = ROOT / ".chalice"
FUNCTIONS = sorted(["api_handler", *(each.name for each in (*app.app.event_sources, *app.app.pure_lambda_functions))])
CONFIG = json.loads((FOLDER / "config.json").read_text())
CONFIGURED = CONFIG["stages"]["prod"]["lambda_functions"]
EDGES = {"api_handler", "pages"}
"""The functions that answer HTTP."""


def test_every_function_has_a_policy_file_of_its_own_and_none_is_left_over() -> None:
    files = [CONFIGURED[name]["iam_policy_file"] for name in FUNCTIONS]

    assert sorted(CONFIGURED) == FUNCTIONS
    assert CONFIG["autogen_policy"] is False
    assert sorted(files) == sorted(path.name for path in FOLDER.glob("policy-*.json"))


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_policy_names_its_actions_and_resources(name: str) -> None:
    for statement in _statements(name):
        assert all(":" in action and "*" not in action for action in statement["Action"])
        assert not any(_wild(resource) for resource in statement.get("Resource", ()))


def test_no_role_of_the_template_reaches_any_resource(template: Resource) -> None:
    for name, role in of_type(template, "AWS::IAM::Role").items():
        for node in nodes(role.get("Policies", [])):
            if node.get("Effect") == "Allow":
                assert not any(_wild(resource) for resource in node.get("Resource", ())), name


def test_the_one_permission_without_a_resource_is_to_text_phones() -> None:
    """A phone number has no ARN, so SMS is allowed as AWS documents it: to publish, but not to any topic."""
    unnamed = [(name, each) for name in FUNCTIONS for each in _statements(name) if "Resource" not in each]

    ((name, statement),) = unnamed
    assert (name, statement["Action"]) == ("notify_worker", ["sns:Publish"])
    assert statement["NotResource"] == [{"Fn::Sub": "arn:${AWS::Partition}:sns:*:*:*"}]


def test_every_reference_of_a_policy_is_declared(template: Resource) -> None:
    known = set(template["Resources"]) | set(template["Parameters"])
    for name in FUNCTIONS:
        for statement in _statements(name):
            for resource in statement.get("Resource", ()):
                each = resource["Fn::If"][1] if "Fn::If" in resource else resource
                named = re.findall(r"\$\{([A-Za-z]+)\}", str(each))  # inside an address that is written out
                of_account = "${AWS::AccountId}" in str(each) and not named
                assert of_account or target(each) in known or set(named) & known


def test_a_worker_takes_from_its_own_queue_alone(functions: dict[str, Resource]) -> None:
    for logical_id, source in sources(functions, "SQS").items():
        name = functions[logical_id]["Handler"].removeprefix("app.")
        consumed = _resources(name, "sqs:ReceiveMessage")
        assert consumed == _resources(name, "sqs:DeleteMessage") == {target(source["Queue"])}


def test_the_sweep_reads_the_due_index_and_no_content() -> None:
    for name in ("sweep", "nightly"):
        reads = [s for s in _statements(name) if any(action.startswith("dynamodb:") for action in s["Action"])]
        assert [(s["Action"], s["Resource"]) for s in reads] == [
            (["dynamodb:Query"], [{"Fn::Sub": "${TenantTable.Arn}/index/due"}])
        ]


def test_secrets_and_the_platforms_registry_are_read_by_those_who_need_them_alone() -> None:
    readers = {name: _resources(name, "secretsmanager:GetSecretValue") for name in FUNCTIONS}
    assert {name for name, secrets in readers.items() if "TokenSecret" in secrets} == EDGES, "who signs tokens"
    assert {name for name, secrets in readers.items() if "LinkSecret" in secrets} == {
        *EDGES, "notify_worker", "service_worker",
    }  # fmt: skip
    sealed = {name for name, secrets in readers.items() if "PaymentSecret" in secrets}
    assert sealed == {*EDGES, "payments_worker"}, "those who call the stores' payment providers"
    signing = {name for name, secrets in readers.items() if "WebhookSecret" in secrets}
    assert signing == {*EDGES, "webhooks_worker"}, "those who call the stores' webhooks"
    opened = {name for name, secrets in readers.items() if "MessageSecret" in secrets}
    assert opened == {*EDGES, "notify_worker"}, "those who send by the stores' official accounts"
    seen = {name for name, secrets in readers.items() if "EdgeSecret" in secrets}
    assert seen == {"pages"}, "who hears by which domain a page was asked for"
    assert {name for name in FUNCTIONS if "PlatformTable" in _resources(name, "dynamodb:GetItem")} == {
        *EDGES, "webhooks_worker",
    }  # fmt: skip


def test_the_worker_that_proves_domains_sees_hosts_and_nothing_else_of_the_platform() -> None:
    platform = [
        s for s in _statements("webhooks_worker") if {"Fn::GetAtt": ["PlatformTable", "Arn"]} in s.get("Resource", ())
    ]
    (statement,) = platform
    assert statement["Condition"] == {"ForAllValues:StringLike": {"dynamodb:LeadingKeys": ["host#*"]}}
    assert HostClaim.address("shop.example.com")[0].startswith("host#")


def test_the_worker_that_has_invitations_leave_sees_budgets_and_nothing_else_of_the_platform() -> None:
    platform = [
        s for s in _statements("service_worker") if {"Fn::GetAtt": ["PlatformTable", "Arn"]} in s.get("Resource", ())
    ]
    (statement,) = platform
    assert statement["Action"] == ["dynamodb:BatchGetItem", "dynamodb:UpdateItem"]
    assert statement["Condition"] == {"ForAllValues:StringLike": {"dynamodb:LeadingKeys": ["budget#*"]}}
    budget = Budget.of("texts_a_day", "prospects")
    assert SpentBudget.address(budget, datetime.now(UTC))[0].startswith("budget#")


def test_pages_may_do_no_more_than_the_api() -> None:
    log = ("logs:PutLogEvents", "logs:CreateLogStream")
    pages, api = (
        {(action, str(each)) for s in _statements(name) for action in s["Action"] for each in s["Resource"]}
        for name in ("pages", "api_handler")
    )
    key = ("secretsmanager:GetSecretValue", str({"Ref": "EdgeSecret"}))
    assert {action for action, _ in pages - api - {key}} == set(log), "each writes its own log"


def test_the_worker_that_sends_counts_budgets_and_reads_none_of_the_platform() -> None:
    platform = [
        s["Action"]
        for s in _statements("notify_worker")
        if {"Fn::GetAtt": ["PlatformTable", "Arn"]} in s.get("Resource", ())
    ]
    assert platform == [["dynamodb:UpdateItem"]]


def test_nobody_may_scan_a_table() -> None:
    for name in FUNCTIONS:
        assert not _resources(name, "dynamodb:Scan"), name


def _statements(name: str) -> list[dict[str, Any]]:
    policy = json.loads((FOLDER / CONFIGURED[name]["iam_policy_file"]).read_text())
    statements: list[dict[str, Any]] = policy["Statement"]
    return statements


def _resources(name: str, action: str) -> set[str]:
    allowing = [statement for statement in _statements(name) if action in statement["Action"]]
    return {target(resource) for statement in allowing for resource in statement.get("Resource", ())}


def _wild(resource: Any) -> bool:
    """Whether a resource is anything at all, or anything of a kind. The objects of one named bucket are not, nor what
    the product makes itself at the edge, and names then.
    """
    text = resource if isinstance(resource, str) else str(resource.get("Fn::Sub", ""))
    for made in ("${MediaBucket.Arn}/*", ":distribution-tenant/*", ":acm:us-east-1:${AWS::AccountId}:certificate/*"):
        text = text.replace(made, "")
    return "*" in text
