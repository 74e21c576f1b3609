"""What the page of improvements shows beyond the API's view."""

from decimal import ROUND_HALF_EVEN, Decimal

from chalicelib.improvements.views import PublishedImprovementView


def rose(it: PublishedImprovementView) -> tuple[str, str] | None:
    """The figure before and since, of a hundred; nothing where it was not measured, or too few answered."""
    if it.before is None or it.after is None:
        return None
    before, after = (
        str((Decimal(each.value) * 100).quantize(Decimal(1), ROUND_HALF_EVEN)) for each in (it.before, it.after)
    )
    return before, after
