# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""What the locomotion node takes at each tick: joint states, IMU, the velocity to follow."""

import time

from robot_policies.core.data_types import LocomotionObservation, Missing, VelocityCommand
from robot_policies.core.statistics import NS
from robot_policies.core.stream_owner import StreamOwner
from robot_policies.ros import topics
from robot_policies.ros.codecs.base import imu_from_msg, velocity_from_msg
from robot_policies.ros.codecs.errors import CodecError
from robot_policies.ros.codecs.joints import joint_state_from_msg
from robot_policies.ros.inputs import StreamInput
from robot_policies.ros.lifecycle import ManagedNode

_LOOK_S = 0.001
_VELOCITIES = 10
"""Kept between two ticks: a second publisher of many pushes none of the owner's out."""


class LocomotionInputs:
    """The newest of each source, each with its own limit of age. Ask from one thread."""

    def __init__(
        self, node: ManagedNode, state_timeout_s: float, command_timeout_s: float
    ) -> None:
        """Subscribe; what is not finite or not this robot's is refused."""
        seen = node.robot.joint_map()
        self._node = node
        self._max_age_ns = round(state_timeout_s * NS)
        self._command_age_ns = round(command_timeout_s * NS)
        self.joints = node.latest(topics.JOINT_STATES, lambda m: joint_state_from_msg(m, seen))
        self.imu = node.latest(topics.IMU, imu_from_msg)
        self.velocity = StreamInput(
            node,
            topics.CMD_VEL,
            finite_velocity_from_msg,
            depth=_VELOCITIES,
            owner=StreamOwner(),
        )
        node.diagnostics.watch_slot(self.velocity.slot)
        node.own(lambda: node.destroy_subscription(self.velocity.subscription))
        self._is_led = False
        self._last_stamp_ns = 0

    def clear(self) -> None:
        """Forget everything, e.g. after a clock jump."""
        self._last_stamp_ns = 0
        for source in (self.joints, self.imu, self.velocity):
            source.slot.clear()

    def observe(self, now_ns: int, patience_s: float) -> LocomotionObservation | Missing:
        """Observe, and wait for a joint state that comes late: nothing rests on one twice.

        A command on the same state would be no news to the supervisor, and half of its patience
        would be gone.

        Args:
            now_ns: Now.
            patience_s: Longest time to wait; then the last state has to do.
        """
        observation = self._newest(now_ns)
        until_ns = time.monotonic_ns() + round(patience_s * NS)
        while (
            not isinstance(observation, Missing)
            and observation.stamp_ns == self._last_stamp_ns
            and time.monotonic_ns() < until_ns
        ):
            time.sleep(_LOOK_S)
            observation = self._newest(self._node.now_ns())
        if not isinstance(observation, Missing):
            self._last_stamp_ns = observation.stamp_ns
        return observation

    def _newest(self, now_ns: int) -> LocomotionObservation | Missing:
        joints = self.joints.take(now_ns, self._max_age_ns)
        imu = self.imu.take(now_ns, self._max_age_ns)
        if isinstance(joints, Missing) or isinstance(imu, Missing):
            absent = [value for value in (joints, imu) if isinstance(value, Missing)]
            return Missing(tuple(name for value in absent for name in value.names))
        self.velocity.drain(now_ns)
        velocity = self.velocity.slot.take(now_ns, self._command_age_ns)
        self._is_led = not isinstance(velocity, Missing)
        if isinstance(velocity, Missing):
            velocity = VelocityCommand(now_ns)  # nobody says where to: stand
        return LocomotionObservation(joints.stamp_ns, joints, imu, velocity)

    def causes(self, observation: LocomotionObservation) -> tuple[tuple[str, int], ...]:
        """Return topic and stamp of all that a command rests on, for the trace."""
        causes = (
            (topics.JOINT_STATES.name, observation.joints.stamp_ns),
            (topics.IMU.name, observation.imu.stamp_ns),
        )
        led = ((topics.CMD_VEL.name, observation.command.stamp_ns),)
        return causes + led if self._is_led else causes


def finite_velocity_from_msg(message: object) -> VelocityCommand:
    """Read a velocity command that may be followed.

    Raises:
        CodecError: It is not one, or holds NaN or infinity.
    """
    velocity = velocity_from_msg(message)
    if not velocity.is_finite:
        raise CodecError('a velocity that is not finite')
    return velocity
