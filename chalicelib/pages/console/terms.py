"""Words of the trade, explained where they stand on a screen of the console: the one glossary of all of them. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass

from chalicelib.pages.shell.words import N_


@dataclass(frozen=True, slots=True)
class Term:
    """A word, and what it means to who uses it for the first time: one or two short sentences."""

    name: str
    means: str


TERMS: Mapping[str, Term] = {
    "bought": Term(
        N_("Bought"),
        N_("Units that are bought from suppliers: what was sold, less what is on your own shelf, in whole packs."),
    ),
    "cap": Term(
        N_("Early close"), N_("With so many orders, or goods of that value ordered, it closes before its hour.")
    ),
    "captured": Term(N_("Paid by customers"), N_("All that payment providers and pickup points have taken in.")),
    "cash_held": Term(
        N_("Cash to be handed in"),
        N_("A leader takes cash for the brand at handover. It stays the brand's until it is handed in."),
    ),
    "channel": Term(
        N_("Channel"),
        N_("Where people hear of you, such as a chat group. Each has a link of its own, so you see what it brings."),
    ),
    "cohort": Term(
        N_("Cohort"), N_("The members whose first order was in the same month, week or day, followed from then on.")
    ),
    "commission_frozen": Term(
        N_("May still change"),
        N_("Commission of orders that can still be returned. It is owed once the after-sale time has ended."),
    ),
    "member_class": Term(
        N_("Class of a member"),
        N_("What members are by the days of their orders: new, active, dormant or churned. It changes by itself."),
    ),
    "csat": Term(N_("Satisfied"), N_("Who gave a score of 4 or 5, of all who gave one.")),
    "rfm": Term(
        N_("RFM scores"),
        N_("Recency, frequency, value: how recently, how often and for how much somebody ordered, each from 1 to 5."),
    ),
    "days_of_stock": Term(
        N_("Days of stock"),
        N_("For how many days your stock lasts, if goods go on leaving it as they did in this period."),
    ),
    "deposit": Term(N_("Deposit"), N_("What is paid at once for each unit of a pre-order. The rest is due later.")),
    "due": Term(N_("Owed"), N_("What is to be paid to them, less the cash of yours that they still have.")),
    "frozen_statement": Term(
        N_("Freeze"),
        N_("The statement of days that are over is kept for good. Whatever comes later stands in the next one."),
    ),
    "goodwill": Term(
        N_("Goodwill"),
        N_("Money that you give back though nobody could ask for it, such as for a long wait."),
    ),
    "held": Term(N_("Still theirs"), N_("Money that you would have to give back if nothing more were handed over.")),
    "importance": Term(
        N_("Importance"), N_("How much depends on it: a large order makes it high, and so do some causes.")
    ),
    "ladder": Term(
        N_("Price steps"),
        N_("The more is ordered in all, the less each unit costs. Who has paid more gets the rest back at the close."),
    ),
    "margin_floor": Term(
        N_("Margin floor"),
        N_("The price that leaves what you want over the cost. Promotions and coupons stop there, and say so."),
    ),
    "no_show": Term(N_("Not collected"), N_("What happens to an order that nobody fetches from the pickup point.")),
    "own_domain": Term(
        N_("Domain"),
        N_("A name on the internet that you rent, such as your-brand.com. What stands in its DNS says where it leads."),
    ),
    "outstanding": Term(
        N_("Points still to be used"),
        N_("What members have of points. They may pay with them at any time, so it is a debt of yours to them."),
    ),
    "part": Term(
        N_("Part"), N_("A long text message is charged as several: each of 70 Chinese characters, or 160 Latin ones.")
    ),
    "point_leader": Term(
        N_("Leader"),
        N_("A member of your shop who runs a pickup point: hands orders over, and earns a commission."),
    ),
    "priority": Term(
        N_("Priority"),
        N_("From urgency and importance: P1 is answered within an hour, P2 in four, P3 in eight, P4 within a day."),
    ),
    "profit": Term(
        N_("Profit"),
        N_(
            "Sales, delivery fees and what was kept, less returns, goods, commission, provider fees and what "
            "complaints cost. Wages, advertising and transport are not in the books."
        ),
    ),
    "program_key": Term(
        N_("API key"), N_("A password for a program that works with your shop. People sign in without one.")
    ),
    "provider_fee": Term(
        N_("Provider's fee"),
        N_("What the provider keeps of each payment, as agreed with it. Your books count it; it changes no price."),
    ),
    "series": Term(N_("Recurring group buy"), N_("A rule that makes a new group buy by itself, such as every Friday.")),
    "sku": Term(
        N_("SKU"),
        N_("One variant of a product that has its own price and stock, such as the box of six and the box of twelve."),
    ),
    "slug": Term(N_("Shop address"), N_("The last part of your shop's address. It cannot be changed later.")),
    "stage": Term(
        N_("Stage"),
        N_("Goods are introduced, grow, sell evenly and decline. Which it is follows from the units sold each week."),
    ),
    "target": Term(
        N_("Target"),
        N_("What must be ordered by the close for it to take place. You choose what happens if it is missed."),
    ),
    "tax": Term(
        N_("Tax in prices"),
        N_("Prices include tax at this rate. It is worked out after all discounts, and shown on orders and invoices."),
    ),
    "team": Term(N_("Team"), N_("Neighbours order together at the team's price. A team must be complete in time.")),
    "turnover": Term(
        N_("Turnover"),
        N_("How often your stock was sold and filled again: what the sold goods cost, over what lay on the shelf."),
    ),
    "urgency": Term(N_("Urgency"), N_("How soon somebody must act. Spoiled food that made somebody ill is critical.")),
    "wastage": Term(
        N_("Wastage"), N_("Goods that are lost: spoiled, broken, or gone. The rate is their part of all that left.")
    ),
    "webhook": Term(
        N_("Webhook"), N_("A message to a system of yours, such as a stock system, as soon as something happens here.")
    ),
}
