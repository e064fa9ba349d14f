# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""What the safety node says: commands to the robot, velocities to locomotion, its own state."""

from diagnostic_msgs.msg import DiagnosticStatus
from robot_policies.core.data_types import JointCommand, VelocityCommand
from robot_policies.core.verdict import Severity
from robot_policies.ros import topics
from robot_policies.ros.codecs.base import velocity_to_msg
from robot_policies.ros.codecs.joints import joint_command_to_msg
from robot_policies.ros.diagnostics import make_status
from robot_policies.ros.lifecycle import ManagedNode
from robot_policies.ros.topics import Topic
from robot_policies.safety.latch import Phase
from robot_policies.safety.report import ChangeFilter, Status, status_of, status_values
from robot_policies.safety.state import SafetyState
from robot_policies.safety.supervisor import Supervisor

_REPEAT_NS = 1_000_000_000
_LEVELS = {
    Severity.PASS: DiagnosticStatus.OK,
    Severity.LIMIT: DiagnosticStatus.OK,
    Severity.HOLD: DiagnosticStatus.WARN,
    Severity.RECOVER: DiagnosticStatus.ERROR,
    Severity.DAMP: DiagnosticStatus.ERROR,
}
_REFUSED, _OBEYED = 'only the first is listened to', 'the robot obeys all of them: end the others'
_ONE_PUBLISHER = (
    (topics.LOCOMOTION_COMMAND, _REFUSED),
    (topics.POLICY_CMD_VEL, _REFUSED),
    (topics.CMD_VEL, _REFUSED),
    (topics.JOINT_COMMAND, _OBEYED),
)
"""Whoever else publishes on one of these commands the robot, or goes round the supervisor."""


class SafetyOutputs:
    """Publishers of the safety node. The messages are reused: one thread publishes."""

    def __init__(self, node: ManagedNode) -> None:
        """Create the publishers; the node owns them."""
        self._node = node
        self._joint_map = node.robot.joint_map()
        self._frame = node.robot.body.base_frame
        self._commands = node.publisher(topics.JOINT_COMMAND)
        self._velocities = node.publisher(topics.CMD_VEL)
        self._statuses = node.publisher(topics.SAFETY_STATUS)
        self._command_msg = topics.JOINT_COMMAND.type()
        self._velocity_msg = topics.CMD_VEL.type()
        self._filter = ChangeFilter()
        self._status_due_ns = 0

    def start(self) -> None:
        """Tell everything anew."""
        self._filter = ChangeFilter()
        self._status_due_ns = 0

    def command(self, command: JointCommand) -> None:
        """Publish a joint command."""
        self._commands.publish(joint_command_to_msg(command, self._joint_map, self._command_msg))

    def velocity(self, velocity: VelocityCommand, stamp_ns: int) -> None:
        """Publish a base velocity, stamped when it was found good."""
        stamped = VelocityCommand(stamp_ns, velocity.vx, velocity.vy, velocity.yaw_rate)
        self._velocities.publish(velocity_to_msg(stamped, self._frame, self._velocity_msg))

    def report(
        self, supervisor: Supervisor, state: SafetyState, now_ns: int, steady_ns: int
    ) -> None:
        """Publish the status when it changed or a second has passed; log when it changed."""
        status = status_of(supervisor)
        news = self._filter.news(status, steady_ns)
        if not news and steady_ns < self._status_due_ns:
            return
        self._status_due_ns = steady_ns + _REPEAT_NS
        values = status_values(status, supervisor, state, now_ns)
        self._publish_status(_LEVELS[status.severity], status.words, values)
        if status.phase is Phase.LATCHED:
            self._node.diagnostics.error('latched', status.words)
        else:
            self._node.diagnostics.clear('latched')
        if news:
            self._log(status)  # after it, for it takes a millisecond

    def inactive(self) -> None:
        """Say that nothing is judged any more; the robot damps when it hears nothing."""
        values = {'severity': Severity.DAMP.name, 'phase': 'inactive', 'latched': 'false'}
        words = 'the supervisor is not active: the robot damps by itself'
        self._publish_status(DiagnosticStatus.ERROR, words, values)

    def watch_publishers(self) -> None:
        """Report everybody else who publishes what only one may publish."""
        for topic, what_happens in _ONE_PUBLISHER:
            self._watch(topic, what_happens)

    def _watch(self, topic: Topic, what_happens: str) -> None:
        key = f'publishers.{topic.name}'
        count = self._node.count_publishers(topic.name)
        if count <= 1:
            self._node.diagnostics.clear(key)
            return
        endpoints = self._node.get_publishers_info_by_topic(topic.name)
        names = ', '.join(sorted(endpoint.node_name for endpoint in endpoints))
        words = f'{count} publishers on {topic.name}: {names}; {what_happens}'
        if self._node.diagnostics.error(key, words):
            self._node.get_logger().error(words)
            self._node.diagnostics.publish()

    def _publish_status(self, level: bytes, words: str, values: dict[str, str]) -> None:
        name = self._node.get_fully_qualified_name()
        self._statuses.publish(make_status(name, level, words, values))

    def _log(self, status: Status) -> None:
        line = f'{status.severity.name} ({status.check or "all"}): {status.words}'
        if status.severity >= Severity.RECOVER and status.phase is not Phase.WAITING:
            self._node.get_logger().error(line)
        else:
            self._node.get_logger().info(line)
