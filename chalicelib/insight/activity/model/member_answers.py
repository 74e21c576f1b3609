"""What a member file says of people besides who they are: the answers of a profile, and a language. Pure.

The file's words are the brand's: they fill in what nobody has said yet, and are used for what the member agrees to, as
what the team writes down is. What is no answer is refused: a wrong one would be shown to the member as their own.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

from chalicelib.insight.activity.model.fields import BadRow, plain
from chalicelib.insight.activity.model.reasons import column
from chalicelib.kernel.language import is_tag
from chalicelib.members.model.birthdays import is_birthday
from chalicelib.members.model.profiles import AgeBand, Gender, Household

ANSWERS = ("birthday", "age_band", "gender", "household", "occupation", "income_band", "interests")
LANGUAGE = "language"
MOST_INTERESTS = 20
MAX_LABEL = 60

TITLES: Mapping[str, str] = {
    "birth_date": "birthday", "date_of_birth": "birthday", "birthdate": "birthday", "dob": "birthday",
    "生日": "birthday", "出生日期": "birthday", "出生年月日": "birthday",
    "age": "age_band", "age_group": "age_band", "年龄": "age_band", "年龄段": "age_band", "年龄区间": "age_band",
    "sex": "gender", "性别": "gender",
    "household_type": "household", "家庭结构": "household", "家庭情况": "household", "家庭成员": "household",
    "job": "occupation", "profession": "occupation", "职业": "occupation",
    "income": "income_band", "月收入": "income_band", "收入": "income_band", "收入区间": "income_band",
    "interest": "interests", "hobbies": "interests", "兴趣": "interests", "爱好": "interests",
    "兴趣爱好": "interests",
    "locale": LANGUAGE, "语言": LANGUAGE, "语种": LANGUAGE,
}  # fmt: skip
"""Other names of their columns, as ``plain_title`` spells them."""

_YEAR_FIRST = re.compile(r"[0-9]{4} ?[-/.年] ?([0-9]{1,2}) ?[-/.月] ?([0-9]{1,2})(?: ?日)?(?: +0?0:00(?::00)?)?")
_MONTH_FIRST = re.compile(r"([0-9]{1,2})(?:-| ?月 ?)([0-9]{1,2})(?: ?[日号])?")
_DAY_AND_NAME = re.compile(r"([0-9]{1,2})[- ]([A-Za-z]{3})")
_NAME_AND_DAY = re.compile(r"([A-Za-z]{3})[- ]([0-9]{1,2})")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_BETWEEN = re.compile(r"[,，;；、/|]")
_TO = re.compile(r"[-_~–—至到]+")
_NO_SIGN = re.compile(r"[\s.。周岁]")

_AGES: Mapping[str, AgeBand] = {
    **{each.value: each for each in AgeBand},
    "under18": AgeBand.UNDER_18, "<18": AgeBand.UNDER_18, "18以下": AgeBand.UNDER_18, "未满18": AgeBand.UNDER_18,
    "65+": AgeBand.FROM_65, "65plus": AgeBand.FROM_65, "65andover": AgeBand.FROM_65, "65以上": AgeBand.FROM_65,
    "65及以上": AgeBand.FROM_65,
}  # fmt: skip
_GENDERS: Mapping[str, Gender] = {
    **{each.value: each for each in Gender},
    "f": Gender.FEMALE, "w": Gender.FEMALE, "woman": Gender.FEMALE, "女": Gender.FEMALE, "女性": Gender.FEMALE,
    "女士": Gender.FEMALE, "m": Gender.MALE, "man": Gender.MALE, "男": Gender.MALE, "男性": Gender.MALE,
    "先生": Gender.MALE, "其他": Gender.OTHER, "保密": Gender.UNDISCLOSED, "不愿透露": Gender.UNDISCLOSED,
}  # fmt: skip
_HOUSEHOLDS: Mapping[str, Household] = {
    **{each.value: each for each in Household},
    "livesalone": Household.ALONE, "独居": Household.ALONE, "一人": Household.ALONE,
    "twoadults": Household.TWO_ADULTS, "两人": Household.TWO_ADULTS, "二人": Household.TWO_ADULTS,
    "两位成人": Household.TWO_ADULTS, "两名成人": Household.TWO_ADULTS,
    "threeormoreadults": Household.MORE_ADULTS, "三位及以上成人": Household.MORE_ADULTS,
    "三人及以上": Household.MORE_ADULTS, "三名及以上成人": Household.MORE_ADULTS,
    "children_under7": Household.UNDER_7, "有7以下孩子": Household.UNDER_7, "有7以下子女": Household.UNDER_7,
    "children7_17": Household.FROM_7, "有7_17孩子": Household.FROM_7, "有7_17子女": Household.FROM_7,
}  # fmt: skip
_LANGUAGES: Mapping[str, str] = {
    "中文": "zh", "汉语": "zh", "普通话": "zh", "简体中文": "zh-CN", "繁体中文": "zh-Hant", "chinese": "zh",
    "英文": "en", "英语": "en", "english": "en",
}  # fmt: skip


def answers_of(given: Mapping[str, str]) -> dict[str, Any]:
    """What cells, by the names of their columns, say of somebody, by the names of a profile. Raises BadRow."""
    return {name: _READ[name](name, given[name]) for name in ANSWERS if given.get(name)}


def language_of(given: Mapping[str, str]) -> str | None:
    """The language tag that a row names; None for none. Raises BadRow."""
    text = given.get(LANGUAGE)
    if not text:
        return None
    said = plain(text)
    tag = _LANGUAGES.get(said.casefold(), said)
    if not is_tag(tag):
        raise BadRow(
            f"{LANGUAGE} '{text}' is no language: write zh, en, or another tag such as en-GB",
            f"{column(LANGUAGE)}“{text}”不是语言，请填写 zh、en 或其他语言标签，例如 en-GB",
        )
    return tag


def _birthday(name: str, text: str) -> str:
    """``MM-DD`` of what sheets make of a birthday; a year that stands before it is left out. Where month and day could
    be taken for each other it is refused.
    """
    month, on = _month_and_day(plain(text))
    said = f"{month:02}-{on:02}"
    if not is_birthday(said):
        raise BadRow(
            f"{name} '{text}' is no day of a year: write the month and the day, such as 03-08",
            f"{column(name)}“{text}”不是有效的生日，请按“月-日”填写，例如 03-08",
        )
    return said


def _month_and_day(said: str) -> tuple[int, int]:
    if found := _YEAR_FIRST.fullmatch(said) or _MONTH_FIRST.fullmatch(said):
        return int(found[1]), int(found[2])
    if found := _DAY_AND_NAME.fullmatch(said):
        return _month(found[2]), int(found[1])
    if found := _NAME_AND_DAY.fullmatch(said):
        return _month(found[1]), int(found[2])
    return 0, 0


def _month(name: str) -> int:
    return _MONTHS.index(name.casefold()) + 1 if name.casefold() in _MONTHS else 0


def _one_of(known: Mapping[str, Any]) -> Callable[[str, str], str]:
    """Reads an answer that is one of some."""
    codes = list(dict.fromkeys(each.value for each in known.values()))

    def read(name: str, text: str) -> str:
        found = known.get(_spelled(text))
        if found is None:
            raise BadRow(
                f"{name} '{text}' is not known: write one of {', '.join(codes)}",
                f"{column(name)}“{text}”无法识别，可填：{'、'.join(codes)}",
            )
        return str(found.value)

    return read


_AGES_OF_BANDS: Mapping[str, tuple[int, int]] = {
    each: (int(each.partition("_")[0]), int(each.partition("_")[2]))
    for each in AgeBand
    if each not in (AgeBand.UNDER_18, AgeBand.FROM_65)
}
_AGES_BETWEEN = re.compile(r"([0-9]{1,2})_([0-9]{1,2})")


def _age_band(name: str, text: str) -> str:
    """A band by its name, or the one in which other years lie wholly, such as 19–24."""
    if found := _AGES_BETWEEN.fullmatch(_spelled(text)):
        first, last = int(found[1]), int(found[2])
        for band, (lowest, highest) in _AGES_OF_BANDS.items():
            if lowest <= first <= last <= highest:
                return band
    return _one_of(_AGES)(name, text)


def _spelled(text: str) -> str:
    return _TO.sub("_", _NO_SIGN.sub("", plain(text).casefold()))


def _label(name: str, text: str) -> str:
    if len(text) > MAX_LABEL:
        raise BadRow(f"{name} is longer than {MAX_LABEL} characters", f"{column(name)}超过 {MAX_LABEL} 个字符")
    return text


def _interests(name: str, text: str) -> list[str]:
    found = list(dict.fromkeys(_label(name, part.strip()) for part in _BETWEEN.split(text) if part.strip()))
    if len(found) > MOST_INTERESTS:
        words = f"{name} names more than {MOST_INTERESTS} of them"
        raise BadRow(words, f"{column(name)}超过 {MOST_INTERESTS} 项")
    return found


_READ: Mapping[str, Callable[[str, str], Any]] = {
    "birthday": _birthday, "age_band": _age_band, "gender": _one_of(_GENDERS), "household": _one_of(_HOUSEHOLDS),
    "occupation": _label, "income_band": _label, "interests": _interests,
}  # fmt: skip
