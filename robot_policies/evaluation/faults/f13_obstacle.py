# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""F13: an obstacle appears before the walking robot, as its range sensor would show it.

At any moment between two scans: the first one that shows it may be a whole period away.
"""

from collections.abc import Callable
import time

from robot_policies.evaluation.faults.fault import Case, Fault, Outcome
from robot_policies.evaluation.faults.recognise import speed
from robot_policies.evaluation.faults.rig import Rig
from robot_policies.evaluation.faults.sources import MS
from robot_policies.ros import topics
from robot_policies.safety.distance import DistanceConfig

_FRONT_M = 0.38
_FAST_M_S, _PATH_M = 0.8, 0.6
_SCAN_MS, _PERIOD_MS = 1e3 / 15.0, 5.0


def _appears(distance_m: float, fastest_m_s: float) -> Callable[[Rig], Outcome]:
    def run(rig: Rig) -> Outcome:
        time.sleep(rig.rng.uniform(0.0, _SCAN_MS * 1e-3))
        with rig.fault(f'{topics.SCAN.name} near {_FRONT_M + distance_m}') as appeared_ns:
            slow = rig.reaction(
                topics.CMD_VEL,
                lambda velocity: speed(velocity) <= fastest_m_s + 1e-6,
                appeared_ns,
                f'at most {fastest_m_s} m/s',
            )
        return Outcome((slow.received_ns - appeared_ns) / MS)

    return run


def _on_the_path(rig: Rig) -> Outcome:
    """Far enough not to slow a slow robot down, and less than a second away for this fast one."""
    rig.probe.walk = (_FAST_M_S, 0.0, 0.0)
    rig.wait(lambda: speed(rig.probe.last(topics.CMD_VEL)) > 0.99 * _FAST_M_S, 'speed', 5.0)
    outcome = _appears(_PATH_M, _PATH_M / DistanceConfig().time_to_collision_s)(rig)
    rig.reaction(
        topics.SAFETY_STATUS, lambda m: 'on the predicted path' in m.message, 0, 'why it is slower'
    )
    return outcome


FAULT = Fault(
    id='F13',
    fault='obstacle inside the stop distance, the slow-down distance, or on the predicted path',
    reaction='stop; slow; time-to-collision limit',
    bound='1 scan and 1 period, 72 ms',
    measured='obstacle placed (between two scans), to the base velocity at locomotion',
    bound_ms=_SCAN_MS + _PERIOD_MS,
    cases=(
        Case('stop distance', _appears(0.05, 0.0)),
        Case('slow-down distance', _appears(0.3, DistanceConfig().slow_speed_m_s), short=False),
        Case('on the predicted path', _on_the_path, short=False),
    ),
)
