"""What is said to DynamoDB, and what is understood of it, is what botocore would say and understand."""

from __future__ import annotations

import json
from base64 import b64encode
from typing import Any

import pytest
from botocore.parsers import JSONParser
from botocore.serialize import JSONSerializer
from botocore.session import get_session

from chalicelib.db import client as product
from chalicelib.db.wire import Reader, Writer

ITEM: dict[str, Any] = {
    "pk": {"S": "品牌#1"}, "n": {"N": "-7.5"}, "yes": {"BOOL": True}, "none": {"NULL": True},
    "bits": {"B": b"\x00\xff"}, "names": {"SS": ["a", "b"]}, "numbers": {"NS": ["1", "2"]},
    "many": {"BS": [b"\x01", b""]}, "list": {"L": [{"S": ""}, {"B": b"in a list"}, {"L": []}]},
    "map": {"M": {"B": {"S": "named like a type"}, "deep": {"M": {"bits": {"B": b"in a map"}}}}},
}  # fmt: skip
REQUESTS = [
    ("BatchWriteItem", {"RequestItems": {"t": [{"PutRequest": {"Item": ITEM}}, {"DeleteRequest": {"Key": ITEM}}]}}),
    ("BatchGetItem", {"RequestItems": {"t": {"Keys": [ITEM], "ConsistentRead": True}}}),
    ("TransactWriteItems", {
        "ClientRequestToken": "token",
        "TransactItems": [{"Put": {"TableName": "t", "Item": ITEM, "ConditionExpression": "attribute_exists (#0)"}}],
    }),
    ("Query", {"TableName": "t", "Limit": 5, "ScanIndexForward": False, "ExclusiveStartKey": ITEM}),
]  # fmt: skip
STORED = json.loads(json.dumps(ITEM, default=lambda raw: b64encode(raw).decode()))
ANSWERS = [
    ("GetItem", 200, {"Item": STORED, "ConsumedCapacity": {"TableName": "t", "CapacityUnits": 0.5}}),
    ("Query", 200, {"Items": [STORED, {}], "Count": 2, "ScannedCount": 3, "LastEvaluatedKey": STORED, "Later": [1]}),
    ("BatchGetItem", 200, {"Responses": {"t": [STORED]}, "UnprocessedKeys": {"t": {"Keys": [STORED]}}}),
    ("BatchWriteItem", 200, {"UnprocessedItems": {"t": [{"PutRequest": {"Item": STORED}}]}}),
    ("TransactWriteItems", 400, {
        "__type": "com.amazonaws.dynamodb.v20120810#TransactionCanceledException", "Message": "Transaction cancelled",
        "CancellationReasons": [{"Code": "None"}, {"Code": "ConditionalCheckFailed", "Item": STORED, "Message": None}],
    }),
]  # fmt: skip


@pytest.fixture(scope="module")
def service() -> Any:
    return get_session().get_service_model("dynamodb")


@pytest.mark.parametrize(("operation", "said"), REQUESTS)
def test_requests_say_what_botocore_would_say(service: Any, operation: str, said: dict[str, Any]) -> None:
    described = service.operation_model(operation)
    assert Writer().serialize_to_request(said, described) == JSONSerializer().serialize_to_request(said, described)


def test_what_dynamodb_cannot_keep_is_refused(service: Any) -> None:
    with pytest.raises(TypeError, match="set is nothing that DynamoDB keeps"):
        Writer().serialize_to_request({"Key": {"a": {"SS": {"a"}}}}, service.operation_model("GetItem"))


@pytest.mark.parametrize(("operation", "status", "said"), ANSWERS)
def test_answers_are_read_as_botocore_reads_them(
    service: Any, operation: str, status: int, said: dict[str, Any]
) -> None:
    described = service.operation_model(operation)
    shapes = [described.output_shape, *(described.error_shapes if status > 200 else ())]
    for shape in shapes:
        answer = {"status_code": status, "headers": {"x-amzn-requestid": "1"}, "body": json.dumps(said).encode()}
        assert Reader().parse(answer, shape) == JSONParser().parse(answer, shape)


@pytest.mark.parametrize("body", [b"", b"<html>busy</html>", b'{"Item": {"pk": '])
def test_what_is_no_answer_is_read_as_botocore_reads_it(service: Any, body: bytes) -> None:
    for status in (200, 400, 503):
        answer = {"status_code": status, "headers": {}, "body": body}
        shape = service.operation_model("GetItem").output_shape
        assert Reader().parse(answer, shape) == JSONParser().parse(answer, shape)


@pytest.mark.parametrize("region", ["ap-east-1", "cn-north-1"])
def test_a_table_is_where_botocore_would_look_for_it(monkeypatch: pytest.MonkeyPatch, region: str) -> None:
    for name in ("AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_DYNAMODB"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_DEFAULT_REGION", region)
    theirs = get_session().create_client("dynamodb", config=product._CONFIG)
    context: dict[str, Any] = {"client_config": theirs.meta.config}
    wanted = theirs._resolve_endpoint_ruleset(theirs.meta.service_model.operation_model("GetItem"), {}, context)
    product.forget()
    try:
        ours = product.connection().client
        described = ours.meta.service_model.operation_model("GetItem")
        assert ours._resolve_endpoint_ruleset(described, {}, {}) == wanted
        assert "signing" not in context
    finally:
        product.forget()
