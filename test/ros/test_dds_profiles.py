# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""The shipped DDS profiles in the real middleware: the transports of a process, and who hears."""

import json
import subprocess
import sys

import pytest
from robot_policies.bringup.environment import LOCAL_ONLY
from robot_policies.evaluation.bench.processes import environment, of_control

pytestmark = pytest.mark.ros
THREADS = """
import json, pathlib, rclpy
rclpy.init()
node = rclpy.create_node('somebody')
names = [path.read_text().strip() for path in pathlib.Path('/proc/self/task').glob('*/comm')]
print(json.dumps(names))
"""
SAYS = """
import rclpy, time
from std_msgs.msg import String
rclpy.init()
node = rclpy.create_node('says')
publisher = node.create_publisher(String, 'words', 1)
while True:
    publisher.publish(String(data='here'))
    time.sleep(0.05)
"""
HEARS = """
import rclpy
from std_msgs.msg import String
rclpy.init()
node = rclpy.create_node('hears')
heard = []
node.create_subscription(String, 'words', heard.append, 1)
while not heard:
    rclpy.spin_once(node)
print(heard[0].data)
"""


def uses_shared_memory(env):
    done = subprocess.run(
        [sys.executable, '-c', THREADS], env=env, check=True, capture_output=True, timeout=60
    )
    return any(name.startswith('dds.shm') for name in json.loads(done.stdout))


def test_a_control_loop_has_no_shared_memory_and_others_have():
    env = environment()
    assert uses_shared_memory(env)
    assert not uses_shared_memory(of_control(env))


def test_the_discovery_range_of_ros_would_bring_it_back():
    """Why the profile says that processes are found on this machine only."""
    assert uses_shared_memory({**of_control(environment()), **LOCAL_ONLY})


@pytest.mark.parametrize('tool', ['with the profiles', 'without', 'of one machine'])
def test_a_control_loop_is_heard_by_whoever_joins(tool):
    env = environment()
    plain = {**environment(profile=False), 'ROS_DOMAIN_ID': env['ROS_DOMAIN_ID']}
    anybody = {k: v for k, v in plain.items() if k not in LOCAL_ONLY}
    joins = {'with the profiles': env, 'without': anybody, 'of one machine': plain}[tool]
    says = subprocess.Popen([sys.executable, '-c', SAYS], env=of_control(env))
    try:
        done = subprocess.run(
            [sys.executable, '-c', HEARS],
            check=False,
            env=joins,
            capture_output=True,
            text=True,
            timeout=60,
        )
    finally:
        says.kill()
        says.wait()
    assert done.stdout.strip() == 'here', done.stderr
