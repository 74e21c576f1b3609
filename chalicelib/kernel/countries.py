"""Which country a time zone belongs to, by the tables of the IANA time zone database."""

from functools import lru_cache
from importlib.resources import files


@lru_cache(maxsize=1)
def _country_of() -> dict[str, str]:
    """Zone to country (ISO 3166-1), by ``zone.tab``; another name of a zone by the links in ``tzdata.zi``."""
    folder = files("tzdata.zoneinfo")
    rows = (line.split("\t") for line in (folder / "zone.tab").read_text().splitlines() if not line.startswith("#"))
    found = {row[2]: row[0] for row in rows}
    links = (line.split() for line in (folder / "tzdata.zi").read_text().splitlines() if line.startswith("L "))
    return {alias: found[zone] for _, zone, alias in links if zone in found} | found


def country_of_zone(name: str) -> str | None:
    """The country of a zone such as Asia/Shanghai: CN. None for zones of no country, such as Etc/UTC."""
    return _country_of().get(name)


def country_of_tag(tag: str) -> str | None:
    """The country that a language tag names (BCP 47), such as CN of zh-Hans-CN, or None."""
    return next((part.upper() for part in tag.split("-")[1:] if len(part) == 2 and part.isalpha()), None)
