"""Photos over the embedded S3: what may be uploaded, what may be used, who may look."""

from datetime import UTC, datetime

import pytest

from chalicelib.aws import client
from chalicelib.media.errors import PhotoNotUploaded
from chalicelib.media.service import uploads
from chalicelib.media.service.files import bucket
from chalicelib.rate_limits import service
from infra.local.engine import Engine
from tests.aftersales.conftest import JPEG, Returns, fetched
from tests.builders import made
from tests.permissions import allowed
from tests.pictures import jpeg, png, webp
from tests.uploads import send

PNG, WEBP = png(), webp()


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


def test_the_photo_of_a_case_stays_as_it_was_while_its_form_still_works(returns: Returns) -> None:
    # Given a case with a photo, whose form is good for some minutes more
    order, form = returns.collected(), made(returns.form())
    assert send(form, JPEG) == 204
    case = returns.opened(order, photos=[form["id"]], key="once")

    # When the member sends another picture with it, and the same request again
    other = jpeg(48, 64)
    assert (len(other), send(form, other)) == (len(JPEG), 204)
    again = returns.opened(order, photos=[form["id"]], key="once")
    second = returns.opened(order, photos=[form["id"]])

    # Then the case shows what it was opened with, and a later case what was there then
    assert (again["id"], again["photos"]) == (case["id"], [form["id"]])
    for opened, picture in ((case, JPEG), (second, other)):
        (link,) = made(returns.brand.get(f"/v1/after-sales/{opened['id']}"), 200)["photo_links"]
        assert (link["id"], fetched(link["url"])) == (form["id"], (200, picture))


def test_a_picture_that_is_replaced_while_it_is_looked_at_is_not_there(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Otherwise what is kept would be what nobody looked at."""

    def put(picture: bytes) -> None:
        client("s3").put_object(Bucket=bucket(), Key="t/uploads/m/1", Body=picture, ContentType="image/png")

    put(PNG)
    monkeypatch.setattr(uploads, "check_picture", lambda *_: put(png(7, 7)))

    with pytest.raises(PhotoNotUploaded):
        uploads.keep("t", "m", "1", "/photos/0")


def test_what_is_uploaded_and_not_used_passes(returns: Returns) -> None:
    """By the tag that the bucket's rule deletes by; without it the form takes nothing."""
    form = made(returns.form())
    untagged = {name: value for name, value in form["fields"].items() if name != "tagging"}

    assert "<Key>lasting</Key><Value>no</Value>" in form["fields"]["tagging"]
    assert ("s3:PutObjectTagging", "MediaBucket/*") in allowed("api_handler"), "the form acts in its signer's name"
    assert send(form | {"fields": untagged}, JPEG) == 403
    assert send(form, JPEG, tagging=form["fields"]["tagging"].replace("no", "yes")) == 403


def test_a_member_gets_so_many_forms_an_hour(returns: Returns, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "most", lambda limit: {"upload_forms_a_member": 2}[limit])
    returns.care.clock.set(datetime(2030, 1, 7, 8, 20, tzinfo=UTC))
    other = returns.shop.member()

    assert [returns.form().status for _ in range(3)] == [201, 201, 429]
    refused = returns.form()
    assert (refused.json["code"], refused.headers["retry-after"]) == ("too_many_uploads", "2400")
    assert returns.form(who=other).status == 201

    returns.care.clock.advance(minutes=40)
    assert returns.form().status == 201
