"""Hands the requests that are most of all straight to the service that they name.

MiniStack looks for the service among all that there are, by host, path and many more signs, and dresses the answer as
each of them would: that costs more than most of the answers do.
"""

from __future__ import annotations

import json
import logging
import uuid
from collections.abc import MutableMapping
from typing import Any

from infra.local.host import state

log = logging.getLogger("local.engine")

_SERVICES = {"DynamoDB_20120810": "dynamodb", "AmazonSQS": "sqs"}
"""What `X-Amz-Target` begins with, to MiniStack's module."""
_CONTENT_TYPE = b"application/x-amz-json-1.0"


def service_of(scope: MutableMapping[str, Any]) -> str | None:
    """Which of the services the head of a request names; None for what MiniStack itself has to look at."""
    if scope["method"] != "POST" or scope["path"] != "/" or scope["query_string"]:
        return None
    given = dict(scope["headers"])
    target = given.get(b"x-amz-target", b"").decode("latin-1")
    return None if b"content-encoding" in given else _SERVICES.get(target.partition(".")[0])


async def answer(service: str, scope: MutableMapping[str, Any], body: bytes) -> list[dict[str, Any]]:
    """The messages of the server's interface that answer a request."""
    headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
    try:
        status, said, content = await state.service(service).handle_request("POST", "/", headers, body, {})
    except Exception as fault:  # as MiniStack answers it
        log.exception("a request to %s failed", service)
        status, said = 500, {}
        content = json.dumps({"__type": "InternalError", "message": str(fault)})
    content = content if isinstance(content, bytes) else content.encode()
    told = [(name.lower().encode("latin-1"), str(value).encode()) for name, value in said.items()]
    return [
        {
            "type": "http.response.start",
            "status": status,
            "headers": [
                *(each for each in told if each[0] not in (b"content-type", b"content-length")),
                (b"content-type", _CONTENT_TYPE),
                (b"content-length", b"%d" % len(content)),
                (b"x-amzn-requestid", str(uuid.uuid4()).encode()),
            ],
        },
        {"type": "http.response.body", "body": content},
    ]
