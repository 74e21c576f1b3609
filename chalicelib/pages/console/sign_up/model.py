"""What is proposed to a brand that signs up: its shop's address, and what follows from its country. Pure."""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from chalicelib.kernel.countries import country_of_tag
from chalicelib.kernel.language import Language
from chalicelib.pages.shell.words import N_
from chalicelib.tenants.model import SlugInvalid, SlugReserved, check_slug

_MOST_LETTERS = 40
_NOT_IN_AN_ADDRESS = re.compile(r"[^a-z0-9]+")
_NOT_FIRST = re.compile(r"^[^a-z]+")
_SAY_NOTHING = frozenset(
    """
    admin contact hello hi info kontakt mail me owner sales service shop support team
    """.split()  # noqa: SIM905 - many quoted words are harder to read
)
_OF_EVERYBODY = frozenset(
    """
    126 139 163 aliyun foxmail gmail gmx googlemail hotmail icloud live mail me msn outlook proton protonmail qq sina
    sohu web yahoo yandex yeah
    """.split()  # noqa: SIM905 - as above
)
"""The part of an address that says no more than that somebody has one, and the hosts that anybody has one at."""


@dataclass(frozen=True, slots=True)
class Home:
    """A country that a brand is at home in: its name, its usual zone first, and its currency."""

    name: str
    zones: tuple[str, ...]
    currency: str


HOMES: Mapping[str, Home] = {
    "CN": Home(N_("China"), ("Asia/Shanghai", "Asia/Urumqi"), "CNY"),
    "HK": Home(N_("Hong Kong, China"), ("Asia/Hong_Kong",), "HKD"),
    "MO": Home(N_("Macao, China"), ("Asia/Macau",), "MOP"),
    "TW": Home(N_("Taiwan, China"), ("Asia/Taipei",), "TWD"),
    "SG": Home(N_("Singapore"), ("Asia/Singapore",), "SGD"),
    "MY": Home(N_("Malaysia"), ("Asia/Kuala_Lumpur", "Asia/Kuching"), "MYR"),
    "ID": Home(N_("Indonesia"), ("Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura"), "IDR"),
    "TH": Home(N_("Thailand"), ("Asia/Bangkok",), "THB"),
    "VN": Home(N_("Vietnam"), ("Asia/Ho_Chi_Minh",), "VND"),
    "PH": Home(N_("Philippines"), ("Asia/Manila",), "PHP"),
    "JP": Home(N_("Japan"), ("Asia/Tokyo",), "JPY"),
    "KR": Home(N_("South Korea"), ("Asia/Seoul",), "KRW"),
    "IN": Home(N_("India"), ("Asia/Kolkata",), "INR"),
    "AE": Home(N_("United Arab Emirates"), ("Asia/Dubai",), "AED"),
    "AU": Home(
        N_("Australia"),
        ("Australia/Sydney", "Australia/Melbourne", "Australia/Brisbane", "Australia/Adelaide", "Australia/Perth"),
        "AUD",
    ),
    "NZ": Home(N_("New Zealand"), ("Pacific/Auckland",), "NZD"),
    "US": Home(
        N_("United States"),
        (
            "America/New_York",
            "America/Chicago",
            "America/Denver",
            "America/Phoenix",
            "America/Los_Angeles",
            "America/Anchorage",
            "Pacific/Honolulu",
        ),
        "USD",
    ),
    "CA": Home(
        N_("Canada"),
        ("America/Toronto", "America/Halifax", "America/Winnipeg", "America/Edmonton", "America/Vancouver"),
        "CAD",
    ),
    "MX": Home(N_("Mexico"), ("America/Mexico_City", "America/Tijuana"), "MXN"),
    "BR": Home(N_("Brazil"), ("America/Sao_Paulo", "America/Manaus"), "BRL"),
    "GB": Home(N_("United Kingdom"), ("Europe/London",), "GBP"),
    "IE": Home(N_("Ireland"), ("Europe/Dublin",), "EUR"),
    "DE": Home(N_("Germany"), ("Europe/Berlin",), "EUR"),
    "AT": Home(N_("Austria"), ("Europe/Vienna",), "EUR"),
    "CH": Home(N_("Switzerland"), ("Europe/Zurich",), "CHF"),
    "FR": Home(N_("France"), ("Europe/Paris",), "EUR"),
    "BE": Home(N_("Belgium"), ("Europe/Brussels",), "EUR"),
    "NL": Home(N_("Netherlands"), ("Europe/Amsterdam",), "EUR"),
    "ES": Home(N_("Spain"), ("Europe/Madrid", "Atlantic/Canary"), "EUR"),
    "PT": Home(N_("Portugal"), ("Europe/Lisbon",), "EUR"),
    "IT": Home(N_("Italy"), ("Europe/Rome",), "EUR"),
    "DK": Home(N_("Denmark"), ("Europe/Copenhagen",), "DKK"),
    "SE": Home(N_("Sweden"), ("Europe/Stockholm",), "SEK"),
    "NO": Home(N_("Norway"), ("Europe/Oslo",), "NOK"),
    "FI": Home(N_("Finland"), ("Europe/Helsinki",), "EUR"),
    "PL": Home(N_("Poland"), ("Europe/Warsaw",), "PLN"),
    "CZ": Home(N_("Czechia"), ("Europe/Prague",), "CZK"),
    "ZA": Home(N_("South Africa"), ("Africa/Johannesburg",), "ZAR"),
}
"""The countries that are offered; of another a brand chooses the nearest zone, and its currency."""

ZONES = tuple(sorted(zone for home in HOMES.values() for zone in home.zones))


def home_of(accepted: str, language: Language) -> str:
    """The country that a browser's languages name (``Accept-Language``), or else the one of most who read so."""
    tags = [each.partition(";")[0].strip() for each in accepted.split(",")]
    named = (country_of_tag(tag) for tag in tags)
    return next((each for each in named if each is not None and each in HOMES), "CN" if language == "zh" else "US")


def addresses(name: str, email: str, country: str) -> Iterator[str]:
    """Addresses for a shop, the nearest first, of its name or else of its owner's e-mail address; none where neither
    has letters that an address may have.
    """
    mailbox, _, domain = email.lower().rpartition("@")
    host = domain.split(".")[0]
    words = [name, "" if host in _OF_EVERYBODY else host, "" if mailbox in _SAY_NOTHING else mailbox]
    word = next((found for found in map(_as_address, words) if found), "")
    for end in ("", "-shop", f"-{country.lower()}", "-2"):
        if word and len(word) + len(end) <= _MOST_LETTERS:
            yield word + end


def _as_address(words: str) -> str:
    """``Green Valley`` as ``green-valley``; empty where that is no address that a shop may have."""
    plain = unicodedata.normalize("NFKD", words.replace("'", "")).encode("ascii", "ignore").decode().lower()
    made = _NOT_FIRST.sub("", _NOT_IN_AN_ADDRESS.sub("-", plain))[:_MOST_LETTERS].strip("-")
    try:
        check_slug(made)
    except (SlugInvalid, SlugReserved):
        return ""
    return made
