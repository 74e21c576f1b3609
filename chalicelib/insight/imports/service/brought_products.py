"""The products that an import made, and what has become of them since."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import cached_property, partial

from chalicelib.campaigns.records import CampaignRecord, campaign_list
from chalicelib.campaigns.series.records import ENDED, SeriesRecord, series_list
from chalicelib.catalog.records import SkuRecord
from chalicelib.catalog.service import taking_back
from chalicelib.catalog.service.taking_back import Held
from chalicelib.db import Transaction
from chalicelib.fulfilment.suppliers.records import TermsRecord
from chalicelib.fulfilment.suppliers.service import drop_terms, terms_by_sku
from chalicelib.insight.activity.model.reasons import Reason
from chalicelib.insight.imports.model.undoing import Made, ProductNow, why_product_stays
from chalicelib.insight.imports.service.bringing_products import cause_of, id_of_row
from chalicelib.jobs.records import JobRecord
from chalicelib.kernel.clock import parse_instant
from chalicelib.kernel.ids import id_range, milliseconds_of
from chalicelib.kernel.principal import Principal
from chalicelib.kernel.unset import UNSET

_TOGETHER = 25
"""Products that are looked at between two commits."""

_ROWS_BEYOND = 10_000
"""An import that died may have made more than it has counted: a slice and its last product."""

_ROUNDED = timedelta(milliseconds=2)


class BroughtProducts:
    """Those of one import. What is read once holds for as long as a message is worked on: a product that has left the
    shop cannot be offered any more.
    """

    def __init__(self, source: JobRecord, undo_id: str, by: Principal) -> None:
        self._source, self._undo_id, self._by = source, undo_id, by
        self._tenant_id = source.tenant_id

    def after(self, key: str) -> tuple[list[Made], str | None]:
        """Some that the import made behind a key, and behind which the next are; None at the end."""
        started = parse_instant(self._source.params["started_at"])
        rows = timedelta(milliseconds=int(self._source.cursor["row"]) + _ROWS_BEYOND)
        first, last = id_range(started - _ROUNDED, started + rows)
        cards = taking_back.brought_between(self._tenant_id, f"{key}0" if key else first, last, _TOGETHER)
        found = [
            Made(card.product_id, row, len(card.sku_rows))
            for card in cards
            if (row := self._row(card.product_id, milliseconds_of(first))) is not None
        ]
        return found, cards[-1].product_id if len(cards) == _TOGETHER else None

    def _row(self, product_id: str, since: int) -> int | None:
        """The row of the file from which the import made a product; None for one that it did not make. An id begins
        with an instant that may be rounded down.
        """
        about = milliseconds_of(product_id) - since - _ROUNDED // timedelta(milliseconds=1)
        near = range(about - 2, about + 3)
        return next((row for row in near if id_of_row(self._source, row) == product_id), None)

    def judge(self, made: Sequence[Made]) -> dict[str, Reason | None]:
        """Why each stays, by key, None where it may go; those that are gone are left out."""
        found = taking_back.held(self._tenant_id, [each.key for each in made])
        return {key: self._judged(held) for key, held in found.items()}

    def leave(self, made: Made, now: datetime) -> None:
        """Takes it out of the shop."""
        taking_back.leave(self._tenant_id, made.key, self._undo_id, now)

    def remove(self, made: Made, now: datetime) -> Reason | None:
        """Deletes it; else says why it stays, in the shop as before."""
        held = taking_back.held(self._tenant_id, [made.key]).get(made.key)
        if held is None:
            return None
        reason = self._judged(held)
        if reason is None:
            # Raised where somebody has changed it at this very moment: it is judged again when the message comes again.
            taking_back.take_back(held, self._by, now, along=partial(self._along, held))
        else:
            taking_back.stay(self._tenant_id, made.key, now)
        return reason

    def _judged(self, held: Held) -> Reason | None:
        used = next((self._used[str(sku.sku_id)] for sku in held.skus if sku.sku_id in self._used), "")
        return why_product_stays(
            ProductNow(
                str(held.product.title),
                bool(held.product.untouched),
                held.stock_moved(cause_of(self._source)),
                any(self._terms_changed(held, sku) for sku in held.skus),
                used,
            )
        )

    def _terms_changed(self, held: Held, sku: SkuRecord) -> bool:
        terms = self._terms.get(str(sku.sku_id), [])
        return len(terms) > 1 or any(each.updated_at != held.product.created_at for each in terms)

    def _along(self, held: Held, tx: Transaction) -> None:
        for sku in held.skus:
            for terms in self._terms.get(str(sku.sku_id), []):
                drop_terms(tx, terms)

    @cached_property
    def _terms(self) -> Mapping[str, Sequence[TermsRecord]]:
        return terms_by_sku(self._tenant_id)

    @cached_property
    def _used(self) -> dict[str, str]:
        """The title of a campaign or series with a SKU, by SKU id, whatever state it is in."""
        found: dict[str, str] = {}
        for series in SeriesRecord.every(series_list(self._tenant_id), index="gsi1"):
            if series.status != ENDED:
                offers = series.terms.offers
                found |= {} if offers is UNSET else {each.sku_id: series.title for each in offers}
        for campaign in CampaignRecord.every(campaign_list(self._tenant_id), index="gsi1"):
            found |= {offer.sku_id: campaign.title for offer in campaign.offers}
        return found
