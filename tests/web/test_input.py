"""Input of every bad kind is refused by name; nothing a client sends makes the server fail."""

import json

import pytest

from tests.web.conftest import KEY
from tests.web.scratch import THING

KETTLES = "/v1/kettles"


def sent(web, body):
    return web.post(KETTLES, token=KEY, body=body, headers={"Content-Type": "application/json"})


def pointers(reply):
    assert reply.status == 422, reply.text
    assert all(error["message"] for error in reply.json["errors"])
    return [error["pointer"] for error in reply.json["errors"]]


class TestBodies:
    @pytest.mark.parametrize(
        "body",
        [
            "{", "[1,", '{"title": }', "nul", "'single'", '{"title": "a"} x', "{'title': 1}", '{"title": "a",}',
            b"\xff\xfe{\x00}", b'{"title": "\xff"}', b'{"title": "\xed\xa0\x80"}', '{"title": "\\ud800"}',
            '{"title": "\\x"}',             "[" * 100_000, '{"more":' * 20_000, '{"title": "a\nb"}',
            "\ufeff{}", "\0", '{"title": "a", "quantity": 01}',
        ],
    )  # fmt: skip
    def test_what_is_not_json_is_malformed(self, body, web):
        reply = sent(web, body)

        assert (reply.status, reply.json["code"]) == (400, "malformed"), reply.text
        assert "not JSON" in reply.json["detail"]

    @pytest.mark.parametrize("body", ["[]", "1", '"text"', "null", "true", "[[]]", "1e999", "-0"])
    def test_json_that_is_no_object_is_invalid_as_a_whole(self, body, web):
        assert pointers(sent(web, body)) == [""]

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("quantity", '"1"'), ("quantity", "1.5"), ("quantity", "true"), ("quantity", "null"), ("quantity", "0"),
            ("quantity", "-1"), ("quantity", "10000"), ("quantity", "9" * 400), ("quantity", "1e400"),
            ("quantity", "NaN"), ("quantity", "[1]"), ("weight", "NaN"), ("weight", "Infinity"),
            ("weight", "-Infinity"), ("weight", "1e400"),
            ("title", '""'), ("title", '"   "'), ("title", "7"), ("title", '"a\\u0000b"'),
            ("title", json.dumps("x" * 121)), ("note", json.dumps("x" * 5001)), ("email", '"nobody"'),
            ("email", '"a@b"'), ("email", json.dumps("a" * 300 + "@b.com")),
            ("phone", '"12345"'), ("phone", '"+86 1"'), ("phone", '"tel"'), ("timezone", '"Mars/Olympus"'),
            ("timezone", '"../../etc/passwd"'), ("timezone", '""'), ("opens_at", '"2026-11-22"'),
            ("opens_at", '"2026-11-22T08:00:00"'), ("opens_at", '"0001-01-01T00:00:00+14:00"'),
            ("opens_at", '"9999-12-31T23:59:59-14:00"'), ("opens_at", "1763798400"), ("opens_at", '"1763798400"'),
            ("opens_at", '"1763798400.5"'), ("opens_at", '"0"'), ("born_on", '"0"'), ("born_on", '"1763769600"'),
            ("born_on", '"2026-02-30"'), ("born_on", '"22.11.2026"'), ("born_on", "0"),
            ("born_on", '"2026-11-22T00:00:00Z"'), ("owner_id", '"7"'), ("owner_id", '"' + "0" * 25 + 'U"'),
            ("tags", '"a"'), ("tags", "{}"), ("more", "[]"),
        ],
    )  # fmt: skip
    def test_a_wrong_value_is_refused_by_its_field(self, field, value, web):
        body = f'{{"title": "tea", "{field}": {value}}}'

        assert pointers(sent(web, body)) == ["/" + field]

    @pytest.mark.parametrize(
        ("price", "pointer"),
        [
            ({"amount_minor": 0, "currency": "CNY"}, "/price"),
            ({"amount_minor": -1, "currency": "CNY"}, "/price"),
            ({"amount_minor": 10**15 + 1, "currency": "CNY"}, "/price/amount_minor"),
            ({"amount_minor": 12.5, "currency": "CNY"}, "/price/amount_minor"),
            ({"amount_minor": "12", "currency": "CNY"}, "/price/amount_minor"),
            ({"amount_minor": 12, "currency": "XYZ"}, "/price/currency"),
            ({"amount_minor": 12, "currency": "cny"}, "/price/currency"),
            ({"amount_minor": 12}, "/price/currency"),
            ({"amount_minor": 12, "currency": "CNY", "vat": 1}, "/price/vat"),
            (12.5, "/price"),
        ],
    )
    def test_money_is_whole_minor_units_of_a_known_currency(self, price, pointer, web):
        assert pointers(web.post(KETTLES, {"title": "tea", "price": price}, token=KEY)) == [pointer]

    def test_every_fault_is_told_at_once_with_its_place(self, web):
        body = {"quantity": 0, "tags": ["ok", "", 7], "price": {"amount_minor": "1"}, "a/b~c": 1}

        assert set(pointers(web.post(KETTLES, body, token=KEY))) == {
            "/title", "/quantity", "/tags/1", "/tags/2", "/price/amount_minor", "/price/currency", "/a~1b~0c",
        }  # fmt: skip

    def test_null_characters_are_refused_wherever_they_hide(self, web):
        body = {"title": "tea", "more": {"a": ["x", {"b/c": "\0"}], "k\0": 1}, "tags": ["\0y"]}

        assert set(pointers(web.post(KETTLES, body, token=KEY))) == {"/more/a/1/b~1c", "/more/k\0", "/tags/0"}

    def test_huge_numbers_inside_free_content_do_no_harm(self, web):
        for title in ("tea", "a\\u0000b"):
            reply = sent(web, f'{{"title": "{title}", "more": {{"x": {"9" * 10_000}}}}}')

            assert reply.status in (201, 400, 422)

    @pytest.mark.parametrize(
        ("body", "pointer"),
        [
            ('{"title": "first", "title": "last"}', "/title"),
            ('{"title": "a", "price": {"amount_minor": 1, "currency": "CNY", "amount_minor": 2}}',
             "/price/amount_minor"),
            ('{"title": "a", "more": {"x": [{"\\u0061": 1, "a": 2}]}}', "/more/x/0/a"),
        ],
    )  # fmt: skip
    def test_a_key_given_twice_is_refused_by_its_place(self, body, pointer, web):
        assert pointers(sent(web, body)) == [pointer]

    def test_depth_has_a_limit_also_inside_free_content(self, web):
        reply = sent(web, '{"title": "a", "more": {"x": ' + "[" * 80 + "]" * 80 + "}}")

        assert (reply.status, reply.json["code"]) == (400, "malformed")
        assert "64 levels" in reply.json["detail"]

    def test_of_very_many_faults_the_first_hundred_are_told(self, web):
        for body in (
            json.dumps({"title": "a"} | {f"x{n}": n for n in range(5000)}),
            '{"title": "a", "more": {' + ", ".join(f'"x{n}": 1, "x{n}": 2' for n in range(5000)) + "}}",
        ):
            reply = sent(web, body)

            assert reply.status == 422
            assert len(reply.json["errors"]) == 100
            assert reply.json["detail"].startswith("5,000 fields")

    @pytest.mark.parametrize("text", ["\x00", "\x0b", "\x1b[31m", "\ufffe", "\uffff"])
    def test_what_no_message_can_hold_is_refused_wherever_it_hides(self, text, web):
        body = {"title": "tea", "note": f"a{text}b", "more": {"a": ["x", {"b/c": text}], f"k{text}": 1}}

        assert set(pointers(web.post(KETTLES, body, token=KEY))) == {"/note", "/more/a/1/b~1c", f"/more/k{text}"}

    @pytest.mark.parametrize("text", ["\t", "\n", "\r\n", "\x7f", "\x85", "\u2028"])
    def test_a_title_is_one_line(self, text, web):
        body = {"title": f"a{text}b", "tags": [f"a{text}b"], "note": "two\nlines"}

        assert pointers(web.post(KETTLES, body, token=KEY)) == ["/title", "/tags/0"]

    def test_a_title_holds_nothing_that_only_misleads(self, web):
        body = {"title": "\u200binvoice\u202egnp.exe\u2069 \u200b"}

        assert web.post(KETTLES, body, token=KEY).json["title"] == "invoicegnp.exe"

    @pytest.mark.parametrize("title", ["\u200b", "\ufeff \u2067\u2069", "\u3164", "\U000e0041\U000e0042"])
    def test_a_title_that_nobody_can_see_is_none(self, title, web):
        assert pointers(web.post(KETTLES, {"title": title}, token=KEY)) == ["/title"]

    def test_four_byte_text_passes_unharmed_and_counts_by_character(self, web):
        title = "🍅𠮷👨‍👩‍👧 " + "𠮷" * 100

        assert web.post(KETTLES, {"title": title}, token=KEY).json["title"] == title
        assert sent(web, '{"title": "\\ud83c\\udf45"}').json["title"] == "🍅"

    def test_texts_are_stripped_and_instants_told_in_utc(self, web):
        made = web.post(KETTLES, {"title": "  tea ", "opens_at": "2026-11-22T16:00:00+08:00"}, token=KEY).json

        assert (made["title"], made["opens_at"]) == ("tea", "2026-11-22T08:00:00Z")

    def test_an_absent_body_is_an_empty_object(self, web):
        assert pointers(web.post(KETTLES, token=KEY)) == ["/title"]

    def test_a_body_of_ten_megabytes_is_refused_unread(self, web):
        reply = sent(web, b'{"title":"' + b"x" * 10_000_000 + b'"}')

        assert (reply.status, reply.json["code"]) == (413, "too_large")

    @pytest.mark.parametrize("kind", ["application/json", "application/json; charset=utf-8", "APPLICATION/JSON", None])
    def test_json_is_taken_under_its_names(self, kind, web):
        headers = {"Content-Type": kind} if kind else {}

        assert web.post(KETTLES, token=KEY, body='{"title": "a"}', headers=headers).status == 201

    @pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "json"])
    def test_other_kinds_of_body_are_refused(self, kind, web):
        assert web.post(KETTLES, token=KEY, body='{"title": "a"}', headers={"Content-Type": kind}).status == 415


class TestQueries:
    @pytest.mark.parametrize(
        ("query", "pointer"),
        [
            ("limit=0", "?limit"), ("limit=101", "?limit"), ("limit=", "?limit"), ("limit=ten", "?limit"),
            ("limit=1e1", "?limit"), ("limit=-1", "?limit"), ("limit=%D9%A1", "?limit"), ("limit=5&limit=6", "?limit"),
            ("limit=5%0A", "?limit"), ("cursor=a&cursor=b", "?cursor"), ("colour=red&colour=blue", "?colour"),
            ("color=red", "?color"), ("at_least=x", "?at_least"), ("at_least=" + "9" * 5000, "?at_least"),
            ("on=2026-13-01", "?on"),
            ("on=0", "?on"), ("on=1763769600", "?on"), ("on=2026-11-22T00:00:00", "?on"), ("on=yesterday", "?on"),
            ("colour=" + "x" * 121, "?colour"),
        ],
    )  # fmt: skip
    def test_a_wrong_parameter_is_refused_by_its_name(self, query, pointer, web):
        assert pointers(web.get(f"{KETTLES}?{query}", token=KEY)) == [pointer]

    @pytest.mark.parametrize("text", ["%00", "a%00b", "%1B", "%EF%BF%BE", "%EF%BF%BF"])
    def test_what_no_message_can_hold_is_refused_by_its_name(self, text, web):
        assert pointers(web.get(f"{KETTLES}?colour={text}", token=KEY)) == ["?colour"]
        assert pointers(web.get(f"{KETTLES}?{text}=a", token=KEY)) == ["?"]

    @pytest.mark.parametrize("query", ["colour=%FF", "colour=%ED%A0%80"])
    def test_what_is_not_utf_8_is_malformed(self, query, web):
        assert web.get(f"{KETTLES}?{query}", token=KEY).status == 400

    def test_a_route_without_parameters_takes_none(self, web):
        assert pointers(web.get(f"{KETTLES}/{THING}?verbose=1", token=KEY)) == ["?verbose"]

    def test_emoji_and_chinese_pass(self, web):
        assert web.get(f"{KETTLES}?colour=%F0%9F%8D%85%E7%BA%A2", token=KEY).status == 200

    def test_a_limit_bounds_the_page(self, web):
        assert len(web.get(f"{KETTLES}?limit=100", token=KEY).json["items"]) == 100
        assert len(web.get(KETTLES, token=KEY).json["items"]) == 20


class TestPaths:
    @pytest.mark.parametrize(
        "segment",
        [
            "x",
            "%00",
            "%EF%BF%BE",
            "%F0%9F%8D%85",
            "..%2F..",
            THING.lower(),
            THING + "0",
            "%2A",
            "'",
            "x" * 5000,
            "%0A" + THING,
        ],
    )
    def test_what_is_no_id_is_absent(self, segment, web):
        assert web.get(f"{KETTLES}/{segment}", token=KEY).status == 404
        assert web.delete(f"{KETTLES}/{segment}", token=KEY).status == 404

    @pytest.mark.parametrize("slug", ["%00", "%F0%9F%8D%85", "TEA", "tea%20", "x" * 5000, "te%2Fa"])
    def test_what_is_no_slug_is_no_store(self, slug, web):
        assert web.get(f"/v1/stores/{slug}/kettles").status == 404


class TestHeaders:
    @pytest.mark.parametrize("key", ["", "a b", "é", "x" * 256, "a\tb", "钥匙"])
    def test_an_idempotency_key_is_printable_and_of_bounded_length(self, key, web, tokens):
        reply = web.post(
            "/v1/stores/tea/orders", {"title": "a"}, token=tokens.member(), headers={"Idempotency-Key": key}
        )

        assert (reply.status, reply.json["code"]) == (400, "malformed")

    def test_an_idempotency_key_is_asked_for_where_it_is_needed(self, web, tokens):
        reply = web.post("/v1/stores/tea/orders", {"title": "a"}, token=tokens.member())

        assert (reply.status, reply.json["code"]) == (400, "idempotency_key_required")

    def test_the_hash_of_a_body_sees_content_not_spelling(self, web, tokens):
        def hashed(body):
            headers = {"Idempotency-Key": "k" * 255, "Content-Type": "application/json"}
            return web.post("/v1/stores/tea/orders", token=tokens.member(), headers=headers, body=body).json["hash"]

        plain = hashed('{"title":"a","quantity":2}')
        assert plain == hashed(' { "quantity": 2, "title": " a" } ') == hashed('{"title":"\\u0061","quantity":2}')
        assert plain != hashed('{"title":"a","quantity":3}')

    @pytest.mark.parametrize(
        ("tag", "status"),
        [('"7"', 200), ('W/"7"', 412), ("*", 200), ('"6"', 412), ('"\u0667"', 412), ("7", 412),
         ('"abc"', 412), ("", 412), ('"7", "8"', 412), ('"' + "9" * 400 + '"', 412), ("x" * 5000, 412)],
    )  # fmt: skip
    def test_if_match_lets_only_the_present_revision_pass(self, tag, status, web):
        reply = web.patch(f"{KETTLES}/{THING}", {"title": "a"}, token=KEY, headers={"If-Match": tag})

        assert reply.status == status

    def test_if_match_has_no_say_where_nothing_is_changed(self, web):
        assert web.get(f"{KETTLES}/{THING}", token=KEY, headers={"If-Match": "x"}).status == 200
        assert web.post(KETTLES, {"title": "a"}, token=KEY, headers={"If-Match": "x"}).status == 201
