# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""A robot as data."""

from copy import deepcopy

import numpy as np
import pytest
from robot_policies.core.errors import ConfigError
from robot_policies.core.robot import RobotSpec
from robot_policies.resources import find, load_robot, names, read_yaml

GO2 = read_yaml(find('robots', 'go2'))


def problems(change) -> str:
    values = deepcopy(GO2)
    change(values)
    with pytest.raises(ConfigError) as caught:
        RobotSpec.from_mapping(values, where='mine.yaml')
    return str(caught.value)


@pytest.mark.parametrize('name', names('robots'))
def test_every_shipped_robot_can_be_read_and_stands_within_its_limits(name):
    robot = load_robot(name)
    assert robot.name == name
    assert (robot.per_joint('lower') <= robot.default_pose).all()
    assert (robot.default_pose <= robot.per_joint('upper')).all()
    assert (robot.per_joint('effort') > 0).all()
    assert robot.joint_map().names == robot.joint_names


def test_numbers_per_joint_are_in_the_robots_order_and_read_only():
    robot = load_robot('go2')
    assert robot.per_joint('upper')[robot.joint_names.index('FL_calf_joint')] == -0.83776
    assert not robot.default_pose.flags.writeable


def test_a_camera_that_is_not_there_is_named_with_those_that_are():
    with pytest.raises(KeyError, match="has no camera 'tail', it has front"):
        load_robot('go2').camera('tail')


def test_a_robot_without_scan_or_cameras_is_one_too():
    values = {key: value for key, value in GO2.items() if key not in ('scan', 'cameras')}
    robot = RobotSpec.from_mapping(values, where='')
    assert robot.scan is None
    assert robot.cameras == ()


@pytest.mark.parametrize(
    ('change', 'words'),
    [
        (lambda v: v.pop('joints'), 'joints is missing'),
        (lambda v: v.update(joints=[]), 'joints: at least one is needed'),
        (lambda v: v.update(joints={}), 'joints'),
        (lambda v: v.update(jonts=[]), 'jonts is unknown, known are name'),
        (lambda v: v['joints'].append(v['joints'][0]), 'FL_hip_joint is listed twice'),
        (lambda v: v['joints'][1].update(default=9.0), 'joints[1]'),
        (lambda v: v['joints'][2].update(default=0.0), 'default 0.0 is outside [-2.7227'),
        (lambda v: v['joints'][0].update(effort='strong'), "'strong' is a str, expected float"),
        (lambda v: v['joints'][0].update(stifness=1.0), 'did you mean stiffness?'),
        (lambda v: v['body'].pop('max_vx'), 'max_vx is missing'),
        (lambda v: v.update(body=None), 'body: expected a mapping'),
        (lambda v: v['cameras'][0].update(width=4), 'width: 4 is outside [8, 4096] px'),
        (lambda v: v['scan'].update(rays=2), 'rays: 2 is outside'),
    ],
)
def test_what_is_wrong_in_a_robot_is_told_with_its_place(change, words):
    told = problems(change)
    assert told.startswith('mine.yaml: ')
    assert words in told


def test_everything_wrong_is_told_at_once():
    def change(values):
        values['joints'][0]['effort'] = -1.0
        values['body']['max_vx'] = 'fast'
        values['colour'] = 'grey'

    told = problems(change)
    for words in ('effort: -1.0', "'fast' is a str", 'colour is unknown'):
        assert words in told


def test_the_go2s_pose_is_that_of_its_yaml():
    pose = load_robot('go2').default_pose
    np.testing.assert_allclose(pose[:3], [0.1, 0.8, -1.5])
