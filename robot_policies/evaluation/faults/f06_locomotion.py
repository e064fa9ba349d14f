# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""F6: the locomotion process is gone, or hangs."""

from robot_policies.evaluation.faults.fault import Case, Fault, Outcome
from robot_policies.evaluation.faults.rig import Rig
from robot_policies.evaluation.faults.sources import MS


def _killed(rig: Rig) -> Outcome:
    killed_ns = rig.stack.kill('locomotion')
    damped_ns = rig.damped(killed_ns).received_ns
    rig.need_latch()
    return Outcome((damped_ns - killed_ns) / MS)


def _stopped(rig: Rig) -> Outcome:
    with rig.stack.stopped('locomotion') as stopped_ns:
        damped_ns = rig.damped(stopped_ns).received_ns
        rig.need_latch()
    return Outcome((damped_ns - stopped_ns) / MS)


FAULT = Fault(
    id='F6',
    fault='locomotion process killed with -9, or hangs',
    reaction='DAMP, controlled descent',
    bound='2 locomotion periods, 40 ms',
    measured='signal sent, to damping at the robot',
    bound_ms=40.0,
    cases=(Case('killed', _killed), Case('stopped (SIGSTOP)', _stopped, short=False)),
)
