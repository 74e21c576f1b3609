"""What infra/resources.yaml declares exists in the engine, and the environment names it."""

from __future__ import annotations

import copy
import json
import os

import pytest

from infra.local import resources, template
from infra.local.engine import Engine
from infra.local.resources import ShapeChanged, client


def test_tables_have_the_declared_keys_indexes_stream_and_expiry(kept_engine: Engine) -> None:
    made = resources.create(kept_engine)
    table = client(kept_engine, "dynamodb").describe_table(TableName=made.tables["TenantTable"])["Table"]
    assert [key["AttributeName"] for key in table["KeySchema"]] == ["pk", "sk"]
    assert {index["IndexName"] for index in table["GlobalSecondaryIndexes"]} == {"gsi1", "gsi2", "due"}
    assert table["StreamSpecification"]["StreamViewType"] == "NEW_AND_OLD_IMAGES"
    expiry = client(kept_engine, "dynamodb").describe_time_to_live(TableName=made.tables["TenantTable"])
    assert expiry["TimeToLiveDescription"]["AttributeName"] == "expires_at"


def test_every_queue_that_is_worked_off_has_its_visibility_and_dead_letters(engine: Engine) -> None:
    made = resources.create(engine)
    declared = template.of_type(made.document, "AWS::SQS::Queue")
    worked_off = {name: queue for name, queue in made.queues.items() if queue.dead_letters}
    assert worked_off
    for name, queue in worked_off.items():
        stored = client(engine, "sqs").get_queue_attributes(QueueUrl=queue.url, AttributeNames=["All"])["Attributes"]
        assert stored["VisibilityTimeout"] == str(declared[name]["VisibilityTimeout"])
        redrive = json.loads(stored["RedrivePolicy"])
        assert redrive["deadLetterTargetArn"].endswith(f":{queue.dead_letters}")
        assert int(redrive["maxReceiveCount"]) == queue.receives


def test_creating_again_changes_nothing(engine: Engine) -> None:
    assert resources.create(engine) == resources.create(engine)


def test_the_environment_is_that_of_the_deployed_functions(engine: Engine) -> None:
    made = resources.create(engine)
    declared = set(template.variables(made.document))
    # Secrets and the host are AWS's own; here they are in the environment itself.
    assert declared - set(made.environment) == {
        "TOKEN_SECRET_ARN",
        "LINK_SECRET_ARN",
        "PAYMENT_SECRET_ARN",
        "WEBHOOK_SECRET_ARN",
        "MESSAGE_SECRET_ARN",
        "EDGE_SECRET_ARN",
        "MAIL_EVENTS",
        "PUBLIC_URL",
    }
    assert os.environ["TENANT_TABLE"] == made.tables["TenantTable"]
    assert made.environment["QUEUE_ORDERS"] == made.queues["OrdersQueue"].url


def test_data_of_another_shape_is_refused_with_what_to_do(engine: Engine) -> None:
    changed = copy.deepcopy(dict(template.load()))
    changed["Resources"]["TenantTable"]["Properties"]["GlobalSecondaryIndexes"].pop()
    with pytest.raises(ShapeChanged, match="make reset"):
        resources.create(engine, changed)


def test_intrinsic_functions() -> None:
    def lookup(logical_id: str, attribute: str | None) -> str:
        return f"<{logical_id}.{attribute}>" if attribute else f"<{logical_id}>"

    joined = {"Fn::Join": ["-", ["a", {"Ref": "Table"}]]}
    assert template.resolve({"Ref": "Table"}, lookup) == "<Table>"
    assert template.resolve({"Fn::GetAtt": ["Queue", "Arn"]}, lookup) == "<Queue.Arn>"
    assert template.resolve({"Fn::Sub": "${AWS::StackName}-${Queue.Arn}-${!kept}"}, lookup) == (
        "lintuan-<Queue.Arn>-${!kept}"
    )
    assert template.resolve({"Fn::Sub": ["${Name}", {"Name": joined}]}, lookup) == "a-<Table>"
    with pytest.raises(KeyError):
        template.resolve({"Fn::ImportValue": "x"}, lookup)
