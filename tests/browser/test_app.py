"""The shop as an app: orders that were opened are shown without a connection, and to nobody else."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.window import Window


def _kept_ready(window: Window) -> None:
    """The worker has the shop in its hands."""
    window.page.evaluate("navigator.serviceWorker.ready.then(() => true)")


def test_without_a_connection_a_page_says_so_and_works_again_with_one(served_shop, open_window):
    window = open_window(served_shop)
    window.go("")
    _kept_ready(window)

    window.page.context.set_offline(True)
    window.go("/sign-in")
    expect(window.page.get_by_role("heading", level=1)).to_have_text("No connection")

    window.page.context.set_offline(False)
    window.page.get_by_role("link", name="Try again").click()
    expect(window.page.get_by_role("heading", level=1)).to_have_text("Sign in")
