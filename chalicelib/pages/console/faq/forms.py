"""What the pages of the FAQ take, and the API's forms that they fill in."""

import re
from typing import Annotated, Any, Literal

from pydantic import StringConstraints

from chalicelib.kernel.errors import Invalid
from chalicelib.web import Body

Typed = Annotated[str, StringConstraints(max_length=8000)]
Words = Annotated[str, StringConstraints(max_length=1000)]


class FaqPage(Body):
    """An entry as it is typed: its tags in one line, with commas between them."""

    question: Words = ""
    answer: Typed = ""
    locale: Literal["en", "zh"] = "zh"
    tags: Words = ""
    published: bool = False
    position: Words = "0"

    def asked(self) -> dict[str, Any]:
        """As the API takes it. Raises Invalid for a position that is no number."""
        if not re.fullmatch(r"[0-9]{1,5}", self.position.strip() or "0"):
            raise Invalid.at("/position", "Type a whole number.", "请填写整数。")
        tags = [each.strip() for each in re.split(r"[,，、;；]", self.tags)]
        return {
            "question": self.question,
            "answer": self.answer,
            "locale": self.locale,
            "tags": list(dict.fromkeys(filter(None, tags))),
            "published": self.published,
            "position": int(self.position.strip() or "0"),
        }


class Nothing(Body):
    """A form that is no more than its button."""
