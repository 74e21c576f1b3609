"""The checks of the bits by which members are counted, against what members are and have said. Pure.

Of somebody's answers those count that they let figures use: all but the birthday, of who agrees. *Rather not say* is no
answer. By which medium somebody is reached, and how they came, is known of everybody. Who has become another is nobody.
"""

from collections.abc import Iterable

from chalicelib.insight.recompute.model.checks import Check, view

ANSWERS = "age_band", "gender", "household", "occupation", "income_band", "favourite_point_id"

TABLES = {
    "people": "member INTEGER, joined_on DATE, origin VARCHAR, email VARCHAR, phone VARCHAR, open_id VARCHAR, "
    "profile JSON, consent JSON, wishes JSON",
    "stored_bits": "member INTEGER, cell VARCHAR, value BIGINT",
    "kept": "field VARCHAR, value VARCHAR",
    "left_out": "period VARCHAR",
}

_AGREES = "coalesce((consent->'analytics'->>'granted') = 'true', false)"

_SAID = " UNION ALL ".join(
    f"SELECT member, '{name}' AS field, profile->>'{name}' AS value FROM people WHERE {_AGREES}" for name in ANSWERS
)
_VALUES = f"""
    SELECT member, field, value FROM ({_SAID})
    WHERE coalesce(value, '') <> '' AND (field, value) <> ('gender', 'undisclosed')
    UNION SELECT member, 'interests', unnest(from_json(profile->'interests', '["VARCHAR"]')) FROM people WHERE {_AGREES}
    UNION SELECT member, 'origin', split_part(origin, ':', 1) FROM people
    WHERE split_part(coalesce(origin, ''), ':', 1) <> ''
    UNION SELECT member, 'media', medium
    FROM people,
        LATERAL (VALUES ('email', email), ('sms', phone), ('official_account', open_id)) AS reached(medium, address)
    WHERE coalesce(address, '') <> '' AND (coalesce(json_type(wishes->'channels'), 'NULL') = 'NULL'
        OR list_contains(from_json(wishes->'channels', '["VARCHAR"]'), medium))
"""
_COUNTED = """
    SELECT member, field, CASE
        WHEN EXISTS (FROM kept AS k WHERE k.field = v.field AND k.value = v.value) THEN value
        WHEN EXISTS (FROM kept AS k WHERE k.field = v.field AND k.value = 'other_answers') THEN 'other_answers'
        ELSE value END AS value
    FROM said_values AS v
"""

VIEWS = [view("said_values", _VALUES), view("counted", _COUNTED)]

CHECK = Check(
    "members by what they are counted by",
    "SELECT 'member ' || member AS period, cell, value FROM stored_bits",
    f"""
    SELECT 'member ' || member AS period, 'joined' AS cell,
        greatest(0, least(65535, date_diff('day', DATE '1970-01-01', joined_on))) AS value FROM people
    UNION ALL SELECT 'member ' || member, 'member', 1 FROM people
    UNION ALL SELECT 'member ' || member, 'agrees', 1 FROM people WHERE {_AGREES}
    UNION ALL SELECT DISTINCT 'member ' || member, field || ' ' || value, 1 FROM counted
    """,
)


def periods_of(members: Iterable[int]) -> list[tuple[str]]:
    """Members as the check names them."""
    return [(f"member {member}",) for member in members]


def member_of(period: str) -> int:
    """Whom the check has named."""
    return int(period.rpartition(" ")[2])
