"""Records are filled, written and read as pynamodb does it, only faster; so are the puts of a transaction."""

from __future__ import annotations

import importlib
import zlib
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from pynamodb.attributes import (
    Attribute,
    AttributeContainer,
    BinaryAttribute,
    BooleanAttribute,
    ListAttribute,
    MapAttribute,
    NumberAttribute,
    UnicodeAttribute,
)
from pynamodb.constants import NULL
from pynamodb.exceptions import AttributeNullError

from chalicelib.db import DateAttribute, InstantAttribute, JsonAttribute, Record, Transaction
from tests.db.notes import Note, note

ROOT = Path(__file__).parents[2]
VALUES: dict[type[Attribute[Any]], tuple[Any, ...]] = {
    UnicodeAttribute: ("邻团 #1", ""),
    NumberAttribute: (7, -3, 0, 10**18, 2.5, -1e-7),
    JsonAttribute: ({"a": [1, None, "团"]}, [], 0),
    BooleanAttribute: (True, False),
    BinaryAttribute: (zlib.compress(b"bits"), b""),
    InstantAttribute: (datetime(2017, 3, 26, 1, 30, tzinfo=UTC),),
    DateAttribute: (date(2017, 3, 26),),
}


@pytest.fixture(scope="module")
def classes() -> list[type[Record]]:
    """Every class of records that the product has."""

    def below(of: type[Record]) -> Iterator[type[Record]]:
        yield of
        for each in of.__subclasses__():
            yield from below(each)

    for path in sorted((ROOT / "chalicelib").rglob("*records*.py")):
        importlib.import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))
    return sorted({each for each in below(Record) if each.__module__.startswith("chalicelib.")}, key=repr)


def filled(of: type[Record], turn: int) -> dict[str, Any]:
    """A value for each attribute of which there is one here, another at each turn; every third has none."""
    found = {}
    for n, (name, attribute) in enumerate(of.get_attributes().items()):
        values = VALUES.get(type(attribute), ())
        if values and ((n + turn) % 3 or not attribute.null):
            found[name] = values[(n + turn) % len(values)]
    return found


def test_each_record_is_filled_written_and_read_as_pynamodb_does_it(classes: list[type[Record]]) -> None:
    assert len(classes) > 200
    for of in classes:
        for turn in range(6):
            values = filled(of, turn)
            ours = of(**values)
            theirs = of()
            AttributeContainer.__init__(theirs)
            theirs.attribute_values.clear()
            AttributeContainer._set_defaults(theirs)
            AttributeContainer._set_attributes(theirs, **values)
            assert ours.attribute_values == theirs.attribute_values, of

            stored = ours.serialize()
            assert stored == AttributeContainer._container_serialize(ours), of

            stored |= {"of an earlier edition": {"S": "x"}, "due_kind": {NULL: True}}
            ours._container_deserialize(stored)
            AttributeContainer._container_deserialize(theirs, stored)
            assert ours.attribute_values == theirs.attribute_values, of


def test_what_a_record_must_have_is_asked_for_by_its_name() -> None:
    record = Note("pk", "sk", number=None)
    with pytest.raises(AttributeNullError, match="number"):
        record.serialize()
    assert "number" not in record.serialize(null_check=False)


def test_no_record_takes_what_it_has_no_attribute_for() -> None:
    with pytest.raises(ValueError, match="Note has no colour"):
        Note("pk", "sk", colour="red")


@pytest.mark.parametrize("known", [None, Note.text == "x"])
def test_a_put_says_what_pynamodb_would_make_it_say(ours: Any, known: Any) -> None:
    tx, record = Transaction(), note("1", number=1, text="团")
    tx.create("create", record)
    tx.put("put", record)
    said = {name: arguments for name, (_, arguments) in tx._operations.items()}
    kept = {"return_values_on_condition_failure": "ALL_OLD"}
    assert said["create"] == record.get_save_kwargs_from_instance(condition=Record.pk.does_not_exist(), **kept)
    assert said["put"] == record.get_save_kwargs_from_instance(**kept)

    unchanged = Note.rev == 1
    tx.replace("replace", record, known)
    condition = unchanged if known is None else unchanged & known
    assert tx._operations["replace"][1] == record.get_save_kwargs_from_instance(condition=condition, **kept)


def test_no_record_has_a_map_or_a_list_of_its_own(classes: list[type[Record]]) -> None:
    found = {
        f"{each.__name__}.{name}"
        for each in classes
        for name, attribute in each.get_attributes().items()
        if isinstance(attribute, (ListAttribute, MapAttribute))
    }
    assert found == set()
