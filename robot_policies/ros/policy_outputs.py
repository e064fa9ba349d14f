# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""What the policy node says: a velocity at the control rate, every chunk, and its status."""

from typing import Any

from geometry_msgs.msg import Twist
from robot_policies.core.data_types import ActionChunk, Observation, VelocityCommand
from robot_policies.core.observation_record import ObservationRecord
from robot_policies.core.policy_executor import Level, PolicyReport
from robot_policies.core.source_history import SourceRule
from robot_policies.core.statistics import NS
from robot_policies.core.words import without_numbers
from robot_policies.ros import topics
from robot_policies.ros.codecs.base import velocity_to_msg
from robot_policies.ros.codecs.chunks import chunk_to_msg
from robot_policies.ros.codecs.observations import record_to_text
from robot_policies.ros.diagnostics import make_status
from robot_policies.ros.lifecycle import ManagedNode
from trajectory_msgs.msg import MultiDOFJointTrajectoryPoint


class PolicyOutputs:
    """The publishers of a policy node. Before the first call nothing is published."""

    def __init__(self, node: ManagedNode) -> None:
        self._node = node
        self._frame = node.robot.body.base_frame
        self._velocities = node.publisher(topics.POLICY_CMD_VEL)
        self._chunks = node.publisher(topics.POLICY_CHUNK)
        self._statuses = node.publisher(topics.POLICY_STATUS)
        self._records = node.publisher(topics.POLICY_OBSERVATION)
        self._said: tuple[Any, ...] = ()
        self._next_ns = 0

    def velocity(self, value: VelocityCommand) -> None:
        """Publish `policy/cmd_vel`."""
        message = topics.POLICY_CMD_VEL.type()
        self._velocities.publish(velocity_to_msg(value, self._frame, message))

    def chunk(self, value: ActionChunk) -> None:
        """Publish `policy/chunk`."""
        message = topics.POLICY_CHUNK.type()
        chunk_to_msg(value, self._frame, message, MultiDOFJointTrajectoryPoint, Twist)
        self._chunks.publish(message)

    def observation(
        self, value: Observation, rules: tuple[SourceRule, ...], epoch: int, now_ns: int
    ) -> None:
        """Publish of what a question to the policy was made, and count its ages and skews.

        Args:
            value: The question.
            rules: By which its sources were chosen.
            epoch: How often time had jumped.
            now_ns: Now.
        """
        for use in value.sources:
            self._node.diagnostics.window_ms(f'{use.name}_age').add(use.age_ns / 1e6)
            self._node.diagnostics.window_ms(f'{use.name}_skew').add(use.skew_ns / 1e6)
        record = ObservationRecord(
            now_ns, value.stamp_ns, value.instruction, epoch, value.sources, rules
        )
        message = topics.POLICY_OBSERVATION.type(data=record_to_text(record))
        self._records.publish(message)

    def status(self, report: PolicyReport, label: str, inference_ms: float, now_ns: int) -> None:
        """Publish `policy/status` if it has changed or a second is over; log it if it changed.

        Args:
            report: What to tell. Other words are a change where they say why the robot stands,
                other numbers in them, such as a growing age, are none.
            label: The policy's checkpoint or class.
            inference_ms: Time that it takes to answer.
            now_ns: Now.
        """
        self._diagnose(report)
        why = '' if report.level is Level.OK else without_numbers(report.words)
        said = (report.status, report.level, why, report.instruction, label)
        is_news = said != self._said
        if not is_news and 0 <= self._next_ns - now_ns <= NS:
            return
        if is_news:
            self._node.get_logger().info(report.words)
        self._said, self._next_ns = said, now_ns + NS
        values = {
            'status': report.status.name,
            'instruction': report.instruction,
            'checkpoint': label,
            'inference_ms': inference_ms,
        }
        name = self._node.get_fully_qualified_name()
        message = make_status(name, bytes([report.level]), report.words, values)
        self._statuses.publish(message)

    def _diagnose(self, report: PolicyReport) -> None:
        diagnostics = self._node.diagnostics
        if report.level is Level.OK:
            diagnostics.clear('policy')
        elif report.level is Level.WARN:
            diagnostics.warn('policy', report.words)
        else:
            diagnostics.error('policy', report.words)
