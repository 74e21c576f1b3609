"""The committed files, moved to the present."""

from __future__ import annotations

import csv
import gzip
import io
from datetime import UTC, datetime, timedelta
from pathlib import Path

HERE = Path(__file__).parent


def products() -> list[dict[str, str]]:
    """Rows with `code, title, category, price_minor, currency`."""
    with (HERE / "products.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def members() -> list[dict[str, str]]:
    """Rows with `member, name`: what the people behind the orders are called here."""
    with (HERE / "members.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def picture(name: str) -> bytes:
    """The drawing of the product with this code, or the `logo`: a WebP."""
    return (HERE / "pictures" / f"{name}.webp").read_bytes()


def orders(now: datetime) -> list[dict[str, str]]:
    """The year of orders, moved by whole weeks so that the last one lies at most a week before `now` (UTC)."""
    with gzip.open(HERE / "orders.csv.gz", "rt", encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    last = datetime.fromisoformat(rows[-1]["ordered_at"])
    weeks = (now - last) // timedelta(weeks=1)
    for row in rows:
        moved = datetime.fromisoformat(row["ordered_at"]) + timedelta(weeks=weeks)
        row["ordered_at"] = moved.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return rows


def as_csv(rows: list[dict[str, str]]) -> str:
    """Rows as the text that the import takes."""
    table = io.StringIO()
    writer = csv.DictWriter(table, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return table.getvalue()
