"""Causes of complaints in the words of who reads them, for the pages that name or choose one."""

from collections.abc import Mapping
from typing import Any

from chalicelib.complaints.model.causes import UNSPECIFIED, Causes
from chalicelib.complaints.service.causes import list_causes
from chalicelib.pages.shell import N_, Visit

ABOUT: Mapping[str, str] = {
    "quality": N_("Quality of goods"),
    "shortage": N_("Missing goods"),
    "pickup": N_("Pickup"),
    "payment": N_("Payment"),
    "service": N_("Service"),
    "other": N_("Something else"),
}
"""The categories of complaints."""


def causes_of(visit: Visit[Any]) -> Causes:
    """The causes of the brand, in one read."""
    return list_causes(visit.tenant_id)[0]


def causes_in_words(visit: Visit[Any], causes: Causes | None = None) -> Mapping[str, str]:
    """The words of all causes by their codes, those that are paused among them."""
    causes = causes or causes_of(visit)
    return {each.code: each.zh if visit.language == "zh" else each.en for each in causes.every}


def causes_to_choose(visit: Visit[Any], causes: Causes) -> Mapping[str, Mapping[str, str]]:
    """Codes and words of the causes that a complaint may name, by category."""
    return {
        category: {
            each.code: each.zh if visit.language == "zh" else each.en for each in found if each.code != UNSPECIFIED
        }
        for category, found in causes.by_category.items()
    }
