"""Members as bits: what is packed is unpacked, and changes replace what was there."""

from __future__ import annotations

import random
from datetime import date

from chalicelib.insight.personas.model import (
    CHUNK_MEMBERS,
    MOST_VALUES,
    OTHER,
    Field,
    Persona,
    PersonaBits,
    members_on,
    united,
)

BORN_1990 = Persona(date(2027, 1, 5), True, {Field.AGE: ("35_44",), Field.INTERESTS: ("fruit", "tea")})
QUIET = Persona(date(2027, 3, 1), False, {Field.MEDIA: ("email",)})


def test_a_member_is_counted_by_what_was_said_last() -> None:
    persona_bits = PersonaBits().with_changes({0: BORN_1990, 9: QUIET})
    assert (persona_bits.persona(0), persona_bits.persona(9), persona_bits.persona(5)) == (BORN_1990, QUIET, None)

    after = persona_bits.with_changes({0: QUIET})

    assert after.persona(0) == QUIET
    assert after.groups[Field.AGE] == {}
    assert (persona_bits.differing({0: QUIET, 9: QUIET}), persona_bits.persona(0)) == ([0], BORN_1990)


def test_who_is_no_member_any_more_is_counted_nowhere() -> None:
    after = PersonaBits().with_changes({0: BORN_1990, 1: BORN_1990}).with_changes({0: None})
    assert (after.members, after.agreed, after.groups[Field.AGE]) == (2, 2, {"35_44": 2})


def test_equal_bits_have_equal_bytes_whatever_the_order_of_changes() -> None:
    chance = random.Random(7)
    people = {
        place: Persona(date(2027, 1, 1 + place % 28), place % 3 > 0, {Field.AGE: (chance.choice(["18_24", "25_34"]),)})
        for place in range(300)
    }
    places = list(people)
    chance.shuffle(places)
    one_by_one = PersonaBits()
    for place in places:
        one_by_one = one_by_one.with_changes({place: people[place]})
    packed = PersonaBits().with_changes(people).pack()

    assert one_by_one.pack() == packed
    assert PersonaBits.unpack(packed).pack() == packed
    assert [PersonaBits.unpack(packed).persona(place) for place in range(300)] == list(people.values())


def test_members_of_a_past_day_are_those_who_had_joined() -> None:
    chunks = {0: PersonaBits().with_changes({3: BORN_1990, 4: QUIET}), 2: PersonaBits().with_changes({1: QUIET})}
    assert members_on(chunks, date(2027, 1, 4)) == 0
    assert members_on(chunks, date(2027, 2, 28)) == 1 << 3
    assert members_on(chunks, date(2027, 3, 1)) == 1 << 3 | 1 << 4 | 1 << (2 * CHUNK_MEMBERS + 1)
    assert united(chunks).groups[Field.MEDIA] == {"email": 1 << 4 | 1 << (2 * CHUNK_MEMBERS + 1)}


def test_a_chunk_keeps_a_limited_number_of_answers_apart() -> None:
    many = {place: Persona(date(2027, 1, 1), True, {Field.OCCUPATION: (f"job {place}",)}) for place in range(500)}
    jobs = PersonaBits().with_changes(many).groups[Field.OCCUPATION]
    assert len(jobs) == MOST_VALUES + 1
    assert jobs[OTHER].bit_count() == 500 - MOST_VALUES


def test_a_full_chunk_of_varied_members_fits_into_an_item() -> None:
    chance = random.Random(1)
    ages, jobs = [f"age {n}" for n in range(7)], [f"job {n}" for n in range(30)]
    people: dict[int, Persona | None] = {
        place: Persona(
            date(2027, 1, 1 + chance.randrange(28)), chance.random() < 0.7,
            {
                Field.AGE: (chance.choice(ages),), Field.GENDER: (chance.choice("fmo"),),
                Field.HOUSEHOLD: (chance.choice(ages),), Field.OCCUPATION: (chance.choice(jobs),),
                Field.INCOME: (chance.choice(jobs),), Field.POINT: (chance.choice(jobs),),
                Field.INTERESTS: tuple(chance.sample(jobs, 3)), Field.MEDIA: (chance.choice(["email", "sms"]),),
            },
        )
        for place in range(CHUNK_MEMBERS // 8)
    }  # fmt: skip
    assert len(PersonaBits().with_changes(people).pack()) < 200_000 // 8
