"""A function that was not told where it runs does not take itself for a developer's machine."""

from collections.abc import Iterator

import pytest

from chalicelib import settings
from chalicelib.campaigns.drafting.service.kinds import default_methods
from chalicelib.payments.accounts import service as accounts
from chalicelib.payments.errors import ProviderNotSetUp


@pytest.fixture(autouse=True)
def _anew() -> Iterator[None]:
    settings.forget()
    yield
    settings.forget()


@pytest.mark.parametrize("stage", [None, "", "prod", "unknown"])
def test_money_of_no_provider_is_taken_and_no_code_shown_but_where_it_says_local(
    monkeypatch: pytest.MonkeyPatch, stage: str | None
) -> None:
    monkeypatch.delenv("STAGE", raising=False)
    if stage is not None:
        monkeypatch.setenv("STAGE", stage)

    assert settings.settings().local is False
    assert default_methods() == ("pickup",)
    with pytest.raises(ProviderNotSetUp):
        accounts.provider("01J9ZQ0W7N8RXC5B2M4T6V8Y0A", "test")


def test_the_embedded_stack_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STAGE", "local")

    assert settings.settings().local
    assert default_methods() == ("pickup", "test")
