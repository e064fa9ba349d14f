# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""First questions to plugins, before they are in charge."""

import numpy as np
import pytest
from robot_policies.core.data_types import ActionChunk, Features, JointCommand
from robot_policies.core.errors import PluginError
from robot_policies.core.probe import (
    check_controller,
    check_encoder,
    check_policy,
    still_locomotion_observation,
    still_observation,
)
from robot_policies.resources import load_robot

ROBOT = load_robot('go2')
INPUTS = ('camera/front', 'scan', 'joints')


class Plugin:
    """Answers what it is given, or raises it."""

    def __init__(self, answer):
        self.answer, self.resets = answer, 0

    def infer(self, observation):
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer

    def step(self, observation, dt_s):
        return self.infer(observation)

    def encode(self, frame):
        return self.infer(frame)

    def reset(self):
        self.resets += 1


def test_the_still_observation_has_the_robots_sizes():
    observation = still_observation(ROBOT, INPUTS)
    camera = ROBOT.camera('front')
    assert observation.images['front'].pixels.shape == (camera.height, camera.width, 3)
    assert len(observation.scan.ranges) == ROBOT.scan.rays
    np.testing.assert_array_equal(observation.joints.position, ROBOT.default_pose)
    assert not observation.scan.valid().any()


def test_features_have_a_size_that_only_their_encoder_knows():
    assert still_observation(ROBOT, ('features/x',)) is None


def test_a_good_plugin_is_asked_once_and_reset():
    policy = Plugin(ActionChunk(0, 1, np.zeros((4, 3))))
    check_policy(policy, still_observation(ROBOT, INPUTS), 'x')
    controller = Plugin(JointCommand(0, position=ROBOT.default_pose))
    check_controller(controller, ROBOT, 'x')
    check_encoder(Plugin(Features(0, np.zeros((2, 3)))), ROBOT.camera('front'), 'x')
    assert (policy.resets, controller.resets) == (1, 1)


@pytest.mark.parametrize(
    ('answer', 'words'),
    [
        (RuntimeError('boom'), 'fails on a first observation'),
        (None, 'answers a NoneType'),
        (ActionChunk(0, 1, np.zeros((4, 7))), r'\(4, 7\), expected finite \(H, 3\)'),
        (ActionChunk(0, 1, np.full((4, 3), np.nan)), 'expected finite'),
    ],
)
def test_a_policy_that_cannot_be_followed_is_refused(answer, words):
    with pytest.raises(PluginError, match=words):
        check_policy(Plugin(answer), still_observation(ROBOT, INPUTS), 'x')


@pytest.mark.parametrize(
    ('answer', 'words'),
    [
        (RuntimeError('boom'), 'fails on a first step'),
        ('stand', 'answers a str'),
        (JointCommand(0, position=np.zeros(11)), '11 joints by position, the robot has 12'),
        (JointCommand(0, effort=np.full(12, np.inf)), 'commands effort that is not finite'),
    ],
)
def test_a_controller_that_cannot_be_followed_is_refused(answer, words):
    with pytest.raises(PluginError, match=words):
        check_controller(Plugin(answer), ROBOT, 'x')


@pytest.mark.parametrize(
    'answer', [RuntimeError('boom'), None, Features(0, np.full((1, 1), np.nan))]
)
def test_an_encoder_that_cannot_be_used_is_refused(answer):
    with pytest.raises(PluginError, match='encoder x'):
        check_encoder(Plugin(answer), ROBOT.camera('front'), 'x')


def test_the_still_robot_is_upright_and_told_to_stand():
    observation = still_locomotion_observation(ROBOT)
    assert observation.command.is_zero
    assert observation.imu.orientation.tolist() == [0.0, 0.0, 0.0, 1.0]
