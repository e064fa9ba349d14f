# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""The simulator node's loop: commands in, physics, sensor values out."""

from collections.abc import Callable
import queue
import threading
import time
from typing import Any

from robot_policies.core.data_types import JointCommand
from robot_policies.core.statistics import Window
from robot_policies.nodes.sim_look import SlowSensors
from robot_policies.nodes.sim_out import SimOutputs
from robot_policies.ros.inputs import LatestInput
from robot_policies.sim.eyes import Glimpse
from robot_policies.sim.pacing import Cadence, Pacer
from robot_policies.sim.simulator import Simulator, Stage

_FIRST_STAMP_NS = 1_000_000_000
_CATCH_UP_NS = 25_000_000
_SURVEY_HZ = 10.0


class SimRun:
    """Runs one simulator; `tick` belongs to one thread, `ask` may come from any.

    Attributes:
        stage: Robot and world.
        real_time_factor: As last measured.
        now_ns: Stamp of the last tick.
    """

    def __init__(
        self,
        simulator: Simulator,
        stage: Stage,
        world_name: str,
        out: SimOutputs,
        commands: LatestInput[JointCommand],
        *,
        pose_rate_hz: float,
        substeps: int,
        clock: Callable[[], int] | None,
        step_ms: Window,
    ) -> None:
        """Create it.

        Args:
            simulator: What runs.
            stage: Where it runs.
            world_name: As it was asked for.
            out: Where to publish.
            commands: Joint commands.
            pose_rate_hz: Odometry messages per second.
            substeps: Physics steps per tick.
            clock: Stamps, and with them the pace; None if simulated time is the time.
            step_ms: Gets the duration of each tick.
        """
        self.simulator, self.stage, self.world_name = simulator, stage, world_name
        self._out, self._commands, self._clock = out, commands, clock
        self._substeps, self._step_ms = substeps, step_ms
        self._pose = Cadence(pose_rate_hz)
        self._survey = Cadence(_SURVEY_HZ)
        self._pacer = Pacer(simulator.step_ns, _CATCH_UP_NS)
        self._wishes: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        self._rejected = 0
        self.slow: SlowSensors | None = None
        self.now_ns = _FIRST_STAMP_NS
        self.real_time_factor = 0.0

    def start(self) -> None:
        """Begin, or begin again after a pause."""
        self._pacer.restart(time.monotonic_ns())
        self._announce()

    def tick(self) -> None:
        """Compute what is due, and publish it."""
        started_ns = time.monotonic_ns()
        while not self._wishes.empty():
            self._wishes.get()()
        steps = self._advance(started_ns)
        if not steps:
            return
        now_ns, simulator, out = self.now_ns, self.simulator, self._out
        self._take_command(now_ns)
        for _ in range(steps):
            out.events(simulator.step(now_ns))
        elapsed_ns = steps * simulator.step_ns
        pose_due = self._pose.due(elapsed_ns)
        if self._clock is None or pose_due:
            out.clock(now_ns)
        out.proprioception(simulator, now_ns)
        if pose_due:
            out.pose(simulator, now_ns)
        if self._survey.due(elapsed_ns):
            simulator.referee.measure(simulator.data)
        if self.slow is not None:
            self.slow.tick(elapsed_ns, self.glimpse)
        self._step_ms.add((time.monotonic_ns() - started_ns) / 1e6)

    def glimpse(self) -> Glimpse:
        """Return a copy of the state for whoever takes long to look at it."""
        return Glimpse(self.stage, self.simulator.data.qpos.copy(), self.now_ns)

    def push(self, vx: float, vy: float) -> None:
        """Push the robot at the next tick."""
        self._wishes.put(lambda: self.simulator.push(vx, vy))

    def restart(self, stage: Stage, timeout_s: float) -> bool:
        """Go to the start of a stage at the next tick; False if none comes in time."""
        done = threading.Event()
        self._wishes.put(lambda: self._restart(stage, done))
        return done.wait(timeout_s)

    def measure(self) -> float:
        """Measure and return the real-time factor since the last call, and tell the clearance."""
        self.real_time_factor = self._pacer.real_time_factor(time.monotonic_ns())
        self._out.tell(event='clearance', closest_m=self.facts()['closest_m'])
        return self.real_time_factor

    def facts(self) -> dict[str, Any]:
        """Return what `/diagnostics` says about the run."""
        simulator, referee, driver = self.simulator, self.simulator.referee, self.simulator.driver
        return {
            'world': self.world_name,
            'seed': self.stage.world.seed,
            'real_time_factor': round(self.real_time_factor, 3),
            'simulated_s': round(simulator.time_s, 2),
            'commands_accepted': driver.accepted,
            'commands_refused': driver.refused,
            'refusal': driver.refusal,
            'damped': driver.is_silent(self.now_ns),
            'falls': referee.falls,
            'collisions': referee.collisions,
            'closest_m': round(float(referee.closest_m.min()), 3),
        }

    def _advance(self, started_ns: int) -> int:
        if self._clock is None:
            self.now_ns += self._substeps * self.simulator.step_ns
            self._pacer.advance(self._substeps)
            return self._substeps
        self.now_ns = self._clock()
        return self._pacer.due(started_ns)

    def _take_command(self, now_ns: int) -> None:
        slot = self._commands.slot
        if self._commands.poll():
            command = slot.newest()
            assert command is not None
            if self.simulator.command(command, now_ns):
                self._out.trace.applied(command.stamp_ns, now_ns)
        elif slot.rejected != self._rejected:
            self._rejected = slot.rejected
            self.simulator.driver.refuse(slot.reason)

    def _restart(self, stage: Stage, done: threading.Event) -> None:
        if stage is self.stage:
            self.simulator.reset(stage.world.seed)
        else:
            self.stage = stage
            self.simulator.enter(stage, stage.world.seed)
        self._announce()
        done.set()

    def _announce(self) -> None:
        self._out.world(self.stage.world, self.now_ns if self._clock is None else self._clock())
        self._out.tell(event='reset', world=self.world_name, seed=self.stage.world.seed)
