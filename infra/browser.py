"""The Chromium of this machine, for tests, measurements and pictures; where it may be, it is installed."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from filelock import FileLock

from infra.package import BUILD

if TYPE_CHECKING:
    from playwright.sync_api import Browser

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
PACKAGES = ("chromium", "fonts-noto-cjk")
"""Of Debian; without the second, Chinese is boxes."""

HOW = f"apt install {' '.join(PACKAGES)}, or name one: CHROMIUM=/path/to/chromium"
_INSTALL_SECONDS = 600
_TRIED_SECONDS = 3600


class NoChromium(RuntimeError):
    """There is none; the message says how to come by one."""


def chromium() -> str:
    """Where it is; CHROMIUM overrides the search. Raises NoChromium."""
    named = os.environ.get("CHROMIUM")
    found = named or next(filter(None, map(shutil.which, NAMES)), "")
    if not found or not shutil.which(found):
        raise NoChromium(f"There is no Chromium{f' at {named}' if named else ''}: {HOW}.")
    return found


def chromium_or_install() -> str:
    """Where it is; on Debian, for root, it is installed. One of several processes does that, once an hour at most.

    Raises NoChromium.
    """
    BUILD.mkdir(exist_ok=True)
    with FileLock(BUILD / "chromium.lock"):
        try:
            return chromium()
        except NoChromium:
            if not _may_install():
                raise
        tried = BUILD / "chromium.tried"
        if not tried.is_file() or time.time() - tried.stat().st_mtime > _TRIED_SECONDS:
            sys.stderr.write(f"Installing {' and '.join(PACKAGES)} for the tests in a browser, once.\n")
            tried.touch()
            _install()
        return chromium()


def _may_install() -> bool:
    return "CHROMIUM" not in os.environ and os.geteuid() == 0 and shutil.which("apt-get") is not None


def _install() -> None:
    """Does what it can: whether it succeeded shows in what is there afterwards."""
    quiet = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    for command in (["update"], ["install", "--yes", "--no-install-recommends", *PACKAGES]):
        try:
            subprocess.run(
                ["apt-get", "-qq", *command], env=quiet, capture_output=True, check=True, timeout=_INSTALL_SECONDS
            )
        except (subprocess.SubprocessError, OSError) as fault:
            sys.stderr.write(f"apt-get {command[0]} did not succeed: {fault}\n")


# Without a sandbox: it opens pages of ours only, and containers do not allow it one.
ARGUMENTS = ["--no-sandbox", "--no-proxy-server", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"]


@contextmanager
def browsing(executable: str) -> Iterator[Browser]:
    """A browser that reaches this machine alone."""
    # Imported here: most tests, which ask only how to come by a browser, need not pay for it.
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=ARGUMENTS)
        try:
            yield browser
        finally:
            browser.close()
