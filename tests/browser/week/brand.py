"""What the brand's owner does at the console before and after the sale: opens the shop, and closes the books."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from playwright.sync_api import expect

from chalicelib.kernel import clock
from tests.browser.week.acting import Acting
from tests.browser.week.typed import COST, OWNER, PRICE, SLUG


@dataclass
class Brand(Acting):
    """The owner, at a desk."""

    def go_to(self, place: str) -> None:
        """A place of the console, by its name at the side."""
        link = self.page.locator("nav.side").get_by_role("link", name=self.reads(place), exact=True)
        address = link.get_attribute("href")
        link.click()
        self.page.wait_for_url(f"**{address}")

    def _today(self) -> date:
        return clock.now().astimezone(ZoneInfo(self.typed.zone)).date()

    def signs_up(self) -> None:
        """Name and e-mail address are typed; what follows from them is proposed, and taken."""
        self.window.go("/console/sign-up")
        expect(self.page.locator("[name=country]")).to_have_value(self.typed.country)
        self.write("Name of your brand", self.typed.brand)
        self.write("Your e-mail address", OWNER)
        self.looks("brand signs up")
        self.press("Go on")
        for name, proposed in (("slug", SLUG), ("timezone", self.typed.zone), ("currency", self.typed.currency)):
            expect(self.page.locator(f"[name={name}]")).to_have_value(proposed)
        self.looks("brand looks over the shop")
        self.press("Open my shop")
        self.expect_heading("Your shop is live")
        self.looks("brand's shop is live")
        self.follow("I have kept it: set up my shop")
        self.expect_heading("Set up your shop")
        self.looks("brand sees what is left")

    def signs_out(self) -> None:
        self.page.locator("header a[href$='/me']").click()
        expect(self.page.get_by_role("button", name=self.reads("Sign out"), exact=True)).to_be_visible()
        self.looks("brand's own page")
        self.press("Sign out")

    def signs_in(self) -> None:
        """By the code that is sent, which also confirms the address; a working day later once more."""
        self.window.go("/console/sign-in")
        self.expect_heading("Sign in to your console")
        self.write("E-mail address", OWNER)
        self.looks("brand signs in")
        code = self.code(OWNER, lambda: self.press("Send me a code"))
        self.write("Code", code)
        self.press("Sign in")
        self.expect_heading("Today")
        self.looks("brand's day begins")

    def adds_a_product(self, photo: Path) -> None:
        """With a photo, in two kinds: one that is sold, and one that may come instead."""
        self.go_to("Products")
        self.follow("Add the first product")
        self.write("Product name", self.typed.product)
        self.write("Description", self.typed.description)
        self.write("Category", self.typed.category)
        self.add_photo(photo)
        self._sku(0, self.typed.ordered, "APPLE-1")
        self.press("Add another SKU")
        self.expect_drawn(self.page.locator(".photos .thumbs img"))
        self._sku(1, self.typed.instead, "APPLE-2")
        self.looks("brand writes a product")
        self.press("Add the product")
        self.expect_said("The product is added. You can offer it in a group buy now.")
        self.expect_drawn(self.main.locator(".pictures img"))
        self.looks("brand has a product")

    def _sku(self, row: int, name: str, code: str) -> None:
        for field, text in (("title", name), ("code", code), ("price", PRICE), ("content.quantity", "2000")):
            self.fill_in(f"skus.{row}.{field}", text)

    def adds_a_supplier(self) -> None:
        """Who delivers what is sold; for what comes instead nothing is agreed."""
        self.go_to("Suppliers")
        self.follow("Add the first supplier")
        self.write("Supplier name", self.typed.supplier)
        self.press("Add the supplier")
        self.follow("Add a SKU")
        self.open(self.typed.ordered)
        self.write("Cost of one unit", COST)
        self.press("Agree these terms")
        self.expect_said("The terms are agreed.")
        self.looks("brand has a supplier")

    def adds_a_pickup_point(self) -> None:
        """Led by a member, for ten percent."""
        self.go_to("Pickup points")
        self.follow("Add a pickup point")
        self.write("Name of the place", self.typed.place)
        self.write("Address", self.typed.address)
        self.write("Opening hours", self.typed.hours)
        self.write("Commission in percent", "10")
        self.looks("brand writes a pickup point")
        self.press("Add it")
        self.fill_in("q", self.typed.leader)
        self.press("Search")
        expect(self.main.get_by_role("button", name=self.reads("Let them lead it"))).to_be_visible()
        self.looks("brand chooses a leader")
        self.press("Let them lead it")
        self.expect_said("They lead it from now on.")
        expect(self.main).to_contain_text(self.typed.leader)

    def makes_a_group_buy(self) -> None:
        """Open at once, until eight in the evening, with twenty bags."""
        self.go_to("Group buys")
        self.follow("Make the first group buy")
        self.write("What is it called?", self.typed.campaign)
        self.looks("brand begins a group buy")
        self.press("Store the draft and go on")
        self.main.locator(".found li").filter(has_text=self.typed.ordered).get_by_role("button").click()
        self.fill_in("offers.0.price", PRICE)
        self.fill_in("offers.0.quantity", "20")
        self.looks("brand chooses goods")
        self.press("Save and go on")
        self.write("Closes", f"{self._today()}T20:00")
        self.write("Goods expected at the pickup points", str(self._today() + timedelta(days=1)))
        self.looks("brand says when and where")
        self.press("Save and go on")
        self.expect_heading("As your neighbours see it")
        self.looks("brand's preview")
        self.press("Publish")
        expect(self.main.locator(".badge").first).to_have_text(self.reads("Open for orders"))
        self.looks("brand's group buy is open")

    def gives_back(self) -> None:
        """Approves the return, and books the bag that came back: nobody can sell it."""
        self.go_to("After-sales")
        self.looks("brand's returns")
        self.main.locator("table a").first.click()
        expect(self.main).to_contain_text(self.typed.fault)
        self.write("What you tell the member", self.typed.answer)
        self.looks("brand decides on a return")
        self.press("Approve it …")
        self.expect_heading("Is this right?")
        expect(self.main).to_contain_text(self.reads("%(amount)s goes back to the member.", amount=self.money(1000)))
        self.looks("brand looks at the decision")
        self.press("Yes, do it")
        self.expect_said("It is approved, and the member is told.")
        self.page.locator("[name^='off.']").fill("1")
        self.looks("brand's bag has come back")
        self.press("Book what came back")
        self.expect_said("The goods are booked.")
        self.press("Close the case")
        self.expect_said("The case is closed.")
        self.looks("brand has given back")

    def takes_the_cash(self) -> None:
        """That the leader took, less what the leader paid out."""
        self.go_to("Cash to be handed in")
        expect(self.main.locator("td strong")).to_have_text(self.money(2000))
        self.fill_in("amount", "20.00")
        self.looks("brand takes the cash")
        self.press("Note it")
        expect(self.main.locator(".empty")).to_be_visible()

    def settles(self) -> None:
        """Four bags were sold and one came back: 40.00 − 10.00 − 15.00 − 3.00 = 12.00."""
        self.go_to("Books")
        self.looks("brand's books")
        self.follow("Results of group buys")
        self.expect_heading("Results of group buys")
        self.looks("brand's results")
        self.open(self.typed.campaign)
        for message, minor in (
            ("Sales", 4000), ("Given back for returns", 1000), ("What goods cost", 1500),
            ("Commission of leaders", 300), ("Profit", 1200),
        ):  # fmt: skip
            self.expect_row(message, self.money(minor))
        self.looks("brand's result")
        self.press("Settle it")
        expect(self.main.locator(".badge.good")).to_have_text(self.reads("Settled"))
        self.looks("brand has settled")

    def pays_the_leader(self) -> None:
        """The statement of three weeks until yesterday: a tenth of three bags, 3.00."""
        self.go_to("Statements")
        self.looks("brand's statements")
        self.open(self.typed.place)
        self.fill_in("from_on", str(self._today() - timedelta(days=22)))
        self.fill_in("to_on", str(self._today() - timedelta(days=1)))
        self.press("Show")
        self.expect_tile("Owed at the end", self.money(300))
        self.looks("brand's account with the leader")
        self.press("Freeze the statement")
        expect(self.page.locator("[name=amount]")).to_have_value("3.00")
        self.looks("brand has frozen the statement")
        self.press("Note the payment")
        expect(self.main).to_contain_text(self.reads("Nothing is left to pay."))
        self.looks("brand has paid the leader")

    def sees_who_comes_back(self) -> None:
        """Both who ordered, of two; the leader only hands over."""
        self.go_to("Reports")
        self.looks("brand's reports")
        self.go_to("Who comes back")
        first = self.main.locator(".heat tbody tr").last.locator("td").nth(1)
        expect(first).to_contain_text("100.0%")
        expect(first).to_contain_text("2/2")
        self.looks("brand sees who comes back")
        first.get_by_role("link").click()
        for name in (self.typed.first, self.typed.last):
            expect(self.main).to_contain_text(name)
        self.looks("brand sees who they are")
