"""Photos over the embedded S3: what may be uploaded, what may be used, who may look."""

import pytest

from tests.aftersales.conftest import JPEG, Counter, fetched, send
from tests.builders import made

PNG = b"\x89PNG\r\n\x1a\n" + bytes(50)
WEBP = b"RIFF\x10\x00\x00\x00WEBPVP8 " + bytes(50)


def refusal(reply, status=422):
    assert reply.status == status, reply.text
    return reply.json["code"], reply.json["errors"][0]["pointer"]


def test_a_case_shows_the_team_the_photos_that_the_member_sent(counter: Counter) -> None:
    # Given an order with photos of every type that is taken
    order = counter.collected()
    sent = [counter.uploaded(), counter.uploaded(PNG, "image/png"), counter.uploaded(WEBP, "image/webp")]

    # When the member refers to them
    case = counter.opened(order, photos=sent)

    # Then the team can look at them, and the member's own view has no links to pass on
    seen = made(counter.brand.get(f"/v1/after-sales/{case['id']}"), 200)
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
def test_no_form_is_given_for_the_wrong_type_or_size(counter: Counter, content_type, size, code, pointer) -> None:
    assert refusal(counter.form(content_type, size)) == (code, pointer)


def test_the_form_takes_one_file_of_its_type_and_size_and_nothing_else(counter: Counter) -> None:
    form = made(counter.form(size=100))

    assert send(form, bytes(101)) == 400
    assert send(form, bytes(99)) == 400
    assert send(form, JPEG, **{"Content-Type": "text/html"}) == 403
    assert send(form, JPEG, key=form["fields"]["key"].replace("uploads", "imports")) == 403
    assert send(form, JPEG) == 204
    assert form["fields"]["key"].startswith(f"{counter.shop.tenant_id}/uploads/{counter.shop.shopper.id}/")


def test_a_file_that_is_no_picture_is_refused_whatever_it_calls_itself(counter: Counter) -> None:
    order = counter.collected()
    good, bad = counter.uploaded(), counter.uploaded(b"<html><script>alert(1)</script>")

    assert refusal(counter.ask(order, photos=[good, bad])) == ("wrong_file_type", "/photos/1")
    assert counter.desk.store("GET", "/after-sales", counter.shop.shopper).json["items"] == []


def test_a_photo_that_was_never_sent_or_is_somebody_elses_does_not_exist(counter: Counter, new_counter) -> None:
    order, other = counter.collected(), counter.shop.member()
    never = made(counter.form())["id"]
    theirs = counter.uploaded(who=other)
    elsewhere = new_counter().uploaded()

    for upload_id in (never, theirs, elsewhere):
        assert refusal(counter.ask(order, photos=[upload_id])) == ("photo_not_uploaded", "/photos/0")
