"""How each entity is shown, by its name. A batch imports what it shows; whoever only names events, nothing."""

from chalicelib.broadcasts.service.shown import Shown
from chalicelib.loading import Lazy

_HERE = "chalicelib.broadcasts.views"

SHOWN: Lazy[Shown] = Lazy(
    {
        "order": f"{_HERE}.orders:SHOWN",
        "team": f"{_HERE}.teams:SHOWN",
        "refund": f"{_HERE}.refunds:SHOWN",
        "payment": f"{_HERE}.payments:SHOWN",
        "campaign": f"{_HERE}.campaigns:SHOWN",
        "purchase_list": f"{_HERE}.purchase_lists:SHOWN",
        "receipt": f"{_HERE}.receipts:SHOWN",
        "after_sale": f"{_HERE}.aftersales:SHOWN",
        "complaint": f"{_HERE}.complaints:SHOWN",
        "review": f"{_HERE}.reviews:SHOWN",
        "suggestion": f"{_HERE}.suggestions:SHOWN",
        "enquiry": f"{_HERE}.enquiries:SHOWN",
        "member": f"{_HERE}.members:SHOWN",
        "removed_member": f"{_HERE}.members:REMOVED",
        "invoice": f"{_HERE}.invoices:SHOWN",
        "invitation": f"{_HERE}.invitations:SHOWN",
    }
)
