"""The engine's own endpoints under `/_local/`: what is waiting, read and take off a stream, save now, empty, keep
and recall what a moment held."""

from __future__ import annotations

import asyncio
import json
import os
import time
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any
from urllib.parse import parse_qs

from infra.local.host import direct, state
from infra.local.host.keeper import Keeper

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Asgi = Callable[[Scope, Receive, Send], Awaitable[None]]

_READS = (b"Get", b"Query", b"Scan", b"BatchGet", b"TransactGet", b"Describe", b"List")


class Control:
    """Wraps MiniStack's application: counts changes, wakes who waits for work, serves `/_local/`."""

    def __init__(self, engine: Asgi, keeper: Keeper) -> None:
        self._engine = engine
        self._keeper = keeper
        self._changed = asyncio.Event()
        self._changes = 0
        self._kept: dict[str, bytes] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._engine(scope, receive, send)
            return
        if scope["path"].startswith("/_local/"):
            await self._serve(scope, receive, send)
            return
        service = direct.service_of(scope)
        if service:
            await self._ask(service, scope, receive, send)
        else:
            await self._engine(scope, receive, send)
        if _may_change(scope):
            self._note()

    async def _ask(self, service: str, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            body = await _body(receive)
        except _Disconnected:
            return
        for message in await direct.answer(service, scope, body):
            await send(message)

    def _note(self) -> None:
        self._keeper.note_change()
        self._changes += 1
        self._changed.set()
        self._changed = asyncio.Event()

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            body = await _body(receive)
        except _Disconnected:
            return
        query = {name: values[-1] for name, values in parse_qs(scope["query_string"].decode()).items()}
        answer = await self._answer(scope["path"].removeprefix("/_local/"), query, json.loads(body or b"{}"))
        content = json.dumps(answer if answer is not None else {"error": "unknown"}).encode()
        headers = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(content))]
        status = 200 if answer is not None else 404
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": content})

    async def _answer(self, action: str, query: dict[str, str], body: dict[str, Any]) -> dict[str, Any] | None:
        match action:
            case "work":
                return await self._work(float(query.get("wait", "0")), query.get("only"))
            case "records":
                return {"records": state.on_stream(query["table"], int(query["limit"]))}
            case "mail":
                return {"messages": state.mail()}
            case "taken":
                taken = state.take_off_stream(body["table"], body["through"])
                self._note()
                return {"taken": taken}
            case "hidden":
                state.show_hidden()
                self._note()
                return {}
            case "save":
                await self._keeper.save()
                return self._report()
            case "keeper":
                return self._report()
        return self._content(action, body)

    def _content(self, action: str, body: dict[str, Any]) -> dict[str, Any] | None:
        match action:
            case "empty":
                state.empty()
                self._note()
            case "keep":
                self._kept[body["name"]] = state.content()
            case "recall":
                return self._recall(body["name"], body["unless_after"])
            case "changes":
                pass
            case _:
                return None
        return {"changes": self._changes}

    async def _work(self, wait_seconds: float, only: str | None) -> dict[str, Any]:
        """What is waiting; returns early when a stream has records or a queue has a visible message."""
        until = time.time() + wait_seconds
        while True:
            changed, work = self._changed, state.waiting(only)
            due = [queue["next_at"] for queue in work["queues"].values() if queue["next_at"]]
            ready = work["streams"] or any(queue["ready"] for queue in work["queues"].values())
            left = until - time.time()
            if ready or left <= 0:
                return work
            try:
                pause = max(min([left, *(at - time.time() for at in due)]), 0.01)
                await asyncio.wait_for(changed.wait(), pause)
            except TimeoutError:
                continue

    def _recall(self, name: str, unless_after: int | None) -> dict[str, Any]:
        unchanged = unless_after in (None, self._changes)
        recalled = unchanged and name in self._kept
        if recalled:
            state.put_back(self._kept[name])
            self._note()
        return {"unchanged": unchanged, "recalled": recalled, "changes": self._changes}

    def _report(self) -> dict[str, Any]:
        keeper = self._keeper
        return {
            "pid": os.getpid(),
            "saved": keeper.saved,
            "fault": keeper.fault,
            "unsaved_seconds": round(keeper.unsaved_seconds, 1),
            "set_aside": keeper.set_aside,
            "pause_ms": round(keeper.pause_ms, 3),
            "write_seconds": round(keeper.write_seconds, 3),
            "size_bytes": keeper.size_bytes,
        }


def _may_change(scope: Scope) -> bool:
    for name, value in scope["headers"]:
        if name == b"x-amz-target":
            return not bytes(value).rpartition(b".")[2].startswith(_READS)
    return scope["method"] not in ("GET", "HEAD", "OPTIONS")


class _Disconnected(Exception):
    """Whoever sent a request has gone before all of it was there."""


async def _body(receive: Receive) -> bytes:
    chunks = []
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise _Disconnected
        chunks.append(message.get("body", b""))
        if not message.get("more_body"):
            return b"".join(chunks)
