"""A shopper's way from the storefront to a placed order: the three calls that every order begins with."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import count
from typing import Any, NamedTuple

from infra.bench.stage import Brand, Stage
from infra.local.application import API_SECONDS, LambdaContext

Around = Callable[[str, Callable[[], Any]], None]
"""Given the name of a call and the call, which it makes."""


class Step(NamedTuple):
    """One of the calls, and what it sends."""

    name: str
    method: str
    path: str
    body: Any
    headers: dict[str, str]


class Buying:
    """Orders of one line, by members in turn; several threads may buy at once."""

    def __init__(self, stage: Stage, brand: Brand, tokens: Sequence[str], quantity: int = 9_999) -> None:
        self.stage, self.brand = stage, brand
        self.campaign = brand.campaign(quantity=quantity)
        self.basket = brand.basket(self.campaign)
        self._tokens = tokens
        self._numbers = count()

    def run(self, around: Around) -> None:
        """Browses, asks for a quote and orders; ``around`` is given each call to make."""
        for name, method, path, body, headers in self.steps(next(self._numbers)):
            event = self.stage.event(method, path, body, headers)
            context = LambdaContext("api", API_SECONDS)

            def call(event: Any = event, context: Any = context, name: str = name) -> None:
                answer = self.stage.app(event, context)
                if answer["statusCode"] >= 300:
                    raise RuntimeError(f"{name}: {answer}")

            around(name, call)

    def steps(self, number: int) -> list[Step]:
        """The calls; of another order for each number."""
        store = f"/v1/stores/{self.brand.slug}"
        signed = {"Authorization": f"Bearer {self._tokens[number % len(self._tokens)]}"}
        order = self.basket | {"payment_method": "pickup"}
        return [
            Step("browse", "GET", f"{store}/campaigns", None, {}),
            Step("quote", "POST", f"{store}/quotes", self.basket, signed),
            Step("order", "POST", f"{store}/orders", order, signed | {"Idempotency-Key": f"bench-{number}"}),
        ]
