# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Where the spheres are, against another engine; and how joints move them, against differences."""

import mujoco
import numpy as np
import pytest
from robot_policies.core.errors import ConfigError
from robot_policies.core.robot import RobotSpec
from robot_policies.core.sphere_chain import LinkSpec, SphereChain, SphereSpec
from robot_policies.resources import find, load_robot, read_yaml
from robot_policies.sim.collision_spheres import sections
from robot_policies.sim.robot_model import build_robot_spec
import yaml

ROBOT = load_robot('go2')
CHAIN = SphereChain(ROBOT.joint_names, ROBOT.links, ROBOT.spheres)


def poses(count, seed=0):
    rng = np.random.default_rng(seed)
    lower, upper = ROBOT.per_joint('lower'), ROBOT.per_joint('upper')
    return rng.uniform(lower, upper, (count, len(lower)))


@pytest.fixture(scope='module')
def engine():
    model = build_robot_spec(ROBOT).compile()
    data = mujoco.MjData(model)

    def at(position):
        mujoco.mj_resetData(model, data)
        data.qpos[:7] = [0, 0, 1.0, 1, 0, 0, 0]
        data.qpos[7:] = position
        mujoco.mj_forward(model, data)
        return model, data

    return at


def test_the_feet_are_where_the_physics_engine_puts_them(engine):
    feet = [
        max(
            (i for i, s in enumerate(ROBOT.spheres) if s.link == f'{leg}_calf_joint'),
            key=lambda i: -ROBOT.spheres[i].centre[2],
        )
        for leg in ('FL', 'FR', 'RL', 'RR')
    ]
    for position in poses(20):
        _, data = engine(position)
        expected = [data.site(foot).xpos - [0, 0, 1.0] for foot in ROBOT.body.feet]
        np.testing.assert_allclose(CHAIN.posture(position).centres[feet], expected, atol=2e-4)


def test_legs_that_touch_in_the_physics_engine_are_near_in_the_spheres(engine):
    """Grooves and rounded ends are the only difference; 3 cm bounds them for every contact."""
    touching = 0
    for position in poses(300, seed=1):
        model, data = engine(position)
        links = {
            frozenset(model.geom_bodyid[[c.geom1, c.geom2]].tolist())
            for c in data.contact
            if c.dist < 0
        }
        if links:
            touching += 1
            assert CHAIN.gaps(CHAIN.posture(position)).min() < 0.03
    assert touching > 30


def test_a_robot_in_its_default_pose_touches_itself_nowhere():
    assert CHAIN.gaps(CHAIN.posture(ROBOT.default_pose)).min() > 0.05


def test_the_gradient_is_the_slope_of_the_gap():
    for position in poses(5, seed=2):
        posture = CHAIN.posture(position)
        pairs = CHAIN.nearest(CHAIN.gaps(posture), 14)
        rows = CHAIN.gradients(posture, pairs)
        for joint, step in enumerate(np.eye(len(position)) * 1e-6):
            after = CHAIN.gaps(CHAIN.posture(position + step))[pairs]
            before = CHAIN.gaps(CHAIN.posture(position - step))[pairs]
            np.testing.assert_allclose(rows[:, joint], (after - before) / 2e-6, atol=1e-6)


def test_the_nearest_pairs_are_of_different_links_and_hold_the_very_nearest():
    gaps = CHAIN.gaps(CHAIN.posture(poses(1, seed=3)[0]))
    pairs = CHAIN.nearest(gaps, 14)
    links = [CHAIN.pair_links(pair) for pair in pairs]
    assert len(set(links)) == 14
    assert gaps[pairs].min() == gaps.min()


def test_the_sections_in_the_yaml_are_those_of_the_description():
    made = yaml.safe_load(sections(ROBOT))
    shipped = read_yaml(find('robots', 'go2'))
    assert made == {key: shipped[key] for key in ('links', 'spheres')}


@pytest.mark.parametrize(
    ('change', 'words'),
    [
        ({'links': []}, 'has no link'),
        ({'spheres': [{'link': 'tail', 'centre': [0, 0, 0], 'radius_m': 0.1}]}, 'tail'),
        ({'spheres': [{'centre': [0, 0], 'radius_m': 0.1}]}, 'three numbers'),
    ],
)
def test_a_robot_whose_geometry_does_not_fit_is_refused_with_what_is_wrong(change, words):
    values = read_yaml(find('robots', 'go2')) | change
    with pytest.raises(ConfigError, match=words):
        RobotSpec.from_mapping(values, where='go2.yaml')


def test_a_loop_of_links_is_refused():
    links = [
        LinkSpec(joint='a', parent='b', origin=(0, 0, 0), axis=(1, 0, 0)),
        LinkSpec(joint='b', parent='a', origin=(0, 0, 0), axis=(1, 0, 0)),
    ]
    with pytest.raises(ValueError, match='loop'):
        SphereChain(('a', 'b'), links, [SphereSpec(centre=(0, 0, 0), radius_m=0.1)])
