"""What a request to DynamoDB says as JSON, and what an answer does.

An item is written as DynamoDB names its parts: ``{"n": {"N": "3"}}``. Those are its JSON as well, except that bytes
are Base64 there. botocore asks its description of the service about each value of each item instead, on the way out
and in: a third of the CPU of writing many records.
"""

import json
from base64 import b64decode, b64encode
from collections.abc import Mapping
from typing import Any

from botocore.model import OperationModel
from botocore.parsers import JSONParser, ResponseParserFactory
from botocore.serialize import JSONSerializer

_VALUE = "AttributeValue"


class Writer(JSONSerializer):
    """Makes the body of a request of what the request is to say; the rest as botocore does it."""

    def serialize_to_request(self, parameters: Mapping[str, Any], operation_model: OperationModel) -> dict[str, Any]:
        request: dict[str, Any] = super().serialize_to_request({}, operation_model)
        request["body"] = json.dumps(parameters, default=_as_text).encode()
        return request


class Reader(JSONParser):
    """Takes items as they stand in an answer; what is around them is read as botocore does it."""

    def _handle_map(self, shape: Any, value: dict[str, Any]) -> dict[str, Any]:
        if shape.value.name != _VALUE:
            found: dict[str, Any] = super()._handle_map(shape, value)  # type: ignore[misc]
            return found
        for each in value.values():
            _decode(each)
        return value


class Readers(ResponseParserFactory):
    """Gives the client its reader: it asks for one with each answer."""

    _READER = Reader()

    def create_parser(self, protocol_name: str) -> Reader:
        return self._READER


def _as_text(value: Any) -> str:
    if not isinstance(value, bytes):
        raise TypeError(f"{type(value).__name__} is nothing that DynamoDB keeps")
    return b64encode(value).decode()


def _decode(attribute: dict[str, Any]) -> None:
    """Makes bytes of their Base64, within lists and maps too."""
    for kind, content in attribute.items():
        match kind:
            case "B":
                attribute[kind] = b64decode(content)
            case "BS":
                attribute[kind] = [b64decode(each) for each in content]
            case "L":
                for each in content:
                    _decode(each)
            case "M":
                for each in content.values():
                    _decode(each)
