"""HTTP routes of previews."""

from chalicelib.coupons.errors import AmountInAnotherCurrency, BudgetBelowOneUse, TermsRefused
from chalicelib.insight.previews.forms import BatchPreviewForm, MonthPreviewForm
from chalicelib.insight.previews.service import trying
from chalicelib.insight.previews.views import MonthPreviewView
from chalicelib.kernel.errors import NotFound
from chalicelib.web import Call, Router, staff

routes = Router(__name__)

_PREVIEWS = staff("manager", "planner", "analyst")


@routes.post(
    "/v1/promotions/{id}/preview", allow=_PREVIEWS, body=MonthPreviewForm, answer=MonthPreviewView, tag="campaigns",
    errors=(NotFound,), summary="Try a promotion on the real orders of a month",
)  # fmt: skip
def preview_promotion(call: Call[MonthPreviewForm]) -> MonthPreviewView:
    """Prices up to 500 orders of the month again, without it and with it, as orders are priced; of a month with more
    these are drawn evenly. It is taken to hold all month and in all group buys, its budget and limits count. For tiers
    members count as they are now, gifts as if every group buy offered them. Nothing is changed."""
    found = trying.preview_promotion(call.tenant_id, call.path["id"], call.body.month, call.now)
    return MonthPreviewView.of(found, call.locale)


@routes.post(
    "/v1/coupon-batches/preview", allow=_PREVIEWS, body=BatchPreviewForm, answer=MonthPreviewView, tag="coupons",
    errors=(TermsRefused, AmountInAnotherCurrency, BudgetBelowOneUse),
    summary="Try coupons on the real orders of a month, before they are made",
)  # fmt: skip
def preview_batch(call: Call[BatchPreviewForm]) -> MonthPreviewView:
    """Takes what makes a batch. Every member is taken to have had a coupon all month and to have used it as soon as it
    could be; orders that had another coupon keep that. Coupons for new members are for those who joined in the month.
    Otherwise as for promotions. Nothing is changed."""
    found = trying.preview_batch(call.tenant_id, call.body.wanted(), call.body.month, call.now)
    return MonthPreviewView.of(found, call.locale)
