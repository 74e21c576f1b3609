"""The index of routes is that of the declarations."""

from __future__ import annotations

from pathlib import Path

import pytest

from chalicelib.routing.index import INDEX, PAGES_INDEX
from chalicelib.web import Call, Router, anyone
from infra import index


def router(*routes: tuple[str, str]) -> Router:
    made = Router(__name__)
    for method, path in routes:
        declare = getattr(made, method.lower())(path, allow=anyone(), summary="Read")

        def handler(call: Call[None]) -> None:
            return None

        declare(handler)
    return made


def test_the_index_names_every_declared_route_and_no_other() -> None:
    assert index.declared() == {"INDEX": INDEX, "PAGES_INDEX": PAGES_INDEX}, (
        "the declared routes have changed: run `make index`"
    )


def test_every_router_of_the_map_has_routes() -> None:
    import app

    assert {name for methods in INDEX.values() for name in methods.values()} == {*app.ROUTERS, app.DOCUMENTATION}


def test_a_path_may_belong_to_two_routers_but_a_method_of_it_to_one() -> None:
    reading, changing = router(("GET", "/v1/a"), ("GET", "/v1/b")), router(("DELETE", "/v1/a"))

    found = index.index({"reading": reading, "changing": changing})
    assert found == {"/v1/a": {"DELETE": "changing", "GET": "reading"}, "/v1/b": {"GET": "reading"}}
    with pytest.raises(ValueError, match="reading and again both declare GET /v1/a"):
        index.index({"reading": reading, "again": router(("GET", "/v1/a"))})


def test_what_is_written_is_what_is_there(tmp_path: Path) -> None:
    index.write(tmp_path / "index.py")

    assert (tmp_path / "index.py").read_text() == index.FILE.read_text()


def test_a_failure_leaves_the_file_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "index.py"
    file.write_text("as it was")
    monkeypatch.setattr(index, "declared", lambda: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        index.write(file)
    assert file.read_text() == "as it was"
