"""What a survey came to, published: counted once, hidden where few answered, and withdrawn."""

import pytest

from chalicelib.db import tenant_scope
from chalicelib.surveys.model.published import Cut
from chalicelib.tenants.records import AuditEntry
from tests.builders import made

SURVEY = {
    "title": "Our market", "trigger": "link",
    "questions": [
        {"id": "overall", "kind": "score", "text": "Satisfied?"},
        {"id": "heard", "kind": "choice", "text": "How did you hear of us?", "options": ["Poster", "Neighbour"]},
        {"id": "why", "kind": "text", "text": "Why?"},
    ],
}  # fmt: skip
TEXTS = {
    "en": {"title": "What you said", "text": "Thank you."},
    "zh": {"title": "你们怎么说", "text": "谢谢大家。"},
}


@pytest.fixture
def survey(care):
    return made(care.brand.post("/v1/surveys", SURVEY))


class Sheets:
    """Sheets of paper, keyed in one after the other."""

    def __init__(self, care, survey):
        self.care, self.path, self.number = care, f"/v1/surveys/{survey['id']}/paper-answers", 0

    def add(self, *answers):
        """Each is the score and how they heard, or the score alone."""
        for answer in answers:
            score, heard = answer if isinstance(answer, tuple) else (answer, None)
            given = [{"question_id": "heard", "value": heard}] if heard else []
            given.append({"question_id": "why", "value": f"Secret {self.number}"})
            body = {"score": score, "answers": given, "comment": "Li Hua, flat 7"}
            made(self.care.brand.post(self.path, body, headers={"Idempotency-Key": f"sheet-{self.number}"}))
            self.number += 1


@pytest.fixture
def sheets(care, survey):
    return Sheets(care, survey)


def drafted(care, survey, *questions, **fields):
    body = {"survey_id": survey["id"], "questions": questions or ["overall", "heard"], "source": "paper",
            "texts": TEXTS, **fields}  # fmt: skip
    return care.brand.post("/v1/survey-reports", body)


def published(care, draft):
    return care.brand.post(f"/v1/survey-reports/{draft['id']}/publish")


def hidden(report):
    return {each["id"]: each["hidden"] for each in report["figures"]["questions"]}


def read(care, report):
    return care.store("GET", f"/survey-reports/{report['id']}")


def test_a_report_goes_from_its_preview_into_the_shop_and_out_again(care, survey, sheets):
    sheets.add(*[(5, "Poster")] * 6, *[(4, "Neighbour")] * 5)
    draft = made(drafted(care, survey))
    assert (draft["status"], draft["figures"]["answered"]) == ("draft", 11)
    assert read(care, draft).status == 404

    told = made(published(care, draft), 200)
    assert told["status"] == "published"
    (listed,) = made(care.store("GET", "/survey-reports"), 200)["items"]
    assert listed["texts"]["zh"]["title"] == "你们怎么说"
    shown = made(read(care, draft), 200)
    overall, heard = shown["figures"]["questions"]
    assert (overall["mean"]["value"], overall["csat"]["value"], overall["answered"]) == ("4.5", "1.00", 11)
    assert overall["mean"]["low"] < "4.5" < overall["mean"]["high"]
    assert [(bar["names"], bar["answered"]) for bar in heard["distribution"]] == [(["Poster"], 6), (["Neighbour"], 5)]
    assert (shown["figures"]["invited"], shown["figures"]["response"]) == (None, None)

    assert made(care.brand.post(f"/v1/survey-reports/{draft['id']}/withdraw"), 200)["status"] == "withdrawn"
    assert read(care, draft).status == 404
    assert made(care.store("GET", "/survey-reports"), 200)["items"] == []
    sheets.add(1, 1)
    made(published(care, draft), 200)
    assert made(read(care, draft), 200)["figures"] == shown["figures"]


def test_words_and_names_of_those_who_answered_are_never_published(care, survey, sheets):
    sheets.add(*[5] * 6)
    refused = drafted(care, survey, "overall", "why")
    assert [each["pointer"] for each in refused.json["errors"]] == ["/questions/1"]
    draft = made(drafted(care, survey, "overall"))
    made(published(care, draft), 200)

    text = str(read(care, draft).json)
    assert "Secret" not in text
    assert "Li Hua" not in text


def test_a_question_that_was_asked_in_words_before_does_not_show_them_as_options(care, survey, sheets):
    sheets.add(*[5] * 6)
    again = [dict(SURVEY["questions"][0]), {**SURVEY["questions"][1], "id": "why"}]
    made(care.brand.patch(f"/v1/surveys/{survey['id']}", {"questions": again}), 200)

    assert hidden(made(drafted(care, survey, "overall", "why"))) == {"overall": None, "why": "too_few"}
    figures = made(care.brand.get(f"/v1/surveys/{survey['id']}/figures?source=paper"), 200)
    assert "Secret" not in str(figures)


def test_what_fewer_than_five_answered_is_hidden_and_nothing_else_is_no_report(care, survey, sheets):
    sheets.add(*[(5, "Poster")] * 4)
    draft = made(drafted(care, survey))
    assert (draft["figures"]["answered"], hidden(draft)) == (None, {"overall": "too_few", "heard": "too_few"})
    assert published(care, draft).json["code"] == "nothing_to_show"

    sheets.add(3)
    told = made(published(care, draft), 200)
    assert hidden(told) == {"overall": None, "heard": "too_few"}
    assert [bar["answered"] for bar in told["figures"]["questions"][0]["distribution"]] == [0, 0, 5]


def test_a_share_that_tells_of_few_beside_the_bars_is_left_out_and_the_mean_stays(care, survey, sheets):
    sheets.add(*[5] * 8, 1, 2)
    (overall,) = made(drafted(care, survey, "overall"))["figures"]["questions"]

    assert [(bar["names"], bar["answered"]) for bar in overall["distribution"]] == [(["1", "2", "3", "4", "5"], 10)]
    assert (overall["mean"]["value"], overall["csat"], overall["answered"]) == ("4.3", None, 10)


def test_a_second_report_over_a_few_answers_more_is_hidden_until_five_are_between_them(care, survey, sheets):
    sheets.add(*[5] * 6)
    first = made(drafted(care, survey, "overall"))
    made(published(care, first), 200)
    made(care.brand.post(f"/v1/survey-reports/{first['id']}/withdraw"), 200)
    sheets.add(1, 1)
    second = made(drafted(care, survey, "overall"))

    assert hidden(second) == {"overall": "comparison"}
    assert published(care, second).json["code"] == "nothing_to_show"
    sheets.add(1, 1, 1)
    assert hidden(made(published(care, second), 200)) == {"overall": None}


def test_a_second_report_does_not_tell_by_its_bars_what_a_few_further_ones_said(care, survey, sheets):
    sheets.add(*[5] * 6, *[1] * 5)
    made(published(care, made(drafted(care, survey, "overall"))), 200)
    sheets.add(*[5] * 4, 1)
    second = made(drafted(care, survey, "overall"))

    assert hidden(second) == {"overall": "comparison"}
    sheets.add(5, *[1] * 4)
    assert hidden(made(published(care, second), 200)) == {"overall": None}


def test_waves_and_the_whole_do_not_tell_of_the_few_between_them(care):
    asked = {"title": "Ours", "trigger": "periodic", "every": "quarter",
             "questions": [{"id": "overall", "kind": "score", "text": "Satisfied?"}]}  # fmt: skip
    survey = made(care.brand.post("/v1/surveys", asked))
    members = [care.shop.member() for _ in range(8)]
    made(care.brand.put("/v1/survey-rules", {"quiet_days": 0}), 200)
    for wave, answering in (("spring", 8), ("autumn", 3)):
        care.clock.advance(days=40)
        made(care.brand.post(f"/v1/surveys/{survey['id']}/waves", {"name": wave, "sample": 100}))
        care.drain()
        for member in members[:answering]:
            made(care.answer(care.invitation(member), score=5))

    spring = made(drafted(care, survey, "overall", source="invited", wave="spring"))
    assert spring["figures"]["response"]["value"] == f"{8 / spring['figures']['invited']:.2f}"
    made(published(care, spring), 200)
    whole = made(drafted(care, survey, "overall", source="invited"))
    assert hidden(whole) == {"overall": "comparison"}
    autumn = made(drafted(care, survey, "overall", source="invited", wave="autumn"))
    assert hidden(autumn) == {"overall": "too_few"}


def test_an_improvement_is_told_with_its_figures_and_not_where_they_tell_of_few(care, survey, sheets):
    sheets.add(*[2] * 6)
    owner = made(care.brand.get("/v1/staff"), 200)["items"][0]["id"]
    wanted = {"title": "Shorter waiting", "survey_id": survey["id"], "question_id": "overall", "source": "paper",
              "owner": owner, "due_on": "2037-03-01"}  # fmt: skip
    task = made(care.brand.post("/v1/improvements", wanted))
    assert task["before"]["answered"] == 6
    care.clock.advance(hours=1)
    path = f"/v1/improvements/{task['id']}"
    made(care.brand.patch(path, {"status": "done", "done_text": "Two helpers", "published": True}), 200)
    sheets.add(*[5] * 5)
    made(care.brand.post(f"{path}/measure"), 200)
    draft = made(drafted(care, survey, "overall"))
    made(published(care, draft), 200)

    (better,) = made(read(care, draft), 200)["improvements"]
    assert (better["before"]["value"], better["after"]["value"]) == ("0.0000", "1.0000")
    # One more: the team sees it, members would learn what that one said.
    sheets.add(1)
    assert made(care.brand.post(f"{path}/measure"), 200)["after"]["answered"] == 6
    (better,) = made(read(care, draft), 200)["improvements"]
    assert better["after"]["answered"] == 5
    assert hidden(made(drafted(care, survey, "overall"))) == {"overall": "comparison"}


def test_an_improvement_does_not_tell_what_a_report_over_the_same_answers_hides(care, survey, sheets):
    sheets.add(*[5] * 8, 1, 2)
    owner = made(care.brand.get("/v1/staff"), 200)["items"][0]["id"]
    wanted = {"title": "Shorter waiting", "survey_id": survey["id"], "question_id": "overall", "source": "paper",
              "owner": owner, "due_on": "2037-03-01"}  # fmt: skip
    task = made(care.brand.post("/v1/improvements", wanted))
    draft = made(drafted(care, survey, "overall"))
    made(published(care, draft), 200)
    assert task["before"]["value"] == "0.8000"
    edit = {"status": "done", "done_text": "Two helpers", "published": True}
    made(care.brand.patch(f"/v1/improvements/{task['id']}", edit), 200)

    told = made(read(care, draft), 200)
    assert (told["figures"]["questions"][0]["csat"], told["improvements"][0]["before"]) == (None, None)


def test_what_was_published_is_looked_through_once_for_all_questions(care, survey, sheets, monkeypatch):
    looked, holds = [], Cut.holds
    monkeypatch.setattr(Cut, "holds", lambda cut, given: looked.append(cut) or holds(cut, given))
    sheets.add(*[(5, "Poster")] * 5)
    made(published(care, made(drafted(care, survey))), 200)
    one = _looks(looked, lambda: made(drafted(care, survey, "overall")))
    two = _looks(looked, lambda: made(drafted(care, survey)))

    assert two - one == 5, "what the further question's figures are counted over"


def _looks(looked, act):
    looked.clear()
    act()
    return len(looked)


def test_publishing_twice_is_publishing_once_and_each_step_is_audited(care, survey, sheets):
    sheets.add(*[5] * 6)
    draft = made(drafted(care, survey, "overall"))
    made(care.brand.patch(f"/v1/survey-reports/{draft['id']}", {"questions": ["overall", "heard"]}), 200)
    for step in ("publish", "publish", "withdraw", "withdraw"):
        made(care.brand.post(f"/v1/survey-reports/{draft['id']}/{step}"), 200)

    with tenant_scope(care.id):
        log = AuditEntry.every(AuditEntry.partition_of(care.id, f"survey_report:{draft['id']}"), index="gsi1")
        assert [each.action.partition(".")[2] for each in log] == ["created", "changed", "published", "withdrawn"]
    refused = care.brand.patch(f"/v1/survey-reports/{draft['id']}", {"questions": ["overall"]})
    assert refused.json["code"] == "already_published"
    new = {"en": {"title": "In your words", "text": "Thanks."}}
    changed = made(care.brand.patch(f"/v1/survey-reports/{draft['id']}", {"texts": new}), 200)
    assert changed["texts"]["en"]["title"] == "In your words"


@pytest.mark.parametrize(
    ("fields", "pointer"),
    [
        ({"survey_id": "0" * 26}, "/survey_id"),
        ({"questions": ["nothing"]}, "/questions/0"),
        ({"wave": "spring"}, "/wave"),
        ({"wave": "spring", "source": "invited"}, "/wave"),
        ({"texts": {}}, "/texts"),
    ],
)
def test_what_cannot_be_reported_is_refused_at_its_field(care, survey, fields, pointer):
    refused = drafted(care, survey, **fields)
    assert [each["pointer"] for each in refused.json["errors"]] == [pointer]


def test_another_brands_report_does_not_exist(care, survey, sheets, new_care):
    sheets.add(*[5] * 6)
    draft = made(drafted(care, survey, "overall"))
    made(published(care, draft), 200)
    other = new_care()
    assert other.brand.get(f"/v1/survey-reports/{draft['id']}").status == 404
    assert read(other, draft).status == 404
    assert made(other.store("GET", "/survey-reports"), 200)["items"] == []
