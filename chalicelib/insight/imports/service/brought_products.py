"""The products that an import made, and the SKUs that it added to others, and what has become of them since."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cached_property, partial
from itertools import takewhile

from chalicelib.campaigns.records import CampaignRecord, campaign_list
from chalicelib.campaigns.series.records import ENDED, SeriesRecord, series_list
from chalicelib.catalog.records import ARCHIVED, SkuRecord
from chalicelib.catalog.service import taking_back
from chalicelib.catalog.service.set_aside import get_skus
from chalicelib.catalog.service.taking_back import Held
from chalicelib.db import Transaction
from chalicelib.fulfilment.suppliers.records import TermsRecord
from chalicelib.fulfilment.suppliers.service import drop_terms, terms_by_sku
from chalicelib.insight.activity.model.reasons import Reason
from chalicelib.insight.imports.model.undoing import Made, ProductNow, why_product_stays
from chalicelib.insight.imports.service.bringing_products import cause_of, sku_id_of_row
from chalicelib.jobs.model import Status
from chalicelib.jobs.records import JobRecord
from chalicelib.kernel.clock import parse_instant
from chalicelib.kernel.principal import Principal
from chalicelib.kernel.unset import UNSET
from chalicelib.wanting.service.counting import count_of

_TOGETHER = 100
"""Rows of the file that are looked at between two commits."""

_ROWS_BEYOND = 10_000
"""An import that died may have made more than it has counted: a slice and its last product."""


class BroughtProducts:
    """Those of one import. What is read once holds for as long as a message is worked on: what has left the shop cannot
    be offered any more.

    A key is the id of a product that the import made, or of one that stood and, behind a plus, of a SKU that it added.
    """

    def __init__(self, source: JobRecord, undo_id: str, by: Principal) -> None:
        self._source, self._undo_id, self._by = source, undo_id, by
        self._tenant_id = source.tenant_id

    def after(self, key: str) -> tuple[list[Made], str | None]:
        """Some that the import made, of the rows from a key on, and from which the next are; None at the end."""
        beyond = 0 if self._source.status == Status.DONE else _ROWS_BEYOND
        last = int(self._source.cursor["row"]) + beyond
        first = int(key) if key else int(self._source.params["begins"]["row"]) + 1
        rows = {sku_id_of_row(self._source, row): row for row in range(first, min(first + 2 * _TOGETHER, last + 1))}
        skus = get_skus(self._tenant_id, rows, consistent=True)
        made = [Made(_key(sku), rows[sku_id]) for sku_id, sku in skus.items()]
        # Not divided within a product: when the one half has gone, the other's rows would not be found any more.
        taken = [each for each in made if each.row < first + _TOGETHER]
        taken += takewhile(lambda each: each.key == taken[-1].key, made[len(taken) :]) if taken else []
        following = max(first + _TOGETHER, taken[-1].row + 1 if taken else 0)
        return taken, str(following) if following <= last else None

    def judge(self, made: Sequence[Made]) -> dict[str, Reason | None]:
        """Why each stays, by key, None where it may go; those that are gone are left out."""
        held = taking_back.held(self._tenant_id, list(dict.fromkeys(each.key.partition("+")[0] for each in made)))
        found = {each.key: _of(each, held) for each in made}
        return {key: self._judged(one, alone="+" in key) for key, one in found.items() if one is not None}

    def leave(self, made: Made, now: datetime) -> None:
        """Takes it out of the shop."""
        product_id, _, sku_id = made.key.partition("+")
        if sku_id:
            taking_back.leave_alone(self._tenant_id, sku_id)
        else:
            taking_back.leave(self._tenant_id, product_id, self._undo_id, now)

    def remove(self, made: Made, now: datetime) -> Reason | None:
        """Deletes it; else says why it stays, in the shop as before."""
        product_id, _, sku_id = made.key.partition("+")
        held = _of(made, taking_back.held(self._tenant_id, [product_id]))
        if held is None:
            return None
        # Who writes the product anew meanwhile has its SKUs in the shop again, where a campaign may offer them.
        left = not sku_id or held.skus[0].status == ARCHIVED
        reason = self._judged(held, alone=bool(sku_id), left=left)
        # Raised by both where somebody has changed it at this very moment: it is judged again when the message comes
        # again.
        if reason is None and sku_id:
            taking_back.take_out(held, self._by, now, along=partial(self._along, held))
        elif reason is None:
            taking_back.take_back(held, self._by, now, along=partial(self._along, held))
        elif sku_id:
            taking_back.stay_beside(self._tenant_id, product_id, sku_id)
        else:
            taking_back.stay(self._tenant_id, product_id, now)
        return reason

    def _judged(self, held: Held, *, alone: bool, left: bool = True) -> Reason | None:
        used = next((self._used[str(sku.sku_id)] for sku in held.skus if sku.sku_id in self._used), "")
        return why_product_stays(
            ProductNow(
                str(held.skus[0].full_title if alone else held.product.title),
                left and (held.as_brought if alone else bool(held.product.untouched)),
                held.stock_moved(cause_of(self._source)),
                any(self._terms_changed(held, sku) for sku in held.skus),
                used,
                not alone and count_of(self._tenant_id, str(held.product.product_id)).any,
            )
        )

    def _terms_changed(self, held: Held, sku: SkuRecord) -> bool:
        terms = self._terms.get(str(sku.sku_id), [])
        began = parse_instant(sku.brought_as["at"]) if sku.brought_as else held.product.created_at
        return len(terms) > 1 or any(each.updated_at != began for each in terms)

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
                found |= {} if offers is UNSET else {sku_id: series.title for each in offers for sku_id in each.sku_ids}
        for campaign in CampaignRecord.every(campaign_list(self._tenant_id), index="gsi1"):
            found |= {goods.sku_id: campaign.title for goods in campaign.goods}
        return found


def _key(sku: SkuRecord) -> str:
    return f"{sku.product_id}+{sku.sku_id}" if sku.brought_as else str(sku.product_id)


def _of(made: Made, held: Mapping[str, Held]) -> Held | None:
    """What is meant of the products that were read: all of one, or one SKU; None where it is gone."""
    product_id, _, sku_id = made.key.partition("+")
    found = held.get(product_id)
    if found is None or not sku_id:
        return found
    alone = found.only(sku_id)
    return alone if alone.skus else None
