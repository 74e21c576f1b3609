"""What the person who ran `make run` sees."""

from __future__ import annotations

import json
import logging
import sys
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from infra.local.demo.seed import Demo
from infra.local.sign_ins import CONSOLE, LEADER, SignIns

_WELCOME = """
Storefront      {url}/s/{slug}
  signed in     {url}{sign_in}
Leader's page   {url}{leader_sign_in}
Console         {url}{console_sign_in}
                (these three work once; {url}/ has buttons for them)
API             {url}/docs
Mailbox         {url}/local/mailbox
API key         {api_key}
                (kept in {keys}, readable by you only)

Try these, as they are:

  # 1. What the neighbours can order now
  curl -s {url}/v1/stores/{slug}/campaigns

  # 2. Place an order as a signed-in neighbour (twice: still one order; the tokens last a day)
  curl -s {url}/v1/stores/{slug}/orders -H 'Authorization: Bearer {member}' \\
    -H 'Idempotency-Key: order-{mark}' -H 'Content-Type: application/json' \\
    -d '{order}'

  # 3. See the order as the brand does
  curl -s '{url}/v1/orders?campaign_id={campaign}' -H 'Authorization: Bearer {api_key}'

  # 4. Order where the price falls with each order, and pay online: open the page_url of the answer and press Pay
  ORDER=$(curl -s {url}/v1/stores/{slug}/orders -H 'Authorization: Bearer {member}' \\
    -H 'Idempotency-Key: order-{ladder_mark}' -H 'Content-Type: application/json' \\
    -d '{online}' | cut -d '"' -f 4)
  curl -s -X POST {url}/v1/stores/{slug}/orders/$ORDER/payments -H 'Authorization: Bearer {member}' \\
    -H 'Idempotency-Key: payment-{ladder_mark}'

  # 5. See what waits at the pickup point, as its leader does
  curl -s {url}/v1/stores/{slug}/leader/orders -H 'Authorization: Bearer {leader}'

  # 6. Who stays: retention by month of a year of real orders
  curl -s '{url}/v1/reports/retention?unit=month&mode=on' -H 'Authorization: Bearer {api_key}'

  # 7. Two hours pass: timers fire, what is due happens
  curl -s {url}/local/clock -d '{{"advance_seconds": 7200}}'
"""

_MARK = 6


def set_up(level: str) -> None:
    """One plain line a call on standard output."""
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(logging.Formatter("%(asctime)s  %(message)s", "%H:%M:%S"))
    root = logging.getLogger("local")
    root.handlers[:] = [handler]
    root.setLevel(level)
    root.propagate = False
    warnings.filterwarnings("ignore", message="No application metrics to publish")


def say(text: str) -> None:
    """Prints for a person."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def welcome(url: str, demo: Demo, folder: Path | None, ways_in: SignIns) -> str:
    """Addresses, first the storefront's, the key and commands that work when pasted."""
    return _WELCOME.format(
        url=url,
        slug=demo.slug,
        sign_in=ways_in.link(),
        leader_sign_in=ways_in.link(LEADER),
        console_sign_in=ways_in.link(CONSOLE),
        api_key=demo.api_key,
        keys=folder / "demo.json" if folder else "nowhere",
        member=demo.shopper_token,
        leader=demo.leader_token,
        campaign=demo.campaign_id,
        # After a restart the campaigns may be others: an order there is another request, and needs another key.
        mark=demo.campaign_id[-_MARK:],
        ladder_mark=demo.ladder_id[-_MARK:],
        order=_order(demo, demo.campaign_id, demo.offer_id, "pickup"),
        online=_order(demo, demo.ladder_id, demo.ladder_offer_id, "test"),
    )


def _order(demo: Demo, campaign_id: str, offer_id: str, payment_method: str) -> str:
    wanted = {
        "campaign_id": campaign_id,
        "pickup_point_id": demo.pickup_point_id,
        "lines": [{"offer_id": offer_id, "quantity": 2}],
        "payment_method": payment_method,
    }
    return json.dumps(wanted)


@contextmanager
def quietly() -> Iterator[None]:
    """No line for each call inside; trouble shows."""
    logger = logging.getLogger("local")
    level = logger.level
    logger.setLevel(max(level, logging.WARNING))
    try:
        yield
    finally:
        logger.setLevel(level)


@contextmanager
def progress() -> Iterator[Callable[[str, int, int], None]]:
    """A bar a step."""
    columns = (TextColumn("{task.description:<18}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    tasks: dict[str, TaskID] = {}
    with Progress(*columns) as bars:

        def report(what: str, done: int, total: int) -> None:
            if what not in tasks:
                tasks[what] = bars.add_task(what, total=total)
            bars.update(tasks[what], completed=done, total=total)

        yield report
