# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""The processes that measurements are made with do what the measurements take for granted."""

import pytest
from robot_policies.evaluation.bench import command_age, image_path
from robot_policies.evaluation.bench.processes import ask, BenchError, environment, running

pytestmark = pytest.mark.ros
ROBOT = 'robot_policies.ros.probes.standing_robot'


def test_ages_come_through_two_relays_once_per_joint_state():
    env = environment()
    with running(command_age.WAYS['echo_on_arrival'], env):
        answer = ask((ROBOT, '--settle', '3', '--seconds', '1'), env, 60.0)
    ages = answer['ages_ms']
    assert 20 < len(ages) <= 250, 'at most one for each of 200 joint states a second'
    assert all(age > 0.0 for age in ages)


def test_nobody_between_means_no_ages():
    answer = ask((ROBOT, '--settle', '0', '--seconds', '0.5'), environment(), 60.0)
    assert answer['ages_ms'] == []


def test_images_arrive_with_the_shipped_profile():
    answer = image_path._round(reliable=True, shipped=True, seconds=1.0)
    assert answer['received'] > 0
    assert answer['received'] <= answer['expected']


def test_a_probe_that_fails_or_hangs_is_an_error_and_is_ended():
    with pytest.raises(BenchError, match='exit status'):
        ask(('robot_policies.ros.probes.relay',), environment(), 30.0)
    with pytest.raises(BenchError, match='did not end'):
        ask(('robot_policies.ros.probes.relay', 'a', 'b'), environment(), 2.0)
