"""What only the embedded stack serves: the mailbox, the clock, its health, and a first page."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs

from chalicelib.kernel import clock
from infra.local import doors, pages, payments, sign_ins
from infra.local.dns import Records
from infra.local.engine import Engine
from infra.local.folder import FolderUnusable
from infra.local.gateway import Reply, Request, problem
from infra.local.runner import Runner
from infra.local.saving import Saving, unsaved
from infra.local.sign_ins import SignIns

MOST_ADVANCE_SECONDS = 366 * 24 * 3600
_LINKS = (
    ("/docs", "The interface, browsable"),
    ("/v1/openapi.json", "The interface, for programs"),
    ("/local/mailbox", "E-mail and text messages that would have been sent, sign-in codes among them"),
    ("/local/dns", "The DNS of this machine, where a brand's own domain gets its records"),
    ("/local/health", "Whether everything is up, and what is still being worked off"),
    ("/local/clock", "The product's clock; POST {\"advance_seconds\": 3600} moves it forward"),
)  # fmt: skip


class LocalRoutes:
    """Serves `/` and `/local/…`; None for every other path."""

    def __init__(
        self,
        engine: Engine,
        runner: Runner,
        moved: Callable[[float], None],
        offset_at: Callable[[float], float],
        saving: Callable[[], Saving] = Saving,
        signing_in: SignIns | None = None,
        dns: Records | None = None,
    ) -> None:
        self._engine = engine
        self._runner = runner
        self._moved = moved
        self._offset_at = offset_at
        self._saving = saving
        self._sign_ins = signing_in or SignIns()
        self._dns = dns or Records([], {})
        self._answers: dict[str, dict[str, Callable[[Request], Reply]]] = {
            "/": {"GET": self._start},
            "/local/mailbox": {"GET": self._mailbox},
            "/local/clock": {"GET": self._clock, "POST": self._advance},
            "/local/health": {"GET": self._health},
            "/local/dns": {"GET": self._records, "POST": self._change_records},
            sign_ins.PATH: {"GET": self._sign_ins.follow, "POST": self._sign_ins.press},
        }

    def __call__(self, request: Request) -> Reply | None:
        methods = self._answers.get(request.path) or payments.methods(request.path)
        if methods is None:
            return None
        refused = doors.refusal(request)
        if refused:
            return refused
        if request.method not in methods:
            allowed = ", ".join(methods)
            detail = f"Allowed: {allowed}."
            return problem(405, "method_not_allowed", "Method not allowed", detail, request.request_id, Allow=allowed)
        return methods[request.method](request)

    def _start(self, request: Request) -> Reply:
        return _html(pages.start(_LINKS, self._sign_ins, sign_ins.PATH))

    def _mailbox(self, request: Request) -> Reply:
        fields = parse_qs(request.target.partition("?")[2])
        to = fields.get("to", [""])[-1].strip()
        # A plus sign in a query string stands for a space, but people paste phone numbers as they are.
        wanted = {to.lower(), f"+{to}"}
        found = [message for message in self._engine.mail() if not to or message["to"].lower() in wanted]
        items = [{**message, "at": self._product_time(message["at"])} for message in reversed(found)]
        if "application/json" in request.header("Accept"):
            return _json(200, {"items": items})
        return _html(pages.mailbox(items, to))

    def _product_time(self, epoch_seconds: float) -> str:
        ahead = timedelta(seconds=self._offset_at(epoch_seconds))
        return clock.sortable(datetime.fromtimestamp(epoch_seconds, UTC) + ahead)

    def _clock(self, request: Request) -> Reply:
        return _json(200, {"now": clock.instant(clock.now()), "offset_seconds": clock.offset()})

    def _advance(self, request: Request) -> Reply:
        try:
            wanted = json.loads(request.body)["advance_seconds"]
        except (ValueError, KeyError, TypeError):
            wanted = None
        if not isinstance(wanted, int | float) or isinstance(wanted, bool) or not 0 <= wanted <= MOST_ADVANCE_SECONDS:
            detail = f'Send {{"advance_seconds": n}} with n from 0 to {MOST_ADVANCE_SECONDS}.'
            return problem(422, "invalid", "Not possible", detail, request.request_id)
        offset = clock.offset() + wanted
        try:
            self._moved(offset)
        except FolderUnusable as fault:
            return unsaved(request, str(fault))
        clock.set_offset(offset)  # after it is on disk: time must never be found to have gone back
        self._runner.settle()
        return self._clock(request)

    def _records(self, request: Request) -> Reply:
        if "application/json" in request.header("Accept"):
            return _json(200, {"items": [asdict(each) for each in self._dns.all]})
        return _html(pages.records(self._dns.all))

    def _change_records(self, request: Request) -> Reply:
        fields = {name: values[-1] for name, values in parse_qs(request.body.decode("utf-8", "replace")).items()}
        record = [fields.get(each, "") for each in ("name", "kind", "value")]
        try:
            if "delete" in fields:
                self._dns.delete(*record)
            else:
                self._dns.add(*record)
        except ValueError as fault:
            return problem(422, "invalid", "Not possible", str(fault), request.request_id)
        return Reply(303, (("Location", "/local/dns"), ("Cache-Control", "no-store")))

    def _health(self, request: Request) -> Reply:
        state = {"pending": self._runner.pending(), "dead_letters": self._runner.dead_letters()}
        saving = self._saving()
        status: dict[str, Any] = {"status": "not_saving" if saving.fault else "ok", "ready": not saving.refuses}
        if saving.fault:
            refused = {"changes": "refused" if saving.refuses else "taken"}
            status["saving"] = {"fault": saving.fault, "unsaved_seconds": saving.seconds, **refused}
        return _json(200, {**status, **state, "now": clock.instant(clock.now())})


def _json(status: int, document: dict[str, Any]) -> Reply:
    body = json.dumps(document, ensure_ascii=False).encode()
    # No page of another origin may read this: sign-in codes are in the mailbox.
    return Reply(status, (("Content-Type", "application/json"), ("Cache-Control", "no-store")), body)


def _html(text: str) -> Reply:
    return Reply(200, (("Content-Type", "text/html; charset=utf-8"), ("Cache-Control", "no-store")), text.encode())
