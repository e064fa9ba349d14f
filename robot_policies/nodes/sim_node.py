# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""The simulator node: a robot in a MuJoCo world that looks like a real one from outside.

With real-time factor 1 it is paced by the system's clock and stamps with it; when it cannot keep
up, the world runs slower and the stamps stay honest. With any other factor, or `use_sim_time`, it
is the source of time: stamps and `/clock` are simulated time.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
import math
import sys
from typing import Any, ClassVar

from robot_policies.core.errors import ConfigError
from robot_policies.core.params import param
from robot_policies.nodes.sim_look import SlowSensors
from robot_policies.nodes.sim_out import SimOutputs
from robot_policies.nodes.sim_run import SimRun
from robot_policies.ros import topics
from robot_policies.ros.codecs.joints import joint_command_from_msg
from robot_policies.ros.fault_injection import FaultInjector
from robot_policies.ros.lifecycle import ManagedNode, NodeConfig
from robot_policies.ros.loops import ControlLoop
from robot_policies.ros.priority import step_back
from robot_policies.ros.real_time import keep_the_interpreter_moving, RENDERING
from robot_policies.ros.run import run_node
from robot_policies.ros.tracing import TracedConfig
from robot_policies.sim.layout import build_world
from robot_policies.sim.pacing import whole_steps
from robot_policies.sim.sensors import NoiseConfig
from robot_policies.sim.simulator import Simulator, SimulatorConfig, StageBuilder
from robot_policies.sim.world_spec import load_world

_FASTEST_HZ = 1e5
_SLOW_SHARE = 0.95
_RESET_S = 5.0


@dataclass(frozen=True, kw_only=True)
class SimNodeConfig(TracedConfig):
    """How time runs, and how often things are published."""

    rate_hz: float = param(
        200.0, doc='Joint states and IMU samples per second.', unit='Hz', low=50.0, high=500.0
    )
    pose_rate_hz: float = param(50.0, doc='Odometry per second.', unit='Hz', low=1.0, high=200.0)
    real_time_factor: float = param(
        1.0, doc='Simulated per real second; 0 is as fast as possible.', low=0.0, high=100.0
    )
    faults: bool = param(
        False, doc='Listen to sim/fault, which breaks single topics; for the fault suite.'
    )


@dataclass(frozen=True, kw_only=True)
class WorldConfig:
    """Where the robot is."""

    name: str = param('arena', doc='Shipped world, or path of a YAML.')
    seed: int = param(0, doc='Seed of the world; a change takes effect with sim/reset.', low=0)


class SimNode(ManagedNode):
    """Gives commands to a `Simulator` and publishes what it senses."""

    default_name: ClassVar[str] = 'sim'
    config_class: ClassVar[type[NodeConfig]] = SimNodeConfig
    _loop: ControlLoop | None = None

    def _setup(self) -> None:
        where = self.parameters.declare(WorldConfig, 'world.', live=('seed',))
        physics = self.parameters.declare(SimulatorConfig, 'simulator.')
        noise = self.parameters.declare(NoiseConfig, 'noise.')
        self._where, self._seed, self._spec = where, where.seed, load_world(where.name)
        self._builder = StageBuilder(self.robot, physics)
        self._faults = FaultInjector()
        self._out = SimOutputs(self)
        self._run = self._make_run(physics, noise)
        if self._is_time:  # what it publishes as the time reaches its own clock later
            self._out.trace.now_ns = lambda: self._run.now_ns
        self._run.slow = self._make_slow_sensors(noise)
        self.parameters.on_change('world.seed', self._on_seed)
        self.serve(topics.SIM_RESET, self._on_reset)
        self.listen(topics.SIM_PUSH, self._on_push)
        if self.config.faults:
            self.listen(topics.SIM_FAULT, self._on_fault)
        self.diagnostics.add_source(self._run.facts)
        self.slowly(1.0, self._report, 'report')

    def publisher(self, topic: topics.Topic) -> Any:  # noqa: ANN401
        """Return a publisher; with the parameter `faults` one that can be told to fail."""
        made = super().publisher(topic)
        return self._faults.wrap(topic.name, made) if self.config.faults else made

    def _make_run(self, physics: SimulatorConfig, noise: NoiseConfig) -> SimRun:
        try:
            substeps = whole_steps(1.0 / self.config.rate_hz, physics.physics_step_s)
        except ValueError as error:
            raise ConfigError(
                f'{self.get_name()}: simulator.physics_step_s', [str(error)]
            ) from None
        self._is_time = self.config.real_time_factor != 1.0 or bool(
            self.get_parameter('use_sim_time').value
        )
        joint_map = self.robot.joint_map()
        stage = self._builder.build(build_world(self._spec, self._seed))
        return SimRun(
            Simulator(self.robot, stage, physics, noise),
            stage,
            self._where.name,
            self._out,
            self.latest(topics.JOINT_COMMAND, lambda m: joint_command_from_msg(m, joint_map)),
            pose_rate_hz=self.config.pose_rate_hz,
            substeps=substeps,
            clock=None if self._is_time else self.now_ns,
            step_ms=self.diagnostics.window_ms('step'),
        )

    def _make_slow_sensors(self, noise: NoiseConfig) -> SlowSensors:
        slow = SlowSensors(
            self.robot,
            noise,
            self._out,
            look_ms=self.diagnostics.window_ms('look'),
            on_error=lambda words: self.diagnostics.error('look', words),
            begin=partial(keep_the_interpreter_moving, RENDERING)
            if self.in_real_time
            else step_back,
        )
        self.own(slow.close)
        slow.warm_up(self._run.glimpse())
        return slow

    def _start(self) -> None:
        self._run.start()
        factor = self.config.real_time_factor
        rate_hz = self.config.rate_hz * factor if factor else _FASTEST_HZ
        # as fast as possible never waits: in real time it would lock everything else out
        priority = self.config.real_time_priority if factor else 0
        step = self.guarded(self._run.tick, 'step')
        self._loop = ControlLoop('step', rate_hz, step, real_time=priority)
        if factor:
            self.diagnostics.watch_loop('step', self._loop.monitor)
        self._loop.start()

    def _stop(self) -> None:
        if self._loop is not None:
            self._loop.stop()
            self._loop = None

    def _on_seed(self, values: Mapping[str, Any]) -> None:
        self._seed = values['world.seed']  # type and range are checked against its declaration

    def _on_push(self, message: Any) -> None:  # noqa: ANN401
        if math.isfinite(message.x) and math.isfinite(message.y):
            self._run.push(message.x, message.y)
        else:
            self.get_logger().warning(f'sim/push: ({message.x}, {message.y}) m/s is ignored')

    def _on_fault(self, message: Any) -> None:  # noqa: ANN401
        try:
            self._faults.command(message.data)
        except ValueError as error:
            self.get_logger().warning(f'sim/fault: {error}')

    def _on_reset(self, _request: Any, response: Any) -> Any:  # noqa: ANN401
        stage = self._run.stage
        try:
            if self._seed != stage.world.seed:  # built here, while the loop goes on
                stage = self._builder.build(build_world(self._spec, self._seed))
        except ConfigError as error:
            response.success, response.message = False, str(error)
            return response
        response.success = self._loop is not None and self._run.restart(stage, _RESET_S)
        words = f'world {self._where.name}, seed {stage.world.seed}'
        response.message = words if response.success else 'the simulator is not running'
        return response

    def _report(self) -> None:
        if self._loop is None:
            return
        factor = self._run.measure()
        if factor < _SLOW_SHARE * self.config.real_time_factor:
            words = f'the world runs at {factor:.2f} of real time: this machine cannot keep up'
            self.diagnostics.warn('real_time', words)
        else:
            self.diagnostics.clear('real_time')


def main(args: Sequence[str] | None = None) -> int:
    """Run the simulator node."""
    return run_node(SimNode, args)


if __name__ == '__main__':
    sys.exit(main())
