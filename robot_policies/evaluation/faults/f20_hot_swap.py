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
from robot_policies.ros.codecs.diagnostics import status_values

_MISSED_MS = 1.5 * 20.0
"""A gap of one and a half periods is a missed one."""
_WATCHED_S, _SAID_S = 0.5, 5.0


def _swapped_for(checkpoint: str) -> Callable[[Rig], Outcome]:
    def run(rig: Rig) -> Outcome:
        begun_ns = rig.now_ns
        refusal = rig.probe.set_parameter('policy', 'policy.checkpoint', checkpoint)
        time.sleep(_WATCHED_S)  # the refusal may come before the next velocity
        gap_ms = longest_gap_ms(rig, topics.POLICY_CMD_VEL, begun_ns)
        violations = () if refusal else (f'{checkpoint} has taken over',)
        refused_ns = rig.now_ns  # what the node said before tells nothing of after
        rig.promised(lambda: _still_there(rig, refused_ns), 'the old policy in charge', _SAID_S)
        return Outcome(gap_ms, violations=violations, note=refusal)

    return run


def _still_there(rig: Rig, after_ns: int) -> bool:
    """Whether the policy node has said since a system time that it runs the old policy."""
    return any(
        rig.setting.policy in status_values(status).get('checkpoint', '')
        for heard in rig.probe.heard(topics.DIAGNOSTICS, after_ns)
        for status in heard.message.status
        if status.name.endswith('/policy')
    )


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
