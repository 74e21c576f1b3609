"""What the routes of legal texts take."""

from typing import Annotated

from pydantic import AfterValidator, Field, StringConstraints

from chalicelib.kernel.language import Language
from chalicelib.legal_texts.model import LONGEST
from chalicelib.web import Body, Harmless, Query

Text = Annotated[
    str,
    StringConstraints(min_length=1, max_length=LONGEST),
    Harmless,
    AfterValidator(lambda text: text.replace("\r\n", "\n").replace("\r", "\n")),
]


class LegalTextForm(Body):
    """A text in each language in which the brand has it; with none of them it is taken away.

    A line that begins with ``# `` is a heading, lines that begin with ``- `` are a list. ``must_accept``, of the terms
    alone, has orders wait until a member has accepted them.
    """

    EXAMPLES = {
        "terms, in two languages": {
            "texts": {"en": "# Orders\nWhat you order is yours once paid.", "zh": "# 订单\n付款后订单成立。"},
        },
    }

    texts: Annotated[dict[Language, Text], Field(max_length=2)]
    must_accept: bool = False


class VersionQuery(Query):
    """Which version; without it the one in force."""

    revision: Annotated[int, Field(ge=1, le=999_999)] | None = None
