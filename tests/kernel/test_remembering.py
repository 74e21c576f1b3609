"""What is remembered for a minute: asked once in it, anew afterwards, and never what failed."""

import pytest

from chalicelib.kernel import remembering
from chalicelib.kernel.remembering import for_a_minute


class Asked:
    """Answers how often it was asked for a name, and fails while it is told to."""

    def __init__(self) -> None:
        self.names: list[str] = []
        self.fails = False

    def __call__(self, name: str, *, again: bool = False) -> int:
        """Counts the question."""
        self.names.append(name)
        if self.fails:
            raise LookupError(name)
        return self.names.count(name)


@pytest.fixture
def seconds(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    now = [6000.0]
    monkeypatch.setattr(remembering, "monotonic", lambda: now[0])
    return now


def test_it_is_asked_once_a_minute_for_each_argument(seconds: list[float]) -> None:
    asked = Asked()
    answer = for_a_minute(most=10)(asked)

    assert [answer("a"), answer("a"), answer("b"), answer("a", again=True)] == [1, 1, 1, 2]
    seconds[0] = 6059.9
    assert answer("b") == 1
    seconds[0] = 6060.0
    assert (answer("b"), asked.names) == (2, ["a", "b", "a", "b"])


def test_what_is_forgotten_is_asked_anew_and_leaves_others_alone(seconds: list[float]) -> None:
    answer, other = (for_a_minute(most=10)(Asked()) for _ in range(2))
    assert [answer("a"), other("a")] == [1, 1]
    answer.forget()
    assert [answer("a"), other("a")] == [2, 1]


def test_a_failure_is_not_remembered(seconds: list[float]) -> None:
    asked = Asked()
    answer = for_a_minute(most=10)(asked)
    asked.fails = True
    with pytest.raises(LookupError):
        answer("a")
    asked.fails = False
    assert [answer("a"), answer("a")] == [2, 2]


def test_only_so_many_are_remembered(seconds: list[float]) -> None:
    answer = for_a_minute(most=2)(Asked())
    assert [answer(name) for name in "abcca"] == [1, 1, 1, 1, 2]
