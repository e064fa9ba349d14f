# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""F14: the emergency stop, and one that has to be heard and is not."""

from robot_policies.evaluation.faults.fault import Case, Fault, NotHeldError, Outcome
from robot_policies.evaluation.faults.rig import Rig
from robot_policies.evaluation.faults.sources import MS
from robot_policies.ros import topics
from robot_policies.ros.probes.fault_probe import ProbeError

_PERIOD_MS = 5.0
_HEARTBEAT_S = 0.5


def _topic(rig: Rig) -> Outcome:
    pressed_ns, _ = rig.probe.at_once(lambda: rig.probe.press(True))
    damped_ns = rig.damped(pressed_ns).received_ns
    rig.need_latch('e-stop pressed')
    rig.probe.press(False)
    return Outcome((damped_ns - pressed_ns) / MS)


def _service(rig: Rig) -> Outcome:
    try:
        called_ns, _ = rig.probe.at_once(lambda: rig.probe.call(topics.SAFETY_STOP))
    except ProbeError as error:
        raise NotHeldError(str(error)) from error
    damped_ns = rig.damped(called_ns).received_ns
    rig.need_latch('safety/stop')
    return Outcome((damped_ns - called_ns) / MS)


def _silence(rig: Rig) -> Outcome:
    rig.stack.end('safety')
    required = {'estop.heartbeat_required': True, 'estop.heartbeat_s': _HEARTBEAT_S}
    rig.stack.start('safety', required)
    rig.probe.heartbeat = True
    try:
        rig.recover()
        rig.probe.heartbeat = False
        damped_ns = rig.damped(rig.probe.beaten_ns).received_ns
        rig.need_latch('safety/estop is silent')
    finally:
        rig.probe.heartbeat = False
        rig.stack.end('safety')  # the next one needs no heartbeat
    return Outcome((damped_ns - rig.probe.beaten_ns) / MS)


FAULT = Fault(
    id='F14',
    fault='e-stop topic or service; e-stop source itself goes silent where one is required',
    reaction='DAMP latched',
    bound='1 period, 5 ms',
    measured='e-stop sent (service called, last heartbeat), to damping at the robot',
    bound_ms=_PERIOD_MS,
    cases=(
        Case('topic', _topic),
        Case('service', _service),
        Case('silence', _silence, bound_ms=_HEARTBEAT_S * 1e3 + _PERIOD_MS, short=False),
    ),
)
