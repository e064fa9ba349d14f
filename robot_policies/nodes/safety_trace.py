# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""What the safety node's outputs rest on: somebody's command, or its own decision."""

from robot_policies.core.data_types import JointCommand, VelocityCommand
from robot_policies.core.verdict import Severity, Verdict
from robot_policies.ros import topics
from robot_policies.ros.lifecycle import ManagedNode
from robot_policies.ros.tracing import Tracer


class SafetyTrace:
    """Notes the outputs of the safety node."""

    def __init__(self, node: ManagedNode) -> None:
        self._tracer = Tracer(node)
        self._last_ns = 0

    def command(
        self, given: JointCommand | None, verdict: Verdict[JointCommand], begin_ns: int
    ) -> None:
        """Note a joint command, unless it repeats what was said already.

        Args:
            given: What locomotion commanded.
            verdict: With the command that was published.
            begin_ns: Beginning of the tick.
        """
        stamp_ns = verdict.command.stamp_ns
        if stamp_ns == self._last_ns:
            return
        self._last_ns = stamp_ns
        passed = given is not None and verdict.severity < Severity.HOLD
        if passed and given is not None and given.stamp_ns == stamp_ns:
            causes: tuple[tuple[str, int], ...] = ((topics.LOCOMOTION_COMMAND.name, stamp_ns),)
        else:
            causes = ()
        self._tracer.note(topics.JOINT_COMMAND.name, stamp_ns, begin_ns, causes)

    def velocity(
        self,
        source: str,
        given: VelocityCommand | None,
        verdict: Verdict[VelocityCommand],
        stamp_ns: int,
        begin_ns: int,
    ) -> None:
        """Note a base velocity.

        Args:
            source: Topic of whoever is in charge; empty if nobody is.
            given: What they commanded.
            verdict: With the velocity that was published.
            stamp_ns: With which it was published.
            begin_ns: Beginning of the tick.
        """
        causes: tuple[tuple[str, int], ...] = ()
        if source and given is not None and verdict.severity < Severity.HOLD:
            stopped = verdict.command.is_zero and not given.is_zero
            causes = () if stopped else ((source, given.stamp_ns),)
        self._tracer.note(topics.CMD_VEL.name, stamp_ns, begin_ns, causes)
