"""What the pages of effects take in their addresses."""

from chalicelib.insight.reports.report import FormQuery, RangeQuery


class DaysPage(RangeQuery):
    """Which days, and whether as a file."""

    def asked(self) -> dict[str, str]:
        """As the API takes it."""
        return _said(self)


class FilePage(FormQuery):
    """Whether as a file."""


def _said(query: RangeQuery) -> dict[str, str]:
    given = query.model_dump(mode="json", exclude_none=True)
    return {name: str(value) for name, value in given.items() if value != ""}
