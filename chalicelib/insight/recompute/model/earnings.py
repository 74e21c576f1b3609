"""The checks of what a month's days earned, whole and by campaign, product, pickup point and channel. Pure.

An order stands under one campaign, pickup point and channel (``-`` without one). Its lines stand under their products,
what of it is no line's under no name, or under ``-`` where no line has anything. Of imported orders nothing is known
but units and money.
"""

from chalicelib.insight.recompute.model import orders
from chalicelib.insight.recompute.model.checks import Check
from chalicelib.insight.recompute.model.orders import LINE_FIGURES, ORDER_FIGURES, allocated

TABLES = {
    "activity": "id VARCHAR, day DATE, ordinal INTEGER, own BOOLEAN, voided BOOLEAN, currency VARCHAR, "
    "quantity BIGINT, minor BIGINT, kept_units BIGINT, kept_minor BIGINT",
    "united": "gone INTEGER, stays INTEGER",
    "asked": "currency VARCHAR",
    **orders.TABLES,
    "stored_earned": "divided_by VARCHAR, period VARCHAR, cell VARCHAR, value BIGINT",
    "left_out": "period VARCHAR",
}

BY = ("day", "campaign", "product", "pickup_point", "channel")
FIGURES = (*LINE_FIGURES, *ORDER_FIGURES, "foreign_orders")
COLUMN = {"foreign": "foreign_orders"}
"""What the checks call a figure otherwise: the word is SQL's."""

_PERSON = """
    WITH RECURSIVE chain(gone, stays) AS (
        SELECT gone, stays FROM united
        UNION ALL SELECT chain.gone, united.stays FROM chain JOIN united ON chain.stays = united.gone
    )
    SELECT gone, stays FROM chain WHERE stays NOT IN (SELECT gone FROM united)
"""
_DONE = "SELECT activity.*, coalesce(stays, ordinal) AS member FROM activity LEFT JOIN person ON gone = ordinal"
_WHOLE = """
    SELECT day, member, id, campaign, pickup_point, channel, order_earned.* EXCLUDE (id), 0 AS foreign_orders
    FROM order_earned JOIN (SELECT id, day, member FROM done WHERE own) USING (id)
    JOIN (SELECT id, campaign, pickup_point, channel FROM orders) USING (id)
    UNION ALL BY NAME
    SELECT day, member, 'ref ' || id AS id, 1 AS orders, quantity AS sold_units, minor AS sold_minor,
        coalesce(kept_units, quantity) AS units, coalesce(kept_minor, minor) AS gross_minor,
        coalesce(kept_units, quantity) AS uncosted_units, coalesce(kept_minor, minor) AS uncosted_minor
    FROM done, asked WHERE NOT own AND NOT voided AND done.currency = asked.currency
    UNION ALL BY NAME
    SELECT day, member, 'ref ' || id AS id, 1 AS foreign_orders
    FROM done, asked WHERE NOT own AND NOT voided AND done.currency <> asked.currency
"""
_PRODUCTS_OF_LINE = """
    SELECT id, n, product, sum(units)::BIGINT AS units_of_it, min(place) AS place FROM bought_at GROUP BY ALL
"""
_OF_LINES = f"""
    SELECT id, product, figure, sum(share)::BIGINT AS value FROM ({
    allocated(
        "SELECT * FROM (UNPIVOT line_earned ON COLUMNS(* EXCLUDE (id, n)) INTO NAME figure VALUE amount) "
        "JOIN products_of_line USING (id, n)",
        "amount",
        "units_of_it",
        "id, n, figure",
        "place",
    )
}) GROUP BY ALL HAVING sum(share) <> 0
"""
_FIGURES_OF = f"""
    SELECT day, member, id, campaign, pickup_point, channel, figure, value
    FROM (UNPIVOT whole ON {", ".join(FIGURES)} INTO NAME figure VALUE value) WHERE value <> 0
"""
_OF_PRODUCTS = """
    WITH parted AS (SELECT DISTINCT id, product FROM of_lines),
    w AS (SELECT day, member, id, figure, value FROM figures)
    SELECT day, member, id, product, figure, value
    FROM of_lines JOIN (SELECT id, day, member FROM whole) USING (id)
    UNION ALL
    SELECT day, member, id, product, 'orders', 1
    FROM parted JOIN (SELECT id, day, member, orders FROM whole) USING (id) WHERE orders = 1
    UNION ALL
    SELECT day, member, id, CASE WHEN parted.id IS NULL THEN '-' ELSE '' END, figure, value - coalesce(in_parts, 0)
    FROM w LEFT JOIN (SELECT DISTINCT id FROM parted) AS parted USING (id)
    LEFT JOIN (SELECT id, figure, sum(value)::BIGINT AS in_parts FROM of_lines GROUP BY ALL) USING (id, figure)
    WHERE figure <> 'orders' OR parted.id IS NULL
"""
_UNDER = """
    SELECT 'day' AS divided_by, day, member, id, '*' AS name, figure, value FROM figures
    UNION ALL SELECT 'campaign', day, member, id, coalesce(campaign, '-'), figure, value FROM figures
    UNION ALL SELECT 'pickup_point', day, member, id, coalesce(pickup_point, '-'), figure, value FROM figures
    UNION ALL SELECT 'channel', day, member, id, coalesce(channel, '-'), figure, value FROM figures
    UNION ALL SELECT 'product', day, member, id, product, figure, value FROM of_products
"""
_CELLS = """
    SELECT divided_by, day, name, figure, sum(value)::BIGINT AS value FROM under GROUP BY ALL HAVING sum(value) <> 0
"""
_MADE = {
    "person": _PERSON, "done": _DONE, "whole": _WHOLE, "products_of_line": _PRODUCTS_OF_LINE, "of_lines": _OF_LINES,
    "figures": _FIGURES_OF, "of_products": _OF_PRODUCTS, "under": _UNDER, "cells": _CELLS,
}  # fmt: skip

STEPS = [*orders.STEPS, *(f"CREATE TABLE {name} AS {query}" for name, query in _MADE.items())]
"""Run once the tables are filled."""

_COUNTED = """
    SELECT strftime(day, '%Y-%m-%d') AS period, name || ' ' || figure AS cell, value FROM cells
    WHERE divided_by = '{by}'
    UNION ALL SELECT DISTINCT strftime(u.day, '%Y-%m-%d'), name || ' member ' || member, 1
    FROM under AS u JOIN (SELECT id FROM whole WHERE orders = 1) USING (id)
    SEMI JOIN cells USING (divided_by, day, name) WHERE divided_by = '{by}'
"""

CHECKS = tuple(
    Check(
        f"earned by {by}",
        f"SELECT period, cell, value FROM stored_earned WHERE divided_by = '{by}'",
        _COUNTED.format(by=by),
    )
    for by in BY
)
