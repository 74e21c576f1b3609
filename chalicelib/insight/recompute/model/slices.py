"""The checks of a month's days by campaign, channel, pickup point, category and product. Pure.

An order has one campaign, channel and point; it counts once in each of its categories and products, with its part of
units and money. What its parts do not say is unknown or, where they say all of its goods, was paid for none.
"""

from chalicelib.insight.recompute.model.checks import Check, view

ORDERS, GOODS = ("campaign", "channel", "pickup_point"), ("category", "product")

_PARTS = """
    SELECT id, day, (part->>0) AS product, (part->>1) AS category, (part->>2)::BIGINT AS units,
        (part->>3)::BIGINT AS minor, coalesce((part->>4)::BIGINT, 0) AS off
    FROM (SELECT id, day, unnest(from_json(parts, '["JSON"]')) AS part FROM sale WHERE parts IS NOT NULL)
    UNION ALL
    SELECT id, day, coalesce(said->>'product_code', ''), coalesce(said->>'category', ''), quantity, minor, off
    FROM priced WHERE parts IS NULL AND coalesce(said->>'product_code', '') || coalesce(said->>'category', '') <> ''
"""
_PRICED = """
    SELECT *, coalesce(list_sum(map_values(from_json(discounts, '"MAP(VARCHAR, BIGINT)"'))), 0)::BIGINT AS off FROM sale
"""
_REST = """
    SELECT id, day, max(quantity) - coalesce(sum(p.units), 0) AS units,
        max(o.minor) - coalesce(sum(p.minor), 0) AS minor, max(o.off) - coalesce(sum(p.off), 0) AS off,
        count(p.id) AS named,
        CASE WHEN bool_or(own AND parts IS NOT NULL) THEN '#other' ELSE '' END AS rest
    FROM priced AS o LEFT JOIN part AS p USING (id, day) GROUP BY id, day
"""


def _of_goods(dimension: str) -> str:
    return f"""
        SELECT '{dimension}' AS dimension, id, day, slice, sum(units) AS units, sum(minor) AS minor, sum(off) AS off
        FROM (
            SELECT id, day, {dimension} AS slice, units, minor, off FROM part
            UNION ALL
            SELECT id, day, rest, units, minor, off FROM rest WHERE units <> 0 OR minor <> 0 OR off <> 0 OR named = 0
        ) GROUP BY id, day, slice
    """


def _of_orders(dimension: str) -> str:
    return f"""
        SELECT '{dimension}' AS dimension, id, day, coalesce(said->>'{dimension}', '') AS slice, quantity AS units,
            minor, off
        FROM priced
    """


_SHARE = " UNION ALL ".join([*map(_of_orders, ORDERS), *map(_of_goods, GOODS)])
_KNOWN = """
    SELECT dimension, day FROM share GROUP BY dimension, day
    HAVING bool_or(slice NOT IN ('', '#other')) OR bool_or(off <> 0)
"""
_SLICED = """
    SELECT strftime(share.day, '%Y-%m-%d') AS period, dimension, slice, units, share.minor AS minor, share.off AS off,
        currency, member
    FROM share JOIN known USING (dimension, day) JOIN sale USING (id, day)
"""
VIEWS = [
    view("priced", _PRICED),
    view("part", _PARTS),
    view("rest", _REST),
    view("share", _SHARE),
    view("known", _KNOWN),
    view("sliced", _SLICED),
]

_RECOUNTED = """
    WITH s AS (SELECT * FROM sliced WHERE dimension = '{dimension}')
    SELECT period, slice || ' orders' AS cell, count(*) AS value FROM s GROUP BY period, slice
    UNION ALL SELECT period, slice || ' units', sum(units) FROM s GROUP BY period, slice
    UNION ALL SELECT period, slice || ' orders ' || currency, count(*) FROM s GROUP BY period, slice, currency
    UNION ALL SELECT period, slice || ' amount_minor ' || currency, sum(minor) FROM s GROUP BY period, slice, currency
    UNION ALL SELECT period, slice || ' discount_minor ' || currency, sum(off) FROM s WHERE off <> 0
        GROUP BY period, slice, currency
    UNION ALL SELECT DISTINCT period, slice || ' member ' || member, 1 FROM s
"""

CHECKS = tuple(
    Check(
        f"by {dimension}",
        "SELECT period, slice || ' ' || cell AS cell, number AS value FROM stored_slices "
        f"WHERE dimension = '{dimension}'",
        _RECOUNTED.format(dimension=dimension),
    )
    for dimension in (*ORDERS, *GOODS)
)
