"""Engines, stacks and sockets for the tests of the embedded stack."""

from __future__ import annotations

import os
import re
import resource
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from infra.local.engine import ROOT, Engine, free_port
from tests.calls import HttpApi

_START_SECONDS = 240


def until(condition: Callable[[], bool], seconds: float = 30.0) -> None:
    """Waits for a condition; fails the test when it does not come."""
    waiting, ends = threading.Event(), time.monotonic() + seconds
    while not condition():
        if time.monotonic() > ends:
            pytest.fail(f"did not come true within {seconds} s")
        waiting.wait(0.02)


@pytest.fixture
def kept_engine(tmp_path: Path) -> Iterator[Engine]:
    """An engine that keeps its data, for killing and starting again."""
    engine = Engine(tmp_path / "engine")
    engine.start_anywhere()
    yield engine
    engine.stop()


class Process(HttpApi):
    """`make run` as a person starts it, on a folder of the test. `shown` is what it printed before it was ready."""

    def __init__(self, folder: Path, port: int = 0, *, demo: bool = False, **environment: str) -> None:
        self.shown = ""
        self.folder = folder
        self.port = port or free_port()
        super().__init__(f"http://127.0.0.1:{self.port}")
        inherited = {name: value for name, value in os.environ.items() if name not in ("PORT", "LOG_LEVEL")}
        self.child = subprocess.Popen(
            [sys.executable, "-m", "infra.local", "--port", str(self.port), "--data", str(folder)]
            + ([] if demo else ["--no-demo"]),
            cwd=ROOT, env=inherited | environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            start_new_session=True,
        )  # fmt: skip

    def ready(self) -> Process:
        """Waits until the product is served."""
        assert self.child.stdout
        ends = time.monotonic() + _START_SECONDS
        for line in self.child.stdout:
            self.shown += line
            if line.startswith("Ready"):
                # The pipe must be emptied, or the log would block the process.
                threading.Thread(target=self.child.stdout.read, daemon=True).start()
                return self
            assert time.monotonic() < ends, "not ready in time"
        pytest.fail(f"ended with {self.child.wait()}: {self.child.stderr.read() if self.child.stderr else ''}")

    def ended(self) -> tuple[int, str, str]:
        """Waits for the end: exit status, standard output, standard error."""
        output, errors = self.child.communicate(timeout=_START_SECONDS)
        return self.child.returncode, output, errors

    def interrupt(self, how: signal.Signals = signal.SIGINT) -> int:
        """Ctrl-C, or as a service manager stops it; returns the exit status."""
        self.child.send_signal(how)
        return self.child.wait(_START_SECONDS)

    def kill(self) -> None:
        """As a power cut for this process alone."""
        self.child.kill()
        self.child.wait()

    def code_sent_to(self, email: str) -> str:
        """The sign-in code in the newest message to an address."""

        def newest() -> list[Any]:
            answer = self.get(f"/local/mailbox?to={email}", headers={"Accept": "application/json"})
            return list(answer.json["items"])

        until(lambda: bool(newest()))
        return re.findall(r"\b\d{6}\b", newest()[0]["text"])[0]

    def engine_pid(self) -> int:
        """The process id of the engine it started."""
        listed = subprocess.run(["ps", "-e", "-o", "pid=,ppid="], capture_output=True, text=True, check=True).stdout
        pairs = [line.split() for line in listed.splitlines()]
        return next(int(pid) for pid, parent in pairs if int(parent) == self.child.pid)


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., Process]]:
    """Starts the product: `start()` on the test's folder, as often as wanted."""
    started: list[Process] = []

    def begin(port: int = 0, *, demo: bool = False, **environment: str) -> Process:
        started.append(Process(tmp_path / "data", port, demo=demo, **environment))
        return started[-1]

    yield begin
    for process in started:
        if process.child.poll() is None:
            process.interrupt()
        for pipe in (process.child.stdout, process.child.stderr):
            if pipe:
                pipe.close()


def no_room(pid: int, most_bytes: int = 0) -> None:
    """From now on a process can write no file beyond so many bytes, as if the disk were full; it may be undone."""
    _limit(pid, most_bytes)


def room(pid: int) -> None:
    """It can write again."""
    _limit(pid, resource.RLIM_INFINITY)


def _limit(pid: int, most_bytes: int) -> None:
    if not hasattr(resource, "prlimit"):
        pytest.skip("only Linux limits another process")
    _, hard = resource.prlimit(pid, resource.RLIMIT_FSIZE)
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (most_bytes, hard))


@pytest.fixture
def raw() -> Iterator[Callable[[str, bytes], bytes]]:
    """Sends bytes to a server and returns all it answers until it closes or falls silent."""
    open_sockets: list[socket.socket] = []

    def send(url: str, content: bytes) -> bytes:
        host, port = url.removeprefix("http://").split(":")
        connection = socket.create_connection((host, int(port)), timeout=5)
        open_sockets.append(connection)
        connection.sendall(content)
        connection.shutdown(socket.SHUT_WR)
        answer = b""
        while piece := connection.recv(65_536):
            answer += piece
        return answer

    yield send
    for connection in open_sockets:
        connection.close()
