# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""What tracing costs: CPU of every process of the stack, and the age of a joint command.

With `trace:=true` and `trace:=false` in turns within one run. The node that joins the traces is
a process of the first only, and counts.
"""

from pathlib import Path
import tempfile
from typing import Any

import numpy as np
from robot_policies.core.arrays import FloatArray
from robot_policies.evaluation.bench.command_age import ages_ms, STACK
from robot_policies.evaluation.bench.measurement import aim, distribution, Measurement
from robot_policies.evaluation.bench.resources import watch_stack
from robot_policies.evaluation.statistics import mean_interval

ROUNDS, QUICK_ROUNDS = 8, 1
SECONDS, QUICK_SECONDS = 30.0, 15.0
"""Short, since what is compared stands side by side, and the speed of a machine wanders."""
AGE_SECONDS, QUICK_AGE_SECONDS = 8.0, 4.0
WARM_UP_S = 3.0
WAYS = {'on': 'true', 'off': 'false'}
_QUIET = ('record:=false', 'dashboard:=false')
"""What draws and writes hides, by its own unevenness, what is looked for."""


def measure(quick: bool) -> dict[str, Any]:
    """Return CPU and command age with and without, and what is between them."""
    used: dict[str, list[dict[str, Any]]] = {way: [] for way in WAYS}
    ages: dict[str, list[float]] = {way: [] for way in WAYS}
    for number in range(QUICK_ROUNDS if quick else ROUNDS):
        ways = list(WAYS) if number % 2 == 0 else list(WAYS)[::-1]
        for way in ways:
            used[way].append(_usage(WAYS[way], QUICK_SECONDS if quick else SECONDS))
            ages[way] += _ages(WAYS[way], QUICK_AGE_SECONDS if quick else AGE_SECONDS)
    return summary(used, ages)


def summary(used: dict[str, list[dict[str, Any]]], ages: dict[str, list[float]]) -> dict[str, Any]:
    """Return the numbers of all rounds.

    Args:
        used: `on` and `off` -> what `watch_stack` returned, a round each.
        ages: `on` and `off` -> ages of joint commands in ms.
    """
    numbers: dict[str, Any] = {'rounds': len(used['on'])}
    for way in WAYS:
        numbers[f'cpu_{way}'] = distribution(_cores(used[way]), 'cores')
        if ages[way]:
            numbers[f'command_age_{way}'] = distribution(ages[way], 'ms')
    names = sorted({name for usage in used['on'] for name in usage['processes']})
    numbers['extra_cpu_cores'] = {
        name: _mean(used['on'], name) - _mean(used['off'], name) for name in names
    }
    extra = _cores(used['on']) - _cores(used['off'])
    numbers['extra_cpu_cores_all'] = float(extra.mean())
    if len(extra) > 1:
        numbers['extra_cpu_cores_all_ci95'] = list(mean_interval(extra))
        numbers['extra_cpu_cores_of_each_round'] = [round(float(cores), 4) for cores in extra]
    numbers['aim_extra_cpu_cores'] = aim(float(extra.mean()), 0.05)
    if all(ages.values()):
        p50 = [numbers[f'command_age_{way}']['p50_ms'] for way in WAYS]
        numbers['extra_age_p50_ms'] = p50[0] - p50[1]
    else:  # on a machine so busy that the supervisor passes none
        numbers['extra_age_not_measured'] = 'no joint command arrived'
    return numbers


def _cores(rounds: list[dict[str, Any]]) -> FloatArray:
    """Return (n,) the cores that the whole stack took in each round."""
    return np.array([usage['cpu_cores'] for usage in rounds])


def _mean(rounds: list[dict[str, Any]], process: str) -> float:
    used = [usage['processes'].get(process, {}).get('cpu_cores', 0.0) for usage in rounds]
    return float(np.mean(used))


def _usage(trace: str, seconds: float) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        words = (*_QUIET, f'trace:={trace}')
        return watch_stack('go2_mujoco', Path(folder), seconds, WARM_UP_S, words)


def _ages(trace: str, seconds: float) -> list[float]:
    ros_args = ('--ros-args', '-p', f'trace:={trace}')
    return ages_ms([(*command, *ros_args) for command in STACK], seconds)


MEASUREMENT = Measurement(
    'tracing', 'what tracing costs: CPU of the stack and age of a joint command', measure
)
