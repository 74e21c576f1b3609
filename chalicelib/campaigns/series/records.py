"""Series of campaigns, with their keys."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from pynamodb.attributes import BooleanAttribute, NumberAttribute, UnicodeAttribute

from chalicelib.campaigns.drafting.model.terms import CampaignTerms
from chalicelib.campaigns.series.model.recurrence import Occurrence, Rule, still_running, upcoming
from chalicelib.db import DateAttribute, InstantAttribute, JsonAttribute, TenantRecord, key
from chalicelib.db.attributes import optional
from chalicelib.kernel.clock import instant, zone
from chalicelib.kernel.ids import derived_id, new_id
from chalicelib.kernel.local_day import local_date

ACTIVE, PAUSED, ENDED = "active", "paused", "ended"
HISTORY_KEPT = 60
_TIME = 10
"""So many of a ULID's characters are its time; the other sixteen, 80 bits, are free."""


class SeriesRecord(TenantRecord):
    """A template of a campaign and the rule by which it recurs on the brand's wall clock.

    ``template`` holds the fields of the campaigns as the API takes them. ``made_on`` is the local day of the latest
    campaign that was made, or could not be; ``next_on`` is the local day of the campaign that is made next,
    ``hours_ahead`` hours before it opens at ``next_opens_at``. Its goods are expected ``arrives_after_days`` local days
    after it closes. ``by`` names who set the series up, in whose name
    campaigns are made.
    """

    id = UnicodeAttribute()
    title = UnicodeAttribute()
    status = UnicodeAttribute()
    timezone = UnicodeAttribute()
    template = JsonAttribute()
    stored_rule = JsonAttribute(attr_name="rule")
    hours_ahead = NumberAttribute()
    arrives_after_days = optional(NumberAttribute(null=True))
    publish = BooleanAttribute()
    by_kind = UnicodeAttribute()
    by_id = UnicodeAttribute()
    by_name = UnicodeAttribute(null=True)
    made_on = optional(DateAttribute(null=True))
    next_on = optional(DateAttribute(null=True))
    next_opens_at = optional(InstantAttribute(null=True))
    made = NumberAttribute(default=0)
    history = JsonAttribute()
    created_at = InstantAttribute()
    updated_at = InstantAttribute()

    @staticmethod
    def address(tenant_id: str, series_id: str) -> tuple[str, str]:
        """The key of a series."""
        return key(tenant_id, "series", series_id), "series"

    @property
    def rule(self) -> Rule:
        """By which rule it recurs."""
        return Rule.from_json(self.stored_rule)

    @rule.setter
    def rule(self, rule: Rule) -> None:
        self.stored_rule = rule.as_json()

    @property
    def terms(self) -> CampaignTerms:
        """Of the campaigns that it makes; their times follow from the rule."""
        return CampaignTerms.from_json(self.template)

    @terms.setter
    def terms(self, terms: CampaignTerms) -> None:
        self.template = terms.as_json()
        self.title = self.template["title"]

    @property
    def zone(self) -> ZoneInfo:
        """On whose clock."""
        return zone(self.timezone)

    @property
    def lead(self) -> timedelta:
        """How long before its opening a campaign is made."""
        return timedelta(hours=int(self.hours_ahead))

    def arrives_on(self, occurrence: Occurrence) -> date | None:
        """The local day on which the goods of one of its campaigns are expected."""
        if self.arrives_after_days is None:
            return None
        return local_date(occurrence.closes_at, self.zone) + timedelta(days=int(self.arrives_after_days))

    def campaign_id(self, day: date) -> str:
        """The id of the campaign of a local day, the same however often it is made and whatever became of the rule
        meanwhile. Like that of any campaign it begins with a time, the day's midnight (UTC), by which lists are sorted.
        """
        midnight = datetime.combine(day, time.min, UTC)
        derived = derived_id(self.tenant_id, "campaign", self.id, day.isoformat())
        return new_id(midnight)[:_TIME] + derived[_TIME:]

    def note(self, happened: str, at: datetime, by: str, **more: str | None) -> None:
        """Adds an entry to the history, of which the latest are kept."""
        entry = {"type": happened, "at": instant(at), "by": by, **more}
        self.history = [*(self.history or []), entry][-HISTORY_KEPT:]
        self.updated_at = at

    def fail(self, happened: str, now: datetime, first: date, last: date, why: Mapping[str, str] | None = None) -> None:
        """Emits the event that the campaigns of some days were not made, or not published; ``why`` by language."""
        days = {"first_on": first.isoformat(), "last_on": last.isoformat()}
        self.emit("series.failed", now, series_id=self.id, happened=happened, why=dict(why or {}), **days)

    def plan(self, now: datetime) -> None:
        """Sets what is made next and when: the first opening ahead, on a later day than the last that was made.

        A series that has none left has ended.
        """
        ahead = upcoming(self.rule, self.zone, now, 1, self.made_on) if self.status == ACTIVE else []
        self._await(ahead[0] if ahead else None)

    def advance(self, day: date, now: datetime) -> None:
        """Plans what comes after a day that is done with; a campaign that should be open already opens late."""
        self.made_on = day
        self._await(still_running(self.rule, self.zone, now, day))

    def _await(self, coming: Occurrence | None) -> None:
        if coming is None:
            self.status = ENDED if self.status == ACTIVE else self.status
            self.next_on = self.next_opens_at = None
            return
        self.next_on, self.next_opens_at = coming.on, coming.opens_at

    def arrange(self) -> None:
        self.gsi1pk, self.gsi1sk = series_list(self.tenant_id), self.id
        self.schedule(self.next_opens_at and self.next_opens_at - self.lead, "series.make", "campaigns")


def series_list(tenant_id: str) -> str:
    """The gsi1 partition of a tenant's series, by creation."""
    return key(tenant_id, "series-list")
