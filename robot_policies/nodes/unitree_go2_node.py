# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""A Unitree Go2 behind the same topics as the simulated one.

Needs the manufacturer's message package `unitree_go`, and the robot in low-level mode: its own
motion service has to be switched off first, or both command the motors. Without
`enable_hardware:=true` it does not configure. Commands come from `joint_command` only; when they
cease for 100 ms the joints are damped, as in the simulator.
"""

from collections.abc import Sequence
from dataclasses import dataclass
import importlib
import sys
import time
from typing import Any

from rclpy.qos import QoSProfile
from robot_policies.core.errors import ConfigError
from robot_policies.core.joint_driver import JointDriver
from robot_policies.core.joint_map import JointMapError
from robot_policies.core.params import param
from robot_policies.core.statistics import NS
from robot_policies.ros import topics
from robot_policies.ros.codecs.base import imu_to_msg
from robot_policies.ros.codecs.joints import joint_command_from_msg, joint_state_to_msg
from robot_policies.ros.codecs.unitree_go2 import (
    fill_low_command,
    imu_from_low_state,
    joints_from_low_state,
    MOTORS,
)
from robot_policies.ros.lifecycle import ManagedNode
from robot_policies.ros.run import run_node
from robot_policies.ros.tracing import RobotTrace, TracedConfig

_MESSAGES = 'unitree_go.msg'
_QOS = QoSProfile(depth=1)


@dataclass(frozen=True, kw_only=True)
class UnitreeGo2Config(TracedConfig):
    """Whether it may move, and how often it talks."""

    enable_hardware: bool = param(
        False, doc='Must be set to true: the motors of a real robot will move.'
    )
    rate_hz: float = param(
        200.0, doc='Low-level commands per second.', unit='Hz', low=50.0, high=500.0
    )
    timeout_s: float = param(
        0.09, doc='Without a command for this long the joints damp.', unit='s', low=0.01, high=0.09
    )
    state_topic: str = param('/lowstate', doc='Where the robot says what it does.')
    command_topic: str = param('/lowcmd', doc='Where the robot listens.')


class UnitreeGo2Node(ManagedNode):
    """Moves values between the suite's topics and the robot's."""

    default_name = 'unitree_go2'
    config_class = UnitreeGo2Config
    config: UnitreeGo2Config

    def _setup(self) -> None:
        messages = self._checked()
        joint_map = self.robot.joint_map()
        timeout_ns = round(self.config.timeout_s * NS)
        self._trace = RobotTrace(self)
        self._driver = JointDriver(self.robot, latency_ns=0, timeout_ns=timeout_ns)
        self._motor_map = self.robot.joint_map()
        self._tick: int | None = None
        self._low_command = messages.LowCmd()
        decode = lambda m: joint_command_from_msg(m, joint_map)  # noqa: E731
        self._commands = self.latest(topics.JOINT_COMMAND, decode)
        self._joints = self.publisher(topics.JOINT_STATES)
        self._imu = self.publisher(topics.IMU)
        self._motors = self.publisher(
            topics.Topic(self.config.command_topic, messages.LowCmd, _QOS)
        )
        state = topics.Topic(self.config.state_topic, messages.LowState, topics.SENSOR)
        self.listen(state, self._on_state)
        self.diagnostics.add_source(
            lambda: {'commands': self._driver.accepted, 'refused': self._driver.refused}
        )
        self.every(self.config.rate_hz, self._command, 'motors')

    def _stop(self) -> None:
        self._driver.reset()
        self._command()  # the last word is to damp

    def _checked(self) -> Any:  # noqa: ANN401
        if not self.config.enable_hardware:
            raise ConfigError(
                self.get_name(),
                [
                    'this moves a real robot: go through the safety checklist in '
                    'doc/how-to/hardware.md, then start with enable_hardware:=true'
                ],
            )
        try:
            self.robot.joint_map().to_robot(MOTORS, range(len(MOTORS)), self.robot.name)
            return importlib.import_module(_MESSAGES)
        except JointMapError as error:
            raise ConfigError(self.get_name(), [f'robot {self.robot.name}: {error}']) from error
        except ModuleNotFoundError as error:
            raise ConfigError(
                self.get_name(),
                [
                    'the message package unitree_go is not there; build it from '
                    'github.com/unitreerobotics/unitree_ros2 and source its workspace'
                ],
            ) from error

    def _on_state(self, message: Any) -> None:  # noqa: ANN401
        if message.tick == self._tick:
            return  # the same measurement again is no news, and must not look like it
        self._tick = message.tick
        now_ns = self.now_ns()
        joints = joints_from_low_state(message, self._motor_map, now_ns)
        imu = imu_from_low_state(message, now_ns)
        self._joints.publish(
            joint_state_to_msg(joints, self._motor_map, topics.JOINT_STATES.type())
        )
        self._imu.publish(imu_to_msg(imu, self.robot.body.base_frame, topics.IMU.type()))

    def _command(self) -> None:
        steady_ns = time.monotonic_ns()  # the watchdog outlives a jump of the system's clock
        if self._commands.poll():
            command = self._commands.slot.newest()
            if command is not None and self._driver.accept(command, steady_ns):
                self._trace.applied(command.stamp_ns, self.now_ns())
        drive = self._driver.drive(steady_ns)
        self._motors.publish(
            fill_low_command(
                self._low_command,
                self.robot.joint_names,
                stiffness=drive.stiffness,
                damping=drive.damping,
                target=drive.target,
                effort=drive.effort,
            )
        )


def main(args: Sequence[str] | None = None) -> int:
    """Run the node; the exit status is that of `run_node`."""
    return run_node(UnitreeGo2Node, args)


if __name__ == '__main__':
    sys.exit(main())
