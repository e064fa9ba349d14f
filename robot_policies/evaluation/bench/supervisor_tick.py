# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""How long the supervisor thinks in one tick: all shipped checks on both gates, a full scan."""

import time
from typing import Any

from robot_policies.evaluation.bench.measurement import aim, distribution, Measurement
from robot_policies.resources import load_robot
from robot_policies.safety.assembly import build_supervisor
from robot_policies.safety.nominal import nominal_command, nominal_state, nominal_velocity

TICKS, QUICK_TICKS = 20_000, 1_000
PERIOD_NS = 5_000_000
_WARM_UP = 200


def measure(quick: bool) -> dict[str, Any]:
    """Return the time of a tick in which every input is new."""
    robot = load_robot('go2')
    supervisor = build_supervisor(robot)
    now_ns = 10_000_000_000
    times_ms = []
    for tick in range(_WARM_UP + (QUICK_TICKS if quick else TICKS)):
        now_ns += PERIOD_NS
        state = nominal_state(robot, now_ns)
        command, velocity = nominal_command(robot, now_ns), nominal_velocity(now_ns)
        started_ns = time.perf_counter_ns()
        supervisor.judge(command, state, now_ns)
        supervisor.judge_velocity(velocity, state, now_ns)
        elapsed_ns = time.perf_counter_ns() - started_ns
        if tick >= _WARM_UP:
            times_ms.append(elapsed_ns / 1e6)
    numbers: dict[str, Any] = distribution(times_ms, 'ms')
    return numbers | {'aim_p99_ms': aim(numbers['p99_ms'], 1.0)}


MEASUREMENT = Measurement('supervisor_tick', 'one tick of the safety supervisor', measure)
