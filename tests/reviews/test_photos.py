"""Photos of reviews are for everybody: their links say nothing of who took them, and they go with what showed them."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import pytest

from chalicelib.aws import client
from chalicelib.db import Transaction
from chalicelib.db.guard import tenant_scope
from chalicelib.media.service import files, uploads
from chalicelib.reviews.records import ReviewRecord
from tests.aftersales.conftest import JPEG
from tests.aftersales.test_photos import fetched
from tests.builders import made
from tests.reviews.shop import Reviews
from tests.reviews.test_reviews import uploaded

pytestmark = pytest.mark.usefixtures("noon")

SAID = {"text": "I am Petra of house 3", "aspects": {"goods": 4}}


def stored(reviews: Reviews) -> list[str]:
    """Every version of every file that was kept of reviews, and of the members' photos."""
    found = client("s3").list_object_versions(Bucket=files.bucket(), Prefix=f"{reviews.shop.tenant_id}/")
    kept = [*found.get("Versions", ()), *found.get("DeleteMarkers", ())]
    return sorted(each["Key"] for each in kept if "/uploads/" not in each["Key"])


def with_photos(reviews: Reviews, *photos: str, **said: Any) -> Any:
    mine = reviews.written(reviews.bought(), photos=list(photos), **said)
    reviews.care.drain()
    return mine


def test_a_public_link_says_nothing_of_the_author(reviews: Reviews) -> None:
    mine = with_photos(reviews, uploaded(reviews))

    [photo] = reviews.shown()[0]["photos"]
    order, shopper = mine["order_id"], reviews.shop.shopper.id
    assert not [each for each in (shopper, order) if each in photo["url"]]
    assert urlsplit(photo["url"]).path.count(mine["id"]) == 1
    assert fetched(photo["url"]) == (200, JPEG)


def test_two_reviews_of_one_author_share_no_file(reviews: Reviews) -> None:
    photo = uploaded(reviews)
    first, second = with_photos(reviews, photo), with_photos(reviews, photo)

    made(reviews.delete(first), 204)
    reviews.care.drain()
    [kept] = stored(reviews)
    assert second["id"] in kept


def test_a_photo_kept_as_its_members_is_still_shown(reviews: Reviews) -> None:
    photo, tenant_id = uploaded(reviews), reviews.shop.tenant_id
    mine = with_photos(reviews, photo)
    name = uploads.keep(tenant_id, reviews.shop.shopper.id, photo, "/photos/0")
    with tenant_scope(tenant_id):
        review = ReviewRecord.fetch(*ReviewRecord.address(tenant_id, mine["id"]))
        assert review is not None
        review.photo_files, tx = [name], Transaction()
        tx.replace("review", review)
        tx.commit()

    assert fetched(reviews.shown()[0]["photos"][0]["url"]) == (200, JPEG)


def test_photos_go_with_a_deleted_review_and_again_an_hour_later(reviews: Reviews) -> None:
    mine = with_photos(reviews, uploaded(reviews), uploaded(reviews, JPEG + b" "))
    assert len(stored(reviews)) == 2

    made(reviews.delete(mine), 204)
    made(reviews.care.store("POST", "/me/leave", reviews.shop.shopper, json={"reason": "privacy"}), 200)
    reviews.care.drain()
    assert stored(reviews) == []

    late = f"{reviews.shop.tenant_id}/reviews/{mine['id']}/{mine['id']}"
    files.store(late, JPEG, "image/jpeg")
    reviews.care.clock.advance(hours=1, minutes=1)
    reviews.care.sweep()
    reviews.care.drain()
    assert stored(reviews) == []


def test_a_photo_goes_when_its_review_has_it_no_more(reviews: Reviews) -> None:
    first, second = uploaded(reviews), uploaded(reviews, JPEG + b" ")
    mine = with_photos(reviews, first, second)
    before = stored(reviews)

    made(reviews.put(mine, photos=[second]), 200)
    reviews.care.drain()
    [kept] = stored(reviews)
    assert kept in before
    assert kept.rpartition("/")[2] in reviews.shown()[0]["photos"][0]["url"]


def test_photos_of_a_hidden_review_stay_since_it_may_be_shown_again(reviews: Reviews) -> None:
    mine = with_photos(reviews, uploaded(reviews))
    made(reviews.act(mine, "hide", {"reason": "A phone number"}), 200)
    reviews.care.drain()
    assert len(stored(reviews)) == 1

    made(reviews.act(mine, "show"), 200)
    assert len(reviews.shown()[0]["photos"]) == 1


@pytest.mark.parametrize("again", ["write", "change"])
def test_what_is_refused_keeps_no_photo(reviews: Reviews, again: str) -> None:
    photo, order = uploaded(reviews), reviews.bought()
    mine = reviews.written(order, photos=[photo])
    made(reviews.delete(mine), 204)
    reviews.care.drain()

    refused = reviews.send(order, photos=[photo]) if again == "write" else reviews.put(mine, photos=[photo])
    assert refused.status == 409
    assert stored(reviews) == []


def test_of_who_has_left_only_the_stars_stay_until_they_are_back(reviews: Reviews) -> None:
    mine = with_photos(reviews, uploaded(reviews), rating=4, **SAID)
    made(reviews.act(mine, "reply", {"text": "Thank you, Petra!"}), 200)
    before, rating, who = reviews.shown(), reviews.rating(), reviews.shop.shopper
    assert (before[0]["text"], len(before[0]["photos"])) == (SAID["text"], 1)

    made(reviews.care.store("POST", "/me/leave", who, json={"reason": "privacy"}), 200)
    [shown] = reviews.shown()
    assert (shown["text"], shown["photos"], shown["reply"], shown["author"]) == ("", [], None, "**")
    assert (shown["rating"], shown["aspects"]["goods"], reviews.rating()) == (4, 4, rating)
    assert reviews.shown("?sort=photos") == []
    page = reviews.shop.caller.call("GET", f"/s/{reviews.shop.slug}/products/{reviews.product_id()}/reviews")
    assert "Petra" not in page.text

    made(reviews.care.store("POST", "/me/rejoin", who, json={}), 200)
    assert [each["text"] for each in reviews.shown()] == [SAID["text"]]
