# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Two stacks in two namespaces of one domain: two robots, neither of which hears the other."""

from contextlib import ExitStack
import signal

import numpy as np
import pytest
from robot_policies.resources import read_yaml, share_dir
from robot_policies.ros import topics
from robot_policies.ros.codecs.diagnostics import status_values
from running_stack import RunningStack
import yaml

pytestmark = [pytest.mark.ros, pytest.mark.slow]
# two worlds on two cores: slower than real time
WORDS = ('real_time_factor:=0.5', 'world:=empty')
NODES = ('sim', 'safety', 'locomotion')


@pytest.fixture
def robots(ros_domain, tmp_path):
    shipped = read_yaml(share_dir() / 'config' / 'stacks' / 'go2_mujoco.yaml')
    nodes = [node for node in shipped['nodes'] if node['name'] in NODES]
    stack = tmp_path / 'driven_by_hand.yaml'
    stack.write_text(yaml.safe_dump({**shipped, 'nodes': nodes}))
    with ExitStack() as held:
        made = []
        for name in ('robot_a', 'robot_b'):
            made.append(RunningStack(tmp_path / name, *WORDS, namespace=name, stack=stack))
            held.callback(made[-1].close)
        yield made


def _latched(robot):
    status = robot.latest.get(topics.SAFETY_STATUS.name)
    return status is not None and status_values(status)['latched'] == 'true'


def _drives(robot, metres):
    """Return a condition: the robot, which is driven each time, has come so far from here."""
    start = robot.position()

    def condition():
        robot.drive(0.5)
        return np.linalg.norm(robot.position() - start) > metres

    return condition


def test_each_robot_does_what_it_alone_is_told(robots):
    walker, stander = robots
    for robot in robots:
        robot.until(robot.stands, 240, 'standing up')
    start = stander.position()
    walker.until(_drives(walker, 0.5), 120, 'walking')
    stander.press()
    stander.until(lambda: _latched(stander), 60, 'a latch')
    # it may shift its feet as it rises and sinks
    shifted = np.linalg.norm(stander.position() - start)
    assert shifted < 0.2, f'it was not told to walk, and came {shifted:.2f} m'
    walker.until(_drives(walker, 0.3), 120, 'walking on')
    assert not _latched(walker)
    for robot in robots:
        robot.process.send_signal(signal.SIGINT)
    assert [robot.process.wait(timeout=120) for robot in robots] == [0, 0]
