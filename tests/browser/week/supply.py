"""What the brand's owner does between the close and the pickup: buys, notes what came, and sends parcels out."""

from __future__ import annotations

from dataclasses import dataclass

from playwright.sync_api import expect

from tests.browser.week.brand import Brand


@dataclass
class Buying(Brand):
    """The same owner, who buys and receives."""

    def orders_at_the_supplier(self) -> None:
        """Five bags at 3.75."""
        self._opens()
        self.looks("brand's group buy has closed")
        self.follow("Purchase list")
        self.expect_heading("Purchase list")
        bought = self.main.locator("section.supplier").filter(has_text=self.typed.supplier)
        expect(bought.locator("td strong")).to_have_text("5")
        expect(bought).to_contain_text(self.money(1875))
        bought.locator("summary").click()
        self.looks("brand's purchase list")
        self._opens()
        self.moves_on("The goods are ordered from the suppliers")

    def notes_what_came(self) -> None:
        """Three bags of five came, one of other apples came instead, and one never will."""
        self._opens()
        self.follow("Record what came")
        self.expect_heading("Record what came")
        self.fill_in("lines.0.received", "3")
        self.fill_in("lines.0.short", "1")
        self.fill_in("_seek", self.typed.instead)
        self.press("Look for it")
        other = self.page.locator('[name="lines.0.substitute.sku_id"]')
        other.select_option(label=other.locator("option", has_text=self.typed.instead).inner_text())
        self.fill_in("lines.0.substitute.quantity", "1")
        self.looks("brand notes what came")
        self.press("Record it")
        self.expect_heading("What this means for orders")
        one = "%(m)s unit is taken out of orders and paid back.", "%(m)s units are taken out of orders and paid back."
        expect(self.main).to_contain_text(self.counts(*one, 1, m=1))
        self.looks("brand sees what it means")
        self.press("Yes, record it")
        self.served.quiet()
        self.page.reload()
        self.looks("brand has noted what came")
        self.follow("What was recorded")
        expect(self.main).to_contain_text(self.money(1500))
        self.looks("brand's receipt")
        self._opens()
        self.moves_on("The goods are here")
        self.follow("Sorting sheets")
        self.expect_heading("Sorting sheets")
        self.looks("brand's sorting sheets")
        self.follow("Print all")
        expect(self.page.locator("body")).to_contain_text(self.typed.instead)
        self.looks("brand's sheet on paper")
        self.page.go_back()

    def sends_the_parcels(self) -> None:
        """They are packed, and then they are there."""
        self._opens()
        for step in ("The parcels are packed", "The parcels are at the pickup points"):
            self.moves_on(step)

    def moves_on(self, step: str) -> None:
        """Says that a step is done; what follows from it is shown first."""
        self.follow(step)
        self.expect_heading(step)
        self.looks(f"brand moves on, {step}")
        self.press("Yes: %(what)s", what=self.reads(step))
        self.served.quiet()

    def _opens(self) -> None:
        self.go_to("After the close")
        self.open(self.typed.campaign)
        expect(self.page.get_by_role("heading", level=1)).to_have_text(self.typed.campaign)
