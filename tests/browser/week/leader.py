"""What the leader of the pickup point does: packs by the sorting list, scans codes, pays out, and is paid."""

from __future__ import annotations

from dataclasses import dataclass

from playwright.sync_api import Locator, expect

from tests.browser.camera import Camera
from tests.browser.neighbour import Neighbour
from tests.browser.week.acting import Acting
from tests.browser.week.typed import LEADER


@dataclass
class Leader(Acting, Neighbour):
    """Lin, who is a neighbour as well."""

    def joins(self) -> None:
        """The shop, as everybody does."""
        self.window.go("")
        self.follow("Me")
        self.sign_in(LEADER, self.typed.leader)
        expect(self.page.get_by_role("heading", level=1)).to_have_text(self.typed.leader)
        self.looks("leader has joined")

    def goes_to_their_point(self, name: str) -> None:
        """From the shop's first page."""
        self.window.go("")
        self.follow("Me")
        self.follow("My pickup point, as its leader")
        expect(self.page.get_by_role("heading", level=1)).to_have_text(self.typed.place)
        self.looks(name)

    def packs(self) -> None:
        """Two parcels by the list, which says who gets something else; nothing is handed over yet."""
        self.goes_to_their_point("leader hears of goods on the way")
        self.follow("Sorting list")
        self.expect_heading("Sorting list")
        expect(self.main).to_contain_text(
            self.reads("Do not hand anything over yet: the shop has not said that the goods are at your pickup point.")
        )
        parcels = self.main.locator(".parcel")
        expect(parcels).to_have_count(2)
        mine = parcels.filter(has_text=self.typed.first)
        expect(mine).to_contain_text(self.reads("take %(amount)s in cash", amount=self.money(3000)))
        expect(parcels.filter(has_text=self.typed.last)).to_contain_text(self.typed.instead)
        for box in self.main.locator(".packing input").all():
            box.check()
        self.looks("leader packs")

    def opens_the_counter(self) -> None:
        """Two parcels wait, and the cash of one of them."""
        self.goes_to_their_point("leader sees what waits")
        self.expect_tile("parcels to hand over", "2")
        self.expect_tile("cash to take for them", self.money(3000))
        self.follow("Hand over parcels")
        self.expect_heading("Hand over")
        self.looks("leader's counter")

    def hands_over(self, camera: Camera, code: Locator, name: str, take: int) -> None:
        """Scans a code off a phone, says what is to be paid, and hands the parcel over."""
        camera.sees_screen(code)
        self.press("Scan with the camera")
        found = self.page.locator("[data-signal=found]")
        expect(found.locator("h2")).to_contain_text(name)
        said = self.reads("Take %(amount)s in cash", amount=self.money(take)) if take else self.reads("Nothing to pay")
        expect(found.locator(".take")).to_have_text(said)
        self.looks("leader has scanned")
        hand_over = self.counts("Hand it over", "Hand over all %(num)s parcels", 1, num=1)
        self.page.get_by_role("button", name=hand_over).click()
        expect(self.page.locator("[data-signal=done]")).to_be_visible()
        self.press("Stop the camera")
        self.looks("leader has handed over")

    def pays_out(self) -> None:
        """What goes back in cash, out of the cash that was taken."""
        self.goes_to_their_point("leader is to pay out")
        self.expect_tile("refunds to pay out", "1")
        self.expect_tile("of the shop's cash with you", self.money(3000))
        self.main.locator("summary").get_by_text(self.reads("I have paid it out"), exact=True).click()
        self.press("Yes, %(amount)s are paid out", amount=self.money(1000))
        self.expect_tile("of the shop's cash with you", self.money(2000))
        self.looks("leader has paid out")

    def reads_the_statement(self) -> None:
        """What was earned of two orders, and that it was paid."""
        self.goes_to_their_point("leader at the end")
        self.follow("Earnings")
        self.expect_heading("Earnings")
        self.looks("leader's earnings")
        self.follow("My statements")
        self.expect_heading("My statements")
        self.looks("leader's statements")
        self.main.locator(".ways a").first.click()
        self.expect_row("Paid to you", self.money(300))
        self.expect_row("Still to be paid to you", self.money(0))
        self.looks("leader's statement")
