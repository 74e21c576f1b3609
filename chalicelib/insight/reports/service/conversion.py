"""Conversion of members, as of local days."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from chalicelib.insight.model.conversion import Conversion, conversion
from chalicelib.insight.model.summary import Group
from chalicelib.insight.personas.service.reading import Known, known_members
from chalicelib.insight.reports.service.window import History


def customers(past: History, on: date) -> int:
    """Everyone with an order that counts by the end of a local day, as bits by ordinal."""
    return past.members_before(on + timedelta(days=1))


def conversion_on(tenant_id: str, past: History, on: date, known: Known | None = None) -> Conversion:
    """How many members there were at the end of a local day, and how many of them were customers."""
    return conversion((known or known_members(tenant_id)).members(on), customers(past, on))


@dataclass(frozen=True, slots=True)
class Conversions:
    """How many were members at the end of each of some local days, and how many of them customers. ``changes`` rises
    when anybody is counted otherwise, orders apart.
    """

    by_day: Mapping[date, Conversion]
    changes: int

    def of(self, group: Group) -> Conversion | None:
        """Of a group at its end; None where it has none, as of a weekday or an hour."""
        return self.by_day.get(group.span.to_on) if group.span else None


def conversions_of(tenant_id: str, groups: Iterable[Group]) -> Conversions:
    """At the end of each group of days, from those who had ordered by then."""
    ever = {each.span.to_on: each.ever for each in groups if each.span and each.ever is not None}
    days, known = sorted(ever), known_members(tenant_id)
    found = {on: conversion(people, ever[on]) for on, people in zip(days, known.members_at(days), strict=True)}
    return Conversions(found, known.changes)
