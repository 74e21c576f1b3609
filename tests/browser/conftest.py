"""A real browser for tests of pages, and the product served to it."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from chalicelib import settings
from infra.browser import NoChromium, browsing, chromium_or_install
from infra.local.gateway import Gateway
from infra.local.server import Server
from tests.browser.camera import camera  # noqa: F401 - a fixture of its own file
from tests.browser.neighbour import Neighbour
from tests.browser.window import SECONDS, Window, Windows
from tests.builders import Shop
from tests.conftest import Served

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from chalicelib.kernel.language import Language


HUNG = ["TimeoutError", "TargetClosedError", "Locator expected", "Page expected", "ERR_ABORTED"]
"""What is said of a browser that did not get on; very rarely Chromium hangs by itself on a busy machine."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A browser that hung is tried once more, and the summary says so: what fails twice is a fault of the pages."""
    here = Path(__file__).parent
    for each in items:
        if here in each.path.parents:
            each.add_marker(pytest.mark.flaky(reruns=1, only_rerun=HUNG))


@pytest.fixture(scope="session")
def _chromium() -> str:
    """Where Chromium is. Without it the tests are skipped; where CI says so, they fail."""
    try:
        return chromium_or_install()
    except NoChromium as missing:
        if os.environ.get("CI", "").lower() == "true":
            pytest.fail(str(missing))
        pytest.skip(str(missing))


@pytest.fixture(scope="package")
def browser(_chromium: str) -> Iterator[Browser]:
    """One browser a test process; it ends before other tests, whose threads and loops it could disturb."""
    expect.set_options(timeout=1000 * SECONDS)
    with browsing(_chromium) as found:
        yield found


@pytest.fixture
def server(server: Served, monkeypatch: pytest.MonkeyPatch) -> Iterator[Served]:
    """The served product, which says in links and to payment providers where it really is."""
    monkeypatch.setenv("PUBLIC_URL", server.url)
    settings.forget()
    yield server
    settings.forget()


@pytest.fixture
def neighbour(server: Served, served_shop: Shop, open_window: Callable[..., Window]) -> Callable[..., Neighbour]:
    """People with phones: `neighbour("zh")`, or signed in `neighbour("en", member=served_shop.shopper)`."""

    def come(language: Language, **given: object) -> Neighbour:
        return Neighbour(open_window(served_shop, language=language, **given), server, language)

    return come


@pytest.fixture
def windows(browser: Browser) -> Iterator[Windows]:
    """Opens windows. The test fails when the browser had anything to complain of in one."""
    found = Windows(browser)
    yield found
    complaints = list(found.close())
    if complaints:
        pytest.fail("The browser complained:\n" + "\n".join(complaints))


@pytest.fixture
def open_window(windows: Windows) -> Callable[..., Window]:
    """Opens a window at a served shop: `open_window(served_shop, member=served_shop.shopper, language="zh")`."""

    def open_at(shop: Shop, **given: object) -> Window:
        return windows.open(shop.caller.url, shop.slug, **given)  # type: ignore[attr-defined,arg-type]

    return open_at


@contextmanager
def pages_served(gateway: Gateway) -> Iterator[str]:
    """The pages on a free port, for as long as they are looked at; where. Nothing works off queues meanwhile."""
    serving = Server(gateway, 0, lambda *_: None)
    thread = threading.Thread(target=serving.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    yield serving.url
    serving.shutdown()
    serving.server_close()
    thread.join()
