"""Which declared path a request's path is."""

from __future__ import annotations

import pytest

from chalicelib.routing import Paths

PATHS = Paths(
    ["/", "/v1/things", "/v1/things/{id}", "/v1/things/special", "/v1/things/{id}/parts/{part}", "/v1/x/{a}/y"]
)


@pytest.mark.parametrize(
    ("path", "declared", "parameters"),
    [
        ("/", "/", {}),
        ("/v1/things", "/v1/things", {}),
        ("/v1/things/", "/v1/things", {}),
        ("/v1/things/special", "/v1/things/special", {}),
        ("/v1/things/special/parts/1", "/v1/things/{id}/parts/{part}", {"id": "special", "part": "1"}),
        ("/v1/things/a%2Fb", "/v1/things/{id}", {"id": "a/b"}),
        ("/v1/things/%E5%9B%A2%20a", "/v1/things/{id}", {"id": "团 a"}),
        ("/v1/things/a+b", "/v1/things/{id}", {"id": "a+b"}),
        ("/v1/things/%2525", "/v1/things/{id}", {"id": "%25"}),
        ("/v1/things/%", "/v1/things/{id}", {"id": "%"}),
        ("/v1/things/%zz", "/v1/things/{id}", {"id": "%zz"}),
        ("/v1/things/%ff", "/v1/things/{id}", {"id": "�"}),
        ("/%76%31/things", "/v1/things", {}),
    ],
)
def test_a_path_is_found_with_its_parameters(path: str, declared: str, parameters: dict[str, str]) -> None:
    assert PATHS.match(path) == (declared, parameters)


@pytest.mark.parametrize("path", ["/v1", "/v1/things//", "/v1//things", "/v2/things", "/v1/things/a/parts", "/v1/x//y"])
def test_an_unknown_path_is_not_found(path: str) -> None:
    assert PATHS.match(path) is None
