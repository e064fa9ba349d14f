# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""The whole stack `go2_mujoco` for ten minutes: regularity of its outputs, memory, CPU.

Started as a user starts it (`robot-policies up`), with page, recorder and an operator who gives
instructions, and observed from outside: by the times of publishing in its own recording, by what
its nodes count, and by the operating system. A loop that does nothing runs beside it.
"""

from pathlib import Path
import tempfile
from typing import Any

import numpy as np
from robot_policies.data.run_folder import latest, RECORDING
from robot_policies.evaluation.bench.bare_loop import bare_loop
from robot_policies.evaluation.bench.measurement import aim, distribution, Measurement
from robot_policies.evaluation.bench.resources import watch_stack
from robot_policies.evaluation.run_summary_data import RunData, TimeArray
from robot_policies.evaluation.run_summary_reader import read_run
from robot_policies.evaluation.run_summary_timing import deadline_misses, reported

SECONDS, QUICK_SECONDS = 600.0, 20.0
WARM_UP_S = 5.0
BARE_HZ = 50.0
OUTPUTS_HZ = {'policy/cmd_vel': 50.0, 'locomotion/command': 50.0, 'joint_command': 200.0}


def measure(quick: bool) -> dict[str, Any]:
    """Return jitter and misses of the outputs, memory of each process, and CPU."""
    seconds = QUICK_SECONDS if quick else SECONDS
    with tempfile.TemporaryDirectory() as folder:
        with bare_loop(1.0 / BARE_HZ) as bare:
            usage = watch_stack('go2_mujoco', Path(folder), seconds, WARM_UP_S)
        data = read_run(latest(Path(folder)) / RECORDING)
    numbers: dict[str, Any] = {'seconds': data.duration_s}
    for topic, rate_hz in OUTPUTS_HZ.items():
        numbers[topic] = regularity(_published(data, topic), rate_hz)
    begin_ns, end_ns = data.start_ns + WARM_UP_S * 1e9, data.start_ns + data.duration_s * 1e9
    numbers['bare_loop'] = regularity(bare.between(begin_ns, end_ns), BARE_HZ)
    numbers['stolen_share'] = bare.stolen_share()
    numbers['counted_by_nodes'] = deadline_misses(data.diagnostics)
    factors = reported(data.diagnostics, 'real_time_factor')
    numbers['real_time_factor'] = distribution(factors, 'ratio') if factors else None
    return numbers | usage | _aims(numbers, usage)


def _published(data: RunData, topic: str) -> TimeArray:
    timing = data.timing.get(topic)
    if timing is None:
        return np.zeros(0, dtype=np.int64)
    return timing.published_ns[timing.published_ns > data.start_ns + WARM_UP_S * 1e9]


def regularity(published_ns: TimeArray, rate_hz: float) -> dict[str, Any]:
    """Return jitter and missed periods of an output from the times of its messages.

    Jitter is how far a gap between two messages is from the period; a gap of more than one and a
    half periods is one missed, of more than two and a half two, and so on.
    """
    if len(published_ns) < 2:
        return {'n': len(published_ns)}
    period_ms = 1e3 / rate_hz
    gaps_ms = np.diff(published_ns) / 1e6
    misses = np.maximum(0, np.floor(gaps_ms / period_ms - 0.5)).astype(int)
    return {'jitter': distribution(np.abs(gaps_ms - period_ms), 'ms'), 'misses': int(misses.sum())}


def _aims(numbers: dict[str, Any], usage: dict[str, Any]) -> dict[str, Any]:
    slow = [numbers[topic] for topic, rate_hz in OUTPUTS_HZ.items() if rate_hz == 50.0]
    measured = [item for item in slow if 'jitter' in item]
    aims = {
        'aim_memory_mb': aim(max(p['memory_mb'] for p in usage['processes'].values()), 600.0),
        'aim_cpu_cores': aim(usage['cpu_cores'], 1.5),
    }
    if measured:
        aims['aim_jitter_p99_ms'] = aim(max(i['jitter']['p99_ms'] for i in measured), 2.0)
        aims['aim_misses'] = aim(sum(i['misses'] for i in measured), 0.0)
    return aims


MEASUREMENT = Measurement(
    'stack', 'the whole stack: 50 Hz jitter and misses, memory, CPU (10 minutes)', measure
)
