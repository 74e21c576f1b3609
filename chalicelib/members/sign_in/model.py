"""How sign-in codes are limited, kept and told, and how long a token lasts. Pure."""

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from chalicelib.kernel.countries import country_of_tag, country_of_zone
from chalicelib.kernel.errors import TooManyRequests, Unauthenticated
from chalicelib.kernel.keys import Key
from chalicelib.members.model.identities import Identity, person_of
from chalicelib.notices.model.notices import SIGN_IN_CODE, Category, Notice, Telling, Urgency
from chalicelib.rate_limits.model import Budget, Ways

Audience = Literal["staff", "member"]

CODE_LIFETIME = timedelta(minutes=10)
CODE_TRIES = 5
"""Of each handle. Those without a handle have as many of their own with each code that is drawn."""

DIGITS, MORE_DIGITS = 6, 10
"""Where many guesses were made, codes have more digits: with ten, a million guesses find one in ten thousand."""

KNOWN_FOR = timedelta(days=400)
"""How long a sign-in makes somebody known to a store."""

STAFF_TOKEN_SECONDS = 3600
MEMBER_TOKEN_SECONDS = 24 * 3600
"""A member's token lasts a day's browsing; a staff token, which reads everybody's data, an hour."""


class BadCode(Unauthenticated):
    """The sign-in code is wrong, used up, expired, or was never asked for. Never says which."""

    code, title, title_zh = "bad_code", "The code is wrong or has expired", "验证码错误或已过期"


class TooManyCodes(TooManyRequests):
    """More sign-in codes were asked for from one place than an address may receive; the same for people who do not
    exist. ``handle`` tries the codes that were sent.
    """

    code, title, title_zh = "too_many_codes", "Too many codes were requested", "验证码请求过于频繁"


def code_digest(key: bytes, sign_in: str, code: str) -> str:
    """What is stored of a sign-in code.

    Keyed with the server's secret: a plain hash of six digits is undone by trying all million.
    """
    return hmac.new(key, f"sign-in code\0{sign_in}\0{code}".encode(), hashlib.sha256).hexdigest()


def sign_in_key(key: Key, audience: Audience, slug: str, identity: Identity) -> str:
    """Names a sign-in in the PlatformTable without naming the person; it begins with the id of the key."""
    parts = "\0".join(("sign-in", audience, slug, identity.kind, identity.value))
    return f"{key.id}.{hmac.digest(key.value, parts.encode(), hashlib.sha256).hex()}"


@dataclass(frozen=True, slots=True)
class Asking:
    """Who asks for a code: from which source, for which sign-in (its key), by which address."""

    source: str
    key: str
    identity: Identity

    @property
    def budgets(self) -> Sequence[Budget]:
        """Beyond these the request is refused. They count what this source did, so a refusal tells of nobody else."""
        kind = "email_codes_a_source" if self.identity.kind == "email" else "text_codes_a_source"
        return Budget.of("codes_a_source_and_address", self.source, self.key), Budget.of(kind, self.source)

    @property
    def alive(self) -> Budget:
        """The codes that may be alive at once, whoever asks: beyond it the last one is kept, and none is drawn."""
        return Budget.of("codes_an_address", self.key)

    @property
    def guesses(self) -> Sequence[Budget]:
        """The guesses at this address, and by this source at all. Beyond them codes have more digits."""
        return Budget.of("guesses_an_address", self.key), Budget.of("guesses_a_source", self.source)

    @property
    def warning(self) -> Budget:
        """Of guesses at an address its person is told so often."""
        return Budget.of("warnings_an_address", self.key)


@dataclass(frozen=True, slots=True)
class Store:
    """The store that somebody signs in to: whether an owner has ever signed in, and its home countries."""

    id: str
    confirmed: bool
    timezone: str
    locale: str

    def is_abroad(self, country: str | None) -> bool:
        """Whether a phone's country is neither of the brand's time zone nor named by its language."""
        return country is None or country not in {country_of_zone(self.timezone), country_of_tag(self.locale)}


def ways_of_code(asking: Asking, store: Store, country: str | None, *, known: bool, registered: bool) -> Ways:
    """The budgets that let a message with a code leave; ``country`` is the phone's.

    Whoever has signed in to the store before is ``known`` and gets one every few minutes whatever others did at their
    address. So does somebody ``registered``, whom the brand alone has named: but from all stores together, since
    anybody may name anybody. To all but the known only so much leaves each store, for each country.
    """
    texts = asking.identity.kind == "phone"
    person = (asking.identity.kind, person_of(asking.identity))
    recipient = [
        Budget.of("messages_a_recipient", *person),
        Budget.of("messages_a_recipient_and_source", *person, asking.source),
    ]
    shared = [Budget.of("texts_a_day", "known people" if known else "newcomers")] if texts else []
    if known:
        return [[*shared, *recipient], [*shared, Budget.of("messages_a_known_person", asking.key)]]
    shared += of_newcomers(asking.identity, store, country)
    if registered:
        return [[*shared, *recipient], [*shared, Budget.of("messages_a_registered_person", *person)]]
    return [[*shared, *recipient]]


def ways_of_warning(asking: Asking) -> Ways:
    """The budgets that let a warning of guesses leave: few to one person, from however many stores."""
    person = (asking.identity.kind, person_of(asking.identity))
    texts = [Budget.of("texts_a_day", "known people")] if asking.identity.kind == "phone" else []
    return [[*texts, Budget.of("warnings_a_recipient", *person)]]


def of_newcomers(identity: Identity, store: Store, country: str | None) -> Sequence[Budget]:
    """What a store shares among all the strangers whom it sends codes; ``country`` is the phone's."""
    return _of_texts(store, country) if identity.kind == "phone" else _of_emails(store)


def _of_emails(store: Store) -> Sequence[Budget]:
    return [Budget.of("emails_to_newcomers_a_store", store.id)]


def _of_texts(store: Store, country: str | None) -> Sequence[Budget]:
    kind = "texts_to_newcomers_a_store" if store.confirmed else "texts_to_newcomers_a_new_store"
    home = [Budget.of(kind, store.id)]
    if store.is_abroad(country):
        return [*home, Budget.of("texts_abroad_a_store_and_country", store.id, country or "")]
    return home


@dataclass(frozen=True, slots=True)
class SignInCode(Notice):
    """A code to sign in with, valid for so many minutes."""

    template = SIGN_IN_CODE
    telling = Telling(Category.ACCESS, Urgency.ACT)
    texts = {
        "en": (
            "Your sign-in code: {code}",
            "{code} is your sign-in code, valid once and for {minutes} minutes. We never ask you for it.",
        ),
        "zh": ("登录验证码：{code}", "您的登录验证码是 {code}，{minutes} 分钟内有效，仅可使用一次。我们不会向您索要。"),
    }
    code: str
    minutes: int


@dataclass(frozen=True, slots=True)
class SignInGuessed(Notice):
    """Many wrong codes were tried at the reader's address today; their next codes are longer."""

    template = "sign_in_guessed"
    telling = Telling(Category.ACCESS)
    texts = {
        "en": (
            "Wrong sign-in codes at {brand}",
            (
                "Somebody typed many wrong sign-in codes for your address at {brand} today; none of them opened "
                "anything. Your next codes of today are longer, and you sign in as always. Never pass a code on."
            ),
        ),
        "zh": (
            "{brand}：有人多次输入错误的验证码",
            (
                "{brand}：今天有人多次用您的地址输入错误的验证码，均未能登录。您今天接下来的验证码会更长，登录方式不变。"
                "请勿将验证码告诉任何人。"
            ),
        ),
    }
    brand: str
