"""The API document speaks Chinese to who asks for it, in all of its summaries, tags and error titles."""

import re
from collections.abc import Iterator
from typing import Any

import app
from chalicelib.web.docs import documentation
from chalicelib.web.document_zh import PAGE_ZH, SUMMARIES_ZH, TAGS_ZH, descriptions
from chalicelib.web.html import _TEMPLATES
from tests.calls import Api

ROUTES = [route for router in (*app.documented(), documentation((), "")) for route in router.declared]


def test_every_summary_and_tag_has_its_chinese_and_none_is_left_over() -> None:
    assert {route.summary for route in ROUTES} == SUMMARIES_ZH.keys()
    assert {route.tag for route in ROUTES} == TAGS_ZH.keys()
    chinese = [*SUMMARIES_ZH.values(), *TAGS_ZH.values()]
    assert [words for words in chinese if not re.search(r"[\u4e00-\u9fff]", words)] == []


def test_the_page_says_nothing_that_has_no_chinese() -> None:
    template = (_TEMPLATES / "docs.html.j2").read_text()
    assert set(re.findall(r"'([^']*)' \| said", template)) == PAGE_ZH.keys()


def test_a_reader_of_chinese_gets_the_document_and_its_page_in_it(api: Api) -> None:
    chinese = {"Accept-Language": "zh-CN,zh;q=0.9"}
    document = api.get("/v1/openapi.json", headers=chinese).json
    order = document["paths"]["/v1/stores/{slug}/orders"]["post"]
    assert (order["summary"], order["tags"]) == ("下单，每个 Idempotency-Key 仅一次", ["订单"])
    assert "`sold_out`: 已售罄" in order["responses"]["409"]["description"]
    assert order["description"].endswith("权限：本店会员令牌。")
    page = api.get("/docs", headers=chinese).text
    assert '<html lang="zh">' in page
    assert "全部错误代码" in page
    assert "整数，1 至 100" in page

    in_english = api.get("/v1/openapi.json").json
    assert document["components"]["schemas"].keys() == in_english["components"]["schemas"].keys()
    english = in_english["paths"]["/v1/stores/{slug}/orders"]["post"]
    assert english["summary"] == "Place an order, exactly once for each Idempotency-Key"
    assert english["operationId"] == order["operationId"]


def test_every_description_is_chinese_and_none_is_left_over(api: Api) -> None:
    english, chinese = (
        api.get("/v1/openapi.json", headers={"Accept-Language": language}).json for language in ("en", "zh")
    )

    assert [text for text in described(chinese) if not re.search(r"[\u4e00-\u9fff]", text)] == []
    said = {text.partition("\n\nAccess: ")[0] for text in described(english)}
    assert sorted(descriptions().keys() - said) == []


def described(part: Any) -> Iterator[str]:
    """Every description of a document, but for those in examples."""
    if isinstance(part, list):
        for each in part:
            yield from described(each)
    if isinstance(part, dict):
        for name, value in part.items():
            if name == "description" and isinstance(value, str):
                yield value
            elif name not in ("examples", "example"):
                yield from described(value)
