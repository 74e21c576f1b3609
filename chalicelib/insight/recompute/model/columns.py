"""The checks of a local day's events in columns, against what was told and recorded of it. Pure.

A visitor who has signed in is their member. Imported orders are records of ours. An order or a review that was told
counts for nothing beside one of our own records of the same actor. What continues a view makes the nearest view longer
that is of the same actor and about the same. Events of an actor stand by instant, receipt, place in what was told, and
content.
"""

from chalicelib.insight.recompute.model.checks import Check

_SAID = "kind VARCHAR, did_at BIGINT, products VARCHAR, campaign VARCHAR, channel VARCHAR, duration BIGINT"

TABLES = {
    "told": f"own BOOLEAN, continues BOOLEAN, received BIGINT, visitor VARCHAR, member INTEGER, place INTEGER, {_SAID}",
    "imported": "place INTEGER, member INTEGER, did_at BIGINT, channel VARCHAR",
    "imported_codes": "place INTEGER, code VARCHAR",
    "products_of_codes": "code VARCHAR, product VARCHAR",
    "signed_in": "visitor VARCHAR, ordinal INTEGER",
    "told_robots": "events INTEGER",
    "stored_events": f"visitor VARCHAR, member INTEGER, place INTEGER, {_SAID}",
    "stored_counts": "cell VARCHAR, value BIGINT",
    "day": "period VARCHAR",
    "left_out": "period VARCHAR",
}

_APART = 10_000
"""Two requests correct a wrong clock differently by so many milliseconds at most."""

_LONGEST = 86_400_000
"""Nothing makes a view longer than a day."""

_MOST_PRODUCTS = 50
"""An event is about so many products at most, the first of an order by id."""

_CONTENT = "concat_ws(' ', kind, products, campaign, channel, coalesce(duration::VARCHAR, 'None'))"
_ORDER = f"did_at, received, place, {_CONTENT}"
_NUMBER = f"row_number() OVER (PARTITION BY subject ORDER BY {_ORDER}) AS number"


def _actor(member: str) -> str:
    return f"coalesce('member ' || {member}, 'visitor ' || visitor)"


_IMPORTED = """
    SELECT place, any_value(member) AS member, any_value(did_at) AS did_at, any_value(channel) AS channel,
        coalesce(list(DISTINCT product ORDER BY product) FILTER (product IS NOT NULL), []) AS products
    FROM imported LEFT JOIN imported_codes USING (place) LEFT JOIN products_of_codes USING (code) GROUP BY place
"""
_DID = f"""
    SELECT own, continues AND kind = 'view' AS continues, {_actor("coalesce(member, ordinal)")} AS actor, received,
        place, kind, did_at, products, campaign, channel, duration, NULL::VARCHAR[] AS could_be
    FROM told LEFT JOIN signed_in USING (visitor)
    UNION ALL
    SELECT true, false, 'member ' || member, max(did_at) OVER (), place,
        'order', did_at, array_to_string(products[1:{_MOST_PRODUCTS}], ','), '', channel, NULL, products
    FROM imported_orders
"""
_COUNTED = """
    SELECT *, {'actor': actor, 'products': products, 'campaign': campaign} AS subject
    FROM did WHERE own OR kind NOT IN ('order', 'review')
        OR NOT EXISTS (FROM did AS o WHERE o.own AND o.actor = did.actor AND o.kind = did.kind)
"""
_LOOKED = f"SELECT *, {_NUMBER} FROM counted WHERE kind = 'view' AND NOT continues"
_CONTINUED = f"SELECT *, {_NUMBER} FROM counted WHERE continues"
_ALONE = f"""
    FROM continued AS c WHERE NOT EXISTS (
        FROM looked AS v WHERE v.subject = c.subject AND abs(v.did_at - c.did_at) <= {_APART})
"""
_FOLLOWING = f"""
    SELECT DISTINCT a.subject, a.did_at, b.did_at AS next_at
    FROM alone AS a ASOF JOIN alone AS b ON a.subject = b.subject AND a.did_at + {_APART} < b.did_at
"""
_STARTED = f"""
    WITH RECURSIVE moments AS (
        SELECT subject, did_at, lag(did_at) OVER (PARTITION BY subject ORDER BY did_at) AS before FROM alone
    ), starts AS (
        SELECT subject, did_at FROM moments WHERE before IS NULL OR did_at > before + {_APART}
        UNION
        SELECT subject, next_at FROM starts JOIN following USING (subject, did_at)
    )
    FROM alone SEMI JOIN starts USING (subject, did_at)
    QUALIFY row_number() OVER (PARTITION BY subject, did_at ORDER BY number) = 1
"""
"""What continues no view that came in is one itself, and what continues that one is not."""

_VIEWS = "SELECT *, 0 AS since FROM looked UNION ALL SELECT *, number AS since FROM started"
_LONGER = f"""
    SELECT v.subject, v.number, v.since, c.duration
    FROM continued AS c JOIN views AS v ON v.subject = c.subject AND v.since < c.number
        AND abs(v.did_at - c.did_at) <= {_APART}
    WHERE NOT EXISTS (FROM started AS s WHERE s.subject = c.subject AND s.number = c.number)
    QUALIFY row_number() OVER (PARTITION BY c.subject, c.number ORDER BY abs(v.did_at - c.did_at), v.did_at >= c.did_at,
        if(v.did_at < c.did_at, -1, 1) * v.since, if(v.did_at < c.did_at, -1, 1) * v.number) = 1
"""
"""Of views that are equally near the earlier; of views at the same instant the one that stands nearest."""

_LENGTHENED = f"""
    SELECT v.* REPLACE (
        if(l.more IS NULL, v.duration, least(coalesce(v.duration, 0) + l.more, {_LONGEST}))::BIGINT AS duration)
    FROM views AS v LEFT JOIN (
        SELECT subject, number, since, sum(coalesce(duration, 0)) AS more FROM longer GROUP BY ALL
    ) AS l USING (subject, number, since)
"""
_STANDS = f"""
    SELECT *, row_number() OVER (PARTITION BY actor ORDER BY {_ORDER}) - 1 AS stands_at FROM (
        FROM counted WHERE kind <> 'view' UNION ALL SELECT * EXCLUDE (number, since) FROM lengthened)
"""
_AS_THEN = f"""
    SELECT s.actor, s.stands_at, s.did_at, s.kind, coalesce(e.products, s.products) AS products, s.campaign, s.channel,
        s.duration
    FROM stands AS s LEFT JOIN stored_events AS e ON {_actor("e.member")} = s.actor AND e.place = s.stands_at
        AND (e.products = '' OR list_has_all(s.could_be, string_split(e.products, ',')))
        AND s.could_be IS NOT NULL
"""
"""Columns name the products that had the codes of an imported order when they were made: a part of those of now."""

_BY_NAME = {
    "imported_orders": _IMPORTED,
    "did": _DID,
    "counted": _COUNTED,
    "looked": _LOOKED,
    "continued": _CONTINUED,
    "alone": _ALONE,
    "following": _FOLLOWING,
    "started": _STARTED,
    "views": _VIEWS,
    "longer": _LONGER,
    "lengthened": _LENGTHENED,
    "stands": _STANDS,
    "stands_as_then": _AS_THEN,
}

STEPS = [f"CREATE OR REPLACE TEMP TABLE {name} AS {query}" for name, query in _BY_NAME.items()]
"""What is made of a day's tables, each step of those before it."""

CHECKS = (
    Check(
        "events of a day",
        f"SELECT period, {_actor('member')} || ' ' || place || ' ' || {_CONTENT} AS cell, did_at AS value "
        "FROM stored_events, day",
        f"SELECT period, actor || ' ' || stands_at || ' ' || {_CONTENT} AS cell, did_at AS value "
        "FROM stands_as_then, day",
    ),
    Check(
        "how many events",
        "SELECT period, cell, value FROM stored_counts, day",
        "SELECT period, 'events' AS cell, (SELECT count(*) FROM stands) AS value FROM day "
        "UNION ALL SELECT period, 'robots', (SELECT coalesce(sum(events), 0) FROM told_robots) FROM day "
        "UNION ALL SELECT period, 'marks', 1 FROM day",
        absent=0,
    ),
)
