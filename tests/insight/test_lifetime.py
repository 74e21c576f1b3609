"""The models of what members will bring. Expected numbers were computed with SciPy 1.16 (``optimize.minimize`` with
Nelder-Mead on logarithms, and equation 10 with ``special.hyp2f1``), apart from this code.
"""

from __future__ import annotations

import math
from datetime import date
from itertools import pairwise

import pytest

from chalicelib.insight.model import bgnbd, gamma_gamma, lifetime
from chalicelib.insight.model.bgnbd import Bgnbd, History
from chalicelib.insight.model.buyers import Buyers
from chalicelib.insight.model.expectations import Band, expectations
from chalicelib.insight.model.gamma_gamma import GammaGamma, Spending, digamma
from chalicelib.insight.model.lifetime import Fitted, Reason
from chalicelib.insight.model.lifetime_results import Results, results
from chalicelib.insight.model.maximum import Doubt, maximise
from chalicelib.insight.model.spending import Spend
from tests.insight.simulated import histories, spendings

# The fit of the CDNOW sample (Fader, Hardie, Lee 2005: .243, 4.414, .793, 2.426).
CDNOW = Bgnbd(0.24259290913185672, 4.413531979267569, 0.7928861706635673, 2.425753737174828)


class TestOrders:
    @pytest.mark.parametrize(
        ("seed", "members", "told", "found"),
        [
            (1, 3000, (0.8, 10, 0.4, 3), (0.799039, 10.306101, 0.37431, 2.533944)),
            (2, 3000, (2, 8, 1.2, 4), (2.041424, 9.185486, 1.305357, 4.557948)),
            (3, 600, (0.5, 6, 0.6, 2.5), (0.452133, 5.228326, 0.488606, 1.330591)),
        ],
    )
    def test_parameters_are_those_that_another_optimiser_finds(
        self, seed: int, members: int, told: tuple[float, ...], found: tuple[float, ...]
    ) -> None:
        fitted = bgnbd.fit(histories(seed, members, *told))

        assert fitted.doubt is None
        assert fitted.at == pytest.approx(found, rel=1e-5)
        if members == 3000:
            assert fitted.at == pytest.approx(told, rel=0.2)

    def test_the_order_in_which_members_come_changes_no_bit(self) -> None:
        counts = histories(3, 600, 0.5, 6, 0.6, 2.5)

        assert bgnbd.fit(dict(reversed(counts.items()))) == bgnbd.fit(counts)

    @pytest.mark.parametrize(
        ("history", "expected", "alive"),
        [
            ((0, 0, 38.86), (0.064642257, 0.194780848, 0.251665714), 1.0),
            ((2, 30.43, 38.86), (0.424066267, 1.22591047, 1.558583819), 0.726609164),
            ((26, 38.0, 38.86), (6.319893044, 17.446899823, 21.826051107), 0.953326093),
            ((1, 0.14, 12), (0.305580094, 0.811235147, 1.004711989), 0.383424428),
            ((7, 3.0, 30.0), (0.000360072, 0.000985075, 0.001229011), 0.000157639),
        ],
    )
    def test_expectations_are_those_of_the_closed_form(
        self, history: tuple[int, float, float], expected: tuple[float, ...], alive: float
    ) -> None:
        of = History(*history)

        assert [CDNOW.expected(of, weeks) for weeks in (12, 39, 52)] == pytest.approx(expected, abs=2e-9)
        assert CDNOW.p_alive(of) == pytest.approx(alive, abs=2e-9)

    def test_the_first_customer_of_the_paper(self) -> None:
        first = History(2, 30.43, 38.86)

        assert CDNOW.expected(first, 39) == pytest.approx(1.225910470254644, rel=1e-9)
        assert CDNOW.p_alive(first) == pytest.approx(0.7266091642911282, rel=1e-9)

    def test_where_the_closed_form_divides_by_zero_it_is_smooth(self) -> None:
        for middle in (Bgnbd(0.5, 5, 1.0, 2.0), Bgnbd(0.5, 5, 0.4, 0.6)):
            beside = [Bgnbd(0.5, 5, middle.a + e, middle.b) for e in (-1e-6, 1e-6)]
            for repeats in (0, 1, 3):
                low, high = (each.expected_if_active(repeats, 20.0, 52) for each in beside)
                assert middle.expected_if_active(repeats, 20.0, 52) == pytest.approx((low + high) / 2, rel=1e-9)

    @pytest.mark.parametrize("model", [CDNOW, Bgnbd(20, 0.5, 3, 50), Bgnbd(0.01, 900, 40, 0.1)])
    def test_nothing_overflows_and_longer_is_more(self, model: Bgnbd) -> None:
        for of in (History(0, 0, 0), History(1, 0, 0), History(5000, 900, 900), History(5000, 1, 5000)):
            assert 0 <= model.p_alive(of) <= 1
            found = [model.expected(of, weeks) for weeks in (0, 1, 12, 52, 520)]
            assert all(math.isfinite(each) and each >= 0 for each in found)
            assert all(a <= b for a, b in pairwise(found))

    @pytest.mark.parametrize(
        "counts",
        [
            {History(0, 0.0, 5.0): 50, History(0, 0.0, 9.0): 20},
            {History(2, 3.0, 9.0): 1},
            {History(0, 0.0, 0.0): 9},
            {History(2, 4.0, 9.0): 500},
            {History(500, 500.0, 500.0): 50, History(2, 3.0, 900.0): 50, History(0, 0.0, 3.0): 10},
            histories(7, 1000, 0.5, 6, 0.0001, 10),
        ],
        ids=["nobody again", "one member", "nobody seen", "all alike", "extremes", "nobody leaves"],
    )
    def test_what_the_data_does_not_determine_is_said_to_be_so(self, counts: dict[History, int]) -> None:
        assert bgnbd.fit(counts).doubt is not None

    def test_of_nobody_there_is_no_model(self) -> None:
        with pytest.raises(ValueError, match="nobody"):
            bgnbd.fit({})


class TestAmounts:
    @pytest.mark.parametrize(
        ("seed", "members", "told", "found"),
        [
            (1, 3000, (6, 4, 1500), (6.22885, 4.08091, 1503.66261)),
            (2, 800, (2, 3, 4000), (2.51227, 2.78448, 2889.27132)),
        ],
    )
    def test_parameters_are_those_that_another_optimiser_finds(
        self, seed: int, members: int, told: tuple[float, ...], found: tuple[float, ...]
    ) -> None:
        fitted = gamma_gamma.fit(spendings(seed, members, *told))

        assert fitted.doubt is None
        assert fitted.at == pytest.approx(found, rel=1e-5)

    def test_a_unit_a_hundred_times_as_small_changes_the_scale_alone(self) -> None:
        counts = spendings(2, 800, 2, 3, 4000)
        p, q, v = gamma_gamma.fit(counts).at

        small = gamma_gamma.fit({Spending(of.orders, of.mean * 100): n for of, n in counts.items()}).at

        assert small == pytest.approx((p, q, v * 100), rel=1e-6)

    def test_the_expectation_lies_between_a_members_mean_and_that_of_all(self) -> None:
        model = GammaGamma(6.25, 3.74, 15.44)
        of_all = model.expected(Spending(0, 0.0))

        assert of_all == pytest.approx(6.25 * 15.44 / 2.74)
        assert of_all < model.expected(Spending(1, 100)) < model.expected(Spending(20, 100)) < 100

    def test_digamma(self) -> None:
        known = {0.01: -100.56088545786868, 0.5: -1.9635100260214235, 3.3: 1.0348224890596216, 1e5: 11.512920464961896}
        assert [digamma(x) for x in known] == pytest.approx(list(known.values()), rel=1e-13)


class TestMaximum:
    def test_a_ridge_is_no_peak(self) -> None:
        def ridge(at: object) -> tuple[float, list[float]]:
            x, y = at  # type: ignore[misc]
            return -((math.log(x * y)) ** 2), [-2 * math.log(x * y) / x, -2 * math.log(x * y) / y]

        assert maximise(ridge, [(1, 2), (3, 1)], (1e3, 1e3)).doubt is Doubt.NO_PEAK

    def test_starts_that_end_elsewhere_are_told(self) -> None:
        def two_peaks(at: object) -> tuple[float, list[float]]:
            [x] = at  # type: ignore[misc]
            t = math.log(x)
            return -((t * t - 1) ** 2) + 0.1 * t, [(-4 * t * (t * t - 1) + 0.1) / x]

        apart = maximise(two_peaks, [(0.2,), (5.0,)], (1e3,))
        together = maximise(two_peaks, [(2.0,), (5.0,)], (1e3,))

        assert (apart.doubt, together.doubt) == (Doubt.STARTS_DISAGREE, None)


SEPTEMBER = date(1997, 9, 30)


def buyers(*days: tuple[str, dict[int, int]], currency: str = "USD") -> Buyers:
    """Who spent what on which days."""
    found = Buyers("USD")
    for on, amounts in days:
        found.add(date.fromisoformat(on), Spend({currency: amounts}))
    return found


class TestMembers:
    def test_an_occasion_is_a_day_and_time_is_in_whole_days(self) -> None:
        found = buyers(("1997-01-01", {0: 100, 5: 7}), ("1997-01-08", {0: 300}), ("1997-03-01", {0: 500}))
        found.add(date(1997, 3, 2), Spend({"EUR": {0: 900}}))

        first, second = found.upto(date(1997, 3, 2))

        assert first == (0, 3, 60, 60, 2, 800)  # the day in euros is a repeat without an amount
        assert second == (5, 0, 0, 60, 0, 0)
        assert lifetime.history_of(first) == (3, 60 / 7, 60 / 7)

    @pytest.mark.parametrize(
        ("members", "repeating", "reason"),
        [(99, 99, Reason.TOO_FEW_MEMBERS), (200, 29, Reason.TOO_FEW_REPEATERS)],
    )
    def test_of_too_few_nothing_is_said(self, members: int, repeating: int, reason: Reason) -> None:
        found = buyers(
            ("1997-01-01", dict.fromkeys(range(members), 100)), ("1997-02-01", dict.fromkeys(range(repeating), 100))
        )

        fitted = lifetime.fit(found, SEPTEMBER)
        kept = results("USD", fitted, expectations(fitted, found, SEPTEMBER, left=0), left=0)

        assert (fitted.orders, fitted.amounts) == (reason, reason)
        assert (kept.bands, kept.at_risk, kept.orders.parameters, kept.log_likelihood) == ((), (), None, None)
        assert Results.unpack(kept.pack()).orders.reason == reason.value

    def test_of_many_a_sample_is_fitted_that_is_always_the_same(self, monkeypatch: pytest.MonkeyPatch) -> None:
        found = buyers(("1997-01-01", dict.fromkeys(range(5000), 100)), ("1997-02-01", dict.fromkeys(range(900), 100)))
        monkeypatch.setattr(lifetime, "MOST_FITTED", 500)

        fitted = lifetime.fit(found, SEPTEMBER)

        assert fitted.fitted_to == pytest.approx(500, rel=0.05)
        assert (fitted.members, fitted.repeaters) == (5000, 900)
        assert lifetime.fit(found, SEPTEMBER) == fitted

    def test_bands_hold_everyone_who_has_not_left_once(self) -> None:
        fitted = Fitted(5, 2, 5, CDNOW, GammaGamma(6.25, 3.74, 1544))
        found = buyers(
            ("1997-01-01", {0: 100, 1: 100, 2: 100, 3: 100, 4: 100}),
            ("1997-02-01", {0: 9000, 3: 500}),
            ("1997-09-01", {0: 9000}),
        )

        shown = expectations(fitted, found, SEPTEMBER, left=0b10)

        assert shown is not None
        assert sorted(who for sums in shown.bands.values() for who in sums.members) == [0, 2, 3, 4]
        assert {band.alive for band in shown.bands if band.alive} == {2, 4}
        assert shown.bands[Band(4, 4)].members == [0]
        assert [each.ordinal for each in shown.at_risk] == [0, 3]
        assert all(0 < each.at_risk < each.if_active for each in shown.at_risk)

    def test_without_a_model_of_amounts_there_are_orders_alone(self) -> None:
        fitted = Fitted(2, 1, 2, CDNOW, Reason.NO_MEAN)
        found = buyers(("1997-01-01", {0: 100, 1: 100}), ("1997-02-01", {0: 9000}))

        shown = expectations(fitted, found, SEPTEMBER, left=0)
        kept = Results.unpack(results("USD", fitted, shown, left=0).pack())

        assert {each.value for each in kept.bands} == {0}
        assert [each.amount_long for each in kept.bands] == [None, None]
        assert [(each.ordinal, each.at_risk) for each in kept.at_risk] == [(0, None)]
        assert kept.amounts.reason == "no_mean"
