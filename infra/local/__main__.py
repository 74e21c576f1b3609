"""`make run`: the whole product on this machine."""

from __future__ import annotations

import argparse
import os
import signal
import sys
import threading
import time
from pathlib import Path
from typing import NoReturn

from chalicelib.kernel import clock
from chalicelib.telemetry import logger
from chalicelib.web import examples
from infra.local import console
from infra.local.demo import naming, seed
from infra.local.demo.client import Refused
from infra.local.demo.people import NoCode
from infra.local.engine import ROOT, EngineFailed
from infra.local.folder import FolderInUse, FolderUnusable
from infra.local.ports import PortTaken
from infra.local.resources import ShapeChanged
from infra.local.sign_ins import CONSOLE, LEADER
from infra.local.stack import Stack

_MOST_PORT = 65_535


def main() -> int:
    """Serves until Ctrl-C. 0 after a clean stop, 1 when it could not start, go on, or save what it held."""
    options = _options()
    os.umask(0o077)  # what is kept here is this user's own
    console.set_up(os.environ.get("LOG_LEVEL", "INFO"))
    # One clean line a call is ours; the product's own JSON log speaks only of trouble here.
    logger.setLevel(os.environ.get("POWERTOOLS_LOG_LEVEL", "ERROR"))
    started = time.monotonic()
    stop, given_up = threading.Event(), list[str]()
    stack = Stack(options.data, options.port, lambda reason: _give_up(reason, given_up, stop))
    for received in (signal.SIGINT, signal.SIGTERM):
        signal.signal(received, lambda *_: _interrupt(stop))
    try:
        with console.quietly():
            stack.start()
    except KeyboardInterrupt:
        return 1
    except (PortTaken, FolderInUse, FolderUnusable, EngineFailed, ShapeChanged) as fault:
        sys.stderr.write(f"{fault}\n")
        return 1
    return _serve(stack, stop, started, demo=options.demo) or len(given_up)


def _serve(stack: Stack, stop: threading.Event, started: float, *, demo: bool) -> int:
    status = 0
    try:
        if demo:
            with console.quietly():
                found = _demo(stack)
                owner = seed.owner_token(stack.url, found, clock.now())
                examples.name(naming.named(stack.url, found, clock.now()))
            stack.sign_ins.name(found.shopper_token)
            stack.sign_ins.name(found.leader_token, LEADER)
            stack.sign_ins.name(owner, CONSOLE)
            console.say(console.welcome(stack.url, found, stack.folder, stack.sign_ins))
        console.say(f"Ready in {time.monotonic() - started:.1f} s. Ctrl-C stops; the data stays in {stack.folder}.\n")
        stop.wait()
    except KeyboardInterrupt:
        pass
    except (seed.Failed, Refused, NoCode, FolderUnusable) as fault:
        sys.stderr.write(f"{fault}\n")
        status = 1
    finally:
        console.say("Stopping; saving the data.")
        unsaved = stack.stop()
    if unsaved:
        sys.stderr.write(f"NOT SAVED: {unsaved}. What was saved before that is there at the next start.\n")
        return 1
    console.say("Stopped.")
    return status


def _give_up(reason: str, given_up: list[str], stop: threading.Event) -> None:
    sys.stderr.write(f"{reason}\n")
    given_up.append(reason)
    stop.set()


def _interrupt(stop: threading.Event) -> None:
    # Once: while things stop in order, a second Ctrl-C must not tear them down.
    if not stop.is_set():
        stop.set()
        raise KeyboardInterrupt


def _demo(stack: Stack) -> seed.Demo:
    """The demo brand: brought in on the first start, found again later."""
    kept = stack.read("demo.json")
    if not seed.is_present(stack.url, kept):
        console.say("First start: bringing in the demo brand.")
        kept = {**seed.sign_up(stack.url), "filled": False}
        stack.keep("demo.json", kept)
    if not kept["filled"]:
        with console.progress() as progress:
            seed.fill(stack.url, kept["slug"], kept["api_key"], clock.now(), progress)
        kept["filled"] = True
        stack.keep("demo.json", kept)
    # The leader comes before the campaigns: they keep the commission as it is when they are published.
    leader_token = seed.meet_leader(stack.url, kept["slug"], kept["api_key"])
    seed.open_campaigns(stack.url, kept["api_key"], clock.now())
    found = seed.visit(stack.url, kept["slug"], kept["api_key"], leader_token, clock.now())
    stack.keep("demo.json", {**kept, "shopper_token": found.shopper_token, "leader_token": found.leader_token})
    return found


class _Parser(argparse.ArgumentParser):
    """Says what is wrong in one line; `--help` says the rest."""

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"{message}\n")


def _port(text: str) -> int:
    if not (text.isascii() and text.isdigit() and int(text) <= _MOST_PORT):
        raise argparse.ArgumentTypeError(f"'{text}' is no port; give a number from 1 to {_MOST_PORT}, or 0 for any")
    return int(text)


def _options() -> argparse.Namespace:
    parser = _Parser(prog="make run", description="Runs Lintuan on this machine.")
    port = os.environ.get("PORT") or "8000"
    parser.add_argument("--port", type=_port, default=port, help="port of 127.0.0.1 (default 8000; also PORT)")
    parser.add_argument("--data", type=Path, default=ROOT / ".local", help="where the data is kept")
    parser.add_argument("--no-demo", dest="demo", action="store_false", help="start without the demo brand")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
