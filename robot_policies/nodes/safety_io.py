# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""The safety node's senses: everything is taken at the tick, nothing calls back."""

from collections.abc import Callable, Collection
from typing import Any, Generic, TypeVar

from rclpy.node import Node
from rclpy.qos import DurabilityPolicy, QoSProfile, ReliabilityPolicy
from robot_policies.core.errors import RobotPoliciesError
from robot_policies.core.novelty import Novelty
from robot_policies.core.robot import RobotSpec
from robot_policies.core.stream_owner import StreamOwner
from robot_policies.ros import topics
from robot_policies.ros.codecs.base import imu_from_msg, odometry_from_msg, velocity_from_msg
from robot_policies.ros.codecs.joints import joint_command_from_msg, joint_state_from_msg
from robot_policies.ros.codecs.novelty import novelty_from_msg
from robot_policies.ros.codecs.scan import scan_from_msg
from robot_policies.ros.inputs import NotInExecutor
from robot_policies.ros.topics import Topic
from robot_policies.safety.arbiter import ArbiterConfig, choose, Heard
from robot_policies.safety.sources import SourceMonitor
from robot_policies.safety.state import ESTOP, NOVELTY, SafetyState

ValueT = TypeVar('ValueT')
_DEPTH = 10
_LONGEST_WAIT_NS = 20_000_000
_RECENT_NS = 500_000_000
"""A source that is silent for longer is not silent because its messages are refused."""
_EVERY_PRESS = QoSProfile(
    depth=20,
    reliability=ReliabilityPolicy.RELIABLE,
    durability=DurabilityPolicy.TRANSIENT_LOCAL,
)
"""Pressed and released between two ticks is pressed: the e-stop keeps more than the newest."""


class Source(Generic[ValueT]):
    """The newest acceptable value of one topic."""

    def __init__(self, node: Node, topic: Topic, decode: Callable[[Any], ValueT]) -> None:
        self.name = topic.name
        self.value: ValueT | None = None
        self.arrived_ns = 0
        self.refused = 0
        self.problem = ''
        self.problem_ns = 0
        self.owner = StreamOwner()
        # what is reliable is a command: deep enough that a second publisher pushes none out
        self._commands = topic.qos.reliability == ReliabilityPolicy.RELIABLE
        depth = _DEPTH if self._commands else topic.qos.depth
        qos = QoSProfile(depth=depth, reliability=topic.qos.reliability)
        self.subscription = node.create_subscription(
            topic.type, topic.name, _never_called, qos, callback_group=NotInExecutor()
        )
        self._decode = decode
        self._type = topic.type

    def poll(
        self, monitor: SourceMonitor, now_ns: int, ros_ns: int, system_ns: int | None
    ) -> bool:
        """Take what has come; True if something is new. What does not fit is counted, not used.

        Args:
            monitor: Told when the source spoke.
            now_ns: Now, on the clock that ages are counted on.
            ros_ns: Now, on the clock that stamps are of.
            system_ns: Now by the system's clock, by which the middleware notes arrivals;
                None where time is simulated: then everything arrives now.
        """
        new = False
        for _ in range(_DEPTH):
            taken = self.subscription.handle.take_message(self._type, False)
            if taken is None:
                break
            message, info = taken
            arrived_ns = now_ns - _waited_ns(info, system_ns)
            new |= self._accept(message, info, monitor, arrived_ns, ros_ns)
        return new

    def _accept(
        self,
        message: Any,  # noqa: ANN401
        info: Any,  # noqa: ANN401
        monitor: SourceMonitor,
        now_ns: int,
        ros_ns: int,
    ) -> bool:
        try:
            if self._commands:
                self.owner.accept(self.name, info['publication_sequence_number'], now_ns)
            value: Any = self._decode(message)
            monitor.accept(self.name, value.stamp_ns, now_ns, ros_ns)
        except (RobotPoliciesError, ValueError) as error:
            self.refused += 1
            self.problem, self.problem_ns = str(error), now_ns
            return False
        self.value, self.arrived_ns, self.problem = value, now_ns, ''
        return True

    def heard(self) -> Any:  # noqa: ANN401
        """Return value and arrival, or None."""
        return None if self.value is None else Heard(self.value, self.arrived_ns)  # type: ignore[arg-type]


class SafetyInputs:
    """All sources of the safety node, and the state that follows from them."""

    def __init__(
        self, node: Node, robot: RobotSpec, arbiter: ArbiterConfig, needs: Collection[str] = ()
    ) -> None:
        """Subscribe to everything; call `start` before the first `poll`.

        Args:
            node: Subscribes.
            robot: The robot.
            arbiter: Who steers.
            needs: Sources that only some checks need.
        """
        states, commands = robot.joint_map(), robot.joint_map()
        self.joints = Source(node, topics.JOINT_STATES, lambda m: joint_state_from_msg(m, states))
        self.imu = Source(node, topics.IMU, imu_from_msg)
        self.odometry = Source(node, topics.ODOM, odometry_from_msg)
        self.scan = Source(node, topics.SCAN, scan_from_msg)
        self.command = Source(
            node, topics.LOCOMOTION_COMMAND, lambda m: joint_command_from_msg(m, commands)
        )
        self.policy = Source(node, topics.POLICY_CMD_VEL, velocity_from_msg)
        self.teleop = Source(node, topics.TELEOP_CMD_VEL, velocity_from_msg)
        self.sources: tuple[Source[Any], ...] = (
            *(self.joints, self.imu, self.odometry, self.scan),
            *(self.command, self.policy, self.teleop),
        )
        self.novelty: Source[Novelty] | None = None
        if NOVELTY in needs:
            self.novelty = Source(node, topics.NOVELTY, novelty_from_msg)
            self.sources += (self.novelty,)
        estop = topics.SAFETY_ESTOP
        self.estop = node.create_subscription(
            estop.type, estop.name, _never_called, _EVERY_PRESS, callback_group=NotInExecutor()
        )
        self._estop_type = estop.type
        self._arbiter = arbiter
        self._monitor = SourceMonitor(0)
        self._pressed = False
        self.newly_pressed = False
        self.velocity_is_new = False

    @property
    def subscriptions(self) -> list[Any]:
        """What the node has to destroy."""
        return [self.estop, *(source.subscription for source in self.sources)]

    @property
    def wakers(self) -> list[Any]:
        """What does not wait for the tick: commands, the e-stop, and the rare and large scan."""
        return [self.command.subscription, self.estop, self.scan.subscription]

    def flush(self, now_ns: int) -> None:
        """Forget every value and stamp; silence counts from now."""
        self._monitor.flush(now_ns)
        for source in self.sources:
            source.value = None

    def poll(self, now_ns: int, ros_ns: int, system_ns: int | None = None) -> None:
        """Take whatever has come since the last tick; times as in `Source.poll`."""
        times = (now_ns, ros_ns, system_ns)
        new = [source for source in self.sources if source.poll(self._monitor, *times)]
        self.velocity_is_new = not {self.scan, self.policy, self.teleop}.isdisjoint(new)
        self._poll_estop(now_ns)

    def _poll_estop(self, now_ns: int) -> None:
        self.newly_pressed = False
        while (taken := self.estop.handle.take_message(self._estop_type, False)) is not None:
            self._pressed = bool(taken[0].data)
            self.newly_pressed |= self._pressed
            self._monitor.note(ESTOP, now_ns)

    def state(self, suspended: str, now_ns: int) -> tuple[SafetyState, Any]:
        """Return the state, and the velocity command of whoever is in charge (or None)."""
        source, velocity = choose(self._arbiter, self.teleop.heard(), self.policy.heard(), now_ns)
        state = SafetyState(
            since_ns=self._monitor.since_ns,
            joints=self.joints.value,
            imu=self.imu.value,
            odometry=self.odometry.value,
            scan=self.scan.value,
            novelty=self.novelty.value if self.novelty is not None else None,
            heard=self._monitor.heard(),
            refusals={
                item.name: item.problem
                for item in self.sources
                if item.problem and now_ns - item.problem_ns < _RECENT_NS
            },
            velocity_source=source,
            estop=self._pressed,
            suspended=suspended,
        )
        return state, velocity

    def refused(self) -> dict[str, int]:
        """Return how many messages of each source were refused, for the diagnostics."""
        return {f'refused.{source.name}': source.refused for source in self.sources}


def _waited_ns(info: Any, system_ns: int | None) -> int:  # noqa: ANN401
    """Return how long a message has waited to be taken; the system's clock may have jumped."""
    if system_ns is None:
        return 0
    return int(min(max(system_ns - info['received_timestamp'], 0), _LONGEST_WAIT_NS))


def _never_called(_message: Any) -> None:  # noqa: ANN401
    raise AssertionError('the subscription is in no executor')
