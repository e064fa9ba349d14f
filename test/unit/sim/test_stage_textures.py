# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""The simulator's robot sees the same world as the puppet that policies are trained with."""

import numpy as np
from robot_policies.resources import load_robot
from robot_policies.sim.camera import CameraRenderer
from robot_policies.sim.layout import build_world
from robot_policies.sim.puppet import Puppet
from robot_policies.sim.simulator import Simulator, StageBuilder
from robot_policies.sim.world_spec import load_world


def test_the_camera_of_the_simulator_and_of_the_puppet_agree():
    robot, world = load_robot('go2'), build_world(load_world('arena'), 0)
    camera = robot.cameras[0]
    puppet = Puppet(robot, CameraRenderer(camera.width, camera.height))
    puppet.enter(world)
    simulator = Simulator(robot, StageBuilder(robot).build(world))
    renderer = CameraRenderer(camera.width, camera.height)
    renderer.attach(simulator.model)
    seen = renderer.render(simulator.data, camera.name).astype(float)
    expected = puppet.image(camera.name).astype(float)
    # a centimetre of height lies between the two; without textures it is many times as much
    assert np.abs(seen - expected).mean() < 5.0
    renderer.close()
