# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Real processes around a simulated robot, and somebody who watches and breaks them."""

from collections import deque
from pathlib import Path
import signal
import subprocess
import sys
import threading
import time

from geometry_msgs.msg import Vector3
import numpy as np
import rclpy
from rclpy.executors import SingleThreadedExecutor
from rclpy.node import Node
from rclpy.qos import QoSProfile
from robot_policies.core.data_types import VelocityCommand
from robot_policies.resources import share_dir
from robot_policies.ros import topics
from robot_policies.ros.codecs.base import velocity_to_msg
from robot_policies.ros.codecs.diagnostics import status_values
from robot_policies.ros.inputs import NotInExecutor

# A busy machine stops a process for longer than a fault may last; that the shipped limits are
# those of the contract is a unit test, that they hold is a benchmark.
PATIENT = {
    'safety': {
        'freshness.joint_states_s': 1.0,
        'freshness.imu_s': 1.0,
        'freshness.locomotion_s': 1.0,
        'freshness.basis_s': 1.0,
        'freshness.scan_slow_s': 2.0,
        'freshness.scan_stop_s': 3.0,
        'arbiter.policy_s': 1.0,
    },
    'locomotion': {'state_timeout_s': 1.0, 'command_timeout_s': 1.5},
    'sim': {'simulator.command_timeout_s': 1.0},
}


class Processes:
    """The nodes of a stack, each in its process, with its log in a file."""

    def __init__(self, folder: Path, parameters):
        self._folder = folder
        self._parameters = parameters
        self._running = {}

    def start(self, name):
        """Start the node `name`."""
        command = [sys.executable, '-m', f'robot_policies.nodes.{name}_node', '--ros-args']
        for key, value in {**PATIENT.get(name, {}), **self._parameters.get(name, {})}.items():
            command += ['-p', f'{key}:={value}']
        log = (self._folder / f'{name}.log').open('a')
        with log:
            self._running[name] = subprocess.Popen(command, stdout=log, stderr=log)

    def signal(self, name, number):
        """Send a signal; a killed process is waited for."""
        self._running[name].send_signal(number)
        if number == signal.SIGKILL:
            self._running.pop(name).wait()

    def log(self, name):
        """Return what the node has said so far."""
        return (self._folder / f'{name}.log').read_text()

    def close(self):
        """End all of them."""
        for process in self._running.values():
            process.send_signal(signal.SIGCONT)
            process.terminate()
        for process in self._running.values():
            try:
                process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


class Watcher:
    """Listens to the robot, steers it as a policy would, and calls services."""

    def __init__(self):
        self._context = rclpy.Context()
        rclpy.init(context=self._context)
        self._node = Node('watcher', context=self._context)
        self._taps = {
            topic.name: (self._tap(topic), deque(maxlen=3000))
            for topic in (
                topics.JOINT_STATES,
                topics.JOINT_COMMAND,
                topics.CMD_VEL,
                topics.SAFETY_STATUS,
                topics.SIM_GROUND_TRUTH,
                topics.SIM_CONTACTS,
            )
        }
        topic = topics.POLICY_CMD_VEL
        self._policy = self._node.create_publisher(topic.type, topic.name, topic.qos)
        topic = topics.SAFETY_ESTOP
        self._estop = self._node.create_publisher(topic.type, topic.name, topic.qos)
        topic = topics.SIM_PUSH
        self._push = self._node.create_publisher(topic.type, topic.name, topic.qos)
        self._clients = {
            service.name: self._node.create_client(service.type, service.name)
            for service in (topics.SAFETY_RESET, topics.SAFETY_STOP, topics.SIM_RESET)
        }
        self.walk = (0.0, 0.0, 0.0)
        self._stop = threading.Event()
        self._executor = SingleThreadedExecutor(context=self._context)
        self._executor.add_node(self._node)
        self._threads = [
            threading.Thread(target=target, daemon=True) for target in (self._run, self._spin)
        ]
        for thread in self._threads:
            thread.start()

    def _tap(self, topic):
        qos = QoSProfile(
            depth=50, reliability=topic.qos.reliability, durability=topic.qos.durability
        )
        return self._node.create_subscription(
            topic.type, topic.name, lambda _: None, qos, callback_group=NotInExecutor()
        )

    def _spin(self):
        while not self._stop.is_set():
            self._executor.spin_once(timeout_sec=0.1)

    def _run(self):
        while not self._stop.is_set():
            for tap, sink in self._taps.values():
                while (taken := tap.handle.take_message(tap.msg_type, False)) is not None:
                    sink.append((time.monotonic(), taken[0]))
            if self.walk is not None:
                now_ns = self._node.get_clock().now().nanoseconds
                velocity = VelocityCommand(now_ns, *self.walk)
                message = topics.POLICY_CMD_VEL.type()
                self._policy.publish(velocity_to_msg(velocity, 'base', message))
            time.sleep(0.01)

    def heard(self, topic):
        """Return what came on a topic so far, as (time, message)."""
        return list(self._taps[topic.name][1])

    def last(self, topic):
        """Return the newest message of a topic, or None."""
        heard = self._taps[topic.name][1]
        return heard[-1][1] if heard else None

    def forget(self):
        """Forget what was heard."""
        for _, sink in self._taps.values():
            sink.clear()

    @property
    def status(self):
        """What safety/status says, with its words under `words`."""
        message = self.last(topics.SAFETY_STATUS)
        return {} if message is None else {**status_values(message), 'words': message.message}

    @property
    def height_m(self):
        message = self.last(topics.SIM_GROUND_TRUTH)
        return np.nan if message is None else message.pose.pose.position.z

    @property
    def x_m(self):
        message = self.last(topics.SIM_GROUND_TRUTH)
        return np.nan if message is None else message.pose.pose.position.x

    @property
    def damps(self):
        message = self.last(topics.JOINT_COMMAND)
        return message is not None and not len(message.position) and not any(message.velocity)

    def press(self, pressed):
        self._estop.publish(topics.SAFETY_ESTOP.type(data=pressed))

    def push(self, x, y):
        self._push.publish(Vector3(x=x, y=y))

    def call(self, service, timeout_s=10.0):
        """Call a Trigger service and return its response."""
        client = self._clients[service.name]
        assert client.wait_for_service(timeout_s), f'{service.name} is not there'
        done = threading.Event()
        future = client.call_async(service.type.Request())
        future.add_done_callback(lambda _: done.set())
        assert done.wait(timeout_s), f'{service.name} does not answer'
        return future.result()

    def close(self):
        self._stop.set()
        for thread in self._threads:
            thread.join()
        self._executor.shutdown(timeout_sec=0)
        self._node.destroy_node()
        self._context.try_shutdown()


def use_dds_profile(monkeypatch):
    """Use the shipped DDS profile, as every way of starting does."""
    profile = str(share_dir() / 'config' / 'dds' / 'fastdds.xml')
    for name in ('FASTRTPS_DEFAULT_PROFILES_FILE', 'FASTDDS_DEFAULT_PROFILES_FILE'):
        monkeypatch.setenv(name, profile)
