# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""The legless robot: follows commands with a lag, sways, and notices what it hits."""

import numpy as np
import pytest
from robot_policies.core.rotations import tilt, yaw
from robot_policies.sim.look import Look
from robot_policies.sim.puppet import Puppet, PuppetConfig
from robot_policies.sim.sight import visible_shares
from robot_policies.sim.world import Obstacle, World, WorldObject

WORLD = World('test', 0, 20.0, 20.0, 0.7, (0.0, 0.0, 0.0), Look())
EXACT = PuppetConfig(slip=0.0)


def drive(puppet, command, seconds, dt_s=0.02):
    for _ in range(round(seconds / dt_s)):
        puppet.step(np.array(command), dt_s)


def test_it_goes_where_it_is_told_less_the_lag(go2):
    puppet = Puppet(go2, config=EXACT)
    puppet.enter(WORLD)
    drive(puppet, [0.5, 0.0, 0.0], 4.0)
    # a first-order lag loses speed times its time constant
    assert puppet.pose == pytest.approx([0.5 * (4.0 - EXACT.lag_s), 0.0, 0.0], abs=0.01)


def test_a_step_size_does_not_change_the_path(go2):
    ends = []
    for dt_s in (0.1, 0.005):
        puppet = Puppet(go2, config=EXACT)
        puppet.enter(WORLD)
        drive(puppet, [0.6, 0.1, 0.8], 3.0, dt_s)
        ends.append(puppet.pose)
    assert ends[0] == pytest.approx(ends[1], abs=0.03)


def test_commands_are_clipped_to_what_the_robot_can_do(go2):
    puppet = Puppet(go2, config=EXACT)
    puppet.enter(WORLD)
    drive(puppet, [9.0, -9.0, 9.0], 3.0)
    body = go2.body
    assert puppet.velocity == pytest.approx(
        [body.max_vx, -body.max_vy, body.max_yaw_rate], abs=1e-3
    )


def test_it_sways_while_it_walks_and_not_while_it_stands(go2):
    puppet = Puppet(go2, config=EXACT)
    puppet.enter(WORLD)

    def tilts(command):
        values = []
        for _ in range(100):
            puppet.step(np.array(command), 0.02)
            values.append(float(tilt(puppet.base()[1])))
        return np.array(values[50:])

    assert tilts([0.0, 0.0, 0.0]).max() < 1e-3
    assert tilts([0.5, 0.0, 0.0]).max() > 0.01


def test_its_heading_is_that_of_its_quaternion(go2):
    puppet = Puppet(go2, config=EXACT)
    puppet.enter(WORLD)
    puppet.place(0.0, 0.0, 2.0)
    assert float(yaw(puppet.base()[1])) == pytest.approx(2.0)


def test_it_collides_when_its_front_gets_there_and_not_before(go2):
    wall_of_boxes = Obstacle('crate', 2.0, 0.0, 0.0, 0.2, 0.5, 0.8)
    puppet = Puppet(go2, config=EXACT)
    puppet.enter(
        World('t', 0, 20.0, 20.0, 0.7, (0.0, 0.0, 0.0), Look(), obstacles=(wall_of_boxes,))
    )
    puppet.place(1.8 - go2.body.footprint_front_m - 0.01, 0.0, 0.0)
    assert not puppet.collided
    puppet.place(1.8 - go2.body.footprint_front_m + 0.01, 0.0, 0.0)
    assert puppet.collided


def test_it_collides_with_walls(go2):
    puppet = Puppet(go2)
    puppet.enter(WORLD)
    puppet.place(9.9, 0.0, 0.0)
    assert puppet.collided


def test_the_seed_decides_how_it_slips(go2):
    ends = []
    for seed in (1, 1, 2):
        puppet = Puppet(go2)
        puppet.enter(WORLD, seed)
        drive(puppet, [0.5, 0.0, 0.3], 2.0)
        ends.append(tuple(puppet.pose))
    assert ends[0] == ends[1] != ends[2]


def test_without_a_renderer_it_is_blind(go2):
    puppet = Puppet(go2)
    puppet.enter(WORLD)
    with pytest.raises(RuntimeError, match='no renderer'):
        puppet.image('front')


BALL = WorldObject('red', 'ball', 'large', 3.0, 0.0)


@pytest.mark.parametrize(
    ('pose', 'obstacles', 'share'),
    [
        ((0.0, 0.0, 0.0), (), 1.0),
        ((0.0, 0.0, np.pi), (), 0.0),
        ((0.0, 0.0, 0.0), (Obstacle('pillar', 1.5, 0.0, 0.0, 0.4, 0.4, 1.0),), 0.0),
        ((0.0, 0.0, 0.0), (Obstacle('pillar', 1.5, 0.0, 0.0, 0.4, 0.4, 0.3),), 1.0),
        ((0.0, 0.0, 0.0), (Obstacle('pillar', 4.5, 0.0, 0.0, 0.4, 0.4, 1.0),), 1.0),
    ],
    ids=['ahead', 'behind', 'hidden', 'over something low', 'before something'],
)
def test_an_object_is_visible_ahead_and_not_behind_anything(go2, pose, obstacles, share):
    world = World('t', 0, 20.0, 20.0, 0.7, pose, Look(), (BALL,), obstacles)
    assert visible_shares(world, *pose, go2.camera('front')) == pytest.approx([share])


def test_an_object_at_the_edge_of_the_image_is_partly_visible(go2):
    world = World('t', 0, 20.0, 20.0, 0.7, (0.0, 0.0, 0.0), Look(), (BALL,))
    shares = [
        float(visible_shares(world, 0.0, 0.0, turn, go2.camera('front'))[0])
        for turn in np.linspace(0.0, 1.2, 60)
    ]
    assert shares[0] == 1.0
    assert shares[-1] == 0.0
    assert any(0.0 < share < 1.0 for share in shares)
