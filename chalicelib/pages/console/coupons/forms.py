"""What the pages of coupons take."""

import re
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Annotated, Any

from pydantic import StringConstraints

from chalicelib.coupons.model.batches import Status
from chalicelib.coupons.model.terms import Kind
from chalicelib.kernel.errors import Invalid
from chalicelib.pages.shell.typed import Reading, without_minor
from chalicelib.web import Body, Query

Text = Annotated[str, StringConstraints(max_length=300)]
MOST_LINES = 30
"""Members whom one form names: each is looked for by itself."""

_FIELDS = (
    (r"^/valid/until_at$", "/last_on"), (r"^/valid/(from_at|days)$", r"/\1"), (r"^/codes/(code|count)$", r"/\1"),
    (r"^/codes$", "/mode"), (r"^/limits/(total|per_member)$", r"/\1"), (r"^/scope/product_ids(/\d+)?$", "/product_id"),
    (r"^/scope/campaign_ids(/\d+)?$", "/campaign_id"), (r"^/scope/categories(/\d+)?$", "/category"),
    (r"^/scope/tags(/\d+)?$", "/tag"),
)  # fmt: skip


class KindQuery(Query):
    """Which kind of coupons is to be made; none chosen yet without it."""

    kind: Kind | None = None


class CodesTable(Query):
    """As a table that a spreadsheet reads."""

    format: Annotated[str, StringConstraints(pattern="^(csv|xlsx)$")] = "csv"


class BatchForm(Body):
    """A batch as it is typed, or what is looked for on the way (``step``)."""

    step: Text = ""
    find_products: Text = ""
    find_campaigns: Text = ""
    kind: Text = ""
    title: Text = ""
    purpose: Text = ""
    value: Text = ""
    percent_off: Text = ""
    at_most: Text = ""
    minimum: Text = ""
    product_id: Text = ""
    campaign_id: Text = ""
    category: Text = ""
    tag: Text = ""
    from_at: Text = ""
    last_on: Text = ""
    days: Text = ""
    mode: Text = ""
    code: Text = ""
    count: Text = ""
    per_member: Text = ""
    total: Text = ""
    budget: Text = ""
    month: Text = ""

    def batch(self, reading: Reading) -> Mapping[str, Any]:
        """What the API takes. Raises Invalid for what cannot be read."""
        amounts = {name: reading.amount(getattr(self, name), f"/{name}") for name in _AMOUNTS}
        valid = {
            "from_at": reading.moment(self.from_at, "/from_at"), "until_at": _until(self.last_on, reading),
            "days": self.days.strip() or None,
        }  # fmt: skip
        reading.check()
        limits = {"per_member": self.per_member.strip() or "1", "total": self.total.strip() or None}
        scope = {"product_ids": self.product_id, "campaign_ids": self.campaign_id, "categories": self.category,
                 "tags": self.tag}  # fmt: skip
        return {
            "kind": self.kind, "title": self.title, "purpose": self.purpose, **_given(amounts),
            **_given({"percent_off": self.percent_off.strip().removesuffix("%").strip() or None}),
            "scope": {name: [value] for name, value in scope.items() if value.strip()},
            "valid": _given(valid), "limits": _given(limits), **self._codes(),
        }  # fmt: skip

    def _codes(self) -> Mapping[str, Any]:
        if not self.mode:
            return {}
        wanted = {"code": self.code} if self.mode == "shared" else {"count": self.count.strip() or None}
        return {"codes": {"mode": self.mode, **_given(wanted)}}


class LimitsForm(Body):
    """What of a batch may be changed, as it is typed; an empty limit is none."""

    title: Text = ""
    total: Text = ""
    budget: Text = ""

    def changes(self, reading: Reading) -> Mapping[str, Any]:
        """What the API takes. Raises Invalid for what is no amount."""
        budget = reading.amount(self.budget, "/budget")
        reading.check()
        return {"title": self.title, "limits": {"total": self.total.strip() or None}, "budget": budget}


class StatusForm(Body):
    """Whether anything is handed out."""

    status: Status


class GrantLines(Body):
    """Members, one in a line: by e-mail address, phone number, name or reference."""

    members: Annotated[str, StringConstraints(max_length=5_000)] = ""

    def lines(self) -> list[str]:
        """What is in the lines. Raises Invalid for none, and for more than are looked for at once."""
        lines = list(dict.fromkeys(each.strip() for each in self.members.splitlines() if each.strip()))
        if not lines:
            raise Invalid.at("/members", "Name one member at least.", "请至少填写一位会员。")
        if len(lines) > MOST_LINES:
            raise Invalid.at(
                "/members", f"Name at most {MOST_LINES} members at a time; these are {len(lines)}.",
                f"每次最多填写 {MOST_LINES} 位会员，当前为 {len(lines)} 位。",
            )  # fmt: skip
        return lines


class SegmentGrant(Body):
    """A segment whose members each get a coupon."""

    segment_id: Text = ""


def named(pointer: str) -> str:
    """The form's field that the API speaks of."""
    plain = without_minor(pointer)
    for pattern, field in _FIELDS:
        plain = re.sub(pattern, field, plain)
    return plain


_AMOUNTS = ("value", "at_most", "minimum", "budget")


def _given(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}


def _until(typed: str, reading: Reading) -> str | None:
    """The end of the last day: the beginning of the next one, by the brand's clock."""
    text = typed.strip()
    try:
        following = f"{date.fromisoformat(text) + timedelta(days=1)}T00:00" if text else ""
    except (ValueError, OverflowError):
        following = text
    return reading.moment(following, "/last_on")
