# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Somebody outside of a stack who listens to the robot, steers it, and breaks its topics.

Everything is heard as bytes with the middleware's own times of sending and arrival, and decoded
only when somebody asks, so that watching neither loads the machine nor blurs the times.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
import threading
import time
from typing import Any, TypeVar

from geometry_msgs.msg import Vector3
from rcl_interfaces.srv import SetParameters
import rclpy
from rclpy.context import Context
from rclpy.executors import SingleThreadedExecutor
from rclpy.node import Node
from rclpy.parameter import Parameter
from robot_policies.core.data_types import VelocityCommand
from robot_policies.core.errors import RobotPoliciesError
from robot_policies.ros import topics
from robot_policies.ros.codecs.base import velocity_to_msg
from robot_policies.ros.codecs.diagnostics import status_values
from robot_policies.ros.codecs.header import stamp_ns
from robot_policies.ros.priority import come_first
from robot_policies.ros.probes.listener import Listener
from robot_policies.ros.real_time import HIGHEST, middleware_in_real_time

ValueT = TypeVar('ValueT')
_LISTEN_S, _STEER_S = 0.01, 0.02
CLOCK = topics.Topic('clock', topics.CLOCK.type, topics.CLOCK.qos)
"""The stacks keep the clock in the robot's namespace."""
_HEARD = (
    *(topics.JOINT_STATES, topics.IMU, topics.ODOM, topics.SCAN, topics.LOCOMOTION_COMMAND),
    *(topics.JOINT_COMMAND, topics.CMD_VEL, topics.POLICY_CMD_VEL, topics.POLICY_CHUNK),
    *(topics.SAFETY_STATUS, topics.POLICY_STATUS, topics.DIAGNOSTICS, topics.NOVELTY),
    *(topics.SIM_GROUND_TRUTH, topics.SIM_CONTACTS, CLOCK),
)
_SAID = (
    *(topics.POLICY_CMD_VEL, topics.INSTRUCTION, topics.SAFETY_ESTOP),
    *(topics.SIM_PUSH, topics.SIM_FAULT),
)
_CALLED = (topics.SAFETY_RESET, topics.SAFETY_STOP, topics.SIM_RESET)


class ProbeError(RobotPoliciesError):
    """Somebody in the stack does not answer."""


class FaultProbe(Listener):
    """Listens, steers and breaks. May be asked from one thread.

    Attributes:
        walk: vx, vy (m/s) and yaw rate (rad/s) published in the policy's place; None is silence.
        heartbeat: Publish a released e-stop all the time.
        beaten_ns: System time of its last beat.
        stamps_of_robot: Stamp with the robot's time instead of the system's.
    """

    def __init__(self, domain: int, camera: str = '') -> None:
        """Begin to listen.

        Args:
            domain: ROS domain of the stack.
            camera: Listen to this one too; empty for none.
        """
        self._context = Context()
        rclpy.init(context=self._context, domain_id=domain)
        self.node = Node('fault_suite', context=self._context)
        heard = (*_HEARD, topics.camera_image(camera)) if camera else _HEARD
        super().__init__(self.node, heard)
        self._publishers: dict[str, Any] = {}
        self._clients = {
            service.name: self.node.create_client(service.type, service.name)
            for service in _CALLED
        }
        self.walk: tuple[float, float, float] | None = None
        self.heartbeat = False
        self.beaten_ns = 0
        self.stamps_of_robot = False
        self._stop = threading.Event()
        self._executor = SingleThreadedExecutor(context=self._context)
        self._executor.add_node(self.node)
        self._threads = [threading.Thread(target=run, daemon=True) for run in self._runs()]
        for thread in self._threads:
            thread.start()
        middleware_in_real_time(HIGHEST)  # or the machine's load would be in the times of arrival

    def _runs(self) -> list[Callable[[], None]]:
        return [self._listen, self._spin, self._steer]

    def _spin(self) -> None:
        while not self._stop.is_set():
            with suppress(Exception):  # shut down under it
                self._executor.spin_once(timeout_sec=0.2)

    def _listen(self) -> None:
        while not self._stop.is_set():
            self.drain()
            time.sleep(_LISTEN_S)

    def _steer(self) -> None:
        come_first(HIGHEST)  # who steers is not what is on trial
        while not self._stop.is_set():
            walk = self.walk
            if walk is not None:
                velocity = VelocityCommand(self.stamp_ns(), *walk)
                self.say(
                    topics.POLICY_CMD_VEL,
                    velocity_to_msg(velocity, 'base', topics.POLICY_CMD_VEL.type()),
                )
            if self.heartbeat:
                self.beaten_ns = time.time_ns()
                self.press(False)
            time.sleep(_STEER_S)

    def stamp_ns(self) -> int:
        """Return the time to stamp with."""
        now_ns = time.time_ns()
        newest = self.last_heard(topics.JOINT_STATES) if self.stamps_of_robot else None
        if newest is None:
            return now_ns
        # on a busy machine it is heard late, and a stamp that stands still is no news
        return stamp_ns(newest.message) + max(0, now_ns - newest.published_ns)

    def say(self, topic: topics.Topic, message: Any) -> None:  # noqa: ANN401
        """Publish a message, or bytes that claim to be one."""
        self.publisher(topic).publish(message)

    def publisher(self, topic: topics.Topic) -> Any:  # noqa: ANN401
        """Return the publisher of a topic, made at the first use."""
        if topic.name not in self._publishers:
            made = self.node.create_publisher(topic.type, topic.name, topic.qos)
            self._publishers[topic.name] = made
        return self._publishers[topic.name]

    def leave(self, topic: topics.Topic) -> None:
        """Be no publisher of a topic any more."""
        made = self._publishers.pop(topic.name, None)
        if made is not None:
            self.node.destroy_publisher(made)

    def twin(self, name: str) -> Callable[[], None]:
        """Be another node with this name; returns what ends it."""
        made = Node(name, context=self._context, start_parameter_services=False)
        return made.destroy_node

    def prepare(self) -> None:
        """Make the publishers that are always needed, so that they are known when used."""
        for topic in _SAID[1:]:
            self.publisher(topic)

    def fault(self, text: str) -> None:
        """Break a topic of the simulated robot, see `ros.fault_injection`."""
        self.say(topics.SIM_FAULT, topics.SIM_FAULT.type(data=text))

    def instruct(self, text: str) -> None:
        """Give an instruction."""
        self.say(topics.INSTRUCTION, topics.INSTRUCTION.type(data=text))

    def press(self, pressed: bool) -> None:
        """Press or release the e-stop."""
        self.say(topics.SAFETY_ESTOP, topics.SAFETY_ESTOP.type(data=pressed))

    def push(self, vx: float, vy: float) -> None:
        """Push the robot, m/s."""
        self.say(topics.SIM_PUSH, Vector3(x=vx, y=vy))

    @property
    def status(self) -> dict[str, str]:
        """What `safety/status` says, with its words under `words`."""
        message = self.last(topics.SAFETY_STATUS)
        return {} if message is None else {**status_values(message), 'words': message.message}

    def diagnostics(self, node: str) -> dict[str, str]:
        """Return what a node said last on `/diagnostics`, its words under `words`."""
        for heard in reversed(self.heard(topics.DIAGNOSTICS)):
            for status in heard.message.status:
                if status.name.rpartition('/')[2] == node:
                    return {**status_values(status), 'words': status.message}
        return {}

    def at_once(self, act: Callable[[], ValueT]) -> tuple[int, ValueT]:
        """Do something before the stack has its turn, as somebody on another machine would.

        Returns:
            System time just before it, and its answer.
        """
        # a thread of its own: in real time the suite's work would take the cores from the stack
        with ThreadPoolExecutor(1, 'at_once', come_first, (HIGHEST,)) as thread:
            return thread.submit(lambda: (time.time_ns(), act())).result()

    def call(self, service: topics.Service, timeout_s: float = 10.0) -> Any:  # noqa: ANN401
        """Call a Trigger service and return its answer.

        Raises:
            ProbeError: It is not there, or does not answer.
        """
        return self._ask(self._clients[service.name], service.type.Request(), timeout_s)

    def set_parameter(self, node: str, name: str, value: Any) -> str:  # noqa: ANN401
        """Set a parameter of a node; return why it was refused, or nothing.

        Raises:
            ProbeError: The node does not answer.
        """
        service = f'{node}/set_parameters'
        if service not in self._clients:
            self._clients[service] = self.node.create_client(SetParameters, service)
        request = SetParameters.Request()
        request.parameters = [Parameter(name, value=value).to_parameter_msg()]
        (result,) = self._ask(self._clients[service], request, 60.0).results
        return '' if result.successful else str(result.reason or 'refused without a word')

    def _ask(self, client: Any, request: Any, timeout_s: float) -> Any:  # noqa: ANN401
        if not client.wait_for_service(timeout_s):
            raise ProbeError(f'{client.srv_name} is not there')
        done = threading.Event()
        future = client.call_async(request)
        future.add_done_callback(lambda _: done.set())
        if not done.wait(timeout_s):
            raise ProbeError(f'{client.srv_name} does not answer')
        return future.result()

    def close(self) -> None:
        """Leave."""
        self._stop.set()
        for thread in self._threads:
            thread.join()
        self._executor.shutdown(timeout_sec=0)
        self.node.destroy_node()
        self._context.try_shutdown()
