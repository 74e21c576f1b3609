"""Secrets: from the environment where given, else from Secrets Manager, with the version before the present."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError
from botocore.stub import Stubber

from chalicelib import secret_versions
from chalicelib.aws import client
from chalicelib.kernel import clock as product_clock
from chalicelib.kernel.keys import key_of
from chalicelib.settings import SettingMissing, forget, secret
from tests.conftest import Clock


class Time:
    """The process's own clock, which says how old something known is."""

    seconds = 1000.0

    def monotonic(self) -> float:
        return self.seconds


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> Time:
    found = Time()
    monkeypatch.setattr(secret_versions, "time", found)
    return found


@pytest.fixture
def asked(mocked: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """The token secret where it is kept; the labels under which it was read."""
    client("secretsmanager").create_secret(Name="Tokens", SecretString="first")
    monkeypatch.setenv("TOKEN_SECRET_ARN", "Tokens")
    forget()
    labels: list[str] = []

    def note(params: dict[str, Any], **_: Any) -> None:
        labels.append(params["VersionStage"])

    events = client("secretsmanager").meta.events
    events.register("provide-client-params.secrets-manager.GetSecretValue", note)
    yield labels
    events.unregister("provide-client-params.secrets-manager.GetSecretValue", note)


def replace(text: str) -> None:
    client("secretsmanager").put_secret_value(SecretId="Tokens", SecretString=text)


def key_id(text: str) -> str:
    return key_of(text.encode(), "tokens").id


def test_each_secret_is_read_by_its_arn(mocked: None, monkeypatch: pytest.MonkeyPatch) -> None:
    for variable, value in (("TOKEN_SECRET_ARN", "signs"), ("LINK_SECRET_ARN", "links"), ("PAYMENT_SECRET_ARN", "鍵")):
        arn = client("secretsmanager").create_secret(Name=variable, SecretString=value)["ARN"]
        monkeypatch.setenv(variable, arn)
    forget()

    assert [next(iter(secret(each).secrets())) for each in ("codes", "links", "payments vault")] == [
        b"signs", b"links", "鍵".encode(),
    ]  # fmt: skip


def test_each_purpose_has_a_key_of_its_own(asked: list[str]) -> None:
    keys = [secret(each).current for each in ("tokens", "cursors", "codes")]

    assert len({key.value for key in keys}) == len({key.id for key in keys}) == 3
    assert "value" not in repr(keys[0])


def test_the_current_version_is_read_once_in_five_minutes_and_the_previous_only_when_asked_for(
    asked: list[str], time: Time
) -> None:
    for _ in range(3):
        assert secret("tokens").find(key_id("first"))
    assert asked == ["AWSCURRENT"]

    time.seconds += 299
    assert secret("tokens").current.id == key_id("first")
    replace("second")
    time.seconds += 2
    assert secret("tokens").current.id == key_id("second")
    assert asked == ["AWSCURRENT"] * 2

    assert secret("tokens").find(key_id("first"))
    assert asked == ["AWSCURRENT", "AWSCURRENT", "AWSPREVIOUS"]


def test_a_key_that_is_not_known_has_the_secret_read_at_once(asked: list[str]) -> None:
    assert secret("tokens").current.id == key_id("first")
    replace("second")

    assert secret("tokens").find(key_id("second"))
    assert secret("tokens").current.id == key_id("second")


def test_keys_that_nobody_has_do_not_have_it_read_over_and_over(asked: list[str], time: Time) -> None:
    for number in range(50):
        assert secret("tokens").find(f"{number:08x}") is None
    assert len(asked) == 4

    time.seconds += 11
    replace("second")
    assert secret("tokens").find(key_id("second"))


def test_what_is_known_stays_while_the_secret_cannot_be_read(
    asked: list[str], time: Time, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert secret("tokens").current.id == key_id("first")
    time.seconds += 301
    with Stubber(client("secretsmanager")) as away:
        away.add_client_error("get_secret_value", "InternalServiceError")
        assert secret("tokens").current.id == key_id("first")


def test_so_does_the_version_before(asked: list[str], time: Time) -> None:
    replace("second")
    assert secret("tokens").find(key_id("first"))
    time.seconds += 301
    with Stubber(client("secretsmanager")) as away:
        current = {"SecretString": "second", "CreatedDate": product_clock.now()}
        away.add_response("get_secret_value", current)
        away.add_client_error("get_secret_value", "InternalServiceError")
        assert secret("tokens").find(key_id("first"))
        away.assert_no_pending_responses()


def test_the_previous_version_counts_for_its_overlap_and_only_while_it_is_kept(asked: list[str], clock: Clock) -> None:
    replace("second")
    clock.advance(hours=24, minutes=59)
    assert secret("tokens").find(key_id("first"))
    assert secret("codes").find(key_of(b"first", "codes").id) is None, "codes end sooner"
    clock.advance(minutes=2)
    assert secret("tokens").find(key_id("first")) is None
    assert list(secret("tokens").secrets()) == [b"second"]


def test_a_replacement_that_is_taken_back_leaves_what_it_signed(asked: list[str], clock: Clock) -> None:
    manager = client("secretsmanager")
    replace("second")
    by_label = {
        label: each["VersionId"]
        for each in manager.list_secret_version_ids(SecretId="Tokens")["Versions"]
        for label in each["VersionStages"]
    }
    manager.update_secret_version_stage(
        SecretId="Tokens", VersionStage="AWSCURRENT",
        MoveToVersionId=by_label["AWSPREVIOUS"], RemoveFromVersionId=by_label["AWSCURRENT"],
    )  # fmt: skip
    forget()

    assert secret("tokens").current.id == key_id("first")
    assert secret("tokens").find(key_id("second"))


def test_a_secret_in_the_environment_asks_nobody(mocked: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOKEN_SECRET", "given")
    monkeypatch.setenv("TOKEN_SECRET_ARN", "arn:aws:secretsmanager:eu-west-1:123456789012:secret:absent")
    forget()

    assert list(secret("tokens").secrets()) == [b"given"]
    assert secret("tokens").find("00000000") is None


def test_a_secret_that_nobody_named_or_made_is_a_fault_of_the_deployment(
    mocked: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("TOKEN_SECRET_ARN", raising=False)
    forget()
    with pytest.raises(SettingMissing, match="TOKEN_SECRET_ARN"):
        secret("tokens")

    monkeypatch.setenv("TOKEN_SECRET_ARN", "arn:aws:secretsmanager:eu-west-1:123456789012:secret:absent")
    forget()
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        secret("tokens").current  # noqa: B018 - what is asked is the test
