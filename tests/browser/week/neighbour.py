"""What the two neighbours do: they order, show their codes, and one of them brings a bag back."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Locator, expect

from tests.browser.neighbour import Neighbour
from tests.browser.week.acting import Acting


@dataclass
class Buyer(Acting, Neighbour):
    """A neighbour who orders apples."""

    name: str = ""
    address: str = ""

    def orders(self, bags: int, payment: str) -> None:
        """From the shop's first page to the order, or to the page of paying; they become a member on the way."""
        self.window.go("")
        self.looks("neighbour sees the shop")
        self.open(self.typed.campaign)
        expect(self.page.get_by_role("heading", level=1)).to_have_text(self.typed.campaign)
        for _ in range(bags):
            self.main.locator(".stepper button").last.click()
        expect(self.page.locator("[data-total]")).to_have_text(self.money(bags * 1000))
        self.looks("neighbour chooses")
        self.press("To the basket")
        self.expect_heading("Your basket")
        self.looks("neighbour's basket")
        self.press("Sign in and order")
        self.sign_in(self.address, self.name)
        self.expect_heading("Check your order")
        self.choose("payment_method", payment)
        self.looks("neighbour checks the order")
        self.press("Order now")

    def pays_online(self) -> None:
        """On the page of the test provider, and back to the order."""
        self.expect_heading("Pay")
        self.looks("neighbour is to pay")
        self.pay()
        self.expect_heading("Paid. Thank you.")
        self.looks("neighbour has paid")
        self.follow("To my order")
        self.has_ordered()

    def has_ordered(self) -> None:
        """The order is there, and stands first among what the shop says."""
        self.page.wait_for_url("**/orders/*")
        self.looks("neighbour has ordered")

    def finds_order(self, name: str) -> None:
        """By the bar at the bottom of the shop."""
        self.window.go("")
        self.follow("My orders")
        self.expect_heading("My orders")
        self.looks(f"{name}, among the orders")
        self.open(self.typed.campaign)
        self.page.wait_for_url("**/orders/*")
        self.looks(name)

    def shows_code(self) -> Locator:
        """The phone is held out to the leader."""
        self.finds_order("neighbour shows the code")
        code = self.page.locator("#code img")
        self.expect_drawn(code)
        return code

    def asks_to_return(self, photo: Path) -> None:
        """One bag, with a photo of it."""
        self.finds_order("neighbour has collected")
        self.follow("Return, exchange or repair")
        self.choose("kind", "return")
        self.main.locator(".stepper button").last.click()
        self.write("What is wrong?", self.typed.fault)
        self.add_photo(photo)
        self.looks("neighbour asks to return")
        self.press("Send my request")
        expect(self.main).to_contain_text(self.typed.fault)
        self.looks("neighbour has asked to return")

    def sees_what_came_instead(self) -> None:
        """Of two bags one is of other apples, and one never came: its money went back by itself."""
        self.finds_order("neighbour has something else")
        other = self.main.locator(".lines li").filter(has_text=self.typed.instead)
        expect(other.locator("small").first).to_contain_text(self.typed.ordered)
        self.expect_row("You have paid", self.money(2000))
        self.expect_row("Comes back to you", self.money(1000))

    def has_money_back(self) -> None:
        """In cash, for the bag that was brought back."""
        self.finds_order("neighbour has money back")
        self.expect_row("Comes back to you", self.money(1000))
        back = self.main.locator("section").filter(has=self.page.get_by_role("heading", name=self.reads("Money back")))
        expect(back).to_contain_text(self.money(1000))
