# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""F24: somebody asks for a reset too early."""

from robot_policies.evaluation.faults.fault import Case, Fault, Outcome
from robot_policies.evaluation.faults.recognise import is_damping
from robot_policies.evaluation.faults.rig import Rig
from robot_policies.ros import topics


def _asked(rig: Rig, words: str) -> Outcome:
    answer = rig.probe.call(topics.SAFETY_RESET)
    violations = [] if not answer.success else ['the reset was granted']
    if words not in answer.message:
        violations.append(f'the reason is not said: {answer.message}')
    if not is_damping(rig.probe.last(topics.JOINT_COMMAND)):
        violations.append('the robot is commanded')
    return Outcome(violations=tuple(violations), note=answer.message)


def _while_moving(rig: Rig) -> Outcome:
    """Asked while the robot still sinks."""
    stopped_ns = rig.now_ns
    rig.probe.call(topics.SAFETY_STOP)
    rig.damped(stopped_ns)
    return _asked(rig, 'the robot moves')


def _while_pressed(rig: Rig) -> Outcome:
    pressed_ns = rig.now_ns
    rig.probe.press(True)
    rig.damped(pressed_ns)
    try:
        return _asked(rig, 'e-stop pressed')
    finally:
        rig.probe.press(False)


def _while_silent(rig: Rig) -> Outcome:
    rig.stack.kill('locomotion')
    rig.need_latch()
    return _asked(rig, topics.LOCOMOTION_COMMAND.name)


FAULT = Fault(
    id='F24',
    fault='reset asked while moving or while the cause persists',
    reaction='refused with the reason',
    bound='always',
    cases=(
        Case('while moving', _while_moving),
        Case('while the e-stop is pressed', _while_pressed),
        Case('while locomotion is gone', _while_silent, short=False),
    ),
)
