# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Walks: joint states, IMU and `cmd_vel` in, `locomotion/command` out, at a fixed rate."""

from collections.abc import Sequence
from dataclasses import dataclass
import sys
import time

from robot_policies.core.clock_watch import ClockWatch
from robot_policies.core.contracts import LocomotionController
from robot_policies.core.data_types import Missing
from robot_policies.core.params import param
from robot_policies.core.probe import check_controller, command_problem
from robot_policies.core.statistics import NS
from robot_policies.core.verdict import Severity
from robot_policies.nodes.locomotion_inputs import LocomotionInputs
from robot_policies.ros import topics
from robot_policies.ros.codecs.diagnostics import status_values
from robot_policies.ros.codecs.joints import joint_command_to_msg
from robot_policies.ros.lifecycle import ManagedNode
from robot_policies.ros.plugin_source import declare_plugin
from robot_policies.ros.run import run_node
from robot_policies.ros.tracing import TracedConfig, Tracer

_LATE_SHARE = 0.9
"""A joint state may come so much of a period later than the tick."""


@dataclass(frozen=True, kw_only=True)
class LocomotionNodeConfig(TracedConfig):
    """How often it steps, and how old its inputs may be."""

    control_hz: float = param(50.0, doc='Control steps per second.', unit='Hz', low=1.0, high=1e3)
    state_timeout_s: float = param(
        0.04, doc='Oldest usable joint state and IMU sample.', unit='s', low=0.001, high=1.0
    )
    reset_after_s: float = param(
        0.2,
        doc='After a gap this long the controller forgets its history and starts from standing.',
        unit='s',
        low=0.02,
        high=10.0,
    )
    command_timeout_s: float = param(
        0.2, doc='A velocity command older than this counts as zero.', unit='s', low=0.02, high=2.0
    )


class LocomotionNode(ManagedNode):
    """Steps a locomotion controller. Without fresh proprioception it commands nothing.

    Silence is the message then: the supervisor damps the robot when commands stop. The joint
    state is taken at the very tick that uses it, so its age is at most one of its periods; the
    ticks are not aligned to its arrival, which would make the rate depend on a topic. Only where
    none has come since the last tick is the next one waited for.
    """

    default_name = 'locomotion'
    config_class = LocomotionNodeConfig
    config: LocomotionNodeConfig
    controller: LocomotionController

    def _setup(self) -> None:
        loaded = declare_plugin(self.parameters, 'controller.', 'step', self.robot)
        check_controller(loaded.plugin, self.robot, loaded.label)
        self.controller = loaded.plugin
        self._joint_map = self.robot.joint_map()
        self._inputs = LocomotionInputs(
            self, self.config.state_timeout_s, self.config.command_timeout_s
        )
        self._safety = self.latest(topics.SAFETY_STATUS, is_damped)
        self._commands = self.publisher(topics.LOCOMOTION_COMMAND)
        self._trace = Tracer(self)
        self._step_ms = self.diagnostics.window_ms('step')
        self._age_ms = self.diagnostics.window_ms('joint_state_age')
        self._published = self.diagnostics.meter('locomotion_command')
        self._output = self.diagnostics.watch_output('output', self.config.control_hz)
        self.diagnostics.add_source(lambda: {'controller': loaded.label})
        self.every(self.config.control_hz, self._control, 'control')

    def _start(self) -> None:
        self._watch = ClockWatch()
        self._dt_s = 1.0 / self.config.control_hz
        self._stepped_ns = 0
        self._output.pause()
        self.controller.reset()

    def _control(self) -> None:
        now_ns = self.now_ns()
        if self._jumped(now_ns):
            return
        observation = self._inputs.observe(now_ns, _LATE_SHARE * self._dt_s)
        now_ns = self.now_ns()  # it may have waited
        if isinstance(observation, Missing):
            words = f'no command: {observation}'
            if self.diagnostics.error('inputs', words) and self._stepped_ns:
                self.get_logger().warning(words)  # at start it is no news
            return
        self.diagnostics.clear('inputs')
        self._forget_if_interrupted(now_ns)
        started_ns = time.perf_counter_ns()
        command = self.controller.step(observation, self._dt_s)
        self._step_ms.add((time.perf_counter_ns() - started_ns) / 1e6)
        problem = command_problem(command, len(self.robot.joints))
        if problem:
            raise ValueError(f'the controller {problem}')
        message = topics.LOCOMOTION_COMMAND.type()
        joint_command_to_msg(command, self._joint_map, message)
        self._output.tick(time.monotonic_ns())
        self._commands.publish(message)
        causes = self._inputs.causes(observation)
        self._trace.note(topics.LOCOMOTION_COMMAND.name, command.stamp_ns, now_ns, causes)
        self._age_ms.add((now_ns - observation.stamp_ns) / 1e6)
        self._published.add()

    def _forget_if_interrupted(self, now_ns: int) -> None:
        # After a gap, what the controller remembers is no longer its past; and while the
        # supervisor damps, the robot does not do what it says. Either way it starts anew from
        # the pose that it finds.
        self._safety.poll()
        gap_ns = now_ns - self._stepped_ns
        self._stepped_ns = now_ns
        if gap_ns > self.config.reset_after_s * NS or self._safety.slot.newest():
            self.controller.reset()

    def _jumped(self, now_ns: int) -> bool:
        jump = self._watch.jump(now_ns)
        if jump:
            self.get_logger().warning(f'{jump}: inputs dropped')
            self._inputs.clear()
            self._stepped_ns = 0
        return bool(jump)


def is_damped(message: object) -> bool:
    """Read from the supervisor's status whether it lets the robot sink."""
    return status_values(message).get('severity') == Severity.DAMP.name


def main(args: Sequence[str] | None = None) -> int:
    """Run the node; the exit status is that of `run_node`."""
    return run_node(LocomotionNode, args)


if __name__ == '__main__':
    sys.exit(main())
