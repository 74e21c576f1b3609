"""Pictures of a brand's own: uploaded by its team, kept once they are named, and shown under an address that stays."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import pytest

from chalicelib.aws import client
from chalicelib.media.service import files
from chalicelib.notices.templates.service.html import page
from chalicelib.rate_limits import service
from chalicelib.tenancy import Brand
from tests.aftersales.conftest import fetched
from tests.builders import Reply, Shop, made
from tests.pictures import png, webp
from tests.uploads import send

PNG = png()


def form(shop: Shop, size: int = len(PNG), content_type: str = "image/png") -> Any:
    return made(shop.brand.post("/v1/uploads", {"content_type": content_type, "size": size}))


def uploaded(shop: Shop, content: bytes = PNG, content_type: str = "image/png") -> str:
    """The address of a picture that was sent."""
    given = form(shop, len(content), content_type)
    assert send(given, content) == 204
    return str(given["address"])


def pears(shop: Shop, *images: str) -> Reply:
    sku = {"code": "PEAR", "title": "A kilo", "price": shop.money(900)}
    return shop.brand.post("/v1/products", {"title": "Pears", "images": list(images), "skus": [sku]})


def test_a_products_picture_is_found_under_its_address(shop: Shop, visitor) -> None:
    address = uploaded(shop)
    product = made(pears(shop, "https://pictures.example/1.jpg", address))
    assert product["images"] == ["https://pictures.example/1.jpg", address]

    answer = visitor.get(address, follow=False)

    assert (answer.status, answer.headers["cache-control"], answer.set_cookies) == (302, "public, max-age=1800", ())
    assert fetched(answer.headers["location"]) == (200, PNG)


def test_what_is_kept_stays_what_it_was_while_its_form_still_works(shop: Shop, visitor) -> None:
    given = form(shop)
    assert send(given, PNG) == 204
    product = made(pears(shop, given["address"]))

    assert send(given, png(641)) == 204
    assert shop.brand.patch(f"/v1/products/{product['id']}", {"images": [given["address"]]}).status == 200

    assert fetched(visitor.get(given["address"], follow=False).headers["location"]) == (200, PNG)


def test_the_logo_of_a_page_is_the_one_that_was_uploaded(shop: Shop, visitor) -> None:
    address = uploaded(shop, webp(), "image/webp")
    assert shop.brand.patch("/v1/tenant", {"brand": {"logo": address}}).json["brand"]["logo"] == address

    assert visitor.get("").soup.select_one(".brand img")["src"] == address


def test_browsers_may_keep_the_picture_itself_and_no_rule_deletes_it(shop: Shop) -> None:
    address = uploaded(shop)
    made(pears(shop, address))

    key = f"{shop.tenant_id}/shown/{address.rpartition('/')[2]}"
    head = client("s3").head_object(Bucket=files.bucket(), Key=key)

    assert (head["ContentType"], head["CacheControl"]) == ("image/png", "public, max-age=31536000, immutable")
    assert client("s3").get_object_tagging(Bucket=files.bucket(), Key=key)["TagSet"] == []


@pytest.mark.parametrize("content", [b"<html><script>alert(1)</script>", b"<svg xmlns='http://www.w3.org/2000/svg'/>"])
def test_a_file_that_is_no_picture_is_never_shown(shop: Shop, content: bytes, visitor) -> None:
    address = uploaded(shop, content)

    product, brand = pears(shop, address), shop.brand.patch("/v1/tenant", {"brand": {"logo": address}})

    assert [(each.status, each.json["code"]) for each in (product, brand)] == [(422, "wrong_file_type")] * 2
    assert [each.json["errors"][0]["pointer"] for each in (product, brand)] == ["/images/0", "/brand/logo"]
    assert fetched(visitor.get(address, follow=False).headers["location"])[0] == 404


def test_a_picture_that_was_never_sent_or_is_another_brands_is_none(shop: Shop, new_shop) -> None:
    never, theirs = form(shop)["address"], uploaded(new_shop())

    for address in (never, theirs):
        refused = pears(shop, address)
        assert (refused.status, refused.json["code"]) == (422, "picture_not_uploaded")
        assert refused.json["errors"][0]["pointer"] == "/images/0"


def test_what_members_upload_is_not_shown_to_everyone(shop: Shop, visitor) -> None:
    body = {"content_type": "image/png", "size": len(PNG)}
    photo = made(shop.caller.call("POST", f"{shop.path}/uploads", json=body, token=shop.shopper.token))
    assert send(photo, PNG) == 204
    address = f"/s/{shop.slug}/media/{photo['id']}"

    assert pears(shop, address).json["code"] == "picture_not_uploaded"
    assert fetched(visitor.get(address, follow=False).headers["location"])[0] == 404


@pytest.mark.parametrize(
    "address", ["/s/{}/media/../orders", "/s/{}/orders", "//evil.example/x", "/s/{}/media/logo.svg"]
)
def test_no_other_path_is_a_picture(shop: Shop, address: str) -> None:
    refused = pears(shop, address.format(shop.slug))
    assert (refused.status, refused.json["errors"][0]["pointer"]) == (422, "/images/0")


def test_a_team_gets_so_many_forms_an_hour(shop: Shop, new_shop, monkeypatch: pytest.MonkeyPatch) -> None:
    other = new_shop()
    monkeypatch.setattr(service, "most", lambda limit: {"upload_forms_a_team": 2}[limit])
    body = {"content_type": "image/png", "size": 10}

    replies = [shop.brand.post("/v1/uploads", body) for _ in range(3)]

    assert [each.status for each in replies] == [201, 201, 429]
    assert replies[-1].json["code"] == "too_many_uploads"
    form(other)


def test_a_letter_has_the_logos_whole_address(shop: Shop) -> None:
    html = page(Brand("Linli", "UTC", "CNY", "en", logo="/s/linli/media/X"), "en", "Hello", (), "", "")

    assert urlsplit(html.partition('src="')[2].partition('"')[0]).netloc == "127.0.0.1:8000"
