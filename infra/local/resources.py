"""Creates in the engine what infra/resources.yaml declares, and the environment that names it. Safe to repeat."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from botocore.config import Config
from botocore.session import Session, get_session

from infra.local import edge, template
from infra.local.engine import CREDENTIALS, Engine

_QUEUE_ATTRIBUTES = (
    "DelaySeconds", "VisibilityTimeout", "MessageRetentionPeriod", "MaximumMessageSize", "FifoQueue",
    "ContentBasedDeduplication", "ReceiveMessageWaitTimeSeconds",
)  # fmt: skip


class ShapeChanged(RuntimeError):
    """The stored table was created by another version of infra/resources.yaml; the message says what to do."""


@dataclass(frozen=True)
class Queue:
    """A queue as created: where failed messages go after how many receives."""

    name: str
    url: str
    arn: str
    visibility_seconds: int = 30
    dead_letters: str | None = None
    receives: int = 0


@dataclass
class Resources:
    """Physical names of everything created, by logical id."""

    tables: dict[str, str] = field(default_factory=dict)
    queues: dict[str, Queue] = field(default_factory=dict)
    buckets: dict[str, str] = field(default_factory=dict)
    parameters: dict[str, str] = field(default_factory=dict)
    environment: dict[str, str] = field(default_factory=dict)
    document: Mapping[str, Any] = field(default_factory=dict)

    def queue(self, name: str) -> Queue:
        """The queue of a physical name. Raises KeyError."""
        return {queue.name: queue for queue in self.queues.values()}[name]

    @property
    def dead_letter_names(self) -> frozenset[str]:
        """Names of the queues that receive what could not be handled: those that no function works off."""
        return frozenset(queue.name for queue in self.queues.values() if not queue.dead_letters)

    def lookup(self, logical_id: str, attribute: str | None) -> str:
        """What `Ref` (no attribute) or `GetAtt` of a resource gives. Raises KeyError."""
        if logical_id in self.queues:
            queue = self.queues[logical_id]
            return {None: queue.url, "QueueUrl": queue.url, "Arn": queue.arn, "QueueName": queue.name}[attribute]
        if logical_id in self.tables:
            name = self.tables[logical_id]
            arn = f"arn:aws:dynamodb:{template.REGION}:{template.ACCOUNT}:table/{name}"
            return {None: name, "Arn": arn}[attribute]
        if logical_id in self.parameters:
            return self.parameters[logical_id]
        name = self.buckets[logical_id]
        return {None: name, "Arn": f"arn:aws:s3:::{name}"}[attribute]


def create(engine: Engine, declared: Mapping[str, Any] | None = None, *, expiry: bool = True) -> Resources:
    """Creates what is missing. Raises ShapeChanged when a stored table has other keys or indexes than declared.

    Without `expiry` nothing is ever deleted for its age: a test may live in another year than the engine.
    """
    document = declared or template.load()
    made = Resources(parameters=template.parameters(document), document=document)
    _create_buckets(engine, document, made)
    _create_queues(engine, document, made)
    _create_tables(engine, document, made, expiry=expiry)
    made.environment = _environment(document, made) | edge.create(client(engine, "cloudfront"))
    _verify_sender(engine, made)
    return made


def client(engine: Engine, service: str) -> Any:
    """A plain AWS client of the engine, shared by all threads."""
    return _client(engine.url, service)


@cache
def _session() -> Session:
    # One session reads each service's description from disk once.
    return get_session()


@cache
def _client(url: str, service: str) -> Any:
    return _session().create_client(
        service,
        endpoint_url=url,
        region_name=CREDENTIALS["AWS_DEFAULT_REGION"],
        aws_access_key_id=CREDENTIALS["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=CREDENTIALS["AWS_SECRET_ACCESS_KEY"],
        config=Config(retries={"total_max_attempts": 2}, max_pool_connections=32, s3={"addressing_style": "path"}),
    )


def _physical(logical_id: str, declared: Any, made: Resources) -> str:
    try:
        name = template.resolve(declared, made.lookup)
    except KeyError:
        name = None
    kebab = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "-", logical_id).lower()
    return str(name or f"{template.STACK}-{kebab}")


def _create_buckets(engine: Engine, document: Mapping[str, Any], made: Resources) -> None:
    s3 = client(engine, "s3")
    for logical_id, properties in template.of_type(document, "AWS::S3::Bucket").items():
        name = _physical(logical_id, properties.get("BucketName"), made)
        s3.create_bucket(Bucket=name)
        made.buckets[logical_id] = name


def _create_queues(engine: Engine, document: Mapping[str, Any], made: Resources) -> None:
    sqs = client(engine, "sqs")
    declared = template.of_type(document, "AWS::SQS::Queue")
    # Queues that others name as their dead-letter queue have no redrive policy themselves: they come first.
    for logical_id in sorted(declared, key=lambda name: "RedrivePolicy" in declared[name]):
        properties = declared[logical_id]
        name = _physical(logical_id, properties.get("QueueName"), made)
        attributes = {key: _text(properties[key]) for key in _QUEUE_ATTRIBUTES if key in properties}
        redrive = template.resolve(properties.get("RedrivePolicy"), made.lookup)
        if redrive:
            attributes["RedrivePolicy"] = json.dumps(redrive)
        try:
            url = sqs.create_queue(QueueName=name, Attributes=attributes)["QueueUrl"]
        except sqs.exceptions.QueueNameExists:
            url = sqs.get_queue_url(QueueName=name)["QueueUrl"]
            changeable = {key: value for key, value in attributes.items() if key != "FifoQueue"}
            sqs.set_queue_attributes(QueueUrl=url, Attributes=changeable)
        made.queues[logical_id] = Queue(
            name,
            url,
            f"arn:aws:sqs:{template.REGION}:{template.ACCOUNT}:{name}",
            int(properties.get("VisibilityTimeout", 30)),
            redrive["deadLetterTargetArn"].rsplit(":", 1)[-1] if redrive else None,
            int(redrive["maxReceiveCount"]) if redrive else 0,
        )


def _create_tables(engine: Engine, document: Mapping[str, Any], made: Resources, *, expiry: bool) -> None:
    dynamodb = client(engine, "dynamodb")
    existing = set(dynamodb.list_tables()["TableNames"])
    for logical_id, properties in template.of_type(document, "AWS::DynamoDB::Table").items():
        name = _physical(logical_id, properties.get("TableName"), made)
        made.tables[logical_id] = name
        if name in existing:
            _check_shape(dynamodb.describe_table(TableName=name)["Table"], properties, name)
            continue
        wanted = {key: properties[key] for key in ("KeySchema", "AttributeDefinitions")}
        if indexes := properties.get("GlobalSecondaryIndexes"):
            wanted["GlobalSecondaryIndexes"] = indexes
        if stream := properties.get("StreamSpecification"):
            wanted["StreamSpecification"] = {"StreamEnabled": True, "StreamViewType": stream["StreamViewType"]}
        dynamodb.create_table(TableName=name, BillingMode="PAY_PER_REQUEST", **wanted)
        if expiry and (declared := properties.get("TimeToLiveSpecification")):
            given = {"Enabled": True, "AttributeName": declared["AttributeName"]}
            dynamodb.update_time_to_live(TableName=name, TimeToLiveSpecification=given)


def _verify_sender(engine: Engine, made: Resources) -> None:
    sender = made.environment.get("MAIL_FROM")
    if sender:
        client(engine, "ses").verify_email_identity(EmailAddress=sender)


def _check_shape(stored: Mapping[str, Any], declared: Mapping[str, Any], name: str) -> None:
    def shape(table: Mapping[str, Any]) -> Any:
        indexes = table.get("GlobalSecondaryIndexes", [])
        return (
            [tuple(sorted(key.items())) for key in table["KeySchema"]],
            sorted((index["IndexName"], json.dumps(index["KeySchema"], sort_keys=True)) for index in indexes),
        )

    if shape(stored) != shape(declared):
        raise ShapeChanged(
            f"The local data was written by another version of Lintuan: the table {name} has other keys or indexes."
            " Delete the local data with `make reset`, then start again."
        )


def _environment(document: Mapping[str, Any], made: Resources) -> dict[str, str]:
    """Variables of the functions as the template gives them; those of deployed-only things are left out."""
    environment: dict[str, str] = {}
    for name, value in template.variables(document).items():
        try:
            environment[name] = str(template.resolve(value, made.lookup))
        except KeyError:
            continue
    return environment


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
