# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""What nodes find in their environment."""

from robot_policies.bringup.environment import node_environment, THREAD_VARIABLES


def test_one_thread_per_matrix_and_the_profile_with_room_for_images():
    env = node_environment({}, {}, '/x.xml')
    assert {env[name] for name in THREAD_VARIABLES} == {'1'}
    assert env['FASTRTPS_DEFAULT_PROFILES_FILE'] == '/x.xml'
    assert env['FASTDDS_DEFAULT_PROFILES_FILE'] == '/x.xml'


def test_what_the_user_set_wins_over_the_stack_and_the_defaults():
    user = {'MUJOCO_GL': 'osmesa', 'RANGE': 'SUBNET', 'OMP_NUM_THREADS': ''}
    env = node_environment(user, {'RANGE': 'LOCALHOST', 'OTHER': 'x'}, '/x.xml')
    assert (env['MUJOCO_GL'], env['RANGE'], env['OTHER']) == ('osmesa', 'SUBNET', 'x')
    assert env['OMP_NUM_THREADS'] == '1'  # set to nothing is not set
