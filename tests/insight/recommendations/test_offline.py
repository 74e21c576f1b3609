"""The last basket of each household, told from what came before it: against what is popular, which all get alike."""

from __future__ import annotations

import pytest
from rich.console import Console

from chalicelib.insight.recommendations.model import WEIGHTS, Source
from tests.insight.recommendations.journeys import MOST, Known, baskets


@pytest.mark.verify
def test_what_is_recommended_is_bought_more_often_than_what_is_popular(capsys: pytest.CaptureFixture[str]) -> None:
    """Weights were found on the last basket but one; the last one is looked at here alone."""
    known = Known(baskets(), back=1)
    (blended, right), (popular, right_by_popularity) = known.blended(), known.popular()
    alone = {source: known.blended({source: 1.0}) for source in Source if source is not Source.POINT}

    with capsys.disabled():
        console = Console()
        console.print(f"\n{MOST} products for each of {len(known.wanted)} households: some were bought by {blended}, ")
        console.print(f"of what is popular by {popular}: {blended / popular:.2f} times as many; ")
        console.print(f"products that were bought: {right} against {right_by_popularity}")
        for source, (households, products) in alone.items():
            console.print(f"  {source} alone (weight {WEIGHTS[source]}): {households} households, {products} products")
    assert blended > 1.5 * popular
    assert right > 1.5 * right_by_popularity
    assert blended >= max(households for households, _ in alone.values())
