# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""What nodes find in their environment."""

import pytest
from robot_policies.bringup.environment import (
    node_environment,
    PROFILE_VARIABLES,
    THREAD_VARIABLES,
)


def test_one_thread_per_matrix_and_the_profile_with_room_for_images():
    env = node_environment({}, {}, '/x.xml', '/local.xml')
    assert {env[name] for name in THREAD_VARIABLES} == {'1'}
    assert env['FASTRTPS_DEFAULT_PROFILES_FILE'] == '/x.xml'
    assert env['FASTDDS_DEFAULT_PROFILES_FILE'] == '/x.xml'


def test_what_the_user_set_wins_over_the_stack_and_the_defaults():
    user = {'MUJOCO_GL': 'osmesa', 'RANGE': 'SUBNET', 'OMP_NUM_THREADS': ''}
    env = node_environment(user, {'RANGE': 'LOCALHOST', 'OTHER': 'x'}, '/x.xml', '/local.xml')
    assert (env['MUJOCO_GL'], env['RANGE'], env['OTHER']) == ('osmesa', 'SUBNET', 'x')
    assert env['OMP_NUM_THREADS'] == '1'  # set to nothing is not set


RANGE = 'ROS_AUTOMATIC_DISCOVERY_RANGE'


def test_on_this_machine_only_is_said_by_the_profile():
    """ROS's own range would add transports with the defaults that the profile avoids."""
    env = node_environment({}, {RANGE: 'LOCALHOST'}, '/x.xml', '/local.xml')
    assert env[RANGE] == 'SYSTEM_DEFAULT'
    assert {env[name] for name in PROFILE_VARIABLES} == {'/local.xml'}


@pytest.mark.parametrize(
    'user',
    [
        {RANGE: 'SUBNET'},
        {'RMW_IMPLEMENTATION': 'rmw_cyclonedds_cpp'},
        {PROFILE_VARIABLES[0]: '/own.xml'},
    ],
)
def test_another_range_middleware_or_profile_of_the_user_is_left_alone(user):
    env = node_environment(user, {RANGE: 'LOCALHOST'}, '/x.xml', '/local.xml')
    assert env[RANGE] == user.get(RANGE, 'LOCALHOST')
    assert env[PROFILE_VARIABLES[0]] == user.get(PROFILE_VARIABLES[0], '/x.xml')
