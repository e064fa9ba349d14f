# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""How far the velocity jumps when a person takes over from a policy, and gives back.

The whole supervisor, with the check `handover` and without it: the policy walks steadily, a person
takes over with another velocity and falls silent, and the policy goes on. Where a person lets go
of the stick and so asks for zero, the robot stops at once: that is wanted, and no handover.
"""

from dataclasses import replace
from typing import Any

import numpy as np
from robot_policies.core.arrays import FloatArray
from robot_policies.core.data_types import VelocityCommand
from robot_policies.evaluation.bench.measurement import aim, distribution, Measurement
from robot_policies.resources import load_robot
from robot_policies.safety.assembly import build_supervisor, DEFAULT_CHECKS
from robot_policies.safety.nominal import nominal_command, nominal_state
from robot_policies.safety.state import POLICY, TELEOP

RUNS, QUICK_RUNS = 300, 20
TICK_NS = 20_000_000
_PHASES = ((POLICY, 100), (TELEOP, 100), (POLICY, 100))
"""Who steers, and for how many ticks."""
_SEED = 0


def measure(quick: bool) -> dict[str, Any]:
    """Return the largest change per tick of each run, as a share of what is allowed."""
    runs = QUICK_RUNS if quick else RUNS
    without = tuple(check for check in DEFAULT_CHECKS if not check.endswith(':Handover'))
    numbers: dict[str, Any] = {'seed': _SEED}
    for name, checks in (('with_check', DEFAULT_CHECKS), ('without', without)):
        rng = np.random.default_rng(_SEED)
        shares = [largest_jump(rng, checks) for _ in range(runs)]
        numbers[name] = distribution(shares, 'share')
    return numbers | {'aim_share': aim(numbers['with_check']['max_share'], 1.0 + 1e-9)}


def largest_jump(rng: np.random.Generator, checks: tuple[str, ...]) -> float:
    """Return the largest change between two ticks over the robot's acceleration times a tick.

    Args:
        rng: Draws the velocities of policy and person.
        checks: Of the supervisor.
    """
    robot = load_robot('go2')
    body = robot.body
    supervisor = build_supervisor(robot, extra=checks)
    low, high = body.lowest_velocity, body.highest_velocity
    wanted = {source: rng.uniform(low, high) for source in (POLICY, TELEOP)}
    now_ns, passed = 10_000_000_000, []
    for source, ticks in _PHASES:
        for _ in range(ticks):
            now_ns += TICK_NS
            state = replace(nominal_state(robot, now_ns), velocity_source=source)
            supervisor.judge(nominal_command(robot, now_ns), state, now_ns)
            command = VelocityCommand(now_ns, *wanted[source].tolist())
            passed.append(_array(supervisor.judge_velocity(command, state, now_ns).command))
    jumps = np.abs(np.diff(passed, axis=0)) / (body.accelerations * TICK_NS * 1e-9)
    return float(jumps.max())


def _array(command: VelocityCommand) -> FloatArray:
    return np.array([command.vx, command.vy, command.yaw_rate])


MEASUREMENT = Measurement(
    'handover', 'largest jump of the velocity between policy and person', measure
)
