# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Areas, false alarms, and the fit whose thresholds keep them rare."""

from dataclasses import replace
import json

import numpy as np
import pytest
from robot_policies.core.errors import ConfigError
from robot_policies.core.novelty import NoveltyDetector
from robot_policies.evaluation.benchmark import BenchmarkOptions
from robot_policies.evaluation.benchmarks import go2_novelty
from robot_policies.evaluation.novelty_trials import judged, NoveltyTrial, summary
from robot_policies.evaluation.novelty_trials import NOMINAL as USUAL
from robot_policies.evaluation.results_page import page
from robot_policies.evaluation.results_plots import write_plots
from robot_policies.evaluation.roc import auc, auc_interval, poisson_interval, roc_curve
from robot_policies.resources import load_checkpoint, load_robot
from robot_policies.training.novelty_fit import lasting, NoveltyRun, run
from robot_policies.training.novelty_walks import CASES, NOMINAL, walk
from robot_policies.training.recipe import RecipeOptions
from robot_policies.training.recipes.go2_proprioception_novelty import batch_controller

PLUGIN = 'robot_policies.safety.feature_novelty:FeatureNovelty'


def test_the_area_is_the_share_of_pairs_that_are_in_order():
    nominal, other = np.array([1.0, 2.0, 3.0]), np.array([2.5, 4.0])
    # of six pairs only (3.0, 2.5) is out of order
    assert auc(nominal, other) == pytest.approx(5 / 6)
    assert auc(nominal, nominal) == pytest.approx(0.5)
    low, high = auc_interval(nominal, other)
    assert 0.0 <= low <= 5 / 6 <= high <= 1.0


def test_the_curve_goes_from_no_alarm_to_nothing_but_alarms():
    points = roc_curve(np.array([1.0, 2.0]), np.array([1.5, 3.0]))
    assert points[0] == (0.0, 0.0)
    assert points[-1] == (1.0, 1.0)
    assert (0.0, 0.5) in points


def test_no_event_in_three_hours_bounds_the_rate_near_one_per_hour():
    low, high = poisson_interval(0, 3.69)
    assert low == 0.0
    assert high == pytest.approx(1.0, abs=0.01)


def test_a_peak_that_does_not_last_does_not_count():
    scores = np.ones(50)
    scores[20:23] = 9.0
    assert lasting(scores, 10.0) == 1.0
    scores[20:30] = 9.0
    assert lasting(scores, 10.0) == 9.0


def streams_of(seed, shift=0.0):
    return np.random.default_rng(seed).standard_normal((200, 3, 5)) + shift


TASK = NoveltyRun(
    name='test', plugin=PLUGIN, rate_hz=10.0, chunks=4, make=streams_of, config={}, meta={}
)


@pytest.fixture
def fitted(tmp_path):
    run(RecipeOptions(out_dir=tmp_path / 'fit', resume=True), TASK)
    return tmp_path / 'fit'


def test_a_fit_ships_statistics_that_alarm_for_a_shift_and_not_for_nominal(fitted):
    _, _, context = load_checkpoint(fitted, load_robot('go2'))
    assert context.meta['nominal_hours'] == pytest.approx(4 * 600 / 10 / 3600, abs=1e-3)
    detector = NoveltyDetector.of_checkpoint(context)
    # the thresholds were chosen on these nominal ones
    streams = {USUAL: streams_of(3), 'shift': streams_of(91, shift=4.0)}
    found = summary(
        [
            judged(NoveltyTrial(case, i), detector, made[:, i], 10.0)
            for case, made in streams.items()
            for i in range(3)
        ]
    )
    assert found['false_alarms']['hours'] == pytest.approx(3 * 20.0 / 3600.0)
    assert found['false_alarms']['alarms'] == 0
    assert found['trials']['shift']['auc'] == 1.0
    assert found['trials']['shift']['detected'] == 1.0


@pytest.mark.parametrize('values', [{'jobs': '2'}, {'record': 'x'}, {'of': 'sound'}, {'n': '3'}])
def test_settings_that_do_nothing_are_refused(values):
    with pytest.raises(ConfigError, match=r'of=camera|of=motion\|camera'):
        go2_novelty.run(BenchmarkOptions(values=values))


def test_of_the_parts_only_the_scores_that_are_named_count(tmp_path):
    scores = ('many mahalanobis', 'few nearest')
    task = replace(TASK, parts={'many': 3, 'few': 2}, scores=scores)
    run(RecipeOptions(out_dir=tmp_path, resume=True), task)
    _, _, context = load_checkpoint(tmp_path, load_robot('go2'))
    assert set(context.meta['thresholds']) == {'many mahalanobis', 'few nearest'}
    detector = NoveltyDetector.of_checkpoint(context)
    shifted = streams_of(3)[:, 0] + np.array([0.0, 0.0, 0.0, 9.0, 0.0])
    assert detector.judge(shifted[0], 0).words.startswith('few nearest')


def test_a_fit_that_goes_on_keeps_the_streams_it_has(fitted, tmp_path):
    made = []

    def make(number):
        made.append(number)
        return streams_of(number)

    (fitted / 'streams_0_0002.npy').unlink()
    run(RecipeOptions(out_dir=fitted, resume=True), replace(TASK, make=make))
    assert made == [2]


def test_a_broken_joint_shows_in_the_vectors_of_a_walk():
    broken = next(case for case in CASES if case.name == 'broken_joint')
    usual, changed = (
        walk(
            load_robot('go2'),
            batch_controller(2),
            case,
            count=2,
            seconds=6.0,
            seed=1,
            time_constant_s=0.8,
        )
        for case in (NOMINAL, broken)
    )
    assert usual.shape == changed.shape == (20, 2, 57)
    assert np.isfinite(usual).all()
    calf_error = 12 + 2
    assert np.nanmax(np.abs(changed - usual)[..., calf_error]) > 0.2


def test_the_page_has_table_and_plot_of_both(tmp_path):
    trials = {'dark': {'episodes': 3, 'auc': 0.9, 'auc_ci95': [0.8, 1.0], 'detected': 1.0}}
    content = {
        'benchmark': 'go2_novelty',
        'episodes': 3,
        'seed': 0,
        'settings': {'of': 'camera'},
        'false_alarm_per_hour': 0.0,
        'trials': trials,
        'curves': {'dark': [[0.0, 0.0], [0.0, 0.9], [1.0, 1.0]]},
    }
    (tmp_path / 'novelty.json').write_text(json.dumps(content))
    text = page(tmp_path)
    assert 'robot-policies eval go2_novelty of=camera --episodes 3' in text
    assert '![novelty](images/novelty.png)' in text
    assert '| dark | 3 | 0.9 | [0.8, 1] |' in text
    write_plots(tmp_path, tmp_path)
    assert (tmp_path / 'novelty.png').stat().st_size > 3000
