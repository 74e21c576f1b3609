"""One field holds one address, and a name holds no line: wherever people are written down."""

import pytest

from chalicelib.db import tenant_scope
from chalicelib.members.linking.service.matching import match
from chalicelib.members.model.identities import member_id
from chalicelib.notices.model.people import Person
from chalicelib.notices.recipients.service import find
from tests.calls import Api
from tests.members.codes import sign_in
from tests.notices.test_recipients import NOW
from tests.tenants.brands import FORM, Brand, sign_up

NO_ADDRESS = {
    "two": "a@x.example, b@y.example",
    "twenty": ",".join(f"m{n}@x.example" for n in range(20)),
    "twenty by semicolon": ";".join(f"m{n}@x.example" for n in range(20)),
    "by blank": "a@x.example b@y.example",
    "a further header": "a@x.example\r\nBcc: b@y.example",
    "a line break alone": "a@x.example\nb@y.example",
    "a folded line": "a@x.example\r\n ,b@y.example",
    "a name before it": "Fang <fang@home.example>",
    "a quoted name": '"Fang" <fang@home.example>',
    "in brackets": "<fang@home.example>",
    "a group": "friends: a@x.example, b@y.example;",
    "a comment": "fang(b@y.example)@home.example",
    "a quoted local part": '"a@x.example, b"@y.example',
    "null": "a@x.example\0",
    "a line separator": "a@x.example\u2028Bcc: b@y.example",
    "percent routed": "a@x.example@y.example",
}

NO_NAME = ("Fang\r\nBcc: b@y.example", "Fang\nSubject: Free", "Fang\tX", "Fang\u2028Bcc: b@y.example", "Fang\x00")


@pytest.fixture
def brand(api: Api) -> Brand:
    return sign_up(api)


@pytest.mark.parametrize("typed", NO_ADDRESS.values(), ids=NO_ADDRESS)
def test_no_field_takes_more_or_other_than_an_address(api: Api, brand: Brand, typed: str) -> None:
    token = sign_in(api)["access_token"]
    owner = brand.token_of(brand.owner_id())
    tried = [
        ("/owner_email", api.post("/v1/tenants", {**FORM, "slug": "another", "owner_email": typed})),
        ("/email", brand.post("/v1/staff", {"email": typed, "name": "Mei", "roles": ["service"]})),
        ("/email", api.post("/v1/auth/code", {"audience": "member", "tenant": "linli", "email": typed})),
        ("/email", api.post("/v1/stores/linli/me/identity-changes", {"email": typed}, token=token)),
        ("/email", api.post("/v1/auth/email-changes", {"email": typed}, token=owner)),
    ]
    for pointer, answer in tried:
        assert answer.status == 422, answer.text
        assert [each["pointer"] for each in answer.json["errors"]] == [pointer]


@pytest.mark.parametrize("typed", NO_ADDRESS.values(), ids=NO_ADDRESS)
def test_a_files_row_of_no_one_address_reaches_nobody(brand: Brand, typed: str) -> None:
    with tenant_scope(brand.id):
        matched = match(brand.id, [typed], NOW, {})
        recipient = find(brand.id, Person.member(member_id(brand.id, matched.ordinals[typed])))
    assert recipient is not None
    assert recipient.addresses == {}


@pytest.mark.parametrize("name", NO_NAME)
def test_no_name_has_a_second_line(api: Api, brand: Brand, name: str) -> None:
    token = sign_in(api)["access_token"]
    for answer in (
        api.post("/v1/tenants", {**FORM, "slug": "another", "name": name}),
        brand.patch("/v1/tenant", {"name": name}),
        brand.post("/v1/staff", {"email": "mei@linli.example", "name": name, "roles": ["service"]}),
        api.patch("/v1/stores/linli/me", {"profile": {"name": name}}, token=token),
    ):
        assert answer.status == 422, answer.text


def test_markup_in_a_name_stays_text_to_whoever_renders_it(api: Api, brand: Brand) -> None:
    name = "<b>Fang</b> {code} %s =cmd()"
    token = sign_in(api)["access_token"]
    assert api.patch("/v1/stores/linli/me", {"profile": {"name": name}}, token=token).status == 200
    with tenant_scope(brand.id):
        recipient = find(brand.id, Person.member(member_id(brand.id, 0)))
    assert recipient is not None
    assert recipient.name == name
