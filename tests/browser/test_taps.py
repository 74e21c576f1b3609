"""What a brand does in a week takes no more taps than the sheet allows, which was written before the screens."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, ViewportSize

from chalicelib.kernel import clock as product_clock
from chalicelib.kernel.remembering import forget_everything
from infra.local import application
from infra.local.pump import Pump
from tests.browser.brand_week import Week
from tests.browser.colleague import Colleague
from tests.browser.conftest import pages_served
from tests.browser.reading import tasks
from tests.browser.walks import WALKS
from tests.browser.window import DESKTOP, PHONE, Window, Windows
from tests.calls import Api
from tests.conftest import Clock, Drain, Sweep, emptied

SHEET = tasks()
KEPT = "a brand's week"
BY_THE_MENU = 1
"""Taps more on a phone, where most places stand in the menu."""


@pytest.fixture(scope="module")
def made_week(_engine_process: Any, _gateway: Any) -> Iterator[Week]:
    """The brand's week, made once for all tasks."""
    engine, resources = _engine_process
    emptied(engine)
    drain = Drain(Pump(application.load(), engine, resources))
    made = Week(Api(_gateway), Clock(), drain, Sweep(drain))
    engine.keep(KEPT)
    yield made
    product_clock.set_offset(0)


@pytest.fixture
def week(made_week: Week, _engine_process: Any) -> Week:
    """As it was made, whatever earlier tasks have done to it."""
    assert _engine_process[0].recall(KEPT)["recalled"]
    forget_everything()
    return made_week


@pytest.fixture(scope="module")
def desks(browser: Browser, made_week: Week, _gateway: Any) -> Iterator[dict[int, Window]]:
    """By their width, windows at the console that an owner is signed in with."""
    with pages_served(_gateway) as origin:
        opened = Windows(browser)
        found = {}
        for size in (DESKTOP, PHONE):
            found[size["width"]] = opened.open(origin, made_week.shop.slug, size=size)
            found[size["width"]].at_the_console(made_week.token)
        yield found
        list(opened.close())


@pytest.fixture
def kim(desks: dict[int, Window], week: Week, size: ViewportSize) -> Iterator[Colleague]:
    """An owner of the brand, before the first page of the console."""
    found = Colleague(desks[size["width"]])
    found.begin()
    yield found
    complaints = found.window.unexpected()
    found.window.forget()
    assert complaints == []


@pytest.mark.parametrize("size", [DESKTOP], ids=["desktop"])
@pytest.mark.parametrize(
    "task", [pytest.param(task, marks=[pytest.mark.verify] if at % 4 else []) for at, task in enumerate(SHEET)]
)
def test_a_task_takes_no_more_taps_than_the_sheet_allows(task, kim, week):
    WALKS[task](kim, week)
    assert kim.taps <= SHEET[task]


@pytest.mark.verify
@pytest.mark.parametrize("size", [PHONE], ids=["phone"])
@pytest.mark.parametrize("task", SHEET)
def test_on_a_phone_the_menu_is_one_more(task, kim, week):
    WALKS[task](kim, week)
    assert kim.taps <= SHEET[task] + BY_THE_MENU


def test_every_task_of_the_sheet_is_walked_and_no_other():
    assert set(WALKS) == set(SHEET)
    assert len(SHEET) == 25


def test_the_sheet_is_read_as_it_is_written():
    assert tasks("| task | taps |\n|---|---|\n| see it | 0 |\n| do it | 12 |\n") == {"see it": 0, "do it": 12}
