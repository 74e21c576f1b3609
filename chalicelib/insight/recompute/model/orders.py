"""What one order earned and cost, as SQL over how it stands and what its books say. Pure. Amounts are minor units.

``line_earned`` has what the goods of each line did, ``order_earned`` the whole order. What is divided goes by largest
remainder, the earlier part first on a tie.
"""

TABLES = {
    "orders": "id VARCHAR, status VARCHAR, lines JSON, discounts JSON, off BIGINT, fee BIGINT, fee_bps INTEGER, "
    "paid BIGINT, refunded BIGINT, returned BIGINT, back JSON, goodwill JSON, disputed JSON, units_back JSON, "
    "replaces BOOLEAN, gift BOOLEAN, forfeited BOOLEAN, picked JSON, picked_up BOOLEAN, placed_at VARCHAR, "
    "campaign VARCHAR, pickup_point VARCHAR, channel VARCHAR",
    "skus": "sku VARCHAR, product VARCHAR, cost BIGINT",
    "cost_changes": "sku VARCHAR, n INTEGER, changed_at VARCHAR, cost_before BIGINT",
    "books": "id VARCHAR, recognised BOOLEAN, commission BIGINT, fees BIGINT, remedies JSON, charged JSON, "
    "platform BIGINT, lost BIGINT",
    "rates": "campaign VARCHAR, pickup_point VARCHAR, n INTEGER, bps BIGINT",
    "leaders": "pickup_point VARCHAR, n INTEGER, since VARCHAR, leader VARCHAR",
}

LINE_FIGURES = (
    "units", "gross_minor", "promotions_minor", "coupons_minor", "points_minor", "granted_minor", "tax_minor",
    "goods_minor", "uncosted_units", "uncosted_minor", "gifts_minor",
)  # fmt: skip
ORDER_FIGURES = (
    "orders", "sold_units", "sold_minor", "delivery_minor", "commission_minor", "fees_minor", "remedies_minor",
    "recovered_minor", "lost_minor",
)  # fmt: skip
"""What no line has a part of."""

_OWN = ("gross_minor", "promotions_minor", "coupons_minor", "points_minor", "tax_minor")
"""Of these the order has a part beside its lines."""

_PART = """
    CREATE MACRO part(share, of_it, whole) AS
        CASE WHEN whole > 0 THEN (share::HUGEINT * least(greatest(0, of_it), whole) // whole)::BIGINT ELSE 0 END
"""


def allocated(source: str, amount: str, by: str, within: str, order: str) -> str:
    """The rows of a source with the ``share`` of each in an amount that those ``within`` one thing have together."""
    return f"""
        SELECT * EXCLUDE (weight_, sum_, floor_, rest_),
            (floor_ + CASE WHEN row_number() OVER (PARTITION BY {within} ORDER BY rest_ DESC, {order})
                <= {amount} - sum(floor_) OVER (PARTITION BY {within}) THEN 1 ELSE 0 END)::BIGINT AS share
        FROM (
            SELECT *, {amount}::HUGEINT * weight_ // sum_ AS floor_, {amount}::HUGEINT * weight_ % sum_ AS rest_
            FROM (
                SELECT *, CASE WHEN sum({by}) OVER w = 0 THEN 1 ELSE {by} END AS weight_,
                    CASE WHEN sum({by}) OVER w = 0 THEN count(*) OVER w ELSE sum({by}) OVER w END AS sum_
                FROM ({source}) WINDOW w AS (PARTITION BY {within})
            )
        )
    """


def _by_name(column: str, source: str = "orders") -> str:
    """A JSON object of whole numbers as rows."""
    return f"""
        SELECT id, entry.key AS name, entry.value AS number
        FROM (SELECT id, unnest(map_entries(from_json({column}, '"MAP(VARCHAR, BIGINT)"'))) AS entry FROM {source})
    """


def _list(column: str, name: str, source: str = "orders") -> str:
    """A JSON list as rows with their place."""
    return f"""
        SELECT id, unnest(from_json({column}, '["JSON"]')) AS {name},
            generate_subscripts(from_json({column}, '["JSON"]'), 1) AS n FROM {source}
    """


_LINE = f"""
    SELECT id, n, offer, sku, quantity, instead, rates,
        CASE per WHEN 1 THEN unit * quantity ELSE (2 * unit * quantity + per) // (2 * per) END AS total
    FROM (
        SELECT id, n, l->>0 AS offer, l->>1 AS sku, (l->>2)::BIGINT AS quantity, (l->>3)::BIGINT AS unit,
            coalesce((l->8->>0)::BIGINT, 1) AS per, l->6 AS instead, l->7 AS rates
        FROM ({_list("lines", "l")})
    )
"""
_DISCOUNT = f"""
    SELECT id, n, (d->>0)::INTEGER AS step, d->4 AS shares, coalesce((d->>5)::BIGINT, 0) AS delivery, d->6 AS gifts,
        coalesce(from_json(d->7, '["VARCHAR"]'), []) AS earned_by
    FROM ({_list("discounts", "d")})
"""
_SHARE = """
    SELECT id, n, step, entry.key AS offer, entry.value AS minor
    FROM (SELECT id, n, step, unnest(map_entries(from_json(shares, '"MAP(VARCHAR, BIGINT)"'))) AS entry FROM discount)
"""
_GIFT = """
    SELECT id, n, unnest(map_keys(from_json(gifts, '"MAP(VARCHAR, BIGINT)"'))) AS offer FROM discount
"""
_GOODS = f"""
    SELECT id, line.n, offer, sku, quantity, instead, rates, total, total - coalesce(o.minor, 0) AS price,
        total - coalesce(p.minor, 0) AS paid, coalesce(b.number, 0) AS returned,
        coalesce(g.number, 0) + coalesce(d.number, 0) AS without_goods, coalesce(u.number, 0) AS units_back,
        CASE WHEN b.number IS NULL THEN 0 ELSE b.number - coalesce(g.number, 0) - coalesce(d.number, 0) END AS came_back
    FROM line
    LEFT JOIN (SELECT id, offer, sum(minor)::BIGINT AS minor FROM share_of_line GROUP BY ALL) AS o USING (id, offer)
    LEFT JOIN (SELECT id, offer, sum(minor)::BIGINT AS minor FROM share_of_line WHERE step <> 6 GROUP BY ALL) AS p
        USING (id, offer)
    LEFT JOIN ({_by_name("back")}) AS b ON b.id = line.id AND b.name = offer
    LEFT JOIN ({_by_name("goodwill->1")}) AS g ON g.id = line.id AND g.name = offer
    LEFT JOIN ({_by_name("disputed")}) AS d ON d.id = line.id AND d.name = offer
    LEFT JOIN ({_by_name("units_back")}) AS u ON u.id = line.id AND u.name = offer
"""
_EARNING_GIFTS = """
    SELECT d.id, d.n, sum(part(paid, units_back, quantity))::BIGINT AS returned, sum(paid)::BIGINT AS paid
    FROM discount AS d JOIN goods AS g USING (id)
    WHERE paid <> 0 AND (len(earned_by) = 0 OR list_contains(earned_by, split_part(offer, '-', 1)))
    GROUP BY d.id, d.n
"""
_STANDING = """
    SELECT id, n, step, offer, minor - greatest(
        part(minor, came_back, price), part(minor, units_back, quantity),
        CASE WHEN gift.offer IS NOT NULL THEN part(minor, coalesce(e.returned, 0), coalesce(e.paid, 0)) ELSE 0 END
    ) AS minor
    FROM share_of_line JOIN (SELECT * EXCLUDE (n) FROM goods) AS g USING (id, offer)
    LEFT JOIN gift USING (id, n, offer) LEFT JOIN earning_gifts AS e USING (id, n)
"""
_OFF_LINE = """
    SELECT id, offer, coalesce(sum(minor) FILTER (step NOT IN (5, 6)), 0)::BIGINT AS promotions_minor,
        coalesce(sum(minor) FILTER (step = 5), 0)::BIGINT AS coupons_minor,
        coalesce(sum(minor) FILTER (step = 6), 0)::BIGINT AS points_minor FROM standing GROUP BY ALL
"""
_OFF_DELIVERY = """
    SELECT id, coalesce(sum(delivery) FILTER (step NOT IN (5, 6)), 0)::BIGINT AS promotions_minor,
        coalesce(sum(delivery) FILTER (step = 5), 0)::BIGINT AS coupons_minor,
        coalesce(sum(delivery) FILTER (step = 6), 0)::BIGINT AS points_minor, sum(delivery)::BIGINT AS off
    FROM discount GROUP BY id
"""
_PICKED = f"""
    SELECT id, offer, quantity,
        CASE WHEN named.id IS NULL AND picked_up THEN quantity ELSE coalesce(number, 0) END AS units
    FROM line JOIN (SELECT id, picked_up FROM orders) USING (id)
    LEFT JOIN ({_by_name("picked")}) AS each ON each.id = line.id AND each.name = offer
    LEFT JOIN (SELECT DISTINCT id FROM ({_by_name("picked")})) AS named ON named.id = line.id
"""
_SALE = f"""
    SELECT o.*, units, goods_minor, CASE
            WHEN replaces OR status IN ('held', 'expired') AND NOT gift THEN 'none'
            WHEN gift THEN CASE WHEN stands THEN 'gift' ELSE 'none' END
            WHEN stands AND units > 0 THEN 'sale'
            WHEN stands OR paid > refunded THEN 'money' ELSE 'none' END AS kind,
        CASE WHEN stands THEN goods_minor - off + fee ELSE paid - refunded END AS sold_minor,
        greatest(0, fee - coalesce(delivery.number, 0)) AS delivery_kept,
        greatest(0, returned - least(coalesce(delivery.number, 0), fee)) AS returned_goods
    FROM (
        SELECT orders.*, coalesce(l.units, 0) AS units, coalesce(goods_minor, 0) AS goods_minor,
            status IN ('placed', 'ready', 'picked_up') OR coalesce(any_picked, false) AS stands
        FROM orders
        LEFT JOIN (
            SELECT id, sum(quantity)::BIGINT AS units, sum(total)::BIGINT AS goods_minor FROM line GROUP BY id
        ) AS l USING (id)
        LEFT JOIN (SELECT id, bool_or(units > 0) AS any_picked FROM picked GROUP BY id) USING (id)
    ) AS o
    LEFT JOIN ({_by_name("back")}) AS delivery ON delivery.id = o.id AND name = 'delivery'
"""
_KEPT = "SELECT id, n, price - least(price, returned) AS kept, least(price, returned) AS back FROM goods"
_BEYOND = """
    SELECT id, n, k.kept, least(sum(k.kept) OVER o, greatest(0, returned_goods - sum(k.back) OVER o))::BIGINT AS beyond
    FROM kept AS k JOIN sale USING (id) WHERE kind = 'sale' WINDOW o AS (PARTITION BY id)
"""
_GIVEN = """
    WITH other AS (
        SELECT id, n, entry.key AS sku, entry.value AS units, place
        FROM (
            SELECT id, n, unnest(map_entries(from_json(instead, '"MAP(VARCHAR, BIGINT)"'))) AS entry,
                generate_subscripts(map_entries(from_json(instead, '"MAP(VARCHAR, BIGINT)"')), 1) AS place FROM line
        )
    )
    SELECT id, n, sku, quantity - coalesce(o.units, 0) AS units, 0 AS place
    FROM line LEFT JOIN (SELECT id, n, sum(units)::BIGINT AS units FROM other GROUP BY ALL) AS o USING (id, n)
    WHERE quantity > coalesce(o.units, 0)
    UNION ALL SELECT id, n, sku, units, place FROM other
"""
_BOUGHT_AT = """
    WITH later AS (
        SELECT id, given.n AS n, sku, min_by({'cost': cost_before}, c.n) AS change
        FROM given JOIN (SELECT id, placed_at FROM orders) USING (id) JOIN cost_changes AS c USING (sku)
        WHERE c.changed_at > placed_at GROUP BY id, given.n, sku
    )
    SELECT id, n, sku, units, place, coalesce(product, '-') AS product,
        CASE WHEN change IS NULL THEN cost ELSE change.cost END AS cost
    FROM given LEFT JOIN skus USING (sku) LEFT JOIN later USING (id, n, sku)
"""
_COST = """
    SELECT id, n, CASE WHEN count(*) = count(cost) THEN sum(cost * units)::BIGINT END AS cost
    FROM bought_at GROUP BY id, n
"""
_UNTAXED_LINE = f"""
    SELECT id, g.n, offer, kind, quantity, rates, forfeited, kept - coalesce(taken.share, 0) AS kept,
        back, least(back, without_goods) AS granted_minor, greatest(0, quantity - units_back) AS units, price,
        coalesce(promotions_minor, 0) AS promotions_minor, coalesce(coupons_minor, 0) AS coupons_minor,
        coalesce(points_minor, 0) AS points_minor, cost
    FROM goods AS g JOIN kept USING (id, n) JOIN (SELECT id, kind, forfeited FROM sale) USING (id)
    LEFT JOIN cost USING (id, n) LEFT JOIN off_line USING (id, offer)
    LEFT JOIN (SELECT id, n, share FROM ({allocated("FROM beyond", "beyond", "kept", "id", "n")})) AS taken
        USING (id, n)
    WHERE kind IN ('sale', 'gift')
"""
_TAXED = """
    SELECT id, n, rates, CASE WHEN forfeited AND p.units < l.quantity
        THEN l.kept * least(p.units, l.quantity) // l.quantity ELSE l.kept END AS amount
    FROM untaxed_line AS l JOIN picked AS p USING (id, offer) WHERE kind = 'sale'
    UNION ALL
    SELECT id, 1000000, fee_bps::VARCHAR::JSON, delivery_kept FROM sale WHERE kind = 'sale' AND delivery_kept > 0
"""
_RATED = """
    SELECT id, n, amount, place, (pair->>0)::BIGINT AS rate, (pair->>1)::BIGINT AS weight
    FROM (
        SELECT id, n, amount, unnest(from_json(rates, '["JSON"]')) AS pair,
            generate_subscripts(from_json(rates, '["JSON"]'), 1) AS place
        FROM taxed WHERE json_type(rates) = 'ARRAY'
    )
    UNION ALL
    SELECT id, n, amount, 1, rates::BIGINT, 1 FROM taxed WHERE json_type(rates) NOT IN ('ARRAY', 'NULL')
"""
_BY_RATE = f"""
    SELECT *, (2 * gross * rate + 10000 + rate) // (2 * (10000 + rate)) AS tax
    FROM (
        SELECT id, n, place, rate, share AS amount, sum(share) OVER (PARTITION BY id, rate)::BIGINT AS gross
        FROM ({allocated("FROM rated", "amount", "weight", "id, n", "place")}) WHERE rate IS NOT NULL
    ) WHERE gross > 0
"""
_TAX = f"""
    SELECT id, n, sum(share)::BIGINT AS tax_minor
    FROM ({allocated("FROM by_rate", "tax", "amount", "id, rate", "n, place")}) GROUP BY ALL
"""
_LINE_EARNED = """
    SELECT id, n, units, kept + granted_minor + promotions_minor + coupons_minor + points_minor AS gross_minor,
        promotions_minor, coupons_minor, points_minor, granted_minor, coalesce(tax_minor, 0) AS tax_minor,
        CASE WHEN cost IS NULL THEN 0 ELSE cost - greatest(
            part(cost, back - granted_minor, price), part(cost, quantity - units, quantity)) END AS goods_minor,
        CASE WHEN cost IS NULL THEN units ELSE 0 END AS uncosted_units,
        CASE WHEN cost IS NULL THEN kept ELSE 0 END AS uncosted_minor, 0 AS gifts_minor
    FROM untaxed_line LEFT JOIN tax USING (id, n) WHERE kind = 'sale'
    UNION ALL
    SELECT id, n, quantity, 0, 0, 0, 0, 0, 0, 0, CASE WHEN cost IS NULL THEN quantity ELSE 0 END, 0, coalesce(cost, 0)
    FROM untaxed_line WHERE kind = 'gift'
"""
_REMEDY = """
    SELECT id, (entry.value->>0)::BIGINT AS minor, entry.value->>1 AS borne_by, (entry.value->>2)::INTEGER = 1 AS goods
    FROM (SELECT id, unnest(map_entries(from_json(remedies, '"MAP(VARCHAR, JSON)"'))) AS entry FROM books)
"""
_BOOKED = f"""
    SELECT id, recognised, commission, fees, lost, coalesce(remedies_minor, 0) AS remedies,
        coalesce(borne, 0) + coalesce(charged_minor, 0) + platform AS recovered
    FROM books
    LEFT JOIN (
        SELECT id, sum(minor) FILTER (goods) AS remedies_minor,
            sum(minor) FILTER (borne_by = 'platform' OR starts_with(borne_by, 'supplier:')) AS borne
        FROM remedy GROUP BY id
    ) USING (id)
    LEFT JOIN (SELECT id, sum(number) AS charged_minor FROM ({_by_name("charged", "books")}) GROUP BY id) USING (id)
"""
_LED = """
    SELECT id, min_by({'who': leader}, CASE WHEN since <= placed_at THEN -n ELSE n + 1000000 END) AS led
    FROM orders JOIN leaders USING (pickup_point) GROUP BY id
"""
_RATE = """
    SELECT id, min_by(bps, n) AS bps FROM orders JOIN rates USING (campaign, pickup_point) JOIN led USING (id)
    WHERE led.who IS NOT NULL GROUP BY id
"""
_SUMS = ", ".join(f"sum({name})::BIGINT AS {name}" for name in LINE_FIGURES)


def _off(name: str) -> str:
    return f"coalesce(s.{name}, 0) + CASE WHEN kind = 'sale' THEN coalesce(d.{name}, 0) ELSE 0 END AS {name}"


_SOLD = f"""
    SELECT sale.id, kind, delivery_kept, kind IN ('sale', 'money') AS is_sale,
        CASE WHEN kind = 'sale' THEN sale.units ELSE 0 END AS sold_units,
        CASE WHEN kind IN ('sale', 'money') THEN sale.sold_minor ELSE 0 END AS sold_minor,
        CASE WHEN kind = 'money' THEN sale.sold_minor ELSE coalesce(s.gross_minor, 0) END AS gross_minor,
        CASE WHEN kind = 'sale' THEN delivery_kept + coalesce(d.off, 0) ELSE 0 END AS delivery_minor,
        {_off("promotions_minor")}, {_off("coupons_minor")}, {_off("points_minor")},
        coalesce(s.tax_minor, 0) + coalesce(t.tax_minor, 0) AS tax_minor,
        {", ".join(f"coalesce(s.{name}, 0) AS {name}" for name in LINE_FIGURES if name not in _OWN)}
    FROM sale LEFT JOIN (SELECT id, {_SUMS} FROM line_earned GROUP BY id) AS s USING (id)
    LEFT JOIN off_delivery AS d USING (id)
    LEFT JOIN (SELECT id, tax_minor FROM tax WHERE n = 1000000) AS t USING (id)
    WHERE NOT replaces
"""
_ORDER_EARNED = """
    SELECT sold.* EXCLUDE (kind, delivery_kept, is_sale), is_sale::INTEGER AS orders,
        coalesce(commission, 0) + CASE WHEN is_sale AND NOT coalesce(recognised, false) THEN (2 * greatest(0,
            gross_minor + delivery_minor - promotions_minor - coupons_minor - points_minor - delivery_kept)
            * coalesce(bps, 0) + 10000) // 20000 ELSE 0 END AS commission_minor,
        coalesce(fees, 0) AS fees_minor, coalesce(remedies, 0) AS remedies_minor,
        coalesce(recovered, 0) AS recovered_minor, coalesce(lost, 0) AS lost_minor
    FROM sold LEFT JOIN booked USING (id) LEFT JOIN rate USING (id)
"""

_MADE = {
    "line": _LINE, "discount": _DISCOUNT, "share_of_line": _SHARE, "gift": _GIFT, "goods": _GOODS,
    "earning_gifts": _EARNING_GIFTS, "standing": _STANDING, "off_line": _OFF_LINE, "off_delivery": _OFF_DELIVERY,
    "picked": _PICKED, "sale": _SALE, "kept": _KEPT, "beyond": _BEYOND, "given": _GIVEN, "bought_at": _BOUGHT_AT,
    "cost": _COST, "untaxed_line": _UNTAXED_LINE, "taxed": _TAXED, "rated": _RATED, "by_rate": _BY_RATE, "tax": _TAX,
    "line_earned": _LINE_EARNED, "remedy": _REMEDY, "booked": _BOOKED, "led": _LED, "rate": _RATE, "sold": _SOLD,
    "order_earned": _ORDER_EARNED,
}  # fmt: skip

STEPS = [_PART, *(f"CREATE TABLE {name} AS {query}" for name, query in _MADE.items())]
"""Run once the tables are filled."""
