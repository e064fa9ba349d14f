# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""A robot in Gazebo behind the same topics: its description, and its motor drivers.

Gazebo's motors take torques. What becomes of a joint command is decided by the `JointDriver` of
the simulated robot, gains and watchdog included; this node computes its torques from the joint
states and gives them to ros2_control's effort controller.
"""

from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
import sys

import numpy as np
from robot_policies import resources
from robot_policies.core.data_types import Missing
from robot_policies.core.joint_driver import JointDriver
from robot_policies.core.params import param
from robot_policies.core.statistics import NS
from robot_policies.ros import topics
from robot_policies.ros.codecs.joints import joint_command_from_msg, joint_state_from_msg
from robot_policies.ros.lifecycle import ManagedNode
from robot_policies.ros.run import run_node
from robot_policies.ros.tracing import RobotTrace, TracedConfig
from robot_policies.sim.description import load_description
from robot_policies.sim.gazebo import gazebo_description, joint_torques
from std_msgs.msg import Float64MultiArray


@dataclass(frozen=True, kw_only=True)
class GazeboConfig(TracedConfig):
    """How the robot's motors are driven."""

    controllers: str = param(
        '', doc='YAML of the controllers; empty takes config/gazebo/<robot>_controllers.yaml.'
    )
    effort_topic: str = param('effort_controller/commands', doc='Where the torques go.')
    rate_hz: float = param(400.0, doc='Torques per second.', unit='Hz', low=100.0, high=1000.0)
    timeout_s: float = param(
        0.1, doc='Without a command for this long the joints damp.', unit='s', low=0.01, high=0.1
    )
    state_timeout_s: float = param(
        0.05, doc='Without joint states for this long no torque.', unit='s', low=0.005, high=1.0
    )


class GazeboNode(ManagedNode):
    """Publishes the description that Gazebo spawns, and the torques of its motors."""

    default_name = 'gazebo'
    config_class = GazeboConfig
    config: GazeboConfig

    def _setup(self) -> None:
        commands, states = self.robot.joint_map(), self.robot.joint_map()
        self._limits = self.robot.per_joint('effort')
        timeout_ns = round(self.config.timeout_s * NS)
        self._trace = RobotTrace(self)
        self._driver = JointDriver(self.robot, latency_ns=0, timeout_ns=timeout_ns)
        self._commands = self.latest(
            topics.JOINT_COMMAND, lambda m: joint_command_from_msg(m, commands)
        )
        self._states = self.latest(topics.JOINT_STATES, lambda m: joint_state_from_msg(m, states))
        self._description = self.publisher(topics.ROBOT_DESCRIPTION)
        effort = topics.Topic(self.config.effort_topic, Float64MultiArray, topics.COMMAND)
        self._efforts = self.publisher(effort)
        self._text = self._describe()
        self.every(self.config.rate_hz, self._drive, 'motors')

    def _start(self) -> None:
        self._driver.reset()
        self._description.publish(topics.ROBOT_DESCRIPTION.type(data=self._text))

    def _describe(self) -> str:
        shipped = f'config/gazebo/{self.robot.name}_controllers.yaml'
        controllers = Path(self.config.controllers or resources.share_dir() / shipped)
        resources.read_yaml(controllers)
        own = load_description(self.robot)
        return gazebo_description(own.xml, self.robot, controllers.absolute(), own.mesh_path)

    def _drive(self) -> None:
        now_ns = self.now_ns()
        if self._commands.poll():
            command = self._commands.slot.newest()
            if command is not None and self._driver.accept(command, now_ns):
                self._trace.applied(command.stamp_ns, now_ns)
        state = self._states.take(now_ns, round(self.config.state_timeout_s * NS))
        torques = np.zeros(len(self._limits))
        if not isinstance(state, Missing):
            torques = joint_torques(self._driver.drive(now_ns), state, self._limits)
        self._efforts.publish(Float64MultiArray(data=array('d', torques)))


def main(args: Sequence[str] | None = None) -> int:
    """Run the node; the exit status is that of `run_node`."""
    return run_node(GazeboNode, args)


if __name__ == '__main__':
    sys.exit(main())
