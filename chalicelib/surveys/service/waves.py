"""Use cases of waves: a survey that goes out to many, a slice of them after the other."""

from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime

from chalicelib.campaigns.service.reading import get_campaign
from chalicelib.db import Refused, Transaction, change
from chalicelib.kernel.clock import zone
from chalicelib.members.enrolment.service import ordinals_given
from chalicelib.members.service.members import members_by_ordinal
from chalicelib.orders.records import OrderRecord, campaign_orders
from chalicelib.surveys.model.invitations import About, Occasion
from chalicelib.surveys.model.questions import Trigger
from chalicelib.surveys.model.sending import is_drawn, next_wave, wave_name
from chalicelib.surveys.records import ACTIVE, SurveyRecord, WaveRecord
from chalicelib.surveys.service.asking import about_order, ask_by
from chalicelib.surveys.service.sending import begun
from chalicelib.surveys.service.surveys import get_survey, survey_in_force
from chalicelib.tenants.service.brand import get_tenant

MEMBERS_AT_A_TIME = 100
ORDERS_AT_A_TIME = 25


def after_campaign(tenant_id: str, campaign_id: str, now: datetime) -> None:
    """Begins to ask who ordered in a campaign that was locked, once for the campaign."""
    survey = survey_in_force(tenant_id, Trigger.CAMPAIGN_END, now)
    if survey is None:
        return
    wave = begun(survey, f"campaign-{campaign_id}", now)
    wave.campaign_id = campaign_id
    wave.go_on(now)
    tx = Transaction()
    tx.create("wave", wave)
    with suppress(Refused):  # it was begun before
        tx.commit()


def begin_periodic(tenant_id: str, pk: str, sk: str, now: datetime) -> None:
    """Begins the wave of a periodic survey whose day has come, and plans the next one; waves that were missed meanwhile
    are not made up for. Where the team has sent one by that very name, that is the wave of the day.
    """
    tz = zone(get_tenant(tenant_id).timezone)

    def decide(survey: SurveyRecord | None, tx: Transaction) -> None:
        if survey is None or not survey.sends_waves or survey.next_wave_at is None or survey.next_wave_at > now:
            return
        every = survey.plan.every
        if every is None:
            return
        wave = begun(survey, wave_name(survey.next_wave_at, tz), now)
        wave.total, wave.sample = ordinals_given(tenant_id), survey.plan.sample
        wave.go_on(now)
        survey.next_wave_at = next_wave(every, now, tz)
        tx.replace("survey", survey)
        if WaveRecord.fetch(str(wave.pk), str(wave.sk), consistent=True) is None:
            tx.create("wave", wave)

    change(lambda: SurveyRecord.fetch(pk, sk, consistent=True), decide)


def send_slice(tenant_id: str, survey_id: str, name: str, now: datetime) -> None:
    """Asks the next ones of a wave. A message that comes twice, late or after a crash asks nobody twice, since an
    invitation's id follows from what it is about. A survey that is in the archive meanwhile asks nobody any more.
    """
    address = WaveRecord.address(tenant_id, survey_id, name)
    wave = WaveRecord.fetch(*address, consistent=True)
    if wave is None or wave.ended_at is not None:
        return
    survey = get_survey(tenant_id, survey_id, consistent=True)
    if survey.status != ACTIVE:
        wave.ended_at = now
    else:
        for occasion in _customers(wave) if wave.campaign_id is not None else _members(wave, survey):
            ask_by(survey, occasion, now)
        if _is_through(wave):
            wave.ended_at = now
        else:
            wave.go_on(now)
    tx = Transaction()
    tx.replace("wave", wave)
    with suppress(Refused):  # another worker has asked the same ones
        tx.commit()


def go_on(pk: str, sk: str, now: datetime) -> None:
    """Goes on with a wave whose message was lost."""
    wave = WaveRecord.fetch(pk, sk, consistent=True)
    if wave is not None:
        send_slice(wave.tenant_id, wave.survey_id, wave.name, now)


def _members(wave: WaveRecord, survey: SurveyRecord) -> Iterator[Occasion]:
    """The next members, of whom so many are drawn; moves the wave on behind them."""
    start, end = int(wave.next), min(int(wave.next) + MEMBERS_AT_A_TIME, int(wave.total))
    for member in members_by_ordinal(wave.tenant_id, range(start, end)):
        if member.united_with is not None or member.blocked or member.left_at is not None:
            continue
        if is_drawn(survey.id, wave.name, member.id, int(wave.sample)):
            cause = survey.id, wave.name, member.id
            yield Occasion(Trigger.PERIODIC, cause, member.id, wave.began_at, About(wave=wave.name))
    wave.next = end


def _customers(wave: WaveRecord) -> Iterator[Occasion]:
    """Who has one of the next orders that stand; moves the wave on behind them. Who has several is asked once, about
    the first that is found.
    """
    campaign_id = str(wave.campaign_id)
    partition = campaign_orders(wave.tenant_id, campaign_id, int(wave.shard))
    page = OrderRecord.page(partition, index="gsi1", limit=ORDERS_AT_A_TIME, cursor=wave.after)
    for order in page.items:
        if order.is_sold:
            about = about_order(order)
            cause = campaign_id, order.member_id
            yield Occasion(
                Trigger.CAMPAIGN_END, cause, order.member_id, wave.began_at,
                About(None, campaign_id, about.pickup_point_id, about.sku_ids),
            )  # fmt: skip
    wave.after = page.last_key
    if page.last_key is None:
        wave.shard = int(wave.shard) + 1
        wave.total = int(get_campaign(wave.tenant_id, campaign_id).shards)


def _is_through(wave: WaveRecord) -> bool:
    """Whether nobody is left: of a campaign ``total`` is the number of its shards, once one is done."""
    if wave.campaign_id is not None:
        return wave.after is None and int(wave.shard) >= int(wave.total)
    return int(wave.next) >= int(wave.total)
