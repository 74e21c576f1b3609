"""Lists: every record once, in order, whatever the page size, the filter or the index."""

import pytest

from chalicelib.db import Transaction, key, metered
from tests.db.notes import OURS, THEIRS, Note, note, write

BOOK = key(OURS, "book")
LIST = key(OURS, "list")


@pytest.fixture
def book(ours):
    """250 notes; every second has more, every tenth is long; all are in the list too, in the opposite order."""
    for start in range(0, 250, 50):
        tx = Transaction()
        for n in range(start, start + 50):
            more, text = None if n % 2 else {}, "short" if n % 10 else "long"
            tx.put(str(n), note(f"{n:03d}", number=n, text=text, more=more, gsi1pk=LIST, gsi1sk=f"{999 - n}"))
        tx.commit()


def numbers(pk, **options):
    """The numbers on all pages together."""
    return [number for page in walk(pk, **options) for number in page]


def walk(pk, **options):
    """The numbers on each page."""
    pages, cursor = [], None
    while True:
        page = Note.page(pk, cursor=cursor, **options)
        pages.append([int(found.number) for found in page.items])
        cursor = page.last_key
        if cursor is None:
            return pages


@pytest.mark.parametrize("limit", [7, 20, 100, 249, 250, 251])
def test_pages_hold_each_record_once_and_in_order(limit, book):
    pages = walk(BOOK, limit=limit)

    assert [number for page in pages for number in page] == list(range(250))
    assert all(len(page) == limit for page in pages[:-1])


@pytest.mark.parametrize("limit", [3, 20, 25])
@pytest.mark.parametrize("index", [None, "gsi1"])
def test_a_filter_fills_its_pages_and_skips_nothing(limit, index, book):
    pages = walk(LIST if index else BOOK, limit=limit, where=Note.text == "long", index=index)

    expected = list(range(0, 250, 10))
    assert [number for page in pages for number in page] == (expected[::-1] if index else expected)
    assert all(len(page) == limit for page in pages[:-1])


def test_newest_first_turns_the_order(book):
    assert numbers(BOOK, limit=40, newest_first=True) == list(range(249, -1, -1))


def test_a_prefix_and_a_range_bound_the_list(book):
    assert numbers(BOOK, begins_with="01") == list(range(10, 20))
    assert numbers(BOOK, between=("098", "101")) == [98, 99, 100, 101]
    assert numbers(LIST, index="gsi1", between=("990", "999")) == list(range(9, -1, -1))


def test_records_written_between_pages_neither_repeat_nor_hide_others(book):
    first = Note.page(BOOK, limit=100)
    write(note("0505", number=-1), note("150x", number=-2))
    seen, cursor = [found.number for found in first.items], first.last_key
    while cursor:
        page = Note.page(BOOK, limit=100, cursor=cursor)
        seen += [found.number for found in page.items]
        cursor = page.last_key

    assert [n for n in seen if n >= 0] == list(range(250))
    assert -2 in seen


def test_every_reads_all_pages(book):
    assert [found.number for found in Note.every(BOOK, limit=60)] == list(range(250))
    assert len(list(Note.every(BOOK, where=Note.text == "long"))) == 25


def test_a_filter_that_finds_little_gives_a_short_page_that_continues(book, monkeypatch, wire):
    monkeypatch.setattr("chalicelib.db.records._MOST_REQUESTS", 3)

    wire.sent.clear()
    rare = Note.number == 249

    page = Note.page(BOOK, limit=20, where=rare)
    assert (page.items, len(wire.sent)) == ([], 3)

    following = Note.page(BOOK, limit=20, where=rare, cursor=page.last_key)
    assert [found.number for found in following.items] == [249]


@pytest.mark.parametrize(
    ("passes", "every", "limit", "most_read", "most_requests"),
    [
        (Note.number >= 0, 1, 20, 20, 1),
        (Note.number >= 0, 1, 1, 5, 1),
        (Note.number >= 0, 1, 200, 200, 1),
        (Note.more.exists(), 2, 20, 50, 3),
        (Note.text == "long", 10, 20, 230, 4),
        (Note.number == 0, 250, 20, 250, 4),
    ],
)
def test_a_page_reads_little_more_than_what_its_filter_leaves_out(passes, every, limit, most_read, most_requests, book):
    """One of ``every`` so many notes passes."""
    with metered() as meter:
        page = Note.page(BOOK, limit=limit, where=passes)

    assert [int(found.number) for found in page.items] == list(range(0, 250, every))[:limit]
    assert meter.items_read <= most_read
    assert meter.reads <= most_requests


def test_an_empty_list_has_no_next_page(ours):
    page = Note.page(BOOK)

    assert (page.items, page.last_key) == ([], None)


def test_a_list_shows_its_own_partition_alone(book):
    write(note("1", tenant=THEIRS, number=-1), note("1", book="other", number=-1))

    assert -1 not in numbers(BOOK, limit=100)
