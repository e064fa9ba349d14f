# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""What is done about novelty: slow, HOLD, back with calm, and silence is no calm."""

from dataclasses import replace

import numpy as np
import pytest
from robot_policies.core.contracts import PluginContext
from robot_policies.core.data_types import VelocityCommand
from robot_policies.core.errors import CheckpointError
from robot_policies.core.novelty import Novelty
from robot_policies.core.verdict import Severity
from robot_policies.resources import load_checkpoint
from robot_policies.safety.feature_novelty import FeatureNovelty, FeatureNoveltyConfig
from robot_policies.safety.novelty_reaction import NoveltyReaction, ReactionConfig
from robot_policies.safety.proprioception_novelty import (
    ProprioceptionNovelty,
    ProprioceptionNoveltyConfig,
)
from robot_policies.safety.proprioception_window import ProprioceptionWindow
from robot_policies.safety.state import NOVELTY

NOW = 10_000_000_000
MS = 1_000_000
PASS, LIMIT, HOLD = Severity.PASS, Severity.LIMIT, Severity.HOLD


def reactions(ratios, step_s=0.1, **config):
    """Return the severity after each ratio."""
    reaction = NoveltyReaction(ReactionConfig(**config))
    return [reaction.update(r, NOW + round(i * step_s * 1e9)) for i, r in enumerate(ratios)]


def test_novelty_that_lasts_slows_and_then_holds():
    found = reactions([1.5] * 30, slow_after_s=0.5, hold_after_s=2.0)
    assert [found.index(severity) for severity in (PASS, LIMIT, HOLD)] == [0, 5, 20]
    assert found[-1] == HOLD


def test_peaks_that_do_not_last_do_nothing():
    assert set(reactions([1.5, 1.5, 1.5, 1.5, 0.5] * 20, slow_after_s=0.5)) == {PASS}


def test_calm_has_to_last_and_to_be_clear():
    novel, calm = [1.5] * 10, [0.5] * 15
    found = reactions(novel + calm, slow_after_s=0.5, calm_after_s=1.0)
    assert found[10 + 9] == LIMIT
    assert found[10 + 11] == PASS
    assert set(reactions(novel + [0.95] * 50, calm_share=0.9)[10:]) == {LIMIT}


def test_a_score_that_is_no_number_is_novel():
    assert reactions([float('nan')] * 30)[-1] == HOLD


def seen(ratio, now_ns, state_with):
    novelty = Novelty(now_ns, ratio, 'mahalanobis distance 1.50 of its threshold')
    heard = {**state_with().heard, NOVELTY: now_ns}
    return state_with(now_ns, novelty=novelty, heard=heard)


def test_what_is_seen_slows_the_base_with_the_reason(context, state_with):
    check = FeatureNovelty(FeatureNoveltyConfig(slow_after_s=0.2, slow_factor=0.5), context)
    for tick in range(5):
        now_ns = NOW + tick * 100 * MS
        verdict = check.check(VelocityCommand(now_ns, 0.8), seen(1.5, now_ns, state_with), now_ns)
    assert verdict.severity == LIMIT
    assert verdict.command.vx == pytest.approx(0.4)
    assert verdict.reason.startswith('what is seen is unlike the training data')


def test_silence_about_novelty_stops_the_base(context, state_with):
    check = FeatureNovelty(FeatureNoveltyConfig(silent_s=1.0), context)
    assert check.check(VelocityCommand(NOW, 0.8), seen(0.2, NOW, state_with), NOW).severity == PASS
    late = replace(seen(0.2, NOW, state_with), since_ns=NOW)
    verdict = check.check(VelocityCommand(NOW, 0.8), late, NOW + 1100 * MS)
    assert verdict.severity == HOLD
    assert '1100 ms old' in verdict.reason
    never = state_with(since_ns=NOW - 2000 * MS)
    assert check.check(VelocityCommand(NOW, 0.8), never, NOW).severity == HOLD


def test_the_window_separates_what_stays_from_what_swings():
    window = ProprioceptionWindow(2.0)
    zeros, two = np.zeros(3), np.zeros(2)
    for tick in range(2000):
        swing = np.full(2, 0.3 + np.sin(2 * np.pi * tick / 20))
        vector = window.update(swing, two, np.full(2, 0.8), zeros, zeros, zeros, 0.02)
    # means of position and error, gravity, command; spreads of error, velocity, gyro
    assert len(vector) == 4 * 2 + 9
    np.testing.assert_allclose(vector[:2], 0.3, atol=0.05)
    np.testing.assert_allclose(vector[2:4], 0.5, atol=0.05)
    np.testing.assert_allclose(vector[10:12], np.sqrt(0.5), atol=0.02)
    np.testing.assert_allclose(vector[12:], 0.0, atol=1e-9)


def test_the_window_says_nothing_until_it_is_filled():
    window = ProprioceptionWindow(0.2)
    zeros = np.zeros(3)
    answers = [window.update(zeros, zeros, zeros, zeros, zeros, zeros, 0.02) for _ in range(40)]
    assert answers[20] is None
    assert answers[35] is not None


@pytest.fixture(scope='module')
def shipped(robot):
    _, values, context = load_checkpoint('go2_proprioception_novelty', robot)
    return lambda: ProprioceptionNovelty(ProprioceptionNoveltyConfig(**values), context)


def standing(check, state_with, robot, error_rad):
    """Stand for six seconds with the joints away from their targets; return the last verdict."""
    rng = np.random.default_rng(0)
    for tick in range(300):
        now_ns = NOW + tick * 20 * MS
        state = state_with(now_ns)
        noise = 0.003 * rng.standard_normal(12)
        joints = replace(state.joints, position=robot.default_pose + error_rad + noise)
        verdict = check.check(VelocityCommand(now_ns), replace(state, joints=joints), now_ns)
    return verdict


def test_legs_that_hang_far_from_their_targets_are_novel_to_the_shipped_statistics(
    shipped, state_with, robot
):
    verdict = standing(shipped(), state_with, robot, np.tile([0.5, -0.6, 0.6], 4))
    assert verdict.severity == HOLD
    assert verdict.reason.startswith('the motion is unlike the training data')


def test_a_robot_that_is_not_engaged_is_not_judged(shipped, state_with, robot):
    check = shipped()
    standing(check, state_with, robot, np.tile([0.5, -0.6, 0.6], 4))
    verdict = check.check(VelocityCommand(NOW), state_with(engaged_ns=None), NOW)
    assert verdict.severity == PASS
    assert check.novelty is None


def test_without_statistics_it_is_refused(robot):
    with pytest.raises(CheckpointError, match='mean, whitening, bank is missing'):
        ProprioceptionNovelty(ProprioceptionNoveltyConfig(), PluginContext(robot=robot))
