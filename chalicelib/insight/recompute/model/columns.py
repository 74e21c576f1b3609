"""The checks of a local day's events in columns, against what was told and recorded of it. Pure.

A visitor who has signed in is their member. An order or a review that was told counts for nothing beside one of our own
records of the same actor. Events of an actor stand by instant, receipt, place in what was told, and content.
"""

from chalicelib.insight.recompute.model.checks import Check, view

TABLES = {
    "told": "own BOOLEAN, received BIGINT, visitor VARCHAR, member INTEGER, place INTEGER, kind VARCHAR, "
    "did_at BIGINT, product VARCHAR, campaign VARCHAR, channel VARCHAR, duration BIGINT",
    "signed_in": "visitor VARCHAR, ordinal INTEGER",
    "told_robots": "events INTEGER",
    "stored_events": "visitor VARCHAR, member INTEGER, place INTEGER, kind VARCHAR, did_at BIGINT, product VARCHAR, "
    "campaign VARCHAR, channel VARCHAR, duration BIGINT",
    "stored_counts": "cell VARCHAR, value BIGINT",
    "day": "period VARCHAR",
    "left_out": "period VARCHAR",
}

_CONTENT = "concat_ws(' ', kind, product, campaign, channel, coalesce(duration::VARCHAR, 'None'))"


def _actor(member: str) -> str:
    return f"coalesce('member ' || {member}, 'visitor ' || visitor)"


_DID = f"""
    SELECT own, kind, {_actor("coalesce(member, ordinal)")} AS actor, did_at, received, place, {_CONTENT} AS content
    FROM told LEFT JOIN signed_in USING (visitor)
"""
_COUNTED = """
    SELECT actor, did_at, content,
        row_number() OVER (PARTITION BY actor ORDER BY did_at, received, place, content) - 1 AS place
    FROM did WHERE own OR kind NOT IN ('order', 'review')
        OR NOT EXISTS (FROM did AS o WHERE o.own AND o.actor = did.actor AND o.kind = did.kind)
"""

VIEWS = [view("did", _DID), view("counted", _COUNTED)]

CHECKS = (
    Check(
        "events of a day",
        f"SELECT period, {_actor('member')} || ' ' || place || ' ' || {_CONTENT} AS cell, did_at AS value "
        "FROM stored_events, day",
        "SELECT period, actor || ' ' || place || ' ' || content AS cell, did_at AS value FROM counted, day",
    ),
    Check(
        "how many events",
        "SELECT period, cell, value FROM stored_counts, day",
        "SELECT period, 'events' AS cell, (SELECT count(*) FROM counted) AS value FROM day "
        "UNION ALL SELECT period, 'robots', (SELECT coalesce(sum(events), 0) FROM told_robots) FROM day "
        "UNION ALL SELECT period, 'marks', 1 FROM day",
        absent=0,
    ),
)
