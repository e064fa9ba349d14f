# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Renders and scans beside the simulator node's loop, which never waits for it."""

from collections.abc import Callable
from dataclasses import dataclass
import time

from robot_policies.core.errors import RobotPoliciesError
from robot_policies.core.robot import RobotSpec
from robot_policies.core.statistics import Window
from robot_policies.core.worker import LatestWinsWorker
from robot_policies.nodes.sim_out import SimOutputs
from robot_policies.ros.priority import step_back
from robot_policies.sim.eyes import Eyes, Glimpse
from robot_policies.sim.pacing import Cadence
from robot_policies.sim.sensors import NoiseConfig

_SCAN = 'scan'
_START_S = 60.0


@dataclass(frozen=True)
class _Job:
    glimpse: Glimpse
    what: frozenset[str]


class SlowSensors:
    """Cameras and scan at their rates, in a thread that owns the graphics context.

    While it is busy, what is due waits and is then seen in the newest state; nothing queues up.
    """

    def __init__(
        self,
        robot: RobotSpec,
        noise: NoiseConfig,
        out: SimOutputs,
        *,
        look_ms: Window,
        on_error: Callable[[str], object],
        begin: Callable[[], None] = step_back,
    ) -> None:
        """Start the thread.

        Args:
            robot: Whose sensors they are.
            noise: Noise of the scan and of the pixels.
            out: Where to publish.
            look_ms: Gets the time that each look takes.
            on_error: Told what went wrong, in words.
            begin: Called first in the thread, for its priority.
        """
        self._robot, self._noise, self._out = robot, noise, out
        self._look_ms = look_ms
        self._cadences = {camera.name: Cadence(camera.rate_hz) for camera in robot.cameras}
        if robot.scan is not None:
            self._cadences[_SCAN] = Cadence(robot.scan.rate_hz)
        self._due: set[str] = set()
        self._eyes: Eyes | None = None
        self._failure: Exception | None = None
        self._on_error = on_error
        self._worker = LatestWinsWorker[_Job | None](self._look, self._failed, 'look', begin)

    def warm_up(self, glimpse: Glimpse) -> None:
        """Look once without publishing, so that a missing library is known before activation.

        Raises:
            RobotPoliciesError: Nothing can be rendered on this machine.
        """
        self._worker.submit(_Job(glimpse, frozenset()))
        if not self._worker.wait_idle(_START_S):
            raise RobotPoliciesError(f'rendering has not started within {_START_S:.0f} s')
        if self._failure is not None:
            raise self._failure

    def tick(self, elapsed_ns: int, see: Callable[[], Glimpse]) -> None:
        """Look if something is due.

        Args:
            elapsed_ns: Simulated time since the last tick.
            see: Gives the current state; called only then.
        """
        due = (name for name, cadence in self._cadences.items() if cadence.due(elapsed_ns))
        self._due.update(due)
        if self._due and not self._worker.is_busy:
            self._worker.submit(_Job(see(), frozenset(self._due)))
            self._due.clear()

    def close(self) -> None:
        """Stop, and give the graphics memory back in the thread that holds it."""
        if self._worker.wait_idle(2.0):
            self._worker.submit(None)
            self._worker.wait_idle(2.0)
        self._worker.close()

    def _look(self, job: _Job | None) -> None:
        if job is None:
            if self._eyes is not None:
                self._eyes.close()
            return
        started_ns = time.perf_counter_ns()
        if self._eyes is None:
            self._eyes = Eyes(self._robot, self._noise)
            for camera in self._robot.cameras:
                self._eyes.image(job.glimpse, camera.name)
        if _SCAN in job.what:
            self._out.scan(self._eyes.scan(job.glimpse))
        for name in sorted(job.what - {_SCAN}):
            self._out.image(name, self._eyes.image(job.glimpse, name))
        self._look_ms.add((time.perf_counter_ns() - started_ns) / 1e6)

    def _failed(self, _job: _Job | None, error: Exception) -> None:
        self._failure = error
        self._on_error(str(error) if isinstance(error, RobotPoliciesError) else repr(error))
