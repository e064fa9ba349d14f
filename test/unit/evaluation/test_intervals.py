# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Confidence intervals."""

import numpy as np
import pytest
from robot_policies.evaluation.statistics import bootstrap_interval, mean_interval, wilson_interval


def test_wilson_interval_agrees_with_the_published_example() -> None:
    # 81 of 263, Newcombe (1998), table I, method 3
    assert wilson_interval(81, 263) == pytest.approx((0.2553, 0.3662), abs=1e-4)


def test_wilson_interval_of_all_and_none_is_not_a_point() -> None:
    low, high = wilson_interval(300, 300)
    assert high == pytest.approx(1.0)
    assert low == pytest.approx(0.9874, abs=1e-3)
    assert wilson_interval(0, 20)[0] == 0.0
    assert wilson_interval(0, 20)[1] == pytest.approx(0.1611, abs=1e-3)


def test_wilson_interval_holds_the_share_for_every_number_of_trials() -> None:
    for trials in range(1, 200):
        assert wilson_interval(trials, trials)[1] == 1.0
        assert wilson_interval(0, trials)[0] == 0.0


@pytest.mark.parametrize(('successes', 'trials'), [(3, 2), (0, 0), (-1, 4)])
def test_impossible_counts_are_refused(successes: int, trials: int) -> None:
    with pytest.raises(ValueError, match='trials'):
        wilson_interval(successes, trials)


def test_bootstrap_interval_covers_the_mean_about_as_often_as_it_says() -> None:
    rng = np.random.default_rng(0)
    covered = 0
    for trial in range(200):
        low, high = bootstrap_interval(rng.exponential(2.0, 80), seed=trial, resamples=300)
        covered += low <= 2.0 <= high
    assert covered / 200 == pytest.approx(0.95, abs=0.05)


def test_bootstrap_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match='no values'):
        bootstrap_interval(np.array([]))


def test_the_interval_of_a_few_values_holds_the_mean_as_often_as_it_says():
    rng = np.random.default_rng(0)
    held = [
        low <= 3.0 <= high for low, high in map(mean_interval, rng.normal(3.0, 2.0, (4000, 5)))
    ]
    assert np.mean(held) == pytest.approx(0.95, abs=0.01)


def test_one_value_alone_has_no_interval():
    with pytest.raises(ValueError, match='do not tell'):
        mean_interval(np.array([1.0]))
