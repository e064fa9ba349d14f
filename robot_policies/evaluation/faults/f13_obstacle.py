# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""F13: an obstacle appears before the walking robot, as its range sensor would show it.

It appears at any moment between two scans. The next one shows it, at most a scan later; that time
is the sensor's. What is taken is the rest: from the scan that shows it to the velocity.
"""

from collections.abc import Callable
import time
from typing import Any

from robot_policies.evaluation.faults.fault import Case, Fault, NotHeldError, Outcome
from robot_policies.evaluation.faults.recognise import speed
from robot_policies.evaluation.faults.rig import Rig
from robot_policies.evaluation.faults.sources import MS
from robot_policies.ros import topics
from robot_policies.safety.distance import DistanceConfig

_FRONT_M = 0.38
_FAST_M_S, _FAST_RAD_S, _PATH_M = 0.8, 0.8, 0.6
_SCAN_S, _PERIOD_MS, _RAMP_NS = 1.0 / 15.0, 5.0, 500_000_000


def _appears(distance_m: float, fastest_m_s: float) -> Callable[[Rig], Outcome]:
    range_m = _FRONT_M + distance_m

    def run(rig: Rig) -> Outcome:
        time.sleep(rig.rng.uniform(0.0, _SCAN_S))
        with rig.fault(f'{topics.SCAN.name} near {range_m}') as appeared_ns:
            slow = rig.reaction(
                topics.CMD_VEL,
                lambda velocity: speed(velocity) <= fastest_m_s + 1e-6,
                appeared_ns,
                f'at most {fastest_m_s} m/s',
            )
            # it came first, but topics are looked through one after the other
            shown = rig.reaction(
                topics.SCAN, lambda scan: _shows(scan, range_m), appeared_ns, 'the obstacle'
            )
        if slow.received_ns < shown.published_ns:
            early_ms = (shown.published_ns - slow.received_ns) / MS
            words = (
                f'{speed(slow.message):.2f} m/s, {early_ms:.1f} ms before the obstacle was seen'
            )
            raise NotHeldError(f'it slowed down for another reason: {words}')
        return Outcome((slow.received_ns - shown.published_ns) / MS)

    return run


def _shows(scan: Any, range_m: float) -> bool:  # noqa: ANN401
    return bool(min(scan.ranges) <= range_m + 1e-3)


def _on_the_path(rig: Rig) -> Outcome:
    """Far enough not to slow a slow robot down, and less than a second away for this fast one."""
    rig.probe.walk = (_FAST_M_S, 0.0, _FAST_RAD_S)  # in a circle: it stays in its world
    steady_ns = rig.now_ns + _RAMP_NS

    def is_fast() -> bool:
        last = rig.probe.last_heard(topics.CMD_VEL)
        if last is None or last.received_ns < steady_ns:
            return False
        return speed(last.message) > 0.99 * _FAST_M_S

    rig.wait(is_fast, 'speed', 5.0)
    return _appears(_PATH_M, _PATH_M / DistanceConfig().time_to_collision_s)(rig)


FAULT = Fault(
    id='F13',
    fault='obstacle inside the stop distance, the slow-down distance, or on the predicted path',
    reaction='stop; slow; time-to-collision limit',
    bound='1 scan and 1 period: 5 ms after the scan that shows it',
    measured='first scan that shows it sent, to the base velocity at locomotion',
    bound_ms=_PERIOD_MS,
    cases=(
        Case('stop distance', _appears(0.05, 0.0)),
        Case('slow-down distance', _appears(0.3, DistanceConfig().slow_speed_m_s), short=False),
        Case('on the predicted path', _on_the_path, short=False),
    ),
)
