"""The checks of one month: its days' totals by hour and currency, its members, what each of them spent. Pure."""

from chalicelib.insight.recompute.model import slices
from chalicelib.insight.recompute.model.checks import Check, view

TABLES = {
    "activity": "id VARCHAR, day DATE, ordinal INTEGER, minor BIGINT, currency VARCHAR, quantity BIGINT, hour INTEGER, "
    "no_sale BOOLEAN, own BOOLEAN, discounts JSON, said JSON, parts JSON",
    "took_part": "day DATE, ordinal INTEGER",
    "united": "gone INTEGER, stays INTEGER",
    "stored_totals": "period VARCHAR, hour INTEGER, orders BIGINT, quantity BIGINT",
    "stored_sales": "period VARCHAR, hour INTEGER, currency VARCHAR, orders BIGINT, minor BIGINT",
    "stored_members": "doing VARCHAR, period VARCHAR, member INTEGER",
    "stored_spend": "period VARCHAR, currency VARCHAR, member INTEGER, minor BIGINT",
    "stored_revisions": "month VARCHAR, day VARCHAR, rev BIGINT",
    "named_revisions": "month VARCHAR, day VARCHAR, rev BIGINT",
    "stored_slices": "period VARCHAR, dimension VARCHAR, slice VARCHAR, cell VARCHAR, number BIGINT",
    "left_out": "period VARCHAR",
}
"""What is read of a month: the raw records, and what stands of them."""

ORDERED, TOOK_PART = "ordered", "took part"

_PERSON = """
    WITH RECURSIVE chain(gone, stays) AS (
        SELECT gone, stays FROM united
        UNION ALL
        SELECT chain.gone, united.stays FROM chain JOIN united ON chain.stays = united.gone
    )
    SELECT gone, stays FROM chain WHERE stays NOT IN (SELECT gone FROM united)
"""
_SALE = """
    SELECT activity.* EXCLUDE (ordinal), coalesce(stays, ordinal) AS member
    FROM activity LEFT JOIN person ON gone = ordinal WHERE NOT no_sale
"""
_DID = "SELECT DISTINCT day, coalesce(stays, ordinal) AS member FROM took_part LEFT JOIN person ON gone = ordinal"


def _of_days_and_months(columns: str, source: str) -> str:
    return f"""
        SELECT strftime(day, '%Y-%m-%d') AS period, {columns} FROM {source}
        UNION ALL SELECT strftime(day, '%Y-%m') AS period, {columns} FROM {source}
    """


VIEWS = [
    view("person", _PERSON),
    view("sale", _SALE),
    view("did", _DID),
    view("sold", _of_days_and_months("member, minor, currency, quantity, hour", "sale")),
    view("taken_part", _of_days_and_months("member", "did")),
    *slices.VIEWS,
]


def _members(doing: str, source: str) -> Check:
    name = f"members who {doing}"
    return Check(
        name,
        f"SELECT period, 'member ' || member AS cell, 1 AS value FROM stored_members WHERE doing = '{doing}'",
        f"SELECT DISTINCT period, 'member ' || member AS cell, 1 AS value FROM {source}",
    )


CHECKS = (
    Check(
        "orders",
        "SELECT period, 'hour ' || hour AS cell, orders AS value FROM stored_totals",
        "SELECT period, 'hour ' || hour AS cell, count(*) AS value FROM sold GROUP BY period, hour",
    ),
    Check(
        "quantity",
        "SELECT period, 'hour ' || hour AS cell, quantity AS value FROM stored_totals",
        "SELECT period, 'hour ' || hour AS cell, sum(quantity) AS value FROM sold GROUP BY period, hour",
    ),
    Check(
        "orders by currency",
        "SELECT period, 'hour ' || hour || ' ' || currency AS cell, orders AS value FROM stored_sales",
        "SELECT period, 'hour ' || hour || ' ' || currency AS cell, count(*) AS value FROM sold "
        "GROUP BY period, hour, currency",
    ),
    Check(
        "amount_minor",
        "SELECT period, 'hour ' || hour || ' ' || currency AS cell, minor AS value FROM stored_sales",
        "SELECT period, 'hour ' || hour || ' ' || currency AS cell, sum(minor) AS value FROM sold "
        "GROUP BY period, hour, currency",
    ),
    _members(ORDERED, "sold"),
    _members(TOOK_PART, "taken_part"),
    Check(
        "spent_minor",
        "SELECT period, 'member ' || member || ' ' || currency AS cell, minor AS value FROM stored_spend",
        "SELECT period, 'member ' || member || ' ' || currency AS cell, sum(minor) AS value FROM sold "
        "WHERE length(period) = 10 GROUP BY period, member, currency",
    ),
    Check(
        "revisions of the month's days",
        "SELECT month AS period, 'day ' || day AS cell, rev AS value FROM named_revisions",
        "SELECT month AS period, 'day ' || day AS cell, rev AS value FROM stored_revisions",
    ),
    *slices.CHECKS,
)

BESIDE = frozenset({"spent_minor", *(check.name for check in slices.CHECKS)})
"""The checks of what lies beside a day's aggregate, which has no more than a digest of it."""

PURCHASES = "SELECT DISTINCT day, member FROM sale"
TAKEN_PART = "SELECT day, member FROM did"
"""What of a month the checks of the whole history need."""
