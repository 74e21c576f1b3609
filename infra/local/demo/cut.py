"""Cuts the demo's two files out of the Complete Journey data. Run once; its result is committed.

python -m infra.local.demo.cut <folder with order_lines.csv.gz and products.csv.gz>
"""

from __future__ import annotations

import csv
import gzip
import io
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

HERE = Path(__file__).parent
# Every third household, in the order of their numbers, is a fair cut: numbers say nothing about the people.
EVERY = 3
# Fuel is counted in thousandths of a gallon, and these rows are not goods.
_NOT_GOODS = {"FUEL", "MISCELLANEOUS", "COUPON", "CNTRL/STORE SUP"}
_SHELF = {
    "1082185": "Bananas", "1127831": "Strawberries", "860776": "Cucumbers", "961554": "Peeled mini carrots",
    "995785": "Green bell peppers", "878996": "Red grapes", "903325": "Broccoli crowns", "962568": "Celery",
    "854852": "Tomatoes on the vine", "904360": "Head lettuce", "1004906": "Russet potatoes", "901062": "Gala apples",
    "847270": "Lemons", "1028816": "Avocado", "1029743": "White milk", "981760": "Eggs, extra large",
    "883404": "White bread", "826249": "Hamburger buns", "859075": "Shredded cheese", "1096036": "Cheese singles",
    "908531": "Chocolate milk", "1068719": "Sugar", "916122": "Chicken breast, boneless", "1044078": "Lean ground beef",
}  # fmt: skip


def main(folder: Path) -> None:
    """Writes orders.csv.gz and products.csv beside this file."""
    products = {row["product_id"]: row for row in _rows(folder / "products.csv.gz")}
    lines = [row for row in _rows(folder / "order_lines.csv.gz") if row["product_id"] in products]
    lines = [row for row in lines if products[row["product_id"]]["department"] not in _NOT_GOODS]
    _write_orders(lines, products)
    _write_products(lines, products)


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def _write_orders(lines: list[dict[str, str]], products: dict[str, dict[str, str]]) -> None:
    chosen = set(sorted({row["member"] for row in lines}, key=int)[::EVERY])
    orders: dict[tuple[str, str, str], list[dict[str, str]]] = defaultdict(list)
    for row in lines:
        if row["member"] in chosen:
            orders[row["ordered_at"], row["order_ref"], row["member"]].append(row)
    table = io.StringIO()
    writer = csv.writer(table, lineterminator="\n")
    writer.writerow(["order_ref", "member", "ordered_at", "quantity", "amount_minor", "currency", "category"])
    for (ordered_at, order_ref, member), basket in sorted(orders.items()):
        spent: Counter[str] = Counter()
        for row in basket:
            spent[products[row["product_id"]]["department"].capitalize()] += int(row["paid_minor"])
        quantity = sum(int(row["quantity"]) for row in basket)
        if quantity > 0:
            largest = min(spent, key=lambda name: (-spent[name], name))
            writer.writerow([order_ref, member, ordered_at, quantity, spent.total(), "USD", largest])
    packed = gzip.compress(table.getvalue().encode(), 9, mtime=0)
    (HERE / "orders.csv.gz").write_bytes(packed)


def _write_products(lines: list[dict[str, str]], products: dict[str, dict[str, str]]) -> None:
    paid, sold = Counter[str](), Counter[str]()
    for row in lines:
        paid[row["product_id"]] += int(row["paid_minor"])
        sold[row["product_id"]] += int(row["quantity"])
    with (HERE / "products.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["code", "title", "category", "price_minor", "currency"])
        for code, title in _SHELF.items():
            category = products[code]["department"].capitalize()
            writer.writerow([code, title, category, round(paid[code] / sold[code]), "USD"])


if __name__ == "__main__":
    main(Path(sys.argv[1]))
