# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""The whole stack `go2_mujoco` for ten minutes: regularity of its outputs, memory, CPU.

Started as a user starts it (`robot-policies up`), with page, recorder and an operator who gives
instructions, and observed from outside: by the times of publishing in its own recording, by what
its nodes count, and by the operating system.

On each core runs a loop that does nothing, before everything else. Where it came late the machine
stood still; `undisturbed` are the outputs without those moments.
"""

from pathlib import Path
import tempfile
from typing import Any

import numpy as np
from robot_policies.data.run_folder import latest, RECORDING
from robot_policies.evaluation.bench.measurement import aim, distribution, Measurement
from robot_policies.evaluation.bench.resources import watch_stack
from robot_policies.evaluation.machine.bare_loops import bare_loops, BareLoops
from robot_policies.evaluation.run_summary_data import RunData, TimeArray
from robot_policies.evaluation.run_summary_reader import read_run
from robot_policies.evaluation.run_summary_timing import deadline_misses, reported

SECONDS, QUICK_SECONDS = 600.0, 20.0
WARM_UP_S = 5.0
BARE_S, STANDSTILL_MS = 0.002, 2.0
RECOVERY_NS = 100_000_000
"""What waited meanwhile has to be worked off after a standstill."""
OUTPUTS_HZ = {'policy/cmd_vel': 50.0, 'locomotion/command': 50.0, 'joint_command': 200.0}


def measure(quick: bool) -> dict[str, Any]:
    """Return jitter and misses of the outputs, memory of each process, and CPU."""
    seconds = QUICK_SECONDS if quick else SECONDS
    with tempfile.TemporaryDirectory() as folder:
        with bare_loops(BARE_S) as bare:
            usage = watch_stack('go2_mujoco', Path(folder), seconds, WARM_UP_S)
        data = read_run(latest(Path(folder)) / RECORDING)
    begin_ns, end_ns = data.start_ns + WARM_UP_S * 1e9, data.start_ns + data.duration_s * 1e9
    still = bare.standstills(begin_ns, end_ns, STANDSTILL_MS)
    numbers: dict[str, Any] = {'seconds': data.duration_s, 'machine': _machine(bare, still)}
    for topic, rate_hz in OUTPUTS_HZ.items():
        published = _published(data, topic)
        numbers[topic] = regularity(published, rate_hz)
        if bare.in_real_time:  # otherwise the stack itself may have delayed the loops
            numbers[topic]['undisturbed'] = regularity(published, rate_hz, still)
    numbers['counted_by_nodes'] = deadline_misses(data.diagnostics)
    factors = reported(data.diagnostics, 'real_time_factor')
    numbers['real_time_factor'] = distribution(factors, 'ratio') if factors else None
    return numbers | usage | _aims(numbers, usage)


def _published(data: RunData, topic: str) -> TimeArray:
    timing = data.timing.get(topic)
    if timing is None:
        return np.zeros(0, dtype=np.int64)
    return timing.published_ns[timing.published_ns > data.start_ns + WARM_UP_S * 1e9]


def _machine(bare: BareLoops, still: TimeArray) -> dict[str, Any]:
    lengths_ms = (still[:, 1] - still[:, 0]) / 1e6 - 1e3 * BARE_S
    return {
        'loops_in_real_time': bare.in_real_time,
        f'standstills_over_{STANDSTILL_MS:.0f}_ms': len(still),
        'longest_ms': float(lengths_ms.max(initial=0.0)),
        'stolen_share': bare.stolen_share(),
    }


def regularity(
    published_ns: TimeArray, rate_hz: float, standstills_ns: TimeArray | None = None
) -> dict[str, Any]:
    """Return jitter and missed periods of an output from the times of its messages.

    Jitter is how far a gap between two messages is from the period; a gap of more than one and a
    half periods is one missed, of more than two and a half two, and so on.

    Args:
        published_ns: When its messages were sent, (n,) in ns, ascending.
        rate_hz: How often they should be.
        standstills_ns: Begins and ends, (n, 2) in ns, of what the machine itself lost; gaps during
            these, or soon after, do not count.
    """
    begin_ns, gaps_ns = published_ns[:-1], np.diff(published_ns)
    if standstills_ns is not None:
        counts = ~_disturbed(begin_ns, begin_ns + gaps_ns, standstills_ns)
        gaps_ns = gaps_ns[counts]
    seconds = float(gaps_ns.sum()) / 1e9
    if not len(gaps_ns):
        return {'seconds': seconds}
    period_ms = 1e3 / rate_hz
    gaps_ms = gaps_ns / 1e6
    misses = np.maximum(0, np.floor(gaps_ms / period_ms - 0.5)).astype(int)
    jitter = distribution(np.abs(gaps_ms - period_ms), 'ms')
    return {'seconds': seconds, 'jitter': jitter, 'misses': int(misses.sum())}


def _disturbed(begin_ns: TimeArray, end_ns: TimeArray, standstills_ns: TimeArray) -> TimeArray:
    """Return for each gap whether the machine stood still in it, or shortly before.

    To work off what waited takes as long as the standstill, and `RECOVERY_NS` at least.
    """
    found = np.zeros(len(begin_ns), dtype=bool)
    for still_ns, again_ns in standstills_ns:
        over_ns = again_ns + max(RECOVERY_NS, again_ns - still_ns)
        first = np.searchsorted(end_ns, still_ns, side='left')
        found[first : np.searchsorted(begin_ns, over_ns, side='right')] = True
    return found


def _aims(numbers: dict[str, Any], usage: dict[str, Any]) -> dict[str, Any]:
    slow = [numbers[topic] for topic, rate_hz in OUTPUTS_HZ.items() if rate_hz == 50.0]
    return {
        'aim_memory_mb': aim(max(p['memory_mb'] for p in usage['processes'].values()), 600.0),
        'aim_cpu_cores': aim(usage['cpu_cores'], 1.5),
        **_aims_of_outputs(slow, ''),
        **_aims_of_outputs([item.get('undisturbed', {}) for item in slow], '_undisturbed'),
    }


def _aims_of_outputs(outputs: list[dict[str, Any]], which: str) -> dict[str, Any]:
    if not all('jitter' in item for item in outputs):
        return {}
    jitter_ms = max(item['jitter']['p99_ms'] for item in outputs)
    return {
        f'aim_jitter_p99_ms{which}': aim(jitter_ms, 2.0),
        f'aim_misses{which}': aim(sum(item['misses'] for item in outputs), 0.0),
    }


MEASUREMENT = Measurement(
    'stack', 'the whole stack: 50 Hz jitter and misses, memory, CPU (10 minutes)', measure
)
