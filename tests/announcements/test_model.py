"""Whom news is for."""

from datetime import date

import pytest

from chalicelib.announcements.model import Audience, Reader, Words, words_for
from chalicelib.kernel.errors import Invalid

READER = Reader("m1", "zh-CN", ("fruit", "tea"), date(2026, 3, 1), date(2026, 11, 1), agreed=True)
NEVER_ACTIVE = Reader("m2", "en", (), date(2026, 3, 2), None, agreed=True)


@pytest.mark.parametrize(
    ("audience", "who"),
    [
        (Audience(), "both"),
        (Audience(member_ids=("m1",)), "m1"),
        (Audience(interests=("tea", "wine")), "m1"),
        (Audience(languages=("en",)), "m2"),
        (Audience(joined_from_on=date(2026, 3, 2)), "m2"),
        (Audience(joined_to_on=date(2026, 3, 1)), "m1"),
        (Audience(joined_from_on=date(2026, 3, 1), joined_to_on=date(2026, 3, 2)), "both"),
        (Audience(active_from_on=date(2026, 11, 1)), "m1"),
        (Audience(active_from_on=date(2026, 11, 2)), ""),
        (Audience(inactive_since_on=date(2026, 11, 1)), "m2"),
        (Audience(inactive_since_on=date(2026, 11, 2)), "both"),
        (Audience(languages=("zh",), interests=("wine",)), ""),
    ],
)
def test_each_condition_narrows(audience: Audience, who: str) -> None:
    meant = [reader.id for reader in (READER, NEVER_ACTIVE) if audience.has(reader)]
    assert meant == {"both": ["m1", "m2"], "": []}.get(who, [who])
    assert Audience.from_json(audience.as_json()) == audience


@pytest.mark.parametrize(
    "audience",
    [
        Audience(joined_from_on=date(2026, 3, 2), joined_to_on=date(2026, 3, 1)),
        Audience(active_from_on=date(2026, 3, 2), inactive_since_on=date(2026, 3, 2)),
    ],
)
def test_an_audience_that_nobody_can_be_in_is_refused(audience: Audience) -> None:
    with pytest.raises(Invalid):
        audience.check()


def test_who_reads_another_language_gets_the_one_that_there_is() -> None:
    chinese, english = Words("荔枝", "到了"), Words("Lychees", "are here")
    assert words_for({"zh": chinese, "en": english}, "zh-Hant-TW") == chinese
    assert words_for({"zh": chinese, "en": english}, "fr") == english
    assert words_for({"zh": chinese}, "en") == chinese
