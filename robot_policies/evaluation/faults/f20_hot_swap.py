# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""F20: a running policy shall be replaced by one that does not work."""

from collections.abc import Callable
import time

from robot_policies.evaluation.faults.commands import longest_gap_ms
from robot_policies.evaluation.faults.fault import Case, Fault, INSTRUCTED, Outcome
from robot_policies.evaluation.faults.policies import RAISING, WIDE
from robot_policies.evaluation.faults.rig import Rig
from robot_policies.ros import topics

_MISSED_MS = 1.5 * 20.0
"""A gap of one and a half periods is a missed one."""
_WATCHED_S = 0.5


def _swapped_for(checkpoint: str) -> Callable[[Rig], Outcome]:
    def run(rig: Rig) -> Outcome:
        begun_ns = rig.now_ns
        refusal = rig.probe.set_parameter('policy', 'policy.checkpoint', checkpoint)
        time.sleep(_WATCHED_S)  # the refusal may come before the next velocity
        gap_ms = longest_gap_ms(rig, topics.POLICY_CMD_VEL, begun_ns)
        violations = () if refusal else (f'{checkpoint} has taken over',)
        if rig.setting.policy not in rig.probe.diagnostics('policy').get('checkpoint', ''):
            violations = (*violations, 'the old policy is gone')
        return Outcome(gap_ms, violations=violations, note=refusal)

    return run


FAULT = Fault(
    id='F20',
    fault='hot-swap to a broken policy',
    reaction='refused, old one keeps running without a missed period',
    bound='always: no gap of 1.5 periods, 30 ms',
    measured="longest time between two of the old policy's velocities",
    bound_ms=_MISSED_MS,
    setting=INSTRUCTED,
    cases=(
        Case('no such checkpoint', _swapped_for('go2_nowhere'), short=False),
        Case('raises', _swapped_for(RAISING)),
        Case('answers for another robot', _swapped_for(WIDE)),
    ),
)
