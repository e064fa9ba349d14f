# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""The camera that follows the robot for films."""

import mujoco
import numpy as np
import pytest
from robot_policies.sim.film import ChaseCamera
from robot_policies.sim.look import Look
from robot_policies.sim.simulator import StageBuilder
from robot_policies.sim.world import World

QUICK = {'samples': 0, 'shadow_size': 0}
WORLD = World('test', 0, 60.0, 60.0, 0.0, (0.0, 0.0, 0.0), Look())


@pytest.fixture(scope='module')
def model(go2):
    return StageBuilder(go2, visual=True).build(WORLD).model


def state(model, go2, x, y, yaw):
    data = mujoco.MjData(model)
    data.qpos[:3] = x, y, go2.body.standing_height_m
    data.qpos[3:7] = np.cos(yaw / 2.0), 0.0, 0.0, np.sin(yaw / 2.0)
    data.qpos[7:] = go2.default_pose
    mujoco.mj_forward(model, data)
    return data


def robot_pixels(frame):
    """Rows and columns of what is as bright as the robot; the floor is darker, the sky blue."""
    grey = frame.astype(int)
    return np.argwhere((grey.min(axis=2) > 170) & (np.ptp(grey, axis=2) < 30))


def test_the_robot_is_in_the_middle_wherever_it_goes(model, go2):
    camera = ChaseCamera(model, 160, 120, swing=1.0, **QUICK)
    for pose in ((0.0, 0.0, 0.0), (5.0, -3.0, 0.0), (5.0, -3.0, 2.5)):
        pixels = robot_pixels(camera.frame(state(model, go2, *pose)))
        assert len(pixels) > 100
        assert pixels.mean(axis=0) == pytest.approx([60, 80], abs=14)
    camera.close()


def test_it_swings_round_softly(model, go2):
    # A turn of the robot moves a soft camera only part of the way, so the picture differs from
    # that of a rigid one at first and no longer after many frames.
    soft, rigid = (ChaseCamera(model, 80, 60, swing=swing, **QUICK) for swing in (0.3, 1.0))
    for camera in (soft, rigid):
        camera.frame(state(model, go2, 0.0, 0.0, 0.0))
    turned = state(model, go2, 0.0, 0.0, 1.5)
    target = rigid.frame(turned).astype(int)
    first = np.abs(soft.frame(turned).astype(int) - target).mean()
    for _ in range(9):
        last = np.abs(soft.frame(turned).astype(int) - target).mean()
    assert last < 0.5 * first
    soft.close()
    rigid.close()
