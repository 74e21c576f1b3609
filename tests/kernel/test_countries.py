import pytest

from chalicelib.kernel.countries import country_of_tag, country_of_zone


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
