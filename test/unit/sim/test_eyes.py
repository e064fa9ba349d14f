# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Cameras and scan on a copy of the state."""

from dataclasses import replace

import numpy as np
import pytest
from robot_policies.sim.eyes import Eyes, Glimpse
from robot_policies.sim.look import Look
from robot_policies.sim.sensors import NoiseConfig
from robot_policies.sim.simulator import Simulator, StageBuilder
from robot_policies.sim.world import World, WorldObject

FREE = World('test', 0, 12.0, 12.0, 0.7, (0.0, 0.0, 0.0), Look())
WITH_BALL = replace(FREE, objects=(WorldObject('red', 'ball', 'large', 2.5, 0.0),))


@pytest.fixture
def eyes(go2):
    eyes = Eyes(go2, NoiseConfig(scan_m=0.0))
    yield eyes
    eyes.close()


@pytest.fixture(scope='module')
def builder(go2):
    return StageBuilder(go2)


def reds(image):
    pixels = image.pixels.astype(int)
    return int(((pixels[..., 0] > 100) & (pixels[..., 1] < 60)).sum())


def test_they_see_the_moment_that_they_are_given_and_not_a_later_one(go2, builder, eyes):
    stage = builder.build(WITH_BALL)
    simulator = Simulator(go2, stage)
    glimpse = Glimpse(stage, simulator.data.qpos.copy(), 5)
    simulator.data.qpos[3:7] = 0.0, 0.0, 0.0, 1.0  # it turns its back
    image = eyes.image(glimpse, 'front')
    assert image.stamp_ns == 5
    assert reds(image) > 500
    assert reds(eyes.image(Glimpse(stage, simulator.data.qpos.copy(), 6), 'front')) == 0


def test_they_go_to_another_stage_with_the_glimpse(go2, builder, eyes):
    counts, ahead = [], []
    for world in (WITH_BALL, FREE, WITH_BALL):
        stage = builder.build(world)
        glimpse = Glimpse(stage, Simulator(go2, stage).data.qpos.copy(), 0)
        counts.append(reds(eyes.image(glimpse, 'front')))
        ahead.append(eyes.scan(glimpse).ranges[go2.scan.rays // 2])
    assert counts[0] == counts[2] > 500
    assert counts[1] == 0
    assert ahead[0] == pytest.approx(2.2, abs=0.1)
    assert ahead[1] == pytest.approx(6.0, abs=0.05)


def test_with_noise_no_two_images_of_a_scene_are_the_same(go2, builder):
    stage = builder.build(WITH_BALL)
    glimpse = Glimpse(stage, Simulator(go2, stage).data.qpos.copy(), 0)
    seen = {}
    for noise in (0.0, 2.0):
        eyes = Eyes(go2, NoiseConfig(pixel=noise))
        seen[noise] = [eyes.image(glimpse, 'front').pixels.astype(int) for _ in range(2)]
        eyes.close()
    assert (seen[0.0][0] == seen[0.0][1]).all()
    off = seen[2.0][0] - seen[0.0][0]
    inside = (seen[0.0][0] > 10) & (seen[0.0][0] < 245)
    assert np.std(off[inside]) == pytest.approx(2.0, rel=0.1)
    assert (seen[2.0][0] != seen[2.0][1]).mean() > 0.5


def test_the_image_has_the_size_of_the_robots_camera(go2, builder, eyes):
    stage = builder.build(FREE)
    image = eyes.image(Glimpse(stage, Simulator(go2, stage).data.qpos.copy(), 0), 'front')
    camera = go2.camera('front')
    assert image.pixels.shape == (camera.height, camera.width, 3)
    assert not image.pixels.flags.writeable
    assert isinstance(image.pixels, np.ndarray)
