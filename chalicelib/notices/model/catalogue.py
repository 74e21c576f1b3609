"""Every notice of the product by its name, wherever it is declared."""

from chalicelib.loading import provided
from chalicelib.notices.model.notices import DECLARED, Notice


class UnknownTemplate(LookupError):
    """A message names a notice that does not exist, or lacks one of its facts: a defect, not bad input."""


def notice_of(template: str) -> type[Notice]:
    """The notice of a name. Raises UnknownTemplate."""
    try:
        return DECLARED.get(template) or every_notice()[template]
    except KeyError:
        raise UnknownTemplate(f"there is no notice {template!r}") from None


def every_notice() -> dict[str, type[Notice]]:
    """All notices by name: those of every module that the composition root names."""
    _ = tuple(provided("notices").values())
    return dict(sorted(DECLARED.items()))
