# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""The drawn robot has the joints of the real one."""

import math

import mujoco
import numpy as np
import pytest
from robot_policies import resources
from robot_policies.core.errors import ConfigError
from robot_policies.core.rotations import rotate
from robot_policies.dashboard.mesh_files import mesh_file
from robot_policies.dashboard.robot_shape import Link, load_robot_shape


@pytest.fixture(scope='module')
def robot():
    return resources.load_robot('go2')


@pytest.fixture(scope='module')
def links(robot):
    return load_robot_shape(resources.description_path(robot))


def test_every_joint_of_the_robot_moves_a_drawn_link(robot, links):
    assert {link.joint for link in links if link.joint} == set(robot.joint_names)


def test_parents_come_before_their_children(links):
    seen = {''}
    for link in links:
        assert link.parent in seen
        seen.add(link.name)


def test_meshes_have_colours_that_can_be_told_from_the_background(links):
    parts = [part for link in links for part in link.parts]
    assert len(parts) > 12
    assert all(max(part.colour) >= 28 for part in parts)
    assert len({part.colour for part in parts}) > 2


def test_feet_are_where_the_simulator_has_them(robot, links):
    # an independent reader of the same description
    model = mujoco.MjModel.from_xml_string(_joints_only(robot))
    data = mujoco.MjData(model)
    pose = robot.default_pose + 0.2
    for name, value in zip(robot.joint_names, pose, strict=True):
        data.qpos[model.joint(name).qposadr[0]] = value
    mujoco.mj_forward(model, data)
    drawn = _positions(links, dict(zip(robot.joint_names, pose, strict=True)))
    for calf in ('FL_calf', 'RR_calf'):
        np.testing.assert_allclose(drawn[calf], data.body(calf).xpos, atol=1e-6)


def test_a_sliding_joint_moves_along_its_axis_as_it_is_turned():
    quarter = np.array([0.0, 0.0, math.sin(math.pi / 4), math.cos(math.pi / 4)])
    link = Link('l', 'p', 'j', np.array([1.0, 0, 0]), quarter, np.array([1.0, 0, 0]), True, ())
    position, orientation = link.pose(0.5)
    np.testing.assert_allclose(position, [1.0, 0.5, 0.0], atol=1e-9)
    np.testing.assert_allclose(orientation, quarter)


def test_a_mesh_that_is_not_installed_is_named(tmp_path):
    with pytest.raises(ConfigError, match=r'nowhere\.dae is not installed'):
        mesh_file(tmp_path / 'a.urdf', 'package://x/nowhere.dae')


def test_a_broken_description_is_one_error(tmp_path):
    broken = tmp_path / 'broken.urdf'
    broken.write_text('<robot name="x"><link name="a"><visual>')
    with pytest.raises(ConfigError, match='cannot be drawn'):
        load_robot_shape(broken)


def _joints_only(robot):
    from robot_policies.sim.description import load_description, without_shapes

    return without_shapes(load_description(robot).xml)


def _positions(links, values):
    frames = {'': (np.zeros(3), np.array([0.0, 0.0, 0.0, 1.0]))}
    for link in links:
        base, turned = frames[link.parent]
        position, orientation = link.pose(values.get(link.joint, 0.0))
        frames[link.name] = (base + rotate(turned, position), _product(turned, orientation))
    return {name: position for name, (position, _) in frames.items()}


def _product(a, b):
    vector = a[3] * b[:3] + b[3] * a[:3] + np.cross(a[:3], b[:3])
    return np.append(vector, a[3] * b[3] - a[:3] @ b[:3])
