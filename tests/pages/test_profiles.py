"""What members are asked on pages, what it is for, and leaving and coming back."""

from __future__ import annotations

from typing import Any

import pytest

from tests.builders import Shop, made
from tests.customer_care import CustomerCare
from tests.pages.site import Seen, Visitor

PAGES = ("/me/profile/why", "/me/consents", "/me/question", "/me/leave")


def me(shop: Shop) -> Any:
    """The shopper, as the API shows them."""
    return made(shop.caller.call("GET", f"{shop.path}/me", token=shop.shopper.token), 200)


def say(shop: Shop, **profile: Any) -> None:
    made(shop.caller.call("PATCH", f"{shop.path}/me", json={"profile": profile}, token=shop.shopper.token), 200)


@pytest.mark.parametrize("path", PAGES)
def test_every_page_is_in_both_languages(new_visitor, shop, path):
    english = new_visitor(shop).signed_in(shop.shopper).get(path)
    chinese = new_visitor(shop, language="zh").signed_in(shop.shopper).get(path)
    assert (english.status, chinese.status) == (200, 200)
    assert english.heading != chinese.heading


class TestProfile:
    def test_a_birthday_is_chosen_by_month_and_day_and_cleared(self, shopper, shop):
        page = shopper.send(shopper.get("/me/profile"), "Save my profile", profile__month="02", profile__day="29")
        assert me(shop)["profile"]["birthday"] == "02-29"
        assert page.soup.select_one("#f-profile-day option[selected]")["value"] == "29"
        shopper.send(page, "Save my profile", profile__month="", profile__day="")
        assert me(shop)["profile"]["birthday"] is None

    @pytest.mark.parametrize(("month", "day"), [("02", "30"), ("03", ""), ("", "08")])
    def test_half_of_one_and_no_day_at_all_are_refused_beside_the_day(self, shopper, shop, month, day):
        page = shopper.send(shopper.get("/me/profile"), "Save my profile", profile__month=month, profile__day=day)
        assert page.status == 422
        assert page.words("#f-profile-day-fault") == "Choose a month and a day that it has, or neither."
        assert page.soup.select_one("#f-profile-month option[selected]")["value"] == month

    def test_a_favourite_pickup_point_is_chosen_and_checked_at_the_next_order(self, shopper, shop):
        first, second = shop.pickup_point_id, shop.pickup_point(name="Gate")["id"]
        shopper.send(shopper.get("/me/profile"), "Save my profile", profile__favourite_point_id=second)
        assert me(shop)["profile"]["favourite_point_id"] == second
        campaign = shop.campaign(pickup_point_ids=[first, second])
        units = {f"units.{campaign['offers'][0]['offer_id']}": "1", "then": "checkout"}
        basket = shopper.get(f"/campaigns/{campaign['id']}")
        csrf = basket.soup.select_one("input[name=_csrf]")["value"]
        page = shopper.post(f"/campaigns/{campaign['id']}/basket", {"_csrf": csrf, **units})
        checked = page.soup.select("input[name=pickup_point_id][checked]")
        assert [each["value"] for each in checked] == [second]

    def test_what_is_agreed_to_is_noted_with_the_words_that_were_shown(self, shopper, shop):
        page = shopper.get("/me/profile")
        assert page.form("I agree : Chosen for you").select_one("[name=words]")["value"] == "1"
        shopper.send(page, "I agree : Chosen for you")
        assert me(shop)["consent"]["personalisation"]["words"] == 1
        answers = shopper.get("/me/consents")
        assert "Chosen for you: I agreed" in answers.words("main")

    def test_the_page_of_purposes_says_what_each_answer_is_for(self, shopper):
        page = shopper.get("/me/profile/why")
        titles = [each.get_text(strip=True) for each in page.soup.select("main section h2")]
        assert titles == [
            "Name", "Birthday", "Age", "Gender", "Household", "Occupation", "Income, roughly", "Interests",
            "Favourite pickup point",
        ]  # fmt: skip


class TestTheQuestion:
    @pytest.fixture
    def order(self, care: CustomerCare) -> Any:
        return care.collected(care.shop.shopper)[0]

    @pytest.fixture
    def shopper(self, care: CustomerCare, new_visitor) -> Visitor:
        return new_visitor(care.shop).signed_in(care.shop.shopper)

    def asked(self, page: Seen) -> str | None:
        return page.words("#asked") if page.soup.select_one("#asked") else None

    def test_one_is_asked_when_an_order_was_collected_and_answered_there(self, care, shopper, order):
        page = shopper.get(f"/orders/{order['id']}")
        assert self.asked(page) == "When is your birthday?"
        page = shopper.send(page, "Save my answer", month="03", day="08")
        assert page.words(".flash") == "Thank you, it is noted. You can change it under Me, My profile."
        assert page.path.endswith(f"/orders/{order['id']}")
        assert self.asked(page) is None
        assert me(care.shop)["profile"]["birthday"] == "03-08"

    def test_it_is_put_away_with_one_tap_for_months(self, care, shopper, order, clock):
        page = shopper.send(shopper.get(f"/orders/{order['id']}"), "Not now")
        assert (page.status, self.asked(page)) == (200, None)
        clock.advance(days=119)
        assert self.asked(self.again(care, order)) is None
        clock.advance(days=2)
        assert self.asked(self.again(care, order)) == "Who lives with you?"

    def again(self, care: CustomerCare, order: Any) -> Seen:
        return Visitor.signed_in(self.new(care), care.shop.shopper).get(f"/orders/{order['id']}")

    @pytest.fixture(autouse=True)
    def _new(self, new_visitor) -> None:
        self.new = lambda care: new_visitor(care.shop)

    def test_whether_it_is_the_favourite_is_one_tap(self, care, shopper, order, clock):
        say(care.shop, birthday="03-08", household="alone")
        clock.advance(days=31)
        page = self.again(care, order)
        assert self.asked(page) == "Do you usually collect here?"
        visitor = self.new(care).signed_in(care.shop.shopper)
        visitor.send(visitor.get(f"/orders/{order['id']}"), "Yes, choose it from now on")
        assert me(care.shop)["profile"]["favourite_point_id"] == order["pickup_point_id"]

    def test_nothing_said_is_refused_beside_its_field_and_leads_back_afterwards(self, care, shopper, order):
        page = shopper.send(shopper.get(f"/orders/{order['id']}"), "Save my answer")
        assert (page.status, page.words("#f-day-fault")) == (422, "Give an answer, or press: Not now.")
        page = shopper.send(page, "Save my answer", month="02", day="30")
        assert (page.status, bool(page.words("#f-day-fault"))) == (422, True)
        page = shopper.send(page, "Save my answer", month="03", day="08")
        assert page.path.endswith(f"/orders/{order['id']}")

    def test_nothing_is_asked_before_an_order_was_collected(self, shop, new_visitor):
        order = made(shop.order())
        page = new_visitor(shop).signed_in(shop.shopper).get(f"/orders/{order['id']}")
        assert self.asked(page) is None

    def test_it_leads_nowhere_else(self, care, shopper, order):
        page = shopper.get("/me/question")
        csrf = page.soup.select_one("input[name=_csrf]")["value"]
        sent = {"_csrf": csrf, "question": "birthday", "then": "dismiss", "next": "https://evil.example/"}
        answer = shopper.post("/me/question", sent, follow=False)
        assert answer.headers["location"] == f"/s/{care.shop.slug}"


class TestLeaving:
    def test_the_page_says_what_becomes_of_everything_and_coming_back_is_one_tap(self, shopper, shop):
        page = shopper.get(shopper.get("/me").link("Leave the community"))
        for said in ("Orders that are open", "Points", "Coupons", "News and offers"):
            assert said in page.words("[aria-labelledby=becomes]")
        page = shopper.send(page, "Leave", reason="prices", note="Too dear")
        assert page.heading == "You have left"
        assert me(shop)["left_reason"] == "prices"

        page = shopper.get("/me")
        assert "You left on" in page.words(".note")
        page = shopper.send(page, "Come back")
        assert page.words(".flash").startswith("Welcome back.")
        assert me(shop)["left_at"] is None

    def test_without_a_word_too(self, shopper, shop):
        shopper.send(shopper.get("/me/leave"), "Leave")
        assert me(shop)["left_reason"] == "not_said"

    def test_too_many_words_are_refused_beside_their_field_with_all_kept(self, shopper, shop):
        page = shopper.send(shopper.get("/me/leave"), "Leave", reason="prices", note="x" * 501)
        assert (page.status, bool(page.soup.select_one("#f-note-fault"))) == (422, True)
        assert page.soup.select_one("#f-reason option[selected]")["value"] == "prices"
        assert me(shop)["left_at"] is None
