# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""The shipped stack as a user starts it: it comes up, walks to what it is told, and ends.

One stack serves all tests of this file, in their order; the last one ends it.
"""

import json
import os
from pathlib import Path
import re
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request

import numpy as np
import psutil
import pytest
import rclpy
from rclpy.executors import SingleThreadedExecutor
from robot_policies.core.trace_window import TraceWindow
from robot_policies.data.observation_replay import replay_observations
from robot_policies.data.trace_reader import read_spans
from robot_policies.evaluation.faults.patience import PATIENT
from robot_policies.resources import load_robot, read_yaml, share_dir
from robot_policies.ros import topics

# Slower than real time, so that a busy machine keeps up and the test judges what is done, not
# how fast.
FACTOR = 0.5
DOMAIN = 60 + os.getpid() % 40
ARENA = read_yaml(share_dir() / 'config' / 'worlds' / 'arena.yaml')
START = np.array(ARENA['arena']['start'][:2])
BALL = next(np.array([i['x_m'], i['y_m']]) for i in ARENA['items'] if i['colour'] == 'red')


class RunningStack:
    """`robot-policies up` with its output, and somebody who listens to the robot."""

    def __init__(self, folder, port):
        self.folder = folder
        self.output = ''
        words = [f'runs:={folder / "runs"}', f'port:={port}', f'real_time_factor:={FACTOR}']
        for node, values in PATIENT.items():
            words += [f'{node}.{name}:={value}' for name, value in values.items()]
        self.process = subprocess.Popen(
            [sys.executable, '-m', 'robot_policies.cli', 'up', 'go2_mujoco', *words],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        threading.Thread(target=self._read, daemon=True).start()
        self.context = rclpy.Context()
        rclpy.init(context=self.context)
        self.node = rclpy.create_node('somebody', context=self.context)
        self._executor = SingleThreadedExecutor(context=self.context)
        self._executor.add_node(self.node)
        self.latest = {}
        for topic in (topics.JOINT_COMMAND, topics.SIM_GROUND_TRUTH, topics.POLICY_STATUS):
            self.node.create_subscription(
                topic.type,
                topic.name,
                lambda message, name=topic.name: self.latest.__setitem__(name, message),
                topic.qos,
            )
        topic = topics.INSTRUCTION
        self._instruction = self.node.create_publisher(topic.type, topic.name, topic.qos)

    def _read(self):
        for line in self.process.stdout:
            self.output += line

    def until(self, condition, timeout_s, what):
        """Listen until `condition()`; fail with the output of the stack."""
        deadline = time.monotonic() + timeout_s
        while not condition():
            self._executor.spin_once(timeout_sec=0.1)
            ended = self.process.poll()
            assert ended is None, f'the stack ended with {ended}:\n{self.output}'
            assert time.monotonic() < deadline, f'{what} did not come true:\n{self.output}'

    def say(self, text):
        """Give an instruction."""
        self._instruction.publish(topics.INSTRUCTION.type(data=text))

    def position(self):
        """Where the robot is, (2,) m."""
        point = self.latest[topics.SIM_GROUND_TRUTH.name].pose.pose.position
        return np.array([point.x, point.y])

    def close(self):
        """End everything."""
        self._executor.shutdown()
        self.node.destroy_node()
        self.context.shutdown()
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()


@pytest.fixture(scope='module')
def stack(tmp_path_factory):
    before = dict(os.environ)
    os.environ |= {'ROS_DOMAIN_ID': str(DOMAIN), 'ROS_AUTOMATIC_DISCOVERY_RANGE': 'LOCALHOST'}
    with socket.socket() as taken:
        taken.bind(('127.0.0.1', 0))
        taken.listen()
        running = RunningStack(tmp_path_factory.mktemp('stack'), taken.getsockname()[1])
        running.taken = taken.getsockname()[1]
        yield running
    running.close()
    os.environ.clear()
    os.environ.update(before)


def test_it_comes_up_with_the_page_at_the_next_port_if_its_own_is_taken(stack):
    stack.until(lambda: 'ready after' in stack.output, 240, 'being ready')
    (url,) = re.findall(r'ready after .*: (http://\S+)', stack.output)
    assert int(url.rsplit(':', 1)[1]) > stack.taken
    assert str(stack.taken) in stack.output, 'that the port was taken is not said'
    with urllib.request.urlopen(url, timeout=30) as page:
        assert page.status == 200


def test_the_robot_is_commanded_and_stands(stack):
    name = topics.JOINT_COMMAND.name
    stack.until(lambda: name in stack.latest, 60, 'a joint command')
    assert len(stack.latest[name].name) == 12
    stack.until(lambda: len(stack.latest[name].position), 60, 'a command with stiffness')


def test_it_walks_towards_what_it_is_told(stack):
    stack.until(lambda: topics.SIM_GROUND_TRUTH.name in stack.latest, 30, 'ground truth')
    far = np.linalg.norm(BALL - stack.position())
    stack.say('walk to the red ball')
    stack.until(
        lambda: np.linalg.norm(BALL - stack.position()) < far - 1.0, 180, 'a metre towards it'
    )


def test_what_it_does_not_understand_it_says_and_stands(stack):
    stack.say('sing a song about mathematics')
    name = topics.POLICY_STATUS.name
    stack.until(lambda: 'understand' in stack.latest[name].message, 60, 'the answer')


def test_it_ends_on_ctrl_c_with_a_run_that_can_be_read(stack):
    children = psutil.Process(stack.process.pid).children(recursive=True)
    assert len(children) >= 6
    stack.process.send_signal(signal.SIGINT)
    assert stack.process.wait(timeout=240) == 0, stack.output
    _, alive = psutil.wait_procs(children, timeout=5)
    assert not alive
    (run,) = Path(stack.folder, 'runs').iterdir()
    summary = json.loads((run / 'summary.json').read_text())
    assert summary['instructions'][0]['text'] == 'walk to the red ball'
    assert (run / 'recording.mcap').stat().st_size > 100_000
    assert (run / 'overview.png').is_file()
    trace = TraceWindow()
    trace.add(read_spans(run / 'recording.mcap'))
    trace.finish()
    routes = {route.name: route for route in trace.routes()}
    assert routes['camera/front/image_raw'].reaction.count, trace.broken
    assert routes['joint_states'].reaction.count > 10, trace.broken
    seen = list(replay_observations(run / 'recording.mcap', load_robot('go2')))
    assert seen
    same = sum(item.is_same for item in seen)
    assert same > 0.5 * len(seen), 'more than a busy machine loses on the way to the recorder'
