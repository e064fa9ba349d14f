# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Runs nodes in this process, feeds them sensors and listens to what they say."""

from collections import deque
from collections.abc import Callable, Mapping
import threading
import time
from typing import Any

import numpy as np
import rclpy
from rclpy.context import Context
from rclpy.executors import SingleThreadedExecutor
from rclpy.lifecycle import TransitionCallbackReturn
from rclpy.parameter import Parameter
from robot_policies.core.data_types import Image, Imu, JointState, Odometry, Scan
from robot_policies.resources import load_robot
from robot_policies.ros import topics
from robot_policies.ros.codecs.base import imu_to_msg, odometry_to_msg
from robot_policies.ros.codecs.images import image_to_msg
from robot_policies.ros.codecs.joints import joint_state_to_msg
from robot_policies.ros.codecs.scan import scan_to_msg
from robot_policies.ros.lifecycle import ManagedNode

UPRIGHT = np.array([0.0, 0.0, 0.0, 1.0])


class NodeRig:
    """A context of its own with a helper node; `close` ends everything."""

    def __init__(self, domain: int) -> None:
        self.context = Context()
        rclpy.init(context=self.context, domain_id=domain)
        self.robot = load_robot('go2')
        self.helper = rclpy.create_node('helper', context=self.context)
        self._executor = SingleThreadedExecutor(context=self.context)
        self._executor.add_node(self.helper)
        self._nodes: list[ManagedNode] = []
        self._publishers: dict[str, Any] = {}
        self._feeders: list[Feeder] = []
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._spin, daemon=True)
        self._thread.start()

    def node(self, node_class: type[ManagedNode], **parameters: Any) -> ManagedNode:
        """Create a node; `__` in a name stands for the dot."""
        overrides = [Parameter(k.replace('__', '.'), value=v) for k, v in parameters.items()]
        node = node_class(parameter_overrides=overrides, context=self.context)
        self._nodes.append(node)
        self._executor.add_node(node)
        return node

    def active(self, node_class: type[ManagedNode], **parameters: Any) -> Any:
        """Create a node and bring it to active."""
        node = self.node(node_class, **parameters)
        assert node.trigger_configure() == TransitionCallbackReturn.SUCCESS, node.failure
        assert node.trigger_activate() == TransitionCallbackReturn.SUCCESS, node.failure
        return node

    def refusal(self, node_class: type[ManagedNode], **parameters: Any) -> str:
        """Return why a node does not configure."""
        node = self.node(node_class, **parameters)
        assert node.trigger_configure() == TransitionCallbackReturn.FAILURE
        return node.failure

    def hear(self, topic: topics.Topic, size: int = 10000) -> 'deque[Any]':
        """Return a list that fills with what is said on a topic."""
        heard: deque[Any] = deque(maxlen=size)
        self.helper.create_subscription(
            # rclpy wants a callback whose signature it can see
            topic.type,
            topic.name,
            lambda message: heard.append(message),  # noqa: PLW0108
            topic.qos,
        )
        return heard

    def say(self, topic: topics.Topic, message: Any) -> None:
        """Publish one message."""
        if topic.name not in self._publishers:
            self._publishers[topic.name] = self.helper.create_publisher(
                topic.type, topic.name, topic.qos
            )
        self._publishers[topic.name].publish(message)

    def instruct(self, text: str) -> None:
        """Give an instruction."""
        self.say(topics.INSTRUCTION, topics.INSTRUCTION.type(data=text))

    def now_ns(self) -> int:
        """Return the time of the stamps."""
        return int(self.helper.get_clock().now().nanoseconds)

    def feed(self, rate_hz: float, *make: Callable[[int], tuple[topics.Topic, Any]]) -> 'Feeder':
        """Publish what `make(now_ns)` gives, until the feeder is stopped."""
        feeder = Feeder(self, rate_hz, make)
        self._feeders.append(feeder)
        return feeder

    def close(self) -> None:
        """End everything."""
        for feeder in self._feeders:
            feeder.stop()
        self._stop.set()
        self._thread.join(10.0)
        for node in self._nodes:
            node.trigger_shutdown()
        self._executor.shutdown(timeout_sec=1.0)
        for node in (*self._nodes, self.helper):
            node.destroy_node()  # or its middleware's threads run until all tests are over
        self.context.shutdown()

    def _spin(self) -> None:
        while not self._stop.is_set():
            self._executor.spin_once(timeout_sec=0.05)

    def joints(self, now_ns: int) -> tuple[topics.Topic, Any]:
        """The default pose, at rest."""
        still = np.zeros(len(self.robot.joints))
        value = JointState(now_ns, self.robot.default_pose, still, still)
        return topics.JOINT_STATES, joint_state_to_msg(
            value, self.robot.joint_map(), topics.JOINT_STATES.type()
        )

    def imu(self, now_ns: int) -> tuple[topics.Topic, Any]:
        """Upright, at rest."""
        value = Imu(now_ns, UPRIGHT, np.zeros(3), np.array([0.0, 0.0, 9.81]))
        return topics.IMU, imu_to_msg(value, 'base', topics.IMU.type())

    def odom(self, now_ns: int) -> tuple[topics.Topic, Any]:
        """At the origin, at rest."""
        value = Odometry(now_ns, np.zeros(3), UPRIGHT, np.zeros(3), np.zeros(3))
        return topics.ODOM, odometry_to_msg(value, 'odom', 'base', topics.ODOM.type())

    def scan(self, now_ns: int) -> tuple[topics.Topic, Any]:
        """Nothing near."""
        value = Scan(now_ns, -np.pi, np.pi / 18.0, 0.05, 8.0, np.full(36, np.inf))
        return topics.SCAN, scan_to_msg(value, 'base', topics.SCAN.type())

    def image(self, now_ns: int) -> tuple[topics.Topic, Any]:
        """A grey image."""
        value = Image(now_ns, np.full((24, 32, 3), 99, dtype=np.uint8))
        topic = topics.camera_image('front')
        return topic, image_to_msg(value, 'front', topic.type())


class Feeder:
    """Publishes in a thread."""

    def __init__(self, rig: NodeRig, rate_hz: float, make: Any) -> None:
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, args=(rig, rate_hz, make), daemon=True)
        self._thread.start()

    def _run(self, rig: NodeRig, rate_hz: float, make: Any) -> None:
        while not self._stop.is_set():
            now_ns = rig.now_ns()
            for one in make:
                rig.say(*one(now_ns))
            time.sleep(1.0 / rate_hz)

    def stop(self) -> None:
        """Cease; what was published last stays the last."""
        self._stop.set()
        self._thread.join()


def values_of(status: Any) -> Mapping[str, str]:
    """Return the numbers of a DiagnosticStatus."""
    return {item.key: item.value for item in status.values}
