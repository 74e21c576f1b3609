"""The country in which a time zone or a currency is at home, or that a language tag names."""

from functools import lru_cache
from importlib.resources import files

from chalicelib.kernel.currencies import CURRENCIES

_OF_MANY = {"EUR", "XAF", "XCD", "XCG", "XOF", "XPF"}


def home_country(zone: str, currency: str) -> str | None:
    """The country (ISO 3166) of a zone or else of a currency, whose code begins with it; None where neither belongs to
    one country.
    """
    found = country_of_zone(zone)
    if found is None and currency in CURRENCIES and currency not in _OF_MANY:
        return currency[:2]
    return found


def country_of_zone(name: str) -> str | None:
    """The country of a zone such as Asia/Shanghai: CN. None for zones of no country, such as Etc/UTC."""
    return _country_of().get(name)


def country_of_tag(tag: str) -> str | None:
    """The country that a language tag names (BCP 47), such as CN of zh-Hans-CN, or None."""
    return next((part.upper() for part in tag.split("-")[1:] if len(part) == 2 and part.isalpha()), None)


@lru_cache(maxsize=1)
def _country_of() -> dict[str, str]:
    """Zone to country (ISO 3166-1), by ``zone.tab``; another name of a zone by the links in ``tzdata.zi``. Both are of
    the IANA time zone database.
    """
    folder = files("tzdata.zoneinfo")
    rows = (line.split("\t") for line in (folder / "zone.tab").read_text().splitlines() if not line.startswith("#"))
    found = {row[2]: row[0] for row in rows}
    links = (line.split() for line in (folder / "tzdata.zi").read_text().splitlines() if line.startswith("L "))
    return {alias: found[zone] for _, zone, alias in links if zone in found} | found
