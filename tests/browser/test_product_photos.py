"""Photos of a product at the console: what is said of each stays with it, wherever it is moved to."""

from __future__ import annotations

from playwright.sync_api import expect

from infra.local.demo import data
from tests.browser.window import DESKTOP
from tests.builders import made


def test_what_a_photo_shows_is_sent_with_the_photo_that_was_moved_forward(open_window, served_shop):
    shop = served_shop
    earlier = "https://img.example/1.jpg"
    product = shop.product(images=[earlier], image_alts={earlier: "The label"})
    window = open_window(shop, size=DESKTOP)
    window.at_the_console(shop.team_token("owner"))
    window.page.route("https://img.example/*", lambda route: route.fulfill(body=b"", content_type="image/jpeg"))
    window.go(f"/console/products/{product['id']}/change")
    page = window.page
    photos = page.locator(".thumbs li")

    page.locator(".picker input").set_input_files(
        {"name": "jar.webp", "mimeType": "image/webp", "buffer": data.picture("logo")}
    )
    expect(photos).to_have_count(2)
    expect(photos.nth(1)).to_contain_text("Sent")
    photos.nth(1).get_by_label("What the photo shows").fill("A red jar")
    photos.nth(1).get_by_role("button", name="Move forward").click()
    page.get_by_role("button", name="Save the changes").click()

    expect(page.locator(".flash")).to_have_text("The product is changed.")
    found = made(shop.brand.get(f"/v1/products/{product['id']}"), 200)
    assert found["images"][1] == earlier
    assert found["image_alts"] == {found["images"][0]: "A red jar", earlier: "The label"}
    window.forget()
