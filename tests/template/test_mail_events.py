"""What becomes of e-mail comes to its queue from SES alone: whoever could write there could stop anybody's mail."""

from __future__ import annotations

from typing import Any

from infra.local import template

RESOURCES = template.load()["Resources"]


def _only_statement(policy: str) -> dict[str, Any]:
    (statement,) = RESOURCES[policy]["Properties"]["PolicyDocument"]["Statement"]
    assert statement["Effect"] == "Allow"
    return dict(statement)


def test_only_the_topic_sends_to_the_queue() -> None:
    allowed = _only_statement("MailEventsQueuePolicy")

    assert (allowed["Principal"], allowed["Action"]) == ({"Service": "sns.amazonaws.com"}, "sqs:SendMessage")
    assert allowed["Condition"] == {"ArnEquals": {"aws:SourceArn": {"Ref": "MailEventsTopic"}}}
    assert allowed["Resource"] == {"Fn::GetAtt": ["MailEventsQueue", "Arn"]}
    assert RESOURCES["MailEventsQueuePolicy"]["Properties"]["Queues"] == [{"Ref": "MailEventsQueue"}]


def test_only_our_mail_configuration_publishes_to_the_topic() -> None:
    allowed = _only_statement("MailEventsTopicPolicy")

    assert (allowed["Principal"], allowed["Action"]) == ({"Service": "ses.amazonaws.com"}, "sns:Publish")
    source = allowed["Condition"]["StringEquals"]
    assert source["AWS:SourceAccount"] == {"Ref": "AWS::AccountId"}
    assert source["AWS:SourceArn"]["Fn::Sub"].endswith(":configuration-set/${MailConfiguration}")


def test_ses_tells_what_stops_mail_and_no_more() -> None:
    destination = RESOURCES["MailEventsToTopic"]["Properties"]["EventDestination"]

    assert (destination["Enabled"], destination["MatchingEventTypes"]) == (True, ["bounce", "complaint"])
    assert destination["SnsDestination"] == {"TopicARN": {"Ref": "MailEventsTopic"}}
    assert RESOURCES["MailEventsToTopic"]["DependsOn"] == "MailEventsTopicPolicy", (
        "SES tries the topic when it is set up"
    )
    subscription = RESOURCES["MailEventsToQueue"]["Properties"]
    assert (subscription["Protocol"], subscription["TopicArn"]) == ("sqs", {"Ref": "MailEventsTopic"})
    assert "RawMessageDelivery" not in subscription, "the worker reads what SNS wraps"
