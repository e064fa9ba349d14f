# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Scores of novelty: near 1 inside, large outside, and a bank that covers what was seen."""

import numpy as np
import pytest
from robot_policies.core.errors import CheckpointError
from robot_policies.core.novelty import fit, NoveltyDetector

RNG = np.random.default_rng(0)
MIXING = RNG.standard_normal((6, 6))
BOTH = {'mahalanobis': 2.0, 'nearest': 1.0}


def nominal(count, seed):
    return np.random.default_rng(seed).standard_normal((count, 6)) @ MIXING + 5.0


@pytest.fixture(scope='module')
def tensors():
    return fit(nominal(4000, 1), bank=256, seed=0)


def test_nominal_vectors_score_about_one_whatever_their_scale(tensors):
    scores = NoveltyDetector(tensors, BOTH).scores(nominal(2000, 2))
    assert scores['mahalanobis'].mean() == pytest.approx(1.0, abs=0.1)
    scaled = fit(nominal(4000, 1) * 1000.0, bank=256, seed=0)
    again = NoveltyDetector(scaled, BOTH).scores(nominal(2000, 2) * 1000.0)
    np.testing.assert_allclose(again['mahalanobis'], scores['mahalanobis'], rtol=1e-3)


def test_a_correlation_that_breaks_is_novel_though_every_number_is_usual(tensors):
    usual = nominal(4000, 1)
    broken = np.array([column[RNG.permutation(len(usual))] for column in usual.T]).T
    detector = NoveltyDetector(tensors, BOTH)
    inside, outside = (np.median(detector.ratios(x)) for x in (usual, broken))
    assert outside > 1.5 * inside


def test_the_gap_between_two_ways_to_move_is_seen_by_the_neighbours_only():
    two = np.concatenate([nominal(2000, 1), nominal(2000, 2) + 60.0])
    detector = NoveltyDetector(fit(two, bank=256, seed=0), BOTH)
    between = np.full((1, 6), 35.0)
    inside, gap = detector.scores(two), detector.scores(between)
    assert gap['nearest'][0] > np.percentile(inside['nearest'], 99)
    assert gap['mahalanobis'][0] < np.percentile(inside['mahalanobis'], 99)


def test_what_is_not_finite_is_as_novel_as_can_be(tensors):
    vector = np.full(6, np.nan)
    assert NoveltyDetector(tensors, BOTH).judge(vector, 7).ratio == np.inf


def test_the_worst_of_the_methods_counts_and_is_named(tensors):
    far = nominal(1, 3)[0] + 100.0
    novelty = NoveltyDetector(tensors, {'mahalanobis': 1e9, 'nearest': 1.0}).judge(far, 7)
    assert novelty.ratio > 1.0
    assert novelty.stamp_ns == 7
    assert novelty.words.startswith('nearest distance')


@pytest.mark.parametrize(
    ('change', 'thresholds', 'words'),
    [
        ({'bank': None}, BOTH, 'bank is missing'),
        ({'mean': np.zeros(5)}, BOTH, 'do not agree'),
        ({}, {}, 'thresholds'),
        ({}, {'mahalanobis': float('nan')}, 'thresholds'),
        ({}, {'median': 1.0}, 'expected some of mahalanobis, nearest'),
    ],
)
def test_statistics_that_do_not_fit_are_refused(tensors, change, thresholds, words):
    changed = {name: value for name, value in (tensors | change).items() if value is not None}
    with pytest.raises(CheckpointError, match=words):
        NoveltyDetector(changed, thresholds)


def test_too_few_samples_are_refused():
    with pytest.raises(ValueError, match='at least 12'):
        fit(nominal(10, 0), bank=4, seed=0)


def test_a_part_of_few_numbers_is_not_lost_among_many():
    usual = np.random.default_rng(4).standard_normal((4000, 102))
    strange = usual[:200].copy()
    strange[:, 100:] += 3.0
    whole = NoveltyDetector(fit(usual, bank=256, seed=0), {'mahalanobis': 1.0})
    parts = {'many': 100, 'few': 2}
    apart = NoveltyDetector(
        fit(usual, bank=256, seed=0, parts=parts),
        {'many mahalanobis': 1.0, 'few mahalanobis': 1.0},
        tuple(parts),
    )
    assert apart.size == 102
    detected = [
        (detector.ratios(strange) > np.percentile(detector.ratios(usual), 99)).mean()
        for detector in (whole, apart)
    ]
    assert detected[1] > 0.9 > 0.6 > detected[0]
    assert apart.judge(strange[0], 7).words.startswith('few mahalanobis distance')


def test_parts_that_do_not_add_up_are_refused():
    with pytest.raises(ValueError, match='of vectors of 6 numbers'):
        fit(nominal(100, 0), bank=4, seed=0, parts={'one': 2, 'two': 3})


def test_a_part_without_statistics_is_named(tensors):
    with pytest.raises(CheckpointError, match=r'light\.mean, light\.whitening'):
        NoveltyDetector(tensors, {'mahalanobis': 1.0}, ('', 'light'))


def test_a_part_of_one_number_is_judged_too():
    usual = np.random.default_rng(3).standard_normal((500, 1)) + 4.0
    detector = NoveltyDetector(fit(usual, bank=64, seed=0), {'mahalanobis': 5.0})
    assert detector.ratios(np.array([[4.0], [11.0]])) == pytest.approx([0.0, 1.4], abs=0.15)
