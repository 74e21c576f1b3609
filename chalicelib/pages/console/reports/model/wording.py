"""What the fields of reports and their choices are called."""

from collections.abc import Mapping

from chalicelib.pages.shell.words import N_

LABELS: Mapping[str, str] = {
    "from_on": N_("From"),
    "to_on": N_("Until"),
    "as_of": N_("As of the day"),
    "by": N_("Group by"),
    "exclude": N_("Without"),
    "compare": N_("Compare with"),
    "unit": N_("Counted by"),
    "min_count": N_("Orders with all of it, at least"),
    "min_confidence": N_("Confidence at least, 0 to 1"),
    "max_items": N_("Items of a rule at most"),
    "mode": N_("How it is counted"),
    "figure": N_("What is counted"),
    "periods": N_("Periods at most"),
    "brackets": N_("Days after the first order"),
    "days": N_("Days after the first order"),
    "window_days": N_("Days in a window"),
    "group_by": N_("Members by"),
    "group": N_("Group"),
    "segment_id": N_("Segment"),
    "of_class": N_("Classes"),
    "id": N_("Group buy"),
    "slot_hours": N_("Hours at a time"),
    "measure": N_("What is measured"),
    "bin_width": N_("Width of a bar (in days, or cents and the like)"),
    "steps": N_("Steps"),
    "window_hours": N_("Hours from the first step on"),
    "order": N_("Order of the steps"),
    "entry": N_("Which beginning counts"),
    "per": N_("Counted are"),
    "channel": N_("Channel"),
    "campaign": N_("Group buy"),
    "product": N_("Product"),
    "split": N_("Told apart by"),
    "goods": N_("Also by goods"),
    "allocate": N_("Costs of no row"),
    "cases_by": N_("Cases by"),
    "member_id": N_("Of one member, by id"),
}
"""Each field by its name."""

ALL = N_("All")
NOTHING = N_("Not chosen")
UNCHOSEN: Mapping[str, str] = {
    "by": N_("All together"),
    "exclude": N_("Nothing left out"),
    "compare": N_("Nothing"),
    "split": N_("Not told apart"),
    "group_by": N_("All together"),
    "goods": N_("No"),
    "allocate": N_("In a row of their own"),
}
"""What a choice is called that is not made, where it is not called nothing."""

CHOICES: Mapping[tuple[str, str], str] = {
    ("", "day"): N_("Day"),
    ("", "week"): N_("Week"),
    ("", "month"): N_("Month"),
    ("", "weekday"): N_("Day of the week"),
    ("", "hour"): N_("Hour of the day"),
    ("", "campaign"): N_("Group buy"),
    ("", "channel"): N_("Channel"),
    ("", "pickup_point"): N_("Pickup point"),
    ("", "category"): N_("Category"),
    ("", "product"): N_("Product"),
    ("", "sku"): N_("SKU"),
    ("", "tier"): N_("Tier"),
    ("", "class"): N_("Class"),
    ("", "segment"): N_("Segment"),
    ("", "outliers"): N_("Orders of unusual amounts"),
    ("", "double_orders"): N_("Orders that look doubled"),
    ("compare", "previous"): N_("The period before"),
    ("compare", "year"): N_("A year before"),
    ("mode", "on"): N_("Came back in the period"),
    ("mode", "on_or_after"): N_("Came back in the period or later"),
    ("mode", "bracket"): N_("Came back within days"),
    ("mode", "on_day_n"): N_("Came back on the day"),
    ("mode", "on_or_after_day_n"): N_("Came back on the day or later"),
    ("mode", "within_n_days"): N_("Came back up to the day"),
    ("mode", "rolling"): N_("Came back in a window of days"),
    ("mode", "rolling_on_or_after"): N_("Came back in a window of days or later"),
    ("figure", "members"): N_("Members"),
    ("figure", "revenue"): N_("Sales amount"),
    ("measure", "occasion_value"): N_("What a member orders on a day"),
    ("measure", "occasions"): N_("Days with an order of a member"),
    ("measure", "spending"): N_("What a member spends"),
    ("measure", "days_between"): N_("Days between two orders"),
    ("measure", "recency"): N_("Days since the last order"),
    ("order", "ordered"): N_("One after the other"),
    ("order", "strict"): N_("Right after each other"),
    ("order", "any"): N_("Any"),
    ("entry", "first"): N_("The first"),
    ("entry", "best"): N_("The one that leads farthest"),
    ("per", "person"): N_("Each person once"),
    ("per", "visit"): N_("Each visit by itself"),
    ("allocate", "revenue"): N_("Divided by sales"),
    ("cases_by", "priority"): N_("Their priority"),
    ("cases_by", "source"): N_("How they came"),
}
"""Each choice by its field and value, or by its value alone where every field means the same by it."""

USUAL_PATHS = (
    "view,cart,order,review",
    "visit,view,cart,checkout,order",
    "view,filter,compare,order",
    "search,view,order",
)
"""Steps that are often asked for."""
