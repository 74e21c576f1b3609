"""What the pages of recruitment take."""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, Any

from pydantic import Field, StringConstraints

from chalicelib.kernel.errors import DomainError, FieldError
from chalicelib.pages.shell.typed import Reading
from chalicelib.recruitment.model.rules import MOST_QUESTIONS
from chalicelib.web import Body, Query

Text = Annotated[str, StringConstraints(max_length=1_000)]
LongText = Annotated[str, StringConstraints(max_length=6_000)]


class Nothing(Body):
    """A form that is no more than its button."""


class QuestionRow(Body):
    """A question as it is typed; one without words is none. Options, one on each line, make it a choice."""

    text: Text = ""
    options: LongText = ""
    required: bool = False

    def question(self) -> dict[str, Any]:
        """As the API takes it."""
        options = [each.strip() for each in self.options.splitlines() if each.strip()]
        kind = {"kind": "choice", "options": options} if options else {"kind": "text"}
        return {"text": self.text.strip(), "required": self.required, **kind}


class RulesPage(Body):
    """How the store is joined, and what members and their friends get."""

    joining: Text = "open"
    questions: Annotated[list[QuestionRow], Field(max_length=MOST_QUESTIONS)] = []
    welcome_message: bool = False
    welcome_coupon: Text = ""
    inviting: bool = False
    reward_coupon: Text = ""
    friend_coupon: Text = ""
    per_month: Text = ""
    per_member: Text = ""

    @property
    def _places(self) -> list[int]:
        return [place for place, row in enumerate(self.questions) if row.text.strip() or row.options.strip()]

    def rules(self) -> dict[str, Any]:
        """As the API takes it."""
        typed = {
            "coupon_batch_id": self.reward_coupon, "friend_coupon_batch_id": self.friend_coupon,
            "per_month": self.per_month.strip(), "per_member": self.per_member.strip(),
        }  # fmt: skip
        referral = {name: value for name, value in typed.items() if value} if self.inviting else None
        coupon = {"coupon_batch_id": self.welcome_coupon} if self.welcome_coupon else {}
        return {
            "joining": self.joining,
            "questions": [self.questions[place].question() for place in self._places],
            "referral": referral,
            "welcome": {"message": self.welcome_message, **coupon},
        }

    def beside(self, refusal: DomainError) -> DomainError:
        """A refusal of the API's fields, said of the page's, which count the rows left empty."""
        refusal.errors = tuple(replace(each, pointer=self._field(each.pointer)) for each in refusal.errors)
        return refusal

    def _field(self, pointer: str) -> str:
        found = re.fullmatch(r"/questions/(\d+)(/.*)?", pointer)
        if found and int(found[1]) < len(self._places):
            name = "options" if "options" in (found[2] or "/options") else "text"
            return f"/questions/{self._places[int(found[1])]}/{name}"
        own = {
            "/welcome/coupon_batch_id": "/welcome_coupon", "/referral/coupon_batch_id": "/reward_coupon",
            "/referral/friend_coupon_batch_id": "/friend_coupon", "/referral/per_month": "/per_month",
            "/referral/per_member": "/per_member",
        }  # fmt: skip
        return own.get(pointer, pointer)


class CodePage(Body):
    """An invite code as it is typed; an empty code is drawn."""

    code: Text = ""
    length: Text = "long"
    title: Text = ""
    max_uses: Text = ""
    expires_at: Text = ""
    channel_id: Text = ""
    coupon_batch_id: Text = ""

    def fields(self, reading: Reading) -> Mapping[str, Any]:
        """What of it may be changed, as the API takes it; what is empty is taken away. Raises Invalid for what is no
        time.
        """
        expires_at = reading.moment(self.expires_at, "/expires_at")
        reading.check()
        names = ("title", "max_uses", "channel_id", "coupon_batch_id")
        return {name: getattr(self, name).strip() or None for name in names} | {"expires_at": expires_at}

    def made(self, reading: Reading) -> Mapping[str, Any]:
        """A new one, as the API takes it."""
        own = {"code": self.code.strip()} if self.code.strip() else {"length": self.length}
        return {**self.fields(reading), **own}


class ApplicationsPage(Query):
    """Which applications."""

    status: Annotated[str, StringConstraints(pattern=r"^(pending|approved|declined|joined)?$")] = ""


class DeclinePage(Body):
    """Why."""

    reason: Text = ""


class ProspectsPage(Query):
    """Which personal invitations."""

    status: Annotated[str, StringConstraints(pattern=r"^[a-z]{0,12}$")] = ""


class InvitePage(Body):
    """People who have agreed to be invited, one on each line: the address, or the name before it."""

    people: Annotated[str, StringConstraints(max_length=60_000)] = ""
    source: Text = ""
    agreed_on: Text = ""
    join_by: Text = ""
    coupon_batch_id: Text = ""

    def invitation(self) -> dict[str, Any]:
        """As the API takes it."""
        common = {name: value for name in ("source", "agreed_on") if (value := getattr(self, name).strip())}
        coupon = {"coupon_batch_id": self.coupon_batch_id} if self.coupon_batch_id else {}
        join_by = {"join_by": self.join_by.strip()} if self.join_by.strip() else {}
        return {"people": [_person(line) | common for _, line in self._lines], **join_by, **coupon}

    @property
    def _lines(self) -> list[tuple[int, str]]:
        typed = enumerate(self.people.splitlines(), 1)
        return [(number, line.strip()) for number, line in typed if line.strip()]

    def beside(self, refusal: DomainError) -> DomainError:
        """A refusal of the API's fields, said of the page's: of the addresses together, each with its line, once."""
        told = list(dict.fromkeys(self._fault(each) for each in refusal.errors))
        wrong = [each for each in told if each.pointer == _PEOPLE]
        if wrong:
            one = FieldError(_PEOPLE, *("\n".join(each) for each in zip(*map(_both, wrong), strict=True)))
            told = [one, *(each for each in told if each.pointer != _PEOPLE)]
        refusal.errors = tuple(told)
        return refusal

    def _fault(self, fault: FieldError) -> FieldError:
        found = re.fullmatch(r"/people/(\d+)(?:/(\w+))?", fault.pointer)
        if found is None:
            return fault
        if found[2] in ("source", "agreed_on"):
            return replace(fault, pointer=f"/{found[2]}")
        number, line = self._lines[int(found[1])]
        english, chinese = _both(fault)
        if found[2] == "phone" and any(map(str.isalpha, _address(line))):
            english, chinese = "this is neither an e-mail address nor a phone number", "既不是邮箱，也不是手机号"
        return FieldError(_PEOPLE, f"Line {number}: {english}", f"第 {number} 行：{chinese}")


_PEOPLE = "/people"


def _parts(line: str) -> list[str]:
    return [part for each in re.split(r"[,，;；\t]", line) if (part := each.strip())] or [""]


def _address(line: str) -> str:
    return _parts(line)[-1]


def _both(fault: FieldError) -> tuple[str, str]:
    """What is said of it in English and in Chinese; as it is where it is in the reader's language already."""
    return fault.message, fault.message_zh or fault.message


def _person(line: str) -> dict[str, str]:
    """The name and the address of a line, with a comma, a semicolon or a tab between them."""
    *name, address = _parts(line)
    kind = "email" if "@" in address else "phone"
    return {kind: address} | ({"name": " ".join(name)} if name else {})
