# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""What a robot's motor drivers make of joint commands: gains, delay, and a watchdog of their own.

The driver is the robot's last line: whatever happens to the computers above it, it refuses what
is not a command, and damps the joints when commands cease (row F7 of the fault table).
"""

from collections import deque
from dataclasses import dataclass

import numpy as np
from robot_policies.core.arrays import FloatArray
from robot_policies.core.data_types import JointCommand
from robot_policies.core.robot import RobotSpec

MS = 1_000_000


@dataclass(frozen=True, eq=False)
class Drive:
    """What the motors do: torque = stiffness · (target − q) − damping · dq + effort, limited.

    Attributes:
        stiffness: (n,) N·m/rad.
        damping: (n,) N·m·s/rad.
        target: (n,) rad; of no meaning where the stiffness is zero.
        effort: (n,) N·m, feed-forward, with what a target velocity adds.
    """

    stiffness: FloatArray
    damping: FloatArray
    target: FloatArray
    effort: FloatArray


class JointDriver:
    """Takes joint commands, and says what the motors do at any time."""

    def __init__(self, robot: RobotSpec, *, latency_ns: int, timeout_ns: int) -> None:
        """Create a driver that damps until the first command.

        Args:
            robot: Joint count, gains.
            latency_ns: From the arrival of a command to its effect.
            timeout_ns: Without a command for longer than this the joints are damped.
        """
        self._stiffness = robot.per_joint('stiffness')
        self._damping = robot.per_joint('damping')
        self._names = robot.joint_names
        self._latency_ns, self._timeout_ns = latency_ns, timeout_ns
        self._pending: deque[tuple[int, Drive]] = deque()
        self._heard_ns: int | None = None
        self._damped = self._drive(JointCommand.damping(0, len(self._names)))
        self._current = self._damped
        self.accepted = 0
        self.refused = 0
        self.refusal = ''

    def reset(self) -> None:
        """Forget every command; the counts stay."""
        self._pending.clear()
        self._heard_ns = None
        self._current = self._damped

    def accept(self, command: JointCommand, now_ns: int) -> bool:
        """Take a command.

        Args:
            command: The command; what is refused changes nothing, the watchdog included.
            now_ns: When it arrived.

        Returns:
            True if it is obeyed; else `refusal` says why not, and `refused` counts it.
        """
        reason = self._fault(command)
        if reason:
            return self.refuse(reason)
        self.accepted += 1
        self._heard_ns = now_ns
        self._pending.append((now_ns + self._latency_ns, self._drive(command)))
        return True

    def refuse(self, reason: str) -> bool:
        """Count something that is no command; returns False."""
        self.refused += 1
        self.refusal = reason
        return False

    def is_silent(self, now_ns: int) -> bool:
        """True if there is no command, or none for too long."""
        return self._heard_ns is None or now_ns - self._heard_ns > self._timeout_ns

    def drive(self, now_ns: int) -> Drive:
        """Return what the motors do at `now_ns`, which never goes back between resets."""
        while self._pending and self._pending[0][0] <= now_ns:
            self._current = self._pending.popleft()[1]
        if self.is_silent(now_ns):
            self._pending.clear()
            self._current = self._damped
        return self._current

    def _fault(self, command: JointCommand) -> str:
        count = len(self._names)
        for name in ('position', 'velocity', 'effort'):
            values = getattr(command, name)
            if values is None:
                continue
            if len(values) != count:
                return f'{name}: {len(values)} values for {count} joints'
            bad = np.flatnonzero(~np.isfinite(values))
            if len(bad):
                return f'{name} of {", ".join(self._names[i] for i in bad)} is not finite'
        return ''

    def _drive(self, command: JointCommand) -> Drive:
        zeros = np.zeros(len(self._names))
        stiff = command.position is not None
        damped = stiff or command.velocity is not None
        damping = self._damping if damped else zeros
        effort = zeros if command.effort is None else command.effort
        if command.velocity is not None:
            effort = effort + damping * command.velocity
        return Drive(
            stiffness=self._stiffness if stiff else zeros,
            damping=damping,
            target=zeros if command.position is None else command.position,
            effort=effort,
        )
