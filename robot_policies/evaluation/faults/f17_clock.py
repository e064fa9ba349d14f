# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""F17: simulated time jumps, begins anew or stands still.

A jump of the system's clock cannot be injected without disturbing everything else on the
machine; it takes the same way through the safety node, and has a test there.
"""

from collections.abc import Callable
from typing import Any

from robot_policies.evaluation.faults.fault import Case, Fault, Outcome, SIMULATED
from robot_policies.evaluation.faults.rig import Rig
from robot_policies.evaluation.faults.sources import MS
from robot_policies.ros import topics
from robot_policies.ros.codecs.diagnostics import status_values
from robot_policies.ros.probes.fault_probe import CLOCK
from robot_policies.safety.time_guard import ClockConfig

_PERIOD_MS = 5.0
_YOUNGEST_S, _FIRST_S = 5.0, 0.1
"""Simulated time is never negative."""


def holds(message: Any) -> bool:  # noqa: ANN401
    """Whether a status of the supervisor says that it holds, or worse, because of the clock."""
    stops = status_values(message).get('severity') in ('HOLD', 'DAMP')
    return stops and 'simulated time' in message.message


def _clock_s(message: Any) -> float:  # noqa: ANN401
    return float(message.clock.sec + 1e-9 * message.clock.nanosec)


def _jump(offset_s: float) -> Callable[[Rig], Outcome]:
    return lambda rig: _shifted(rig, _now_s(rig), offset_s)


def _begins_anew(rig: Rig) -> Outcome:
    now_s = _now_s(rig)
    return _shifted(rig, now_s, _FIRST_S - now_s)


def _now_s(rig: Rig) -> float:
    rig.wait(lambda: _clock_s(rig.probe.last(CLOCK)) > _YOUNGEST_S, 'time to go back', 30.0)
    return _clock_s(rig.probe.last(CLOCK))


def _shifted(rig: Rig, now_s: float, offset_s: float) -> Outcome:
    half_s, begun_ns = now_s + 0.5 * offset_s, rig.now_ns

    def jumped(message: Any) -> bool:  # noqa: ANN401
        return (_clock_s(message) - half_s) * offset_s > 0.0

    with rig.fault(f'all shift {offset_s}'):
        jump = rig.reaction(CLOCK, jumped, begun_ns, 'the jump itself')
        held = rig.reaction(topics.SAFETY_STATUS, holds, begun_ns, 'HOLD')
        stood = rig.stands_still(begun_ns)
    note = f'base velocity zero after {(stood.received_ns - jump.published_ns) / MS:.1f} ms'
    return Outcome((held.received_ns - jump.published_ns) / MS, note=note)


def _pause(rig: Rig) -> Outcome:
    with rig.stack.stopped('sim') as stopped_ns:
        held = rig.reaction(topics.SAFETY_STATUS, holds, stopped_ns, 'HOLD')
        rig.stands_still(stopped_ns)
    return Outcome((held.received_ns - stopped_ns) / MS)


FAULT = Fault(
    id='F17',
    fault='clock jumps back or forward, simulated time pauses or resets',
    reaction='buffers flushed, HOLD until fresh',
    bound='1 period, 5 ms; a pause is one after `clock.pause_s`, 255 ms',
    measured='first clock message after the jump sent (simulator stopped), to HOLD said',
    bound_ms=_PERIOD_MS,
    setting=SIMULATED,
    cases=(
        Case('forward', _jump(3.0)),
        Case('back', _jump(-3.0)),
        Case('reset', _begins_anew, short=False),
        Case('pause', _pause, bound_ms=ClockConfig().pause_s * 1e3 + _PERIOD_MS, short=False),
    ),
)
