# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""A shipped stack as a user starts it, and somebody who listens to its robot."""

import subprocess
import sys
import threading
import time

import numpy as np
import rclpy
from rclpy.executors import SingleThreadedExecutor
from robot_policies.evaluation.faults.patience import PATIENT
from robot_policies.resources import read_yaml, share_dir
from robot_policies.ros import topics
from robot_policies.ros.codecs.diagnostics import status_values

ARENA = read_yaml(share_dir() / 'config' / 'worlds' / 'arena.yaml')
BALL = next(np.array([i['x_m'], i['y_m']]) for i in ARENA['items'] if i['colour'] == 'red')
STANDS_M = 0.25
_LOG_TAIL = 3000
_HEARD = (
    *(topics.JOINT_COMMAND, topics.SIM_GROUND_TRUTH),
    *(topics.POLICY_STATUS, topics.SAFETY_STATUS),
)


class RunningStack:
    """`robot-policies up` with its output, and somebody who listens to the robot."""

    def __init__(self, folder, *words, namespace='', stack='go2_mujoco'):
        self.folder = folder
        self.output = ''
        words = [*words, f'runs:={folder / "runs"}', f'namespace:={namespace}']
        for node, values in PATIENT.items():
            words += [f'{node}.{name}:={value}' for name, value in values.items()]
        self.process = subprocess.Popen(
            [sys.executable, '-m', 'robot_policies.cli', 'up', str(stack), *words],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        threading.Thread(target=self._read, daemon=True).start()
        self.context = rclpy.Context()
        rclpy.init(context=self.context)
        self.node = rclpy.create_node('somebody', context=self.context, namespace=namespace)
        self._executor = SingleThreadedExecutor(context=self.context)
        self._executor.add_node(self.node)
        self.latest = {}
        for topic in _HEARD:
            self.node.create_subscription(
                topic.type,
                topic.name,
                lambda message, name=topic.name: self.latest.__setitem__(name, message),
                topic.qos,
            )
        said = (topics.INSTRUCTION, topics.SAFETY_ESTOP, topics.TELEOP_CMD_VEL)
        self._said = {t.name: self.node.create_publisher(t.type, t.name, t.qos) for t in said}

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
            assert time.monotonic() < deadline, f'{what} did not come true:\n{self._story()}'

    def _story(self):
        """What a reader needs who was not there: the last messages, the output, and the logs."""
        parts = [f'{name}: {self.latest.get(name)}' for name in (t.name for t in _HEARD)]
        logs = sorted(self.folder.glob('runs/*/logs/*'))
        tails = [f'{log.name}:\n{log.read_text()[-_LOG_TAIL:]}' for log in logs]
        return '\n'.join([*parts, self.output, *tails])

    def say(self, text):
        """Give an instruction."""
        self._said[topics.INSTRUCTION.name].publish(topics.INSTRUCTION.type(data=text))

    def drive(self, speed):
        """Ask once, as a person would, for a speed forward (m/s)."""
        message = topics.TELEOP_CMD_VEL.type()
        message.header.stamp = self.latest[topics.JOINT_COMMAND.name].header.stamp
        message.twist.linear.x = speed
        self._said[topics.TELEOP_CMD_VEL.name].publish(message)

    def press(self):
        """Press the e-stop."""
        self._said[topics.SAFETY_ESTOP.name].publish(topics.SAFETY_ESTOP.type(data=True))

    def is_up(self):
        """Whether the robot's state is known and it is commanded with stiffness."""
        command = self.latest.get(topics.JOINT_COMMAND.name)
        known = topics.SIM_GROUND_TRUTH.name in self.latest
        return known and command is not None and len(command.position) == len(command.name)

    def stands(self):
        """Whether the robot has risen; a latched one fails the test, for nobody would reset it."""
        status = self.latest.get(topics.SAFETY_STATUS.name)
        values = {} if status is None else status_values(status)
        assert values.get('phase') != 'latched', f'it will not rise:\n{self._story()}'
        risen = values.get('phase') == 'engaged' and values.get('check') != 'EngageRamp'
        truth = self.latest.get(topics.SIM_GROUND_TRUTH.name)
        return risen and self.is_up() and truth.pose.pose.position.z > STANDS_M

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
