import pytest

from chalicelib.kernel.countries import country_of_tag, country_of_zone, home_country


@pytest.mark.parametrize(
    ("zone", "country"),
    [
        ("Asia/Shanghai", "CN"),
        ("PRC", "CN"),
        ("America/New_York", "US"),
        ("US/Pacific", "US"),
        ("Europe/Amsterdam", "NL"),
        ("Etc/UTC", None),
        ("Mars/Olympus", None),
    ],
)
def test_a_zone_has_the_country_of_the_iana_tables(zone: str, country: str | None) -> None:
    assert country_of_zone(zone) == country


@pytest.mark.parametrize(
    ("tag", "country"), [("zh-CN", "CN"), ("zh-Hant-tw", "TW"), ("en", None), ("es-419", None), ("zh-Hans", None)]
)
def test_a_language_tag_may_name_a_country(tag: str, country: str | None) -> None:
    assert country_of_tag(tag) == country


@pytest.mark.parametrize(
    ("zone", "currency", "country"),
    [
        ("Asia/Shanghai", "CNY", "CN"), ("Asia/Urumqi", "CNY", "CN"), ("Asia/Hong_Kong", "HKD", "HK"),
        ("PRC", "CNY", "CN"),
        ("Asia/Taipei", "TWD", "TW"), ("America/New_York", "USD", "US"), ("Europe/Berlin", "EUR", "DE"),
        ("Asia/Shanghai", "USD", "CN"), ("UTC", "CHF", "CH"), ("UTC", "EUR", None), ("Etc/GMT+5", "XOF", None),
    ],
)  # fmt: skip
def test_the_zone_tells_it_and_else_the_currency(zone: str, currency: str, country: str | None) -> None:
    assert home_country(zone, currency) == country
