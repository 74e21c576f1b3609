"""What tells the parts of a chart apart: each colour is a step lighter than the one before, so that they differ without
hue as well, and the lightest still has three times the contrast of its ground (WCAG 2.2, 1.4.11). Pure.
"""

from dataclasses import dataclass

BY_LIGHTNESS = ("#12355b", "#7a2e5d", "#006b5b", "#b8560a", "#d77f1e")
"""The colours from dark to light."""

_ORDER = (0, 4, 2, 3, 1)
"""Two parts are as far apart as can be, three as well."""

INK, QUIET, RULE, GROUND = "#1f2933", "#52606d", "#d5dae1", "#ffffff"


@dataclass(frozen=True, slots=True)
class Look:
    """How a series looks: its colour and, where all colours are taken, a texture besides."""

    at: int

    @property
    def colour(self) -> str:
        return BY_LIGHTNESS[_ORDER[self.at % len(_ORDER)]]

    @property
    def textured(self) -> bool:
        return self.at >= len(_ORDER)

    @property
    def final(self) -> str:
        """Of an area whose number is final."""
        fill = f"url(#texture-{self.at})" if self.textured else self.colour
        return f"fill:{fill};stroke:none"

    @property
    def so_far(self) -> str:
        """Of an area whose number is not final yet: hatched, and outlined in dashes."""
        return (
            f"fill:url(#so-far-{self.at});fill-opacity:1;stroke:{self.colour};stroke-opacity:1;stroke-width:1.5;"
            "stroke-dasharray:4,3"
        )

    @property
    def patterns(self) -> list[str]:
        """The patterns that the two need, as SVG."""
        hatched = (
            f'<pattern id="so-far-{self.at}" width="7" height="7" patternUnits="userSpaceOnUse" '
            f'patternTransform="rotate(45)"><rect width="7" height="7" fill="{GROUND}"/>'
            f'<rect width="2.5" height="7" fill="{self.colour}"/></pattern>'
        )
        dotted = (
            f'<pattern id="texture-{self.at}" width="6" height="6" patternUnits="userSpaceOnUse">'
            f'<rect width="6" height="6" fill="{self.colour}"/>'
            f'<circle cx="3" cy="3" r="1.5" fill="{GROUND}"/></pattern>'
        )
        return [hatched, dotted] if self.textured else [hatched]
