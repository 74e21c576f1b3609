"""Which names can be a shop's own domain."""

from __future__ import annotations

import pytest

from chalicelib.own_domains.errors import HostInvalid
from chalicelib.own_domains.model.hosts import normalised, shown
from chalicelib.own_domains.service.suffixes import suffix_of

OURS = {"shops.lintuan.com", "d111.cloudfront.net", "amazonaws.com"}


def host(typed: str, *, inside: bool = False) -> str:
    return normalised(typed, OURS, suffix_of, inside=inside)


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("shop.brand.com", "shop.brand.com"),
        ("  Shop.BRAND.com. ", "shop.brand.com"),
        ("brand.com.cn", "brand.com.cn"),
        ("shop。brand。cn", "shop.brand.cn"),
        ("ｓｈｏｐ.brand.cn", "shop.brand.cn"),
        ("straße.de", "xn--strae-oqa.de"),
        ("a-b.c-d.co.uk", "a-b.c-d.co.uk"),
    ],
)
def test_a_name_is_written_as_the_dns_has_it(typed: str, written: str) -> None:
    assert host(typed) == written
    assert host(written) == written, "written once more it stays"


@pytest.mark.parametrize("typed", ["店铺.邻里.cn", "我.商城.中国", "магазин.пример.рф"])
def test_a_name_in_any_script_is_read_as_it_was_typed(typed: str) -> None:
    found = host(typed)

    assert found.isascii()
    assert (shown(found), host(shown(found))) == (typed, found)


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("", "Write a name"),
        ("https://shop.brand.com", "without https://"),
        ("shop.brand.com/home", "without a path"),
        ("shop.brand.com?x=1", "without a path"),
        ("me@brand.com", "without https://"),
        ("shop.brand.com:8443", "without a port"),
        ("*.brand.com", "a * stands for many"),
        ("192.0.2.7", "number of a computer"),
        ("192.0.2.7:80", "number of a computer"),
        ("3221225991", "number of a computer"),
        ("[2001:db8::1]", "number of a computer"),
        ("2001:db8::1", "number of a computer"),
        ("brand", "whole name with its ending"),
        ("shop..brand.com", "single dots"),
        ("-shop.brand.com", "letters, digits and hyphens"),
        ("shop_1.brand.com", "letters, digits and hyphens"),
        ("shop brand.com", "letters, digits and hyphens"),
        ("sh\u202eop.brand.com", "letters, digits and hyphens"),
        (f"{'a' * 64}.com", "letters, digits and hyphens"),
        (".".join(["abcdefghi"] * 25) + ".com", "too long"),
        ("com", "whole name with its ending"),
        ("co.uk", "belongs to everybody"),
        ("com.cn", "belongs to everybody"),
        ("公司.cn", "belongs to everybody"),
        ("github.io", "belongs to everybody"),
        ("shop.brand.zzzz", "ends in .zzzz"),
        ("shop.brand.local", "ends in .local"),
        ("shop.localhost", "ends in .localhost"),
        ("shop.brand.test", "ends in .test"),
        ("shops.lintuan.com", "This name is ours"),
        ("green.shops.lintuan.com", "This name is ours"),
        ("D111.cloudfront.NET.", "This name is ours"),
    ],
)
def test_a_name_that_can_be_no_shops_is_refused_with_what_to_write(typed: str, says: str) -> None:
    with pytest.raises(HostInvalid) as refused:
        host(typed)

    (fault,) = refused.value.errors
    assert (fault.pointer, says in fault.message) == ("/host", True), fault.message
    assert fault.message_zh
    assert not fault.message_zh.isascii()


def test_on_a_developers_machine_a_name_may_end_in_localhost() -> None:
    assert host("shop.green.localhost", inside=True) == "shop.green.localhost"
    with pytest.raises(HostInvalid):
        host("localhost", inside=True)


def test_what_only_looks_like_ours_is_not() -> None:
    assert host("notshops.lintuan.com") == "notshops.lintuan.com"
