"""HTTP routes of what came of surveys, and of the waves that are compared."""

from chalicelib.kernel.errors import NotFound
from chalicelib.surveys.errors import SurveyArchived, TooManyAnswers
from chalicelib.surveys.forms import (
    FiguresQuery,
    NewWave,
)
from chalicelib.surveys.service import sending
from chalicelib.surveys.service.figures import By, figures
from chalicelib.surveys.views.figures import FiguresView, WavesView, WaveView
from chalicelib.web import Call, Router, staff

routes = Router(__name__)

_READERS = staff("manager", "planner", "service", "analyst")


@routes.get(
    "/v1/surveys/{id}/figures", allow=_READERS, query=FiguresQuery, answer=FiguresView, tag="service",
    summary="Show what was answered to each question, of all and by group", errors=(NotFound, TooManyAnswers),
)  # fmt: skip
def survey_figures(call: Call[None]) -> FiguresView:
    """Shares and means with the interval that they lie in. Groups, and questions of a group, that would tell what a few
    people answered are hidden: by themselves, or by comparison with another.
    """
    by, source = call.query.by, call.query.source
    found = figures(call.tenant_id, call.path["id"], By(by) if by else None, source)
    return FiguresView.of(call.path["id"], source, by, found)


@routes.post(
    "/v1/surveys/{id}/waves", allow=staff("manager", "planner"), body=NewWave, answer=WaveView, status=201,
    tag="service", summary="Send a survey to a sample of all members now", errors=(NotFound, SurveyArchived),
)  # fmt: skip
def send_survey_wave(call: Call[NewWave]) -> WaveView:
    """Such as before a campaign and after it: their figures are compared. Once for each name. Who was asked within the
    quiet days is left out.
    """
    body = call.body
    wave = sending.send_wave(call.tenant_id, call.path["id"], body.name, body.sample, call.principal, call.now)
    return WaveView.model_validate(wave)


@routes.get(
    "/v1/surveys/{id}/waves", allow=_READERS, answer=WavesView, tag="service",
    summary="List the waves of a survey, oldest first", errors=(NotFound,),
)  # fmt: skip
def list_survey_waves(call: Call[None]) -> WavesView:
    found = sending.list_waves(call.tenant_id, call.path["id"])
    return WavesView(items=[WaveView.model_validate(wave) for wave in found])
