"""What the API takes of segments and tags."""

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, JsonValue, StringConstraints

from chalicelib.kernel.unset import UNSET
from chalicelib.segments.model.membership import LONGEST_TAG
from chalicelib.segments.model.rules import read_rule
from chalicelib.segments.service.defining import Details
from chalicelib.web import Body, OneLine, Title, UlidStr

Tag = Annotated[str, StringConstraints(min_length=1, max_length=LONGEST_TAG, pattern=r"^[^/#,，]+$"), OneLine]
MOST_NAMED = 500
MOST_TAGS_NAMED = 20


def _once_each(values: list[str]) -> list[str]:
    return list(dict.fromkeys(values))


RuleJson = Annotated[
    dict[str, JsonValue],
    Field(
        description='`{"all": […]}`, `{"any": […]}`, `{"not": …}` or `{"field": …, "op": …, "value": …}`: at most 4 '
        "levels, 30 conditions and 100 values. `GET /v1/segment-fields` lists the fields, and how each is compared.",
        examples=[{"field": "class", "op": "any_of", "value": ["dormant"]}],
    ),
]

_EXAMPLE: dict[str, Any] = {
    "title": "最近没买水果的老顾客",
    "rule": {
        "all": [
            {"field": "orders", "op": "at_least", "value": {"number": 3}},
            {"field": "purchases", "op": "not_bought", "value": {"categories": ["水果"], "within_days": 30}},
        ]
    },
}

_SCORES: dict[str, Any] = {
    "title": "即将流失的大客户",
    "rule": {
        "all": [
            {"field": "rfm_recency", "op": "at_most", "value": 1},
            {"field": "rfm_monetary", "op": "at_least", "value": 4},
        ]
    },
}


class NewSegment(Body):
    """A segment of a rule, or a list (`kind`), into which members come by hand. Who is in it carries its `tag`."""

    EXAMPLES = {"by what was bought": _EXAMPLE, "by scores": _SCORES, "a list": {"title": "试吃团", "kind": "list"}}

    title: Title
    kind: Literal["rule", "list"] = "rule"
    rule: RuleJson | None = Field(default=None, description="Needed unless it is a list.")
    tag: Tag | None = None

    def details(self) -> Details:
        """Raises RuleRefused."""
        if self.kind == "list" and self.rule is None:
            return Details(self.title, None, self.tag)
        return Details(self.title, read_rule(self.rule), self.tag)


class SegmentChanges(Body):
    """Fields of a segment; what is left out stays. A tag of null is taken away."""

    EXAMPLES = {"another title": {"title": "老顾客"}}

    title: Title = Field(default_factory=str)
    rule: RuleJson = Field(default_factory=dict)
    tag: Tag | None = None

    def details(self) -> Details:
        """Raises RuleRefused."""
        sent = self.model_fields_set
        return Details(
            self.title if "title" in sent else UNSET,
            read_rule(self.rule) if "rule" in sent else UNSET,
            self.tag if "tag" in sent else UNSET,
        )


class TriedRule(Body):
    """A rule that is not saved yet."""

    EXAMPLES = {"who is dormant": {"rule": {"field": "class", "op": "any_of", "value": ["dormant"]}}}

    rule: RuleJson


Members = Annotated[list[UlidStr], Field(max_length=MOST_NAMED), AfterValidator(_once_each)]
Tags = Annotated[list[Tag], Field(max_length=MOST_TAGS_NAMED), AfterValidator(_once_each)]


class ListChanges(Body):
    """Members who come into a list, and who go out of it."""

    add: Members = []
    remove: Members = []


class MembersText(Body):
    """Members, one in a line: a reference, an e-mail address or a phone number."""

    EXAMPLES = {"two": {"text": "C-1001\n+8613800138000"}}

    text: Annotated[str, StringConstraints(min_length=1, max_length=100_000)]


class TagChanges(Body):
    """Tags that are given, and tags that are taken."""

    EXAMPLES = {"one more": {"add": ["爱吃辣"]}}

    add: Tags = []
    remove: Tags = []


class NewTag(Body):
    """A tag that members may carry."""

    EXAMPLES = {"a tag": {"tag": "爱吃辣"}}

    tag: Tag
