"""Secrets: from the environment where they are given, else from Secrets Manager, each read once."""

from __future__ import annotations

import pytest
from botocore.exceptions import ClientError

from chalicelib.aws import client
from chalicelib.settings import SettingMissing, forget, link_secret, payment_secret, token_secret


def test_a_secret_is_read_by_its_arn_and_kept(mocked: None, monkeypatch: pytest.MonkeyPatch) -> None:
    secrets = client("secretsmanager")
    for variable, value in (("TOKEN_SECRET_ARN", "signs"), ("LINK_SECRET_ARN", "links"), ("PAYMENT_SECRET_ARN", "鍵")):
        monkeypatch.setenv(variable, secrets.create_secret(Name=variable, SecretString=value)["ARN"])
    forget()

    assert (token_secret(), link_secret(), payment_secret()) == (b"signs", b"links", "鍵".encode())

    secrets.put_secret_value(SecretId="TOKEN_SECRET_ARN", SecretString="rotated")
    assert token_secret() == b"signs"
    forget()
    assert token_secret() == b"rotated"


def test_a_secret_in_the_environment_asks_nobody(mocked: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOKEN_SECRET", "given")
    monkeypatch.setenv("TOKEN_SECRET_ARN", "arn:aws:secretsmanager:eu-west-1:123456789012:secret:absent")
    forget()

    assert token_secret() == b"given"


def test_a_secret_that_nobody_named_or_made_is_a_fault_of_the_deployment(
    mocked: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("TOKEN_SECRET_ARN", raising=False)
    forget()
    with pytest.raises(SettingMissing, match="TOKEN_SECRET_ARN"):
        token_secret()

    monkeypatch.setenv("TOKEN_SECRET_ARN", "arn:aws:secretsmanager:eu-west-1:123456789012:secret:absent")
    forget()
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        token_secret()
