"""What others see of a member's name and number."""

from chalicelib.members.model.masking import masked_name, masked_phone


def test_a_name_shows_its_first_character() -> None:
    assert [masked_name(name) for name in ("王小明", "Ada Lovelace", "  Bo", "", None)] == [
        "王**", "A**", "B**", "**", "**",
    ]  # fmt: skip


def test_a_character_is_what_people_see_as_one() -> None:
    family, accented = "\U0001f468\u200d\U0001f469\u200d\U0001f467", "e\u0301"

    assert [masked_name(f"{first}mile") for first in (family, accented, "\u202e王", "\u200b")] == [
        f"{family}**", f"{accented}**", "王**", "m**",
    ]  # fmt: skip
    assert masked_name("\u200b\u2067") == "**"


def test_a_number_shows_its_last_four_digits() -> None:
    assert [masked_phone(phone) for phone in ("+8613800138000", None)] == ["****8000", None]
