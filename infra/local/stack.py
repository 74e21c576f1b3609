"""The embedded stack as one object: engine, resources, HTTP, work, clock."""

from __future__ import annotations

import logging
import secrets
import threading
from collections.abc import Callable
from dataclasses import astuple
from http.client import HTTPException
from pathlib import Path
from typing import Any

from chalicelib.kernel import clock
from chalicelib.routing import RoutedApp
from chalicelib.webhooks.model.targets import PublicTargets
from chalicelib.webhooks.service.reaching import use_targets
from infra import assets
from infra.local import application, environment, ports, resources
from infra.local.dns import Dns, Entry, Records, kept
from infra.local.edge import Edge
from infra.local.engine import DataUnreadable, Engine, EngineFailed
from infra.local.folder import Folder
from infra.local.gateway import Gateway, Reply, Request, problem
from infra.local.moves import Moves
from infra.local.pump import Pump
from infra.local.routes import LocalRoutes
from infra.local.runner import Runner
from infra.local.saving import Saving
from infra.local.server import Server
from infra.local.sign_ins import SignIns
from infra.local.targets import LoopbackToo

log = logging.getLogger("local.stack")

_WATCH_SECONDS = 0.2


class Stack:
    """Everything `make run` starts. `folder` None keeps all in memory; port 0 takes any free one.

    `given_up` is told why, should the engine have ended and nothing bring it back.
    """

    def __init__(self, folder: Path | None, port: int, given_up: Callable[[str], None] = lambda reason: None) -> None:
        self.folder = folder
        self.saving = Saving()
        self.sign_ins = SignIns()
        self.engine = Engine(folder / "engine" if folder else None)
        self._port = port
        self._given_up = given_up
        self._kept = Folder(folder)
        self._dns: Dns | None = None
        self._http: threading.Thread | None = None
        self._stopping = threading.Event()

    @property
    def url(self) -> str:
        """Where the product is served."""
        return self.server.url

    def start(self) -> None:
        """Raises PortTaken, FolderInUse, FolderUnusable or EngineFailed, each with a message for people."""
        try:
            # The port is taken first: the other failures are slower to show.
            self.server = Server(self._not_ready(), self._port, _observe_request)
        except OSError as fault:
            raise ports.taken(self._port, fault) from fault
        try:
            self._kept.claim(self.url)
            self.engine.start_anywhere()
            for path in self.engine.keeper()["set_aside"]:
                log.error("A snapshot was damaged: this is the one before it. The damaged one is kept: %s", path)
            self._serve()
        except BaseException:
            self.stop()
            raise

    def _not_ready(self) -> Gateway:
        return Gateway(RoutedApp("starting", {}, lambda *_: None))

    def _serve(self) -> None:
        made = resources.create(self.engine)
        secret = self._secret()
        dns = self._start_dns(made.environment["EDGE_TARGET"])
        settings = {
            "TOKEN_SECRET": secret,
            "LINK_SECRET": f"links:{secret}",
            "PAYMENT_SECRET": f"payments:{secret}",
            "WEBHOOK_SECRET": f"webhooks:{secret}",
            "MESSAGE_SECRET": f"messages:{secret}",
            "EDGE_SECRET": f"edge:{secret}",
            "PUBLIC_URL": self.url,
            "DNS_SERVER": dns.address,
        }
        environment.apply(self.engine, made, settings)
        kept = self._kept.read("clock.json", {"offset_seconds": 0.0})
        clock.set_offset(kept["offset_seconds"])
        self._moves = Moves(kept.get("moves", []), kept["offset_seconds"])
        use_targets(LoopbackToo())
        assets.build()
        app = application.load()
        self.runner = Runner(Pump(app, self.engine, made, _observe_call(self.engine)))
        local = LocalRoutes(
            self.engine, self.runner, self._keep_clock, self._moves.offset_at, lambda: self.saving, self.sign_ins,
            dns.records,
        )  # fmt: skip
        edge = Edge(lambda: resources.client(self.engine, "cloudfront"), settings["EDGE_SECRET"])

        def first(request: Request) -> Reply | None:
            try:
                return self.saving.refusal(request) or local(request)
            except (OSError, HTTPException):
                detail = "The engine has ended and is being started again. Ask again in a moment."
                return problem(503, "engine_away", "Not now", detail, request.request_id, **{"Retry-After": "1"})

        self.server.gateway = Gateway(app, application.load_pages(), first, edge)
        self._http = threading.Thread(target=self.server.serve_forever, name="http", daemon=True)
        self._http.start()
        self.runner.start()
        threading.Thread(target=self._watch_engine, name="engine-watch", daemon=True).start()

    def _start_dns(self, target: str) -> Dns:
        """The DNS of this machine, with the records that were set in earlier runs."""

        def keep(entries: list[Entry]) -> None:
            self.keep("dns.json", [astuple(each) for each in entries])

        found = self._dns = Dns(Records(kept(self.read("dns.json")), {target: "127.0.0.1"}, keep))
        found.start()
        return found

    def stop(self) -> str:
        """Lets calls under way finish, saves, ends the engine; answers why something could not be saved, or nothing."""
        self._stopping.set()
        if self._http:
            self.server.shutdown()
            if not self.runner.stop():
                # What is cut off now has nothing to say: it is delivered again at the next start.
                logging.disable()
        self.server.server_close()
        if self._dns:
            self._dns.stop()
        use_targets(PublicTargets())
        unsaved = self.engine.stop()
        self._kept.release()
        return unsaved

    def read(self, name: str) -> Any:
        """A small JSON file of the local folder, or None. Raises FolderUnusable."""
        return self._kept.read(name)

    def keep(self, name: str, value: Any) -> None:
        """Writes a small JSON file that only this user can read. Raises FolderUnusable."""
        self._kept.keep(name, value)

    def _keep_clock(self, offset_seconds: float) -> None:
        self._moves.add(offset_seconds)
        self.keep("clock.json", {"offset_seconds": offset_seconds, "moves": self._moves.all})

    def _secret(self) -> str:
        """Signs tokens; kept, so that they outlive a restart."""
        found = self._kept.read("secret.json", {}).get("token_secret")
        if not found:
            found = secrets.token_urlsafe(48)
            self.keep("secret.json", {"token_secret": found})
        return str(found)

    def _watch_engine(self) -> None:
        """Brings the engine back, with what it had saved, should it end by itself; asks whether it can save."""
        while not self._stopping.wait(_WATCH_SECONDS):
            status = self.engine.exited()
            if status is None:
                self._ask_saving()
            elif not self._stopping.is_set():
                log.error("The engine ended unexpectedly (%s). Starting it again from its last snapshot.", status)
                self._bring_back()

    def _ask_saving(self) -> None:
        try:
            now = Saving.of(self.engine.keeper())
        except (OSError, HTTPException, ValueError):
            return  # it ends, and the next round says so
        if now.refuses != self.saving.refuses:
            if now.refuses:
                log.error("Nothing can be saved: %s. Changes are refused until it can.", now.fault)
            else:
                log.error("Everything is saved again; changes are taken.")
        self.saving = now

    def _bring_back(self) -> None:
        try:
            self.engine.start()
        except (DataUnreadable, OSError) as fault:
            self._given_up(str(fault))
            self._stopping.set()
        except EngineFailed as fault:
            log.error("%s", fault)
            self._stopping.wait(2)


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
