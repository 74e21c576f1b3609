"""`make run` as a person meets it: it starts, keeps its data, survives being killed, and says plainly what is wrong."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from infra.local.engine import ROOT
from tests.builders import Shop
from tests.local.conftest import Process, until

pytestmark = pytest.mark.verify
"""How this machine's own stack keeps data: slow, and of no part that is deployed."""

Start = Callable[..., Process]


def sign_up(process: Process) -> Shop:
    return Shop(process)


def known(process: Process, shop: Shop) -> bool:
    return process.get("/v1/tenant", token=shop.api_key).status == 200


def wait_for_quiet(process: Process) -> None:
    until(lambda: process.get("/local/health").json["pending"] == {})


def test_with_the_engine_killed_it_goes_on_from_the_last_snapshot(start: Start) -> None:
    process = start().ready()
    shop = sign_up(process)
    wait_for_quiet(process)
    before = {path.name for path in (process.folder / "engine").glob("*.snapshot")}
    shop.product()
    until(lambda: {path.name for path in (process.folder / "engine").glob("*.snapshot")} != before)
    engine = process.engine_pid()

    os.kill(engine, signal.SIGKILL)

    until(lambda: not _alive(engine))
    until(lambda: _answers(process))
    assert known(process, shop)
    assert sign_up(process).tenant_id
    wait_for_quiet(process)


def test_a_damaged_file_is_named_and_never_written_over(start: Start, tmp_path: Path) -> None:
    path = tmp_path / "data" / "secret.json"
    path.parent.mkdir()
    path.write_text('{"token_sec')
    status, output, errors = start().ended()
    assert status == 1
    assert errors.startswith(f"{path} is damaged. Nothing was started and nothing was changed.")
    assert path.read_text() == '{"token_sec'
    assert "Traceback" not in output + errors


def test_a_taken_port_is_named_with_what_to_do(start: Start) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        status, output, errors = start(port=port).ended()
    assert status == 1
    assert f"Port {port} " in errors
    assert "make run PORT=" in errors
    assert "Traceback" not in output + errors


def test_a_second_start_on_the_port_of_the_first_is_told_so(start: Start) -> None:
    first = start().ready()
    status, _, errors = start(port=first.port).ended()
    assert status == 1
    assert errors.startswith(f"Lintuan already runs at {first.url}. ")
    assert "another program" not in errors


@pytest.mark.parametrize(
    ("arguments", "port", "wrong"),
    [(["--port", "99999"], "", "99999"), ([], "abc", "abc"), (["--port=-1"], "", "-1"), (["--port", "8³"], "", "8³")],
)
def test_what_is_no_port_is_said_in_one_line(arguments: list[str], port: str, wrong: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "infra.local", *arguments],
        cwd=ROOT, env={**os.environ, "PORT": port}, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 2
    assert done.stderr == f"argument --port: '{wrong}' is no port; give a number from 1 to 65535, or 0 for any\n"


def test_two_on_the_same_data_are_refused(start: Start) -> None:
    first = start().ready()
    status, _, errors = start().ended()
    assert status == 1
    assert first.url in errors
    assert known(first, sign_up(first))


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    stat = Path(f"/proc/{pid}/stat")
    # A killed child whose parent has not asked for its status yet is still listed.
    return not stat.exists() or stat.read_text().rpartition(")")[2].split()[0] != "Z"


def _answers(process: Process) -> bool:
    try:
        return process.get("/local/health").status == 200
    except OSError:
        return False
