"""The packaged template: what CloudFormation would be given."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

import app
from chalicelib.media.service.files import KEPT
from chalicelib.routing import CORS
from chalicelib.routing.index import INDEX, PAGES_INDEX
from chalicelib.routing.places import PAGES_UNDER, is_page
from chalicelib.telemetry import metrics
from infra.package import Package
from tests.template.conftest import Resource, nodes, of_type, sources, target


def test_every_handler_is_a_function_of_the_map(functions: dict[str, Resource]) -> None:
    modules = {name: properties["Handler"].split(".") for name, properties in functions.items()}

    assert {module for module, _ in modules.values()} == {"app"}
    others = (*app.app.event_sources, *app.app.pure_lambda_functions)
    assert {attribute for _, attribute in modules.values()} == {"app"} | {each.name for each in others}


def test_functions_run_the_python_that_the_zip_is_compiled_for(functions: dict[str, Resource]) -> None:
    assert {properties["Runtime"] for properties in functions.values()} == {"python3.11"}


def test_memory_and_timeout_are_chosen_not_defaults(functions: dict[str, Resource]) -> None:
    for name, properties in functions.items():
        assert properties["MemorySize"] >= 256, name
        assert properties["Timeout"] <= (900 if name == "RecomputeWorker" else 300), name
    for name in ("APIHandler", "Pages"):
        assert functions[name]["Timeout"] < 29, "the gateway gives up after 29 seconds"


def test_every_queue_source_reports_partial_failures(functions: dict[str, Resource]) -> None:
    workers = sources(functions, "SQS")

    assert len(workers) == 14
    for name, source in workers.items():
        assert source["FunctionResponseTypes"] == ["ReportBatchItemFailures"], name


def test_every_queue_has_a_dead_letter_queue_that_keeps_longer(template: Resource) -> None:
    queues = of_type(template, "AWS::SQS::Queue")

    for name in _worked(template):
        redrive = queues[name]["RedrivePolicy"]
        dead = queues[target(redrive["deadLetterTargetArn"])]
        assert 3 <= redrive["maxReceiveCount"] <= 10, name
        assert dead["MessageRetentionPeriod"] > queues[name]["MessageRetentionPeriod"], name


def test_messages_stay_hidden_for_six_timeouts(template: Resource, functions: dict[str, Resource]) -> None:
    queues = of_type(template, "AWS::SQS::Queue")

    for name, source in sources(functions, "SQS").items():
        needed = 6 * functions[name]["Timeout"] + source["MaximumBatchingWindowInSeconds"]
        assert queues[target(source["Queue"])]["VisibilityTimeout"] >= needed, name


def test_a_worker_takes_from_the_queue_that_the_map_names(template: Resource, functions: dict[str, Resource]) -> None:
    declared = {each.name: each.queue for each in app.app.event_sources if hasattr(each, "queue")}
    queues = of_type(template, "AWS::SQS::Queue")

    for name, source in sources(functions, "SQS").items():
        stack_queue = queues[target(source["Queue"])]["QueueName"]["Fn::Sub"]
        worker = functions[name]["Handler"].removeprefix("app.")
        assert stack_queue.replace("${AWS::StackName}", "lintuan") == declared[worker]


def test_the_stream_is_the_tenant_tables_and_loses_nothing(functions: dict[str, Resource]) -> None:
    (source,) = sources(functions, "DynamoDB").values()

    assert source["Stream"] == {"Fn::GetAtt": ["TenantTable", "StreamArn"]}
    assert source["StartingPosition"] == "TRIM_HORIZON"
    assert source["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    assert source["BisectBatchOnFunctionError"] is True
    assert target(source["DestinationConfig"]["OnFailure"]["Destination"]) == "RelayDeadLetters"
    (only,) = source["FilterCriteria"]["Filters"]
    assert json.loads(only["Pattern"]) == {"dynamodb": {"NewImage": {"outbox": {"S": [{"exists": True}]}}}}


@pytest.mark.parametrize("function", ["Relay", "Sweep"])
def test_a_flood_of_requests_starves_neither_events_nor_deadlines(
    template: Resource, functions: dict[str, Resource], function: str
) -> None:
    """Each keeps executions of its own; an account that has none to spare says 0."""
    parameter = template["Parameters"][f"{function}Concurrency"]
    ((condition, then, otherwise),) = functions[function]["ReservedConcurrentExecutions"].values()

    assert (then, otherwise) == ({"Ref": f"{function}Concurrency"}, {"Ref": "AWS::NoValue"})
    assert template["Conditions"][condition] == {"Fn::Not": [{"Fn::Equals": [{"Ref": f"{function}Concurrency"}, 0]}]}
    assert (parameter["Type"], parameter["MinValue"]) == ("Number", 0)
    assert parameter["Default"] > 1


def test_no_intrinsic_has_a_second_key(template: Resource) -> None:
    broken = [node for node in nodes(template) if len(node) > 1 and any(_intrinsic(key) for key in node)]

    assert broken == []


def test_every_table_survives_mistakes(template: Resource) -> None:
    for name in ("PlatformTable", "TenantTable", "InsightTable"):
        table, properties = template["Resources"][name], template["Resources"][name]["Properties"]
        assert properties["BillingMode"] == "PAY_PER_REQUEST"
        assert properties["DeletionProtectionEnabled"] is True
        assert properties["PointInTimeRecoverySpecification"] == {"PointInTimeRecoveryEnabled": True}
        assert properties["SSESpecification"] == {"SSEEnabled": True}
        assert (table["DeletionPolicy"], table["UpdateReplacePolicy"]) == ("Retain", "Retain")


def test_the_bucket_is_private_encrypted_and_forgets(template: Resource) -> None:
    bucket = template["Resources"]["MediaBucket"]["Properties"]

    assert set(bucket["PublicAccessBlockConfiguration"].values()) == {True}
    assert len(bucket["PublicAccessBlockConfiguration"]) == 4
    assert bucket["BucketEncryption"]["ServerSideEncryptionConfiguration"]
    rules = bucket["LifecycleConfiguration"]["Rules"]
    assert all(rule["Status"] == "Enabled" for rule in rules)
    (passing,) = (rule for rule in rules if "TagFilters" in rule)
    assert passing["TagFilters"] == [{"Key": "lasting", "Value": "no"}]
    assert passing["ExpirationInDays"] == KEPT.days


def test_logs_end_and_traces_begin_at_every_function(template: Resource, functions: dict[str, Resource]) -> None:
    groups = of_type(template, "AWS::Logs::LogGroup")

    for name, properties in functions.items():
        assert properties["Tracing"] == "Active", name
        assert groups[target(properties["LoggingConfig"]["LogGroup"])]["RetentionInDays"] == 90, name


def test_there_is_an_alarm_for_every_dead_letter_queue(template: Resource) -> None:
    dead = {name for name in of_type(template, "AWS::SQS::Queue") if name.endswith("DeadLetters")}

    assert len(dead) == 15
    assert _alarmed(template, "ApproximateNumberOfMessagesVisible") == dead


@pytest.mark.parametrize("metric", ["Errors", "Throttles"])
def test_one_alarm_watches_all_functions_however_many(template: Resource, metric: str) -> None:
    alarms = of_type(template, "AWS::CloudWatch::Alarm").values()
    (alarm,) = [alarm for alarm in alarms if alarm.get("MetricName") == metric]

    assert alarm["Namespace"] == "AWS/Lambda"
    assert "Dimensions" not in alarm, "with a dimension, it would be the alarm of one function"
    assert (alarm["Statistic"], alarm["Threshold"], alarm["Period"]) == ("Sum", 1, 60)


def test_alarms_notice_what_does_not_happen(template: Resource) -> None:
    assert _alarmed(template, "IteratorAge") == {"Relay"}
    assert template["Resources"]["SweepSilent"]["Properties"]["TreatMissingData"] == "breaching"
    for name, alarm in of_type(template, "AWS::CloudWatch::Alarm").items():
        assert alarm["AlarmActions"] == [{"Ref": "AlarmTopic"}], name


def test_a_queue_costs_four_resources(template: Resource, functions: dict[str, Resource]) -> None:
    """Queue, dead letters, one alarm for both, and the worker; each function has a role and a log."""
    for worker, source in sources(functions, "SQS").items():
        queue = target(source["Queue"])
        dead = target(of_type(template, "AWS::SQS::Queue")[queue]["RedrivePolicy"]["deadLetterTargetArn"])
        own = {queue, dead, worker, *(name for name, found in template["Resources"].items() if _of(found, dead))}
        assert {template["Resources"][name]["Type"] for name in own - {queue, worker}} == {
            "AWS::SQS::Queue", "AWS::CloudWatch::Alarm",
        }, queue  # fmt: skip
        assert len(own) == 4, own


def test_the_stack_is_far_from_what_it_may_hold(template: Resource, functions: dict[str, Resource]) -> None:
    resources = template["Resources"]
    mappings = sum(len(function.get("Events", {})) for function in functions.values())
    api = 2  # CloudFormation makes a deployment and a stage of it

    assert len(resources) + mappings + api <= 165, "of 500; a new queue may add its four, a role, a log and a mapping"
    assert len(of_type(template, "AWS::CloudWatch::Alarm")) <= len(of_type(template, "AWS::SQS::Queue"))


def test_neither_template_nor_gateway_grows_with_routes(described: Package, template: Resource) -> None:
    paths = template["Resources"]["RestAPI"]["Properties"]["DefinitionBody"]["paths"]

    methods = {"delete", "get", "head", "options", "patch", "post", "put"}
    entrances = ["/", "/{proxy+}", *(f"/{under}/{{proxy+}}" for under in PAGES_UNDER)]
    assert {path: set(found) for path, found in paths.items()} == dict.fromkeys(entrances, methods), "4 of 300"
    text = described.template.read_text()
    assert not [path for path in (*INDEX, *PAGES_INDEX) if path.startswith(("/v1/", "/s/")) and path in text]
    assert len(text.encode()) < 150_000, "of 1 MB"


def test_the_gateway_passes_pages_to_their_function_and_all_else_to_the_api(template: Resource) -> None:
    definition = template["Resources"]["RestAPI"]["Properties"]["DefinitionBody"]

    for path, methods in definition["paths"].items():
        function = "Pages" if is_page(path) else "APIHandler"
        for operation in methods.values():
            integration = operation["x-amazon-apigateway-integration"]
            assert (integration["type"], integration["httpMethod"]) == ("aws_proxy", "POST")
            assert f"functions/${{{function}.Arn}}/invocations" in integration["uri"]["Fn::Sub"], path
            if path != "/":
                (proxy,) = operation["parameters"]
                assert (proxy["name"], proxy["in"], proxy["required"]) == ("proxy", "path", True)
    assert definition["x-amazon-apigateway-binary-media-types"] == app.app.api.binary_types


def test_the_gateway_of_this_api_and_no_other_may_call_what_answers_it(template: Resource) -> None:
    permissions = of_type(template, "AWS::Lambda::Permission")

    assert {target(each["FunctionName"]) for each in permissions.values()} == {"APIHandler", "Pages"}
    for name, permission in permissions.items():
        source = str(permission["SourceArn"]["Fn::Sub"])
        assert permission["Principal"] == "apigateway.amazonaws.com", name
        assert "RestAPI" in source, name
        assert "execute-api:${AWS::Region}:${AWS::AccountId}:" in source, name


def test_a_sign_in_code_that_is_dropped_is_an_alarm(template: Resource) -> None:
    alarm = template["Resources"]["SignInCodesDropped"]["Properties"]

    watched = alarm["Namespace"], alarm["MetricName"], alarm["Dimensions"]
    assert watched == (metrics.namespace, "SignInCodesDropped", [{"Name": "service", "Value": metrics.service}])
    assert (alarm["Statistic"], alarm["Threshold"]) == ("Sum", 1)


@pytest.mark.parametrize(
    ("name", "threshold"), [("MoneyNeedsAPerson", 1), ("ProvidersNotAsked", 10), ("MessagesDead", 1)]
)
def test_money_that_needs_a_person_is_an_alarm_and_so_is_a_provider_that_is_away(
    template: Resource, name: str, threshold: int
) -> None:
    alarm = template["Resources"][name]["Properties"]

    watched = alarm["Namespace"], alarm["MetricName"], alarm["Dimensions"]
    assert watched == (metrics.namespace, name, [{"Name": "service", "Value": metrics.service}])
    assert (alarm["Statistic"], alarm["Period"], alarm["Threshold"]) == ("Sum", 900, threshold)


def test_used_up_text_messages_are_an_alarm(template: Resource) -> None:
    alarm = template["Resources"]["TextsUsedUp"]["Properties"]

    watched = alarm["Namespace"], alarm["MetricName"], alarm["Dimensions"]
    assert watched == (metrics.namespace, "TextsUsedUp", [{"Name": "service", "Value": metrics.service}])
    assert (alarm["Statistic"], alarm["Threshold"]) == ("Sum", 1)


def test_a_firewall_limits_what_one_address_sends_unless_it_is_left_out(template: Resource) -> None:
    wall, association = (template["Resources"][name] for name in ("Firewall", "FirewallOfApi"))
    rule, by_edge = wall["Properties"]["Rules"]

    assert wall["Condition"] == association["Condition"] == "HasFirewall"
    assert template["Parameters"]["RequestsASource"]["Default"] >= 10, "on, unless a stage leaves it out"
    assert rule["Action"] == {"Block": {}}
    rate = rule["Statement"]["RateBasedStatement"]
    assert (rate["AggregateKeyType"], rate["Limit"]) == ("IP", {"Ref": "RequestsASource"})
    viewer = by_edge["Statement"]["RateBasedStatement"]
    assert rate["ScopeDownStatement"] == {"NotStatement": {"Statement": viewer["ScopeDownStatement"]}}, (
        "each counts once"
    )
    assert viewer["CustomKeys"][0]["Header"]["Name"] == "x-shop-viewer"
    assert (viewer["Limit"], by_edge["Action"]) == ({"Ref": "RequestsASource"}, {"Block": {}})
    assert target(association["Properties"]["WebACLArn"]) == "Firewall"
    assert "/restapis/${RestAPI}/stages/${RestAPI.Stage}" in association["Properties"]["ResourceArn"]["Fn::Sub"]


def test_the_gateway_logs_who_called_and_no_secret_of_theirs(template: Resource) -> None:
    condition, setting, _ = template["Resources"]["RestAPI"]["Properties"]["AccessLogSetting"]["Fn::If"]
    line = json.loads(setting["Format"])

    assert (condition, template["Parameters"]["AccessLog"]["Default"]) == ("HasAccessLog", "on")
    assert line["source"] == "$context.identity.sourceIp"
    assert line["request_id"] == "$context.requestId"
    assert not re.search(r"path|query|header|authorization", setting["Format"], re.IGNORECASE)
    assert of_type(template, "AWS::Logs::LogGroup")[target(setting["DestinationArn"])]["RetentionInDays"] == 30
    assert template["Resources"]["AccessLogs"]["DependsOn"] == "GatewayLogging", "whose role must be there first"


def test_every_function_knows_the_limits_of_its_stage(template: Resource) -> None:
    assert template["Globals"]["Function"]["Environment"]["Variables"]["LIMITS"] == {"Ref": "Limits"}
    assert json.loads(template["Parameters"]["Limits"]["Default"]) == {}


def test_the_gateways_own_refusals_are_problem_documents(template: Resource) -> None:
    refusals = template["Resources"]["RestAPI"]["Properties"]["GatewayResponses"]

    assert {"DEFAULT_4XX", "DEFAULT_5XX", "UNAUTHORIZED", "ACCESS_DENIED", "THROTTLED"} <= set(refusals)
    for name, refusal in refusals.items():
        headers = refusal["ResponseParameters"]["Headers"]
        assert headers["Content-Type"] == "'application/problem+json'", name
        assert (headers["Cache-Control"], headers["X-Content-Type-Options"]) == ("'no-store'", "'nosniff'"), name
        for header in ("Access-Control-Allow-Origin", "Access-Control-Expose-Headers"):
            assert headers[header] == f"'{CORS.get_access_control_headers()[header]}'", name
        assert {"type", "title", "detail", "code", "request_id"} <= set(_answer(refusal)), name
        assert name.startswith("DEFAULT") or str(_answer(refusal)["status"]) == refusal["StatusCode"], name


def _answer(refusal: Resource) -> dict[str, Any]:
    text = refusal["ResponseTemplates"]["application/json"]
    filled = text.replace("$context.error.messageString", '"why"')
    document: dict[str, Any] = json.loads(filled)
    assert not re.search(r"\$(?!context\.requestId)", filled), "a variable that the gateway does not know"
    return document


def _intrinsic(key: str) -> bool:
    return key == "Ref" or key.startswith("Fn::")


def _worked(template: Resource) -> set[str]:
    functions = of_type(template, "AWS::Serverless::Function")
    return {target(source["Queue"]) for source in sources(functions, "SQS").values()}


def _alarmed(template: Resource, metric: str) -> set[str]:
    alarms = of_type(template, "AWS::CloudWatch::Alarm").values()
    return {target(alarm["Dimensions"][0]["Value"]) for alarm in alarms if alarm.get("MetricName") == metric}


def _of(resource: Resource, queue: str) -> bool:
    """Whether it is an alarm of the queue."""
    dimensions = resource["Properties"].get("Dimensions", []) if resource["Type"].endswith("::Alarm") else []
    return any(target(each["Value"]) == queue for each in dimensions if isinstance(each["Value"], dict))
