# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""The safety node: the only one the robot listens to.

It has a process and a clock of its own, which keeps step with the IMU while that speaks. Every
tick takes what has come, judges, and publishes, whether or not anything came; if it cannot, it
publishes nothing and the robot damps by itself.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
import sys
import threading
import time
from typing import Any, ClassVar

from robot_policies.core.data_types import VelocityCommand
from robot_policies.core.params import param
from robot_policies.named_checks import resolve_checks
from robot_policies.nodes.safety_io import SafetyInputs
from robot_policies.nodes.safety_out import SafetyOutputs
from robot_policies.nodes.safety_trace import SafetyTrace
from robot_policies.ros import topics
from robot_policies.ros.clock_input import ClockInput
from robot_policies.ros.inputs import RequestInput
from robot_policies.ros.lifecycle import ManagedNode, NodeConfig
from robot_policies.ros.run import run_node
from robot_policies.ros.tracing import TracedConfig
from robot_policies.ros.woken_loop import WokenLoop
from robot_policies.safety.arbiter import ArbiterConfig
from robot_policies.safety.assembly import build_supervisor, DEFAULT_CHECKS, prefix_of
from robot_policies.safety.state import SafetyState
from robot_policies.safety.time_guard import ClockConfig, TimeGuard

_NS = 1_000_000_000


@dataclass(frozen=True, kw_only=True)
class SafetyNodeConfig(TracedConfig):
    """What the safety node can be told, beside the parameters of its checks."""

    rate_hz: float = param(200.0, doc='Joint commands per second.', unit='Hz', low=50, high=1000)
    velocity_rate_hz: float = param(
        50.0, doc='Base velocities per second at least.', unit='Hz', low=10.0, high=200.0
    )
    checks: tuple[str, ...] = param(
        DEFAULT_CHECKS,
        doc='Checks (package.module:Class, or a checkpoint) beside those always there.',
    )
    novelty: str = param(
        '', doc='Checkpoint of a check for what is unlike the training data; empty for none.'
    )
    rules: str = param('', doc='Rules over time: shipped name or path of a YAML; empty for none.')
    recovery: str = param(
        '', doc='Check that gets a fallen robot up (package.module:Class); empty: DAMP instead.'
    )


class SafetyNode(ManagedNode):
    """Moves messages into the `Supervisor` and its verdicts out."""

    default_name: ClassVar[str] = 'safety'
    config_class: ClassVar[type[NodeConfig]] = SafetyNodeConfig
    _loop: WokenLoop | None = None
    _clock_input: ClockInput | None = None

    def _setup(self) -> None:
        named, novelty = self.config.checks, self.config.novelty
        named = (*named, novelty) if novelty else named
        checks = resolve_checks(named, self.config.rules, self.robot)
        self._checkpoint_values = {prefix_of(spec): own for spec, own in checks.values.items()}
        self._supervisor = build_supervisor(
            self.robot,
            extra=checks.specs,
            recovery=self.config.recovery,
            configure=self._declare,
            contexts=checks.contexts,
        )
        arbiter = self._declare(ArbiterConfig, 'arbiter')
        self._inputs = SafetyInputs(self, self.robot, arbiter, self._supervisor.needs)
        for subscription in self._inputs.subscriptions:
            self.own(lambda made=subscription: self.destroy_subscription(made))  # type: ignore[misc]
        self._clock_config = self._declare(ClockConfig, 'clock')
        self._simulated = bool(self.get_parameter('use_sim_time').value)
        self._clock_input = ClockInput(self) if self._simulated else None
        self._outputs = SafetyOutputs(self)
        self._trace = SafetyTrace(self)
        self._lock = threading.Lock()
        self._tick_ms = self.diagnostics.window_ms('tick')
        self._output = self.diagnostics.watch_output('output', self.config.rate_hz)
        self.diagnostics.add_source(self._inputs.refused)
        self.serve(topics.SAFETY_RESET, self._on_reset)
        self._stops = RequestInput(self, topics.SAFETY_STOP)
        self.own(lambda: self.destroy_service(self._stops.service))
        self.slowly(0.1, self._stop_without_loop, 'stops')
        self.slowly(0.5, self._outputs.watch_publishers, 'publishers')

    def _declare(self, config_class: type, prefix: str) -> Any:  # noqa: ANN401
        own = self._checkpoint_values.get(prefix, {})
        return self.parameters.declare(config_class, f'{prefix}.', defaults=own)

    def _start(self) -> None:
        self._time_guard = TimeGuard(self._clock_config, simulated=self._simulated)
        self._inputs.flush(self._time_ns())
        self._state = SafetyState(since_ns=self._time_ns())
        self._velocity_due_ns = 0
        self._output.pause()
        self._outputs.start()
        self._act = self.guarded(self._tick, 'supervisor')
        self._loop = WokenLoop(
            'supervisor',
            self.config.rate_hz,
            self._act,
            [*self._inputs.wakers, self._stops.service],
            self.context,
            pacemaker=self._inputs.imu.subscription,
            listened=self._listened(),
            due_ns=self._due_ns,
            real_time=self.config.real_time_priority,
        )
        self.diagnostics.watch_loop('supervisor', self._loop.monitor)
        self._loop.start()

    def _stop(self) -> None:
        if self._loop is not None:
            self._loop.stop()
            self._loop = None
            self._supervisor.disengage()
            self._outputs.inactive()

    def now_ns(self) -> int:
        """Return the node's ROS time, without the executor's delay where it is simulated."""
        return super().now_ns() if self._clock_input is None else self._clock_input.now_ns()

    def _time_ns(self) -> int:
        """Return the time in which ages are counted: steady, or simulated where time is."""
        return self.now_ns() if self._simulated else time.monotonic_ns()

    def _listened(self) -> dict[Any, Callable[[], bool]]:
        """Return what a jump of simulated time wakes the loop by, before the IMU does."""
        clock = self._clock_input
        return {clock.subscription: self._time_jumps} if clock is not None else {}

    def _time_jumps(self) -> bool:
        try:
            return self._time_guard.is_jump(self.now_ns())
        except Exception:  # noqa: BLE001 - a message that cannot be read: the step fails, and says so
            return True

    def _due_ns(self) -> int | None:
        return None if self._simulated else self._supervisor.due_ns(self._state)

    def _tick(self) -> None:
        steady_ns = time.monotonic_ns()
        with self._lock:
            jump = self._watch_clock()
            # one reading: between two a jump could come, and ages would be counted across it
            now_ns = self._tick_ros_ns if self._simulated else time.monotonic_ns()
            self._inputs.poll(
                now_ns, self._tick_ros_ns, None if self._simulated else time.time_ns()
            )
            self._state, velocity = self._inputs.state(self._time_guard.paused or jump, now_ns)
            if self._inputs.newly_pressed:
                self._supervisor.stop('e-stop pressed', now_ns)
            stop_asked = self._take_stops(now_ns)
            command = self._inputs.command.value
            verdict = self._supervisor.judge(command, self._state, now_ns)
            self._output.tick(time.monotonic_ns())
            self._outputs.command(verdict.command)
            self._trace.command(command, verdict, self._tick_ros_ns)
            if jump or self._inputs.velocity_is_new or steady_ns >= self._velocity_due_ns:
                self._velocity_due_ns = steady_ns + round(_NS / self.config.velocity_rate_hz)
                self._gate_velocity(velocity, now_ns)
            self._outputs.report(self._supervisor, self._state, now_ns, steady_ns)
        if stop_asked:
            self._answer_stops()
        if jump:  # a line in the log takes as long as the rest of the tick: it comes last
            self.get_logger().warning(f'{jump}: everything heard before is forgotten')
        self._tick_ms.add((time.monotonic_ns() - steady_ns) / 1e6)

    def _gate_velocity(self, velocity: VelocityCommand | None, now_ns: int) -> None:
        verdict = self._supervisor.judge_velocity(velocity, self._state, now_ns)
        stamp_ns = self.now_ns()
        self._outputs.velocity(verdict.command, stamp_ns)
        source = self._state.velocity_source
        self._trace.velocity(source, velocity, verdict, stamp_ns, self._tick_ros_ns)

    def _watch_clock(self) -> str:
        """Return what is wrong with the clock in this tick, in words; empty if nothing."""
        steady_ns, ros_ns = time.monotonic_ns(), self.now_ns()
        self._tick_ros_ns = ros_ns
        event = self._time_guard.update(ros_ns, steady_ns, time.monotonic_ns() - steady_ns)
        if event:
            self._inputs.flush(ros_ns if self._simulated else time.monotonic_ns())
        return event

    def _take_stops(self, now_ns: int) -> bool:
        asked = self._stops.poll()
        if asked:
            self._supervisor.stop('stopped by service safety/stop', now_ns)
        return asked

    def _answer_stops(self) -> None:
        words = 'stopped: the robot is soft until a reset'
        self._stops.answer(success=True, message=words)

    def _stop_without_loop(self) -> None:
        """Take and answer calls of `safety/stop` while no loop does."""
        if self._loop is None and self._take_stops(self._time_ns()):
            self._answer_stops()

    def _on_reset(self, _request: Any, response: Any) -> Any:  # noqa: ANN401
        with self._lock:
            answer = self._supervisor.reset(self._state)
        self.get_logger().info(answer.reason)
        response.success, response.message = answer.accepted, answer.reason
        return response


def main(args: Sequence[str] | None = None) -> int:
    """Run the safety node."""
    return run_node(SafetyNode, args)


if __name__ == '__main__':
    sys.exit(main())
