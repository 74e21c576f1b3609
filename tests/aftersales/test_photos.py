"""Photos over the embedded S3: what may be uploaded, what may be used, who may look."""

import pytest

from tests.aftersales.conftest import JPEG, Returns, fetched, send
from tests.builders import made

PNG = b"\x89PNG\r\n\x1a\n" + bytes(50)
WEBP = b"RIFF\x10\x00\x00\x00WEBPVP8 " + bytes(50)


def refusal(reply, status=422):
    assert reply.status == status, reply.text
    return reply.json["code"], reply.json["errors"][0]["pointer"]


def test_a_case_shows_the_team_the_photos_that_the_member_sent(returns: Returns) -> None:
    # Given an order with photos of every type that is taken
    order = returns.collected()
    sent = [returns.uploaded(), returns.uploaded(PNG, "image/png"), returns.uploaded(WEBP, "image/webp")]

    # When the member refers to them
    case = returns.opened(order, photos=sent)

    # Then the team can look at them, and the member's own view has no links to pass on
    seen = made(returns.brand.get(f"/v1/after-sales/{case['id']}"), 200)
    assert (case["photos"], [photo["id"] for photo in seen["photo_links"]]) == (sent, sent)
    assert [fetched(photo["url"]) for photo in seen["photo_links"]] == [(200, JPEG), (200, PNG), (200, WEBP)]
    assert "photo_links" not in case


@pytest.mark.parametrize(
    ("content_type", "size", "code", "pointer"),
    [
        ("image/gif", 100, "wrong_file_type", "/content_type"),
        ("text/html", 100, "wrong_file_type", "/content_type"),
        ("image/svg+xml", 100, "wrong_file_type", "/content_type"),
        ("image/jpeg", 0, "wrong_file_size", "/size"),
        ("image/jpeg", 8 * 1024 * 1024 + 1, "wrong_file_size", "/size"),
    ],
)
def test_no_form_is_given_for_the_wrong_type_or_size(returns: Returns, content_type, size, code, pointer) -> None:
    assert refusal(returns.form(content_type, size)) == (code, pointer)


def test_the_form_takes_one_file_of_its_type_and_size_and_nothing_else(returns: Returns) -> None:
    form = made(returns.form(size=100))

    assert send(form, bytes(101)) == 400
    assert send(form, bytes(99)) == 400
    assert send(form, JPEG, **{"Content-Type": "text/html"}) == 403
    assert send(form, JPEG, key=form["fields"]["key"].replace("uploads", "imports")) == 403
    assert send(form, JPEG) == 204
    assert form["fields"]["key"].startswith(f"{returns.shop.tenant_id}/uploads/{returns.shop.shopper.id}/")


def test_a_file_that_is_no_picture_is_refused_whatever_it_calls_itself(returns: Returns) -> None:
    order = returns.collected()
    good, bad = returns.uploaded(), returns.uploaded(b"<html><script>alert(1)</script>")

    assert refusal(returns.ask(order, photos=[good, bad])) == ("wrong_file_type", "/photos/1")
    assert returns.care.store("GET", "/after-sales", returns.shop.shopper).json["items"] == []


def test_a_photo_that_was_never_sent_or_is_somebody_elses_does_not_exist(returns: Returns, new_returns) -> None:
    order, other = returns.collected(), returns.shop.member()
    never = made(returns.form())["id"]
    theirs = returns.uploaded(who=other)
    elsewhere = new_returns().uploaded()

    for upload_id in (never, theirs, elsewhere):
        assert refusal(returns.ask(order, photos=[upload_id])) == ("photo_not_uploaded", "/photos/0")
