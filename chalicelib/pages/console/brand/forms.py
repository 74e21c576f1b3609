"""What the pages of the brand take."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, Any, Literal

from pydantic import StringConstraints

from chalicelib.kernel.errors import Invalid
from chalicelib.pages.shell.typed import amount, percent
from chalicelib.web import Body, Query

Words = Annotated[str, StringConstraints(max_length=40_000)]
Kinds = Literal["privacy", "terms", "imprint"]


class Nothing(Body):
    """A button alone."""


class ColoursForm(Body):
    """The colours of the shop that its team chooses here."""

    primary: Words = ""


class FaceForm(Body):
    """The face of the brand as it is typed: ``values`` one to a line."""

    logo: Words = ""
    slogan: Words = ""
    story: Words = ""
    values: Words = ""
    colours: ColoursForm = ColoursForm()


class RatesForm(Body):
    """Rates of tax in per cent as they are typed; an empty one is none."""

    default_rate: Words = ""
    delivery_rate: Words = ""

    def rates(self) -> dict[str, str | None]:
        """As the API takes them."""
        return {name: percent(text) or None for name, text in self.model_dump().items()}


class ProfileForm(Body):
    """The brand's profile; what is empty of its face is cleared."""

    name: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    locale: Words = ""
    country: Words = ""
    brand: FaceForm = FaceForm()
    tax: RatesForm = RatesForm()

    def edit(self, colours: Mapping[str, str]) -> dict[str, Any]:
        """As the API takes it; ``colours`` are those that it has, of which the others stay."""
        face = self.brand
        primary = {"primary": face.colours.primary} if face.colours.primary else {}
        return {
            "name": self.name,
            "locale": self.locale or None,
            "country": self.country.strip().upper() or None,
            "tax": self.tax.rates(),
            "brand": {
                "logo": face.logo.strip() or None,
                "slogan": face.slogan or None,
                "story": face.story or None,
                "values": [line.strip() for line in face.values.splitlines() if line.strip()],
                "colours": {**colours, **primary},
            },
        }


class TextQuery(Query):
    """Which legal text."""

    name: Kinds = "privacy"


class TextsForm(Body):
    """A text in each language; one that is empty is not there."""

    en: Words = ""
    zh: Words = ""


class LegalForm(Body):
    """A legal text as it is typed."""

    name: Kinds
    texts: TextsForm = TextsForm()
    must_accept: bool = False

    def text(self) -> dict[str, Any]:
        """As the API takes it."""
        written = {language: text for language, text in self.texts.model_dump().items() if text.strip()}
        return {"texts": written, "must_accept": self.must_accept}


class CapsForm(Body):
    """Amounts as they are typed."""

    service: Words = ""
    manager: Words = ""


class ReturnsChoice(Body):
    """When a return is paid back."""

    refund: Words = "on_receipt"


class RefundsForm(Body):
    """A brand's refund rules as they are typed; an empty amount is the usual one."""

    returns: ReturnsChoice = ReturnsChoice()
    goodwill_caps: CapsForm = CapsForm()

    def rules(self, currency: str) -> dict[str, Any]:
        """As the API takes it. Raises Invalid for what is no amount."""
        return {
            "returns": self.returns.model_dump(),
            "goodwill_caps": _amounts(self.goodwill_caps.model_dump(), currency, "/goodwill_caps"),
        }


class RuleWords(Body):
    """Words with commas between them."""

    en: Words = ""
    zh: Words = ""


class RuleRow(Body):
    """A rule as it is typed; without a cause and words it is none."""

    cause: Words = ""
    category: Words = "other"
    urgency: Words = "normal"
    importance: Words = "low"
    words: RuleWords = RuleWords()

    @property
    def empty(self) -> bool:
        """Whether nothing was typed."""
        return not (self.cause or self.words.en or self.words.zh)

    def rule(self) -> dict[str, Any]:
        """As the API takes it."""
        words = {language: _listed(text) for language, text in self.words.model_dump().items()}
        return {**self.model_dump(exclude={"words"}), "words": words}


class CausePage(Body):
    """A cause of complaints as it is typed, or one that is paused or taken up again."""

    cause: Words = ""
    category: Words = ""
    en: Words = ""
    zh: Words = ""
    paused: bool = False

    def wanted(self) -> dict[str, Any]:
        """As the API takes it."""
        stated = {"category": self.category, "en": self.en.strip(), "zh": self.zh.strip()}
        return {name: value for name, value in stated.items() if value} | {"paused": self.paused}


class FromForm(Body):
    """Amounts as they are typed."""

    normal_from: Words = ""
    high_from: Words = ""


class ComplaintsForm(Body):
    """A brand's rules for complaints as they are typed; with ``usual`` the words are the product's."""

    usual: bool = False
    rules: list[RuleRow] = []
    categories: dict[str, Words] = {}
    importance: FromForm = FromForm()

    def book(self, currency: str) -> dict[str, Any]:
        """All of it as the API takes it. Raises Invalid for what is no amount."""
        rows = None if self.usual else [row.rule() for row in self.rules if not row.empty]
        return {
            "rules": rows,
            "categories": self.categories,
            "importance": _amounts(self.importance.model_dump(), currency, "/importance"),
        }

    def as_typed(self, refusal: Invalid) -> Invalid:
        """The refusal with the page's pointers: its rows count the empty ones, and hold words in one field."""
        rows = [at for at, row in enumerate(self.rules) if not row.empty]
        errors = []
        for each in refusal.errors:
            parts = each.pointer.split("/")
            if parts[1:2] == ["rules"] and len(parts) > 3 and parts[2].isdecimal() and int(parts[2]) < len(rows):
                own = ["cause"] if parts[3:] == ["words"] else parts[3:5] if parts[3] == "words" else parts[3:4]
                parts = ["", "rules", str(rows[int(parts[2])]), *own]
            elif parts[1:2] == ["importance"]:
                parts = parts[:3]
            errors.append(replace(each, pointer="/".join(parts)))
        return Invalid(refusal.detail, detail_zh=refusal.detail_zh, errors=tuple(errors))


def _amounts(typed: Mapping[str, str], currency: str, at: str) -> dict[str, Any]:
    return {name: amount(text, currency, f"{at}/{name}") for name, text in typed.items() if text.strip()}


def _listed(text: str) -> list[str]:
    for comma in ("，", "、", "\n"):
        text = text.replace(comma, ",")
    return list(dict.fromkeys(word.strip() for word in text.split(",") if word.strip()))
