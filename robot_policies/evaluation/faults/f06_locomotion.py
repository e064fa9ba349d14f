# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""F6: the locomotion process is gone, or hangs."""

from collections.abc import Callable

from robot_policies.evaluation.faults.fault import Case, Fault, Outcome
from robot_policies.evaluation.faults.rig import Rig
from robot_policies.evaluation.faults.sources import MS, without


def _process(how: str) -> Callable[[Rig], Outcome]:
    def run(rig: Rig) -> Outcome:
        with without(rig, 'locomotion', how) as gone_ns:
            damped_ns = rig.damped(gone_ns).received_ns
            rig.need_latch()
        return Outcome((damped_ns - gone_ns) / MS)

    return run


FAULT = Fault(
    id='F6',
    fault='locomotion process killed with -9, or hangs',
    reaction='DAMP, controlled descent',
    bound='2 locomotion periods, 40 ms',
    measured='signal sent, to damping at the robot',
    bound_ms=40.0,
    cases=(
        Case('killed', _process('killed')),
        Case('stopped (SIGSTOP)', _process('stopped'), short=False),
    ),
)
