"""Use cases of sending a survey to a sample now, which ``waves`` then does slice by slice."""

from datetime import datetime

from chalicelib.db import Refused, Transaction
from chalicelib.kernel.principal import Principal
from chalicelib.members.enrolment.service import ordinals_given
from chalicelib.surveys.errors import SurveyArchived
from chalicelib.surveys.records import ACTIVE, SurveyRecord, WaveRecord
from chalicelib.surveys.service.surveys import get_survey
from chalicelib.tenants.service.audit import audit


def send_wave(tenant_id: str, survey_id: str, name: str, sample: int, by: Principal, now: datetime) -> WaveRecord:
    """Sends a survey to so many per cent of all members now, as a wave of that name: such as before and after a
    campaign, to see what it changed. Once for each name: sent again it is the wave that there is. Raises NotFound, or
    SurveyArchived.
    """
    survey = get_survey(tenant_id, survey_id, consistent=True)
    if survey.status != ACTIVE:
        raise SurveyArchived("The survey is in the archive; take it out first.", detail_zh="问卷已归档，请先恢复使用。")
    wave = begun(survey, name, now)
    wave.total, wave.sample = ordinals_given(tenant_id), sample
    wave.go_on(now)
    tx = Transaction()
    tx.create("wave", wave)
    audit(tx, tenant_id, by, "survey.wave_sent", f"survey:{survey_id}", now, {"wave": name, "sample": sample})
    try:
        tx.commit()
    except Refused as refused:
        found = WaveRecord.fetch(str(wave.pk), str(wave.sk), consistent=True)
        if found is None:
            raise refused
        return found
    return wave


def list_waves(tenant_id: str, survey_id: str) -> list[WaveRecord]:
    """A survey's waves to all members, oldest first. Raises NotFound."""
    survey = get_survey(tenant_id, survey_id)
    found = WaveRecord.every(str(survey.pk), begins_with="wave#", consistent=True)
    return sorted((wave for wave in found if wave.campaign_id is None), key=lambda wave: wave.began_at)


def begun(survey: SurveyRecord, name: str, now: datetime) -> WaveRecord:
    """A new wave, as it begins."""
    address = WaveRecord.address(survey.tenant_id, survey.id, name)
    return WaveRecord(*address, survey_id=survey.id, name=name, began_at=now)
