"""Pickup codes: what counts as the same, and what wrong ones cost."""

from datetime import UTC, datetime, timedelta

from chalicelib.orders.pickup_code.model import LOCKED_FOR, Tries, same_code

ORDER = "01J9ZQ0W7N8RXC5B2M4T6V8Y0A"
NOW = datetime(2026, 11, 25, 18, tzinfo=UTC)


def test_the_code_may_be_typed_as_people_type() -> None:
    full_width = ("ＡＢＣＤＥＦ０１２３", "ａｂｃｄｅｆ０１２３")
    for typed in ("abcd-ef 0123", "ABCDEFO123", "abcdefol23", "abcd\u3000ef·0I23", *full_width):
        assert same_code(typed, "ABCDEF0123", ORDER), typed
    assert not same_code("ABCDEF0124", "ABCDEF0123", ORDER)
    assert not same_code("", "ABCDEF0123", ORDER)
    assert not same_code("取货码😀", "ABCDEF0123", ORDER)


def test_what_is_scanned_names_its_order_before_the_code() -> None:
    assert same_code(f"{ORDER}:ABCDEF0123", "ABCDEF0123", ORDER)
    assert same_code(f" {ORDER.lower()}:abcdef 0123", "ABCDEF0123", ORDER)
    assert not same_code(f"{ORDER}:ABCDEF0123", "ABCDEF0123", "01J9ZQ0W7N8RXC5B2M4T6V8Y0B")
    assert not same_code(f"{ORDER}:", "ABCDEF0123", ORDER)


def test_the_tenth_wrong_code_locks_for_a_quarter_of_an_hour() -> None:
    tries = Tries()
    for _ in range(9):
        tries = tries.after_wrong_code(NOW)
        assert tries.seconds_locked(NOW) == 0
    tries = tries.after_wrong_code(NOW)
    assert tries.seconds_locked(NOW) == 900
    assert tries.seconds_locked(NOW + LOCKED_FOR - timedelta(milliseconds=1)) == 1
    assert tries.seconds_locked(NOW + LOCKED_FOR) == 0


def test_after_the_lock_ten_more_tries_are_counted() -> None:
    tries = Tries(0, NOW)
    later = NOW + timedelta(minutes=1)
    for _ in range(9):
        tries = tries.after_wrong_code(later)
    assert tries.seconds_locked(later) == 0
    assert tries.after_wrong_code(later).seconds_locked(later) == 900
