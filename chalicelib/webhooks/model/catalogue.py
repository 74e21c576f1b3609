"""Which public events there are. The domains above declare them; the composition root gives them here. Pure."""

from collections.abc import Callable, Mapping, Sequence

from chalicelib.kernel.errors import FieldError, Invalid

EVERY = "*"
"""Stands for every event there is, and every one that comes to be."""

TEST = "webhook.test"
"""The event that a test sends. Nobody subscribes to it."""

MOST_NAMED = 20
"""How many of the known events a refusal names; the API document has them all."""

_given: list[Callable[[], Mapping[str, str]]] = []


class UnknownEventType(Invalid):
    """An event that there is not."""

    code, title, title_zh = "unknown_event_type", "There is no such event", "没有该事件"


class CatalogueMissing(LookupError):
    """The composition root has given no catalogue of events."""


def use_catalogue(catalogue: Callable[[], Mapping[str, str]]) -> None:
    """Connects with whoever knows the public events: a description by each event's name."""
    _given[:] = [catalogue]


def known() -> Mapping[str, str]:
    """The public events with their descriptions. Raises CatalogueMissing."""
    if not _given:
        raise CatalogueMissing("no catalogue of events was given")
    return _given[0]()


def chosen(event_types: Sequence[str]) -> tuple[str, ...]:
    """The events that a form names, in the order of the alphabet; none, or ``*``, stands for every event.

    Raises UnknownEventType, at each that there is not.
    """
    if not event_types or list(event_types) == [EVERY]:
        return (EVERY,)
    there_are = known()
    faults = tuple(
        FieldError(f"/event_types/{at}", *_unknown(name, there_are))
        for at, name in enumerate(event_types)
        if name not in there_are
    )
    if faults:
        raise UnknownEventType(
            f"{faults[0].message[0].upper()}{faults[0].message[1:]}.",
            detail_zh=f"{faults[0].message_zh}。",
            errors=faults,
        )
    return tuple(sorted(set(event_types)))


def _unknown(name: str, there_are: Mapping[str, str]) -> tuple[str, str]:
    if name == EVERY:
        return "'*' stands for every event: name it alone", "“*”代表全部事件，请单独填写"
    kind = name.partition(".")[0]
    listed = sorted(there_are, key=lambda each: (each.partition(".")[0] != kind, each))
    more, more_zh = ("", "") if len(listed) <= MOST_NAMED else (" and others, see the documentation", "等，详见文档")
    named = listed[:MOST_NAMED]
    return (
        f"there is no event '{name[:60]}'; there are {', '.join(named)}{more}",
        f"没有事件“{name[:60]}”；可选：{'、'.join(named)}{more_zh}",
    )
