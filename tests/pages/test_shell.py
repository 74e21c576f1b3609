"""What every page has from the shell: sessions, forms that are ours alone, refusals with a way on, two languages."""

from __future__ import annotations

import pytest

from chalicelib.pages.shell.fields import nested
from chalicelib.web.colours import contrast, theme
from tests.members.codes import sent


def test_a_neighbour_signs_in_with_a_code_and_is_back_where_she_was(visitor):
    page = visitor.get(f"/sign-in?next=/s/{visitor.slug}/sign-in")
    page = visitor.send(page, "Send me a code", address="ada@example.com")
    assert page.heading == "Type the code"

    page = visitor.send(page, "Sign in", code=sent()[-1]["data"]["params"]["code"])

    assert page.heading == "Group buys"
    assert page.words(".flash") == f"Welcome to The {visitor.slug}. You are a member now."
    assert visitor.get("").soup.select_one(".flash") is None


def test_what_is_wrong_stands_beside_the_field_and_the_input_is_kept(visitor):
    page = visitor.get("/sign-in")

    page = visitor.send(page, "Send me a code", address="12")

    assert page.status == 422
    assert "phone number" in page.words(".fault")
    assert page.soup.select_one("#f-address")["value"] == "12"
    assert page.soup.select_one("#f-address")["aria-describedby"] == "f-address-fault"


@pytest.mark.parametrize("typed", ["ada.example.com", "王小明"])
def test_what_is_neither_a_phone_number_nor_an_address_is_called_so(visitor, typed):
    page = visitor.send(visitor.get("/sign-in"), "Send me a code", address=typed)

    assert (page.status, "neither a phone number nor an e-mail address" in page.words(".fault")) == (422, True)


@pytest.mark.parametrize(
    "headers",
    [
        {"sec_fetch_site": "cross-site"},
        {"sec_fetch_site": "same-site"},
        {"origin": "https://evil.example", "sec_fetch_site": "same-origin"},
        {"origin": "null"},
    ],
)
def test_a_form_of_another_site_is_refused(visitor, headers):
    visitor.get("/sign-in")
    answer = visitor.post("/sign-out", {}, **headers)
    assert answer.status == 403
    assert answer.heading == "This page was out of date"


def test_a_form_without_its_token_is_refused(visitor):
    visitor.get("/sign-in")
    assert visitor.post("/sign-in", {"address": "ada@example.com"}).status == 403


@pytest.mark.parametrize(
    "target",
    ["https://evil.example/", "//evil.example", "/s/other/orders", "/s/{slug}//evil.example", "/s/{slug}\\evil"],
)
def test_nobody_is_led_out_of_the_shop(shopper, target):
    answer = shopper.get("/sign-in?next=" + target.format(slug=shopper.slug), follow=False)
    assert answer.status == 303
    assert answer.headers["location"] == f"/s/{shopper.slug}"


def test_a_session_is_renewed_at_half_of_its_life(shopper, clock):
    assert not [each for each in shopper.get("").set_cookies if each.startswith("session=")]
    clock.advance(days=16)
    assert [each for each in shopper.get("").set_cookies if each.startswith("session=")]


@pytest.mark.parametrize("colour", ["#000000", "#ffffff", "#ffff00", "#ffe600", "#808080", "#1f6feb", "#ff0000", "not"])
def test_every_colour_gives_readable_text(colour):
    said = dict(each.split(":") for each in theme(colour).split("{")[1].split("}")[0].split(";"))
    rgb = {name: tuple(int(value[i : i + 2], 16) for i in (1, 3, 5)) for name, value in said.items()}
    assert contrast(rgb["--brand"], rgb["--on-brand"]) >= 4.5
    for behind in ((255, 255, 255), (245, 245, 243), rgb["--brand-soft"]):
        assert contrast(rgb["--brand-text"], behind) >= 4.5


def test_names_with_dots_become_what_the_interface_takes():
    sent = {"lines.0.quantity": "2", "lines.1.quantity": "3", "delivery.name": "王", "empty": " ", "_csrf": "x"}
    assert nested(sent) == {"lines": [{"quantity": "2"}, {"quantity": "3"}], "delivery": {"name": "王"}}
