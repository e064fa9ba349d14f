# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""F16: inference takes longer and longer, until it takes longer than a chunk lasts."""

from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
from robot_policies.core.robot import BodySpec
from robot_policies.evaluation.faults.fault import Case, Fault, Outcome, SCRIPTED
from robot_policies.evaluation.faults.policies import STAGES_S
from robot_policies.evaluation.faults.rig import Rig
from robot_policies.ros import topics
from robot_policies.ros.codecs.header import stamp_ns
from robot_policies.ros.probes.listener import Heard

_SCHEDULER = 'scheduler.plugin'
_REAL_TIME = 'robot_policies.scheduling.real_time_chunking:RealTimeChunking'
_USUAL = 'robot_policies.scheduling.latest_wins:LatestWins'
_STAGE_S = 20.0
_SLACK_M_S = 1e-3


def _slower_and_slower(rig: Rig) -> Outcome:
    with _scheduled(rig):
        begun_ns = rig.now_ns
        rig.probe.instruct(f'slower {begun_ns}')
        within_ms = 1e3 * STAGES_S[1]
        rig.promised(
            lambda: _expected_ms(rig) >= within_ms, f'a delay of {within_ms:.0f} ms', _STAGE_S
        )
        measured_ns, expected_ms = rig.now_ns, _expected_ms(rig)
        held = rig.reaction(
            topics.POLICY_STATUS,
            lambda message: message.message.startswith('Holding'),
            measured_ns,
            'holding beyond the envelope',
            _STAGE_S,
        )
        rig.stands_still(held.received_ns)
        velocities = rig.probe.heard(topics.POLICY_CMD_VEL, begun_ns)
    violations = _jumps(velocities, rig.robot.body)
    if expected_ms >= 1e3 * STAGES_S[2]:
        violations += ('the delay within the envelope was never measured',)
    violations += rig.wrongly_latched()
    return Outcome(
        injected=len(velocities),
        violations=violations,
        note=f'expects {expected_ms:.0f} ms when answers take {within_ms:.0f}',
    )


@contextmanager
def _scheduled(rig: Rig) -> Iterator[None]:
    """Let the running policy node use the scheduler that measures, and the usual one again."""
    rig.probe.set_parameter('policy', _SCHEDULER, _REAL_TIME)
    try:
        yield
    finally:
        rig.probe.set_parameter('policy', _SCHEDULER, _USUAL)


def _expected_ms(rig: Rig) -> float:
    return float(rig.probe.diagnostics('policy').get('delay_ms', 0.0))


def _jumps(velocities: list[Heard], body: BodySpec) -> tuple[str, ...]:
    """Return where the base was asked for more than its declared accelerations.

    Over the time between the stamps: some messages may not have been heard.
    """
    linear = [heard.message.twist.linear for heard in velocities]
    angular = [heard.message.twist.angular.z for heard in velocities]
    values = np.array([(v.x, v.y, w) for v, w in zip(linear, angular, strict=True)])
    seconds = np.diff([stamp_ns(heard.message) for heard in velocities]) * 1e-9
    excess = np.abs(np.diff(values, axis=0)) - body.accelerations * seconds[:, None]
    worst = float(excess.max(initial=0.0))
    return (f'a jump of {worst:.3f} beyond what is declared',) if worst > _SLACK_M_S else ()


FAULT = Fault(
    id='F16',
    fault='inference slower than the chunk allows',
    reaction='measured delay feeds the scheduler; beyond the envelope: HOLD, never jerk',
    bound='0 jumps of the velocity beyond the declared accelerations',
    setting=SCRIPTED,
    cases=(Case('0.1 s, 0.35 s, then longer than a chunk', _slower_and_slower),),
)
