"""An engine with every service, and the stack that CloudFormation makes on it from a package."""

from __future__ import annotations

import hashlib
import http.client
import json
import os
import signal
import subprocess
import time
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any, ClassVar, TypeVar

import boto3
import yaml
from botocore.config import Config

from infra.local import gateway
from infra.local.engine import CREDENTIALS, Engine, EngineFailed, python
from infra.package import Package
from tests.calls import Headers, Reply, Verbs, prepared
from tests.deployed import elsewhere

T = TypeVar("T")

HERE = Path(__file__).parent
STACK = "lintuan"
ARTEFACTS = "artefacts"
PAUSE_SECONDS = 0.25
PATIENCE_SECONDS = 600
"""The engine unpacks the zip for each function, which takes a busy machine minutes, and answers nothing meanwhile."""


def until(ask: Callable[[], T], *, seconds: float = 60) -> T:
    """The first answer that is true, asked for again and again. Fails the test when none comes in that time."""
    for _ in range(int(seconds / PAUSE_SECONDS)):
        if found := ask():
            return found
        time.sleep(PAUSE_SECONDS)
    raise AssertionError(f"not within {seconds} s: {ask()!r}")


class Cloud(Engine):
    """MiniStack as it is published, in memory. What it starts sees nothing of this process's environment."""

    PROGRAM: ClassVar[tuple[str, ...]] = (str(HERE / "host.py"),)

    def __init__(self, folder: Path, outside: elsewhere.Elsewhere) -> None:
        super().__init__(folder)
        self._outside = outside
        self._function_python = folder / "function-python"
        self._function_python.write_text(f'#!/bin/sh\nexec "{python()}" -I -S "{HERE / "function.py"}" "$@"\n')
        self._function_python.chmod(0o755)

    def stop(self, seconds: float = 20.0) -> None:
        """Ends the engine and the functions' processes, all in its group, and deletes what it unpacked for them."""
        os.killpg(self.pid, signal.SIGTERM)
        super().stop(seconds)
        unpacked = self._function_python.parent.glob("ministack-lambda-*")
        # A hundred thousand files: `rm` takes a tenth of the time of `shutil.rmtree`.
        subprocess.run(["rm", "-rf", *map(str, unpacked)], check=False)

    @cache  # noqa: B019 - there is one engine in a run
    def client(self, service: str) -> Any:
        """A client of one of its services, as an operator has it."""
        return boto3.client(
            service,
            endpoint_url=self.url,
            region_name=CREDENTIALS["AWS_DEFAULT_REGION"],
            aws_access_key_id=CREDENTIALS["AWS_ACCESS_KEY_ID"],
            aws_secret_access_key=CREDENTIALS["AWS_SECRET_ACCESS_KEY"],
            config=Config(s3={"addressing_style": "path"}, read_timeout=PATIENCE_SECONDS),
        )

    def inbox(self, address: str) -> list[str]:
        """The texts of the mail that was sent to an address, oldest first."""
        accounts = json.loads(self._asked("/_ministack/ses/messages"))["messages"].values()
        return [each["BodyText"] for sent in accounts for each in sent if address in each["To"]]

    def _asked(self, path: str) -> bytes:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request("GET", path)
            return connection.getresponse().read()
        finally:
            connection.close()

    def _answers(self) -> bool:
        # The line in its own log: another engine may have taken the port.
        if f"Running on {self.url} " not in self._last_words():
            return False
        with suppress(OSError, http.client.HTTPException):
            return bool(self._asked("/_ministack/health"))
        return False

    def _environment(self) -> dict[str, str]:
        return {
            "BIND_HOST": "127.0.0.1",
            "GATEWAY_PORT": str(self.port),
            "MINISTACK_HOST": "127.0.0.1",
            "SFTP_ENABLED": "0",
            "IOT_MTLS_ENABLED": "0",
            "DOCKER_HOST": "unix:///nonexistent",  # nothing here runs in containers
            "TMPDIR": str(self.folder),  # where it unpacks the functions
            "PATH": os.defpath,
            "LANG": "C.UTF-8",
            "FUNCTION_PYTHON": str(self._function_python),
            "ELSEWHERE_HOST": elsewhere.HOST,
            "ELSEWHERE_PORT": str(self._outside.port),
            "ELSEWHERE_CERTIFICATE": str(self._outside.certificate),
        }


class Stack:
    """The deployed product."""

    def __init__(self, cloud: Cloud) -> None:
        self.cloud = cloud
        self._cloudformation = cloud.client("cloudformation")
        cloud.client("s3").create_bucket(Bucket=ARTEFACTS)

    def deploy(self, package: Package) -> list[dict[str, Any]]:
        """Creates or updates the stack by a change set, as the AWS CLI does; answers the changes."""
        name, there = f"to-{time.time_ns()}", self._status() is not None
        declared = yaml.safe_load(package.template.read_text())["Parameters"]
        left_out = [
            {"ParameterKey": name, "ParameterValue": value}
            for name, value in (("RequestsASource", "0"), ("OwnDomains", "off"))
            if name in declared
        ]
        self._cloudformation.create_change_set(
            StackName=STACK,
            ChangeSetName=name,
            ChangeSetType="UPDATE" if there else "CREATE",
            TemplateURL=self._uploaded(package),
            Capabilities=["CAPABILITY_IAM"],
            Parameters=left_out,
        )
        until(lambda: self._change_set(name)["Status"] == "CREATE_COMPLETE")
        changes: list[dict[str, Any]] = [each["ResourceChange"] for each in self._change_set(name)["Changes"]]
        self._cloudformation.execute_change_set(StackName=STACK, ChangeSetName=name)
        until(lambda: not str(self._status()).endswith("IN_PROGRESS"), seconds=PATIENCE_SECONDS)
        done = "UPDATE_COMPLETE" if there else "CREATE_COMPLETE"
        assert self._status() == done, self._failures()
        return changes

    def physical(self, logical_id: str) -> str:
        """The name of a resource of the template."""
        found = self._cloudformation.describe_stack_resource(StackName=STACK, LogicalResourceId=logical_id)
        return str(found["StackResourceDetail"]["PhysicalResourceId"])

    def outputs(self) -> dict[str, str]:
        """The stack's outputs."""
        (stack,) = self._cloudformation.describe_stacks(StackName=STACK)["Stacks"]
        return {each["OutputKey"]: each["OutputValue"] for each in stack["Outputs"]}

    def logged(self, word: str) -> list[dict[str, Any]]:
        """The structured log lines of all functions that hold a word."""
        lines = self.cloud.client("logs").get_paginator("filter_log_events")
        pages = [page for name in self._named("Logs").values() for page in lines.paginate(logGroupName=name)]
        texts = [event["message"].strip() for page in pages for event in page["events"]]
        return [json.loads(text) for text in texts if word in text]

    def dead_letters(self) -> dict[str, int]:
        """How many messages each dead-letter queue holds."""
        count, sqs = "ApproximateNumberOfMessages", self.cloud.client("sqs")
        return {
            name: int(sqs.get_queue_attributes(QueueUrl=url, AttributeNames=[count])["Attributes"][count])
            for name, url in self._named("DeadLetters").items()
        }

    def _named(self, ending: str) -> dict[str, str]:
        """Logical to physical id of the resources whose logical id ends so; there are some."""
        pages = self._cloudformation.get_paginator("list_stack_resources").paginate(StackName=STACK)
        found = {
            each["LogicalResourceId"]: each["PhysicalResourceId"]
            for page in pages
            for each in page["StackResourceSummaries"]
            if each["LogicalResourceId"].endswith(ending)
        }
        assert found
        return found

    def _uploaded(self, package: Package) -> str:
        """The address of the template, whose functions have their code in the bucket, as the AWS CLI writes it."""
        s3 = self.cloud.client("s3")
        name, layer = (self._kept(path) for path in (package.archive, package.layer))
        template = yaml.safe_load(package.template.read_text())
        for resource in template["Resources"].values():
            if resource["Type"] == "AWS::Serverless::Function":
                assert resource["Properties"]["CodeUri"] == f"./{package.archive.name}"
                resource["Properties"]["CodeUri"] = f"s3://{ARTEFACTS}/{name}"
            elif resource["Type"] == "AWS::Serverless::LayerVersion":
                assert resource["Properties"]["ContentUri"] == f"./{package.layer.name}"
                resource["Properties"]["ContentUri"] = f"s3://{ARTEFACTS}/{layer}"
        s3.put_object(Bucket=ARTEFACTS, Key=f"{name}.template", Body=json.dumps(template).encode())
        return f"{self.cloud.url}/{ARTEFACTS}/{name}.template"

    def _kept(self, path: Path) -> str:
        """The key of a file in the bucket, after its content."""
        content = path.read_bytes()
        name = hashlib.sha256(content).hexdigest()
        self.cloud.client("s3").put_object(Bucket=ARTEFACTS, Key=name, Body=content)
        return name

    def _change_set(self, name: str) -> Any:
        found = self._cloudformation.describe_change_set(StackName=STACK, ChangeSetName=name)
        if found["Status"] == "FAILED":
            raise EngineFailed(str(found.get("StatusReason")))
        return found

    def _status(self) -> str | None:
        stacks = self._cloudformation.list_stacks()["StackSummaries"]
        return next((str(each["StackStatus"]) for each in stacks if each["StackName"] == STACK), None)

    def _failures(self) -> list[Any]:
        events = self._cloudformation.describe_stack_events(StackName=STACK)["StackEvents"]
        return [(each["LogicalResourceId"], each.get("ResourceStatusReason")) for each in events
                if each["ResourceStatus"].endswith("FAILED")]  # fmt: skip


class Address:
    """The stack's own address: the gateway's host name, and its stage before paths."""

    def __init__(self, stack: Stack) -> None:
        self._port = stack.cloud.port
        address = stack.outputs()["EndpointURL"].rstrip("/")
        host, _, stage = address.removeprefix("https://").partition("/")
        self.host, self.root = f"{host.partition('.')[0]}.execute-api.127.0.0.1:{self._port}", f"/{stage}"

    def answer(self, request: gateway.Request) -> gateway.Reply:
        """What a request is answered, whose target begins with the root."""
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=PATIENCE_SECONDS)
        try:
            headers = {**dict(request.headers), "Host": self.host}
            connection.request(request.method, request.target, request.body or None, headers)
            answer = connection.getresponse()
            return gateway.Reply(answer.status, answer.getheaders(), answer.read())
        finally:
            connection.close()


class DeployedApi(Verbs):
    """The product's HTTP interface at the stack's own address."""

    def __init__(self, stack: Stack) -> None:
        self._address = Address(stack)

    def call(self, method: str, path: str, **options: Any) -> Reply:
        """Sends `json`, or `body` as it is; `token` becomes the bearer credential."""
        headers, content = prepared(**options)
        asked = gateway.Request(method, self._address.root + path, tuple(headers.items()), content or b"")
        answer = self._address.answer(asked)
        return Reply(answer.status, Headers(answer.headers), answer.body.decode())
