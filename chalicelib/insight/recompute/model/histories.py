"""The checks of a whole history: cohorts, the life of members by month, classes as of some days. Pure.

Recounted from who ordered on which day, member by member; what is compared with it was computed from bitmaps.
"""

from chalicelib.insight.recompute.model.checks import Check, view

TABLES = {
    "ordered": "day DATE, member INTEGER",
    "took_part": "day DATE, member INTEGER",
    "leaves": "member INTEGER, left_on DATE, back_on DATE",
    "asked": "ends_on DATE, new_days INTEGER, dormant_days INTEGER, churned_days INTEGER, took_part_counts BOOLEAN",
    "as_of": "day DATE",
    "brackets": "low INTEGER, high INTEGER",
    "stored_cells": "check_name VARCHAR, period VARCHAR, cell VARCHAR, value BIGINT",
    "left_out": "period VARCHAR",
}

_NUMBERED = """
    SELECT unit, member, day,
        CASE unit WHEN 'day' THEN date_diff('day', DATE '1900-01-01', day)
            WHEN 'week' THEN date_diff('day', DATE '1900-01-01', day) // 7
            ELSE year(day) * 12 + month(day) END AS number,
        CASE unit WHEN 'day' THEN strftime(day, '%Y-%m-%d') WHEN 'week' THEN strftime(day, '%G-W%V')
            ELSE strftime(day, '%Y-%m') END AS label
    FROM (SELECT DISTINCT day, member FROM ordered, asked WHERE day <= ends_on),
        (VALUES ('day'), ('week'), ('month')) AS units(unit)
"""
_COHORT = """
    SELECT unit, member, min(day) AS first_on, max(day) AS last_on, min(number) AS first_number,
        max(number) AS last_number, arg_min(label, day) AS label
    FROM numbered GROUP BY unit, member
"""
_REACHED = """
    WITH lasts AS (
        SELECT unit, first_number, label, last_number - first_number AS period, count(*) AS members
        FROM cohort GROUP BY ALL
    ), grid AS (
        SELECT unit, first_number, label, unnest(range(0, max(period) + 1)) AS period FROM lasts GROUP BY ALL
    )
    SELECT unit, label, period,
        sum(coalesce(members, 0)) OVER (PARTITION BY unit, label ORDER BY period DESC) AS members
    FROM grid LEFT JOIN lasts USING (unit, first_number, label, period)
"""
_IN_MONTH = "SELECT DISTINCT member, number FROM numbered WHERE unit = 'month'"
_MONTHS = """
    SELECT member, number, strftime(make_date((number - 1) // 12, (number - 1) % 12 + 1, 1), '%Y-%m') AS period,
        number IN (SELECT min(number) FROM in_month AS f WHERE f.member = each.member) AS is_first,
        EXISTS (FROM in_month AS b WHERE b.member = each.member AND b.number = each.number - 1) AS was_there
    FROM in_month AS each
"""
_LIFE = """
    SELECT period, CASE WHEN is_first THEN 'new' WHEN was_there THEN 'retained' ELSE 'resurrected' END AS cell
    FROM months
    UNION ALL
    SELECT strftime(make_date(number // 12, number % 12 + 1, 1), '%Y-%m'), 'lost' FROM in_month AS each, asked
    WHERE number + 1 <= year(ends_on) * 12 + month(ends_on)
        AND NOT EXISTS (FROM in_month AS a WHERE a.member = each.member AND a.number = each.number + 1)
"""
_DID = """
    SELECT day, member FROM ordered UNION ALL SELECT day, member FROM took_part, asked WHERE took_part_counts
"""
_CLASSES = """
    WITH gone AS (
        SELECT DISTINCT as_of.day AS as_of, member FROM leaves, as_of
        WHERE left_on <= as_of.day AND (back_on IS NULL OR back_on > as_of.day)
    ), first AS (
        SELECT as_of.day AS as_of, member, min(o.day) AS first_on FROM ordered AS o, as_of WHERE o.day <= as_of.day
        GROUP BY as_of.day, member
    ), last AS (
        SELECT as_of.day AS as_of, member, max(did.day) AS last_on FROM did, as_of WHERE did.day <= as_of.day
        GROUP BY as_of.day, member
    )
    SELECT as_of, member, CASE
            WHEN as_of - first_on < new_days THEN 'new'
            WHEN as_of - last_on < dormant_days THEN 'active'
            WHEN as_of - last_on < churned_days THEN 'dormant'
            ELSE 'churned' END AS class
    FROM first JOIN last USING (as_of, member) ANTI JOIN gone USING (as_of, member), asked
    UNION ALL SELECT as_of, member, 'churned' FROM gone
"""

VIEWS = [
    "CREATE TABLE numbered AS " + _NUMBERED,
    "CREATE TABLE cohort AS " + _COHORT,
    "CREATE TABLE in_month AS " + _IN_MONTH,
    view("reached", _REACHED),
    view("months", _MONTHS),
    view("life", _LIFE),
    view("did", _DID),
    view("classes", _CLASSES),
]
"""Stated once the tables are filled."""

ON, ON_OR_AFTER, BRACKET = "on", "on_or_after", "bracket"
LIFE, CLASSES = "life by month", "classes"


def retention(mode: str, unit: str) -> str:
    """The name of the check of a retention table."""
    return f"retention {mode} by {unit}"


def _stored(name: str) -> str:
    return f"SELECT period, cell, value FROM stored_cells WHERE check_name = '{name}'"


def _returned(unit: str) -> list[Check]:
    on, after, bracket = (retention(mode, unit) for mode in (ON, ON_OR_AFTER, BRACKET))
    returned_on = f"""
        SELECT cohort.label AS period, 'period ' || (number - first_number) AS cell, count(DISTINCT member) AS value
        FROM cohort JOIN numbered USING (unit, member) WHERE unit = '{unit}' GROUP BY ALL
    """
    reached = f"""
        SELECT label AS period, 'period ' || period AS cell, members AS value FROM reached WHERE unit = '{unit}'
    """
    within = f"""
        SELECT cohort.label AS period, 'bracket ' || low || '-' || high || ' returned' AS cell,
            count(DISTINCT member) AS value
        FROM cohort JOIN ordered USING (member), brackets, asked
        WHERE unit = '{unit}' AND first_on + high <= ends_on AND day BETWEEN first_on + low AND first_on + high
        GROUP BY ALL
        UNION ALL
        SELECT label, 'bracket ' || low || '-' || high || ' eligible', count(*) FROM cohort, brackets, asked
        WHERE unit = '{unit}' AND first_on + high <= ends_on GROUP BY ALL
    """
    queries = {on: returned_on, after: reached, bracket: within}
    return [Check(name, _stored(name), query, absent=0) for name, query in queries.items()]


CHECKS = (
    *(check for unit in ("day", "week", "month") for check in _returned(unit)),
    Check(LIFE, _stored(LIFE), "SELECT period, cell, count(*) AS value FROM life GROUP BY ALL", absent=0),
    Check(
        CLASSES,
        _stored(CLASSES),
        "SELECT strftime(as_of, '%Y-%m-%d') AS period, class AS cell, count(*) AS value FROM classes GROUP BY ALL",
        absent=0,
    ),
)
