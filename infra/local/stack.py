"""The embedded stack as one object: engine, resources, HTTP, work, clock."""

from __future__ import annotations

import errno
import fcntl
import json
import logging
import os
import secrets
import threading
from http.client import HTTPException
from pathlib import Path
from typing import Any
from urllib.request import urlopen

from chalicelib.kernel import clock
from chalicelib.routing import RoutedApp
from infra.local import application, environment, resources
from infra.local.engine import Engine, EngineFailed
from infra.local.gateway import Gateway
from infra.local.pump import Pump
from infra.local.routes import LocalRoutes
from infra.local.runner import Runner
from infra.local.server import Server

log = logging.getLogger("local.stack")

_HEALTH_SECONDS = 2.0
_MOST_HEALTH_BYTES = 65_536


class PortTaken(RuntimeError):
    """The port cannot be had; the message says why, and how to choose another."""


class FolderInUse(RuntimeError):
    """Another Lintuan works in the folder; the message says where it listens."""


class Stack:
    """Everything `make run` starts. `folder` None keeps all in memory; port 0 takes any free one."""

    def __init__(self, folder: Path | None, port: int) -> None:
        self.folder = folder
        self._port = port
        self.engine = Engine(folder / "engine" if folder else None)
        self._lock: Any = None
        self._http: threading.Thread | None = None
        self._stopping = threading.Event()

    @property
    def url(self) -> str:
        """Where the product is served."""
        return self.server.url

    def start(self) -> None:
        """Raises PortTaken, FolderInUse or EngineFailed, each with a message for people."""
        try:
            # The port is taken first: the other failures are slower to show.
            self.server = Server(self._not_ready(), self._port, _observe_request)
        except OSError as fault:
            raise PortTaken(_why_not(self._port, fault)) from fault
        try:
            self._claim_folder()
            self.engine.start_anywhere()
            self._serve()
        except BaseException:
            self.stop()
            raise

    def _not_ready(self) -> Gateway:
        return Gateway(RoutedApp("starting", {}, lambda *_: None))

    def _serve(self) -> None:
        made = resources.create(self.engine)
        secret = self._secret()
        settings = {
            "TOKEN_SECRET": secret,
            "LINK_SECRET": f"links:{secret}",
            "PAYMENT_SECRET": f"payments:{secret}",
            "PUBLIC_URL": self.url,
        }
        environment.apply(self.engine, made, settings)
        clock.set_offset(self._read("clock.json", {"offset_seconds": 0.0})["offset_seconds"])
        app = application.load()
        self.runner = Runner(Pump(app, self.engine, made, _observe_call(self.engine)))
        self.server.gateway = Gateway(app, LocalRoutes(self.engine, self.runner, self._keep_clock))
        self._http = threading.Thread(target=self.server.serve_forever, name="http", daemon=True)
        self._http.start()
        self.runner.start()
        threading.Thread(target=self._watch_engine, name="engine-watch", daemon=True).start()

    def stop(self) -> None:
        """Lets calls under way finish, saves, ends the engine."""
        self._stopping.set()
        if self._http:
            self.server.shutdown()
            if not self.runner.stop():
                # What is cut off now has nothing to say: it is delivered again at the next start.
                logging.disable()
        self.server.server_close()
        self.engine.stop()
        if self._lock:
            self._lock.close()

    def read(self, name: str) -> Any:
        """A small JSON file of the local folder, or None."""
        return self._read(name, None)

    def keep(self, name: str, value: Any) -> None:
        """Writes a small JSON file that only this user can read."""
        if self.folder:
            path = self.folder / name
            unfinished = path.with_suffix(".unfinished")
            unfinished.touch(0o600)
            unfinished.write_text(json.dumps(value, indent=2) + "\n")
            unfinished.replace(path)

    def _read(self, name: str, otherwise: Any) -> Any:
        path = self.folder / name if self.folder else None
        try:
            return json.loads(path.read_text()) if path and path.exists() else otherwise
        except ValueError:
            return otherwise

    def _keep_clock(self, offset_seconds: float) -> None:
        self.keep("clock.json", {"offset_seconds": offset_seconds})

    def _secret(self) -> str:
        """Signs tokens; kept, so that they outlive a restart."""
        found = self._read("secret.json", {}).get("token_secret") or secrets.token_urlsafe(48)
        self.keep("secret.json", {"token_secret": found})
        return str(found)

    def _claim_folder(self) -> None:
        if self.folder is None:
            return
        self.folder.mkdir(parents=True, exist_ok=True)
        self._lock = (self.folder / "lock").open("a+")
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as fault:
            self._lock.seek(0)
            where = self._lock.read().strip()
            raise FolderInUse(f"Lintuan already runs on this data: {where}. Stop it first (Ctrl-C there).") from fault
        self._lock.truncate(0)
        self._lock.write(f"{self.url}, process {os.getpid()}")
        self._lock.flush()

    def _watch_engine(self) -> None:
        """Brings the engine back, with what it had saved, should it end by itself."""
        while not self._stopping.wait(0.2):
            status = self.engine.exited()
            if status is not None and not self._stopping.is_set():
                log.error("The engine ended unexpectedly (%s). Starting it again from its last snapshot.", status)
                try:
                    self.engine.start()
                except EngineFailed as fault:
                    log.error("%s", fault)
                    self._stopping.wait(2)


def _why_not(port: int, fault: OSError) -> str:
    another = "make run PORT=8002" if port == 8001 else "make run PORT=8001"
    if fault.errno != errno.EADDRINUSE:
        return f"Port {port} of 127.0.0.1 cannot be used: {fault.strerror}. Choose another: {another}"
    if _is_ours(port):
        return (
            f"Lintuan already runs at http://127.0.0.1:{port}. Stop it with Ctrl-C there, or run another with data "
            f"of its own: {another} ARGS='--data /tmp/lintuan'"
        )
    return f"Port {port} of 127.0.0.1 is taken by another program. Choose another: {another}"


def _is_ours(port: int) -> bool:
    """Whether it is this product that answers there."""
    try:
        with urlopen(f"http://127.0.0.1:{port}/local/health", timeout=_HEALTH_SECONDS) as answer:
            said = json.loads(answer.read(_MOST_HEALTH_BYTES))
    except (OSError, HTTPException, ValueError):
        return False
    return isinstance(said, dict) and {"ready", "pending", "dead_letters"} <= said.keys()


def _observe_request(method: str, path: str, status: int, milliseconds: float) -> None:
    level = logging.DEBUG if path == "/local/health" else logging.INFO
    log.log(level, "%-6s %s  %d  %.0f ms", method, path, status, milliseconds)


def _observe_call(engine: Engine) -> Any:
    shown = len(engine.mail())

    def observe(function: str, records: int, failed: int, milliseconds: float) -> None:
        nonlocal shown
        level = logging.DEBUG if records == 0 or function in ("sweep", "nightly") else logging.INFO
        if failed:
            log.warning("work   %s  %d of %d failed  %.0f ms", function, failed, records, milliseconds)
        else:
            log.log(level, "work   %s  %d  %.0f ms", function, records, milliseconds)
        if function == "notify_worker":
            sent = engine.mail()
            for message in sent[shown:]:
                log.info("%-6s to %s: %s", message["channel"], message["to"], message["subject"] or message["text"])
            shown = len(sent)

    return observe
