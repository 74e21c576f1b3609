"""A ready-made journey becomes a draft of the brand's, with a batch of coupons where it gives some."""

from datetime import datetime

from chalicelib.coupons.model.batches import Wanted
from chalicelib.coupons.model.terms import Validity
from chalicelib.coupons.service.batches import create_batch
from chalicelib.journeys.model.ready_made import RECIPES, ReadyMade
from chalicelib.journeys.records import JourneyRecord
from chalicelib.journeys.service.editing import create
from chalicelib.kernel.language import nearest
from chalicelib.kernel.principal import Principal
from chalicelib.members.service.classes import get_thresholds


def make(
    tenant_id: str, name: ReadyMade, locale: str, percent_bps: int | None, days: int | None, control_bps: int | None,
    quiet_days: int | None, by: Principal, now: datetime,
) -> JourneyRecord:  # fmt: skip
    """Makes the draft, and the coupons first: what nobody publishes gives nothing. ``percent_bps`` and ``days`` say
    what the coupons take off and how long they are good, None for what is usual; ``quiet_days`` after how many days
    without an order it begins, None for as many as make the brand's members churned.
    """
    recipe, language = RECIPES[name], nearest(locale)
    batch_id = None
    if recipe.gift is not None:
        gift = recipe.gift
        title = _SEVERAL.join((gift.title[language], *(each for at, each in gift.title.items() if at != language)))
        wanted = Wanted(
            title, "percent", gift.purpose, percent_bps=percent_bps or gift.percent_bps,
            validity=Validity(None, None, days or gift.days), per_member=1 if gift.purpose == "new_member" else 20,
        )  # fmt: skip
        batch_id = create_batch(tenant_id, wanted, locale, by, now).id
    quiet = get_thresholds(tenant_id)[0].churned_days if quiet_days is None else quiet_days
    return create(tenant_id, recipe.title[language], recipe.definition(batch_id, control_bps, quiet), by, now, name)


_SEVERAL = " · "
"""Between the languages of a title that everybody reads."""
