# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""How long the barriers take in one tick: 12 joints, 14 pairs of links, and 14 obstacles.

Once the solver alone, on problems of that size that change slowly, and once the whole checks with
their geometry.
"""

from dataclasses import replace
import time
from typing import Any

import numpy as np
from robot_policies.core.contracts import PluginContext
from robot_policies.core.data_types import JointCommand, Scan, VelocityCommand
from robot_policies.core.robot import RobotSpec
from robot_policies.core.verdict import Severity
from robot_policies.evaluation.bench.measurement import aim, distribution, Measurement
from robot_policies.resources import load_robot
from robot_policies.safety.base_barrier import BaseBarrier, BaseBarrierConfig
from robot_policies.safety.joint_barrier import JointBarrier, JointBarrierConfig
from robot_policies.safety.nominal import nominal_command, nominal_state
from robot_policies.safety.projection import Barriers, Projection
from robot_policies.safety.state import SafetyState

TICKS, QUICK_TICKS = 20_000, 1_000
PERIOD_NS = 5_000_000
_WARM_UP = 200
_JOINTS, _ROWS, _ITERATIONS = 12, 14, 100
_AMPLITUDE = np.array([0.6, 1.2, 1.2] * 4)
"""Beyond the limits and into other legs, so that the solver has work in every tick."""


def measure(quick: bool) -> dict[str, Any]:
    """Return the times of whole checks in ticks in which the solver was needed."""
    robot = load_robot('go2')
    ticks = _WARM_UP + (QUICK_TICKS if quick else TICKS)
    solver, joints, base = _solver(ticks), _joints(robot, ticks), _base(robot, ticks)
    return {
        'solver': solver,
        'joints': joints,
        'base': base,
        'aim_solver_p99_ms': aim(solver['p99_ms'], 0.5),
        'aim_joints_p99_ms': aim(joints['p99_ms'], 0.5),
        'aim_base_p99_ms': aim(base['p99_ms'], 0.5),
    }


class _Stopwatch:
    """Times the ticks in which a barrier acts."""

    def __init__(self) -> None:
        self.times_ms: list[float] = []
        self.unsolved = self.asked = 0

    def check(self, check: Any, command: Any, state: SafetyState, now_ns: int) -> Any:  # noqa: ANN401
        """Ask a check and return the command that it allows."""
        started_ns = time.perf_counter_ns()
        verdict = check.check(command, state, now_ns)
        elapsed_ms = (time.perf_counter_ns() - started_ns) / 1e6
        self.asked += 1
        self.unsolved += verdict.severity >= Severity.HOLD
        if self.asked > _WARM_UP and verdict.severity == Severity.LIMIT:
            self.times_ms.append(elapsed_ms)
        return verdict.command

    @property
    def numbers(self) -> dict[str, Any]:
        """What was measured."""
        return {**distribution(self.times_ms, 'ms'), 'unsolved': self.unsolved}


def _solver(ticks: int) -> dict[str, Any]:
    projection = Projection(np.ones(_JOINTS), _ROWS, _ITERATIONS)
    rows = np.random.default_rng(0).normal(size=(_ROWS, _JOINTS))
    fastest, row, joint = np.full(_JOINTS, 5.0), np.arange(_ROWS), np.arange(_JOINTS)
    times_ms, unsolved = [], 0
    for tick in range(ticks):
        wanted = 8.0 * np.sin(0.02 * tick + 1.3 * joint)
        swung = rows + 0.1 * np.sin(0.02 * tick + row)[:, None]
        least = -0.5 - 0.5 * np.sin(0.05 * tick + row)
        barriers = Barriers(swung, least, -fastest, fastest)
        started_ns = time.perf_counter_ns()
        found = projection.solve(wanted, barriers)
        elapsed_ms = (time.perf_counter_ns() - started_ns) / 1e6
        unsolved += found is None
        if found is not wanted and tick >= _WARM_UP:
            times_ms.append(elapsed_ms)
    return {**distribution(times_ms, 'ms'), 'unsolved': unsolved}


def _joints(robot: RobotSpec, ticks: int) -> dict[str, Any]:
    check = JointBarrier(JointBarrierConfig(), PluginContext(robot=robot))
    last, watch = nominal_command(robot, 0), _Stopwatch()
    phase = np.arange(len(robot.joint_names)) * 1.3
    for tick in range(ticks):
        now_ns = (tick + 1) * PERIOD_NS
        wanted = robot.default_pose + _AMPLITUDE * np.sin(0.02 * tick + phase)
        state = replace(nominal_state(robot, now_ns), last_command=last, tick_s=PERIOD_NS * 1e-9)
        last = watch.check(check, JointCommand(now_ns, position=wanted), state, now_ns)
    return watch.numbers


def _base(robot: RobotSpec, ticks: int) -> dict[str, Any]:
    check = BaseBarrier(BaseBarrierConfig(), PluginContext(robot=robot))
    assert robot.scan is not None
    angle = np.linspace(-np.pi, np.pi, robot.scan.rays, endpoint=False)
    watch = _Stopwatch()
    for tick in range(ticks):
        now_ns = (tick + 1) * PERIOD_NS
        ranges = 0.75 + 0.1 * np.sin(5.0 * angle + 0.1 * tick)
        scan = Scan(now_ns, -np.pi, angle[1] - angle[0], 0.05, 8.0, ranges)
        state = replace(nominal_state(robot, now_ns), scan=scan)
        command = VelocityCommand(now_ns, 0.8, 0.2 * float(np.sin(0.01 * tick)), 0.3)
        watch.check(check, command, state, now_ns)
    return watch.numbers


MEASUREMENT = Measurement('barrier_tick', 'one tick of the barriers, solver at work', measure)
