# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Instructions in turn, until a person gives one."""

import pytest
from robot_policies.core.data_types import PolicyStatus
from robot_policies.core.instruction_script import InstructionScript, ResetHabit
from robot_policies.core.statistics import NS

S = NS


def script():
    return InstructionScript(('first', 'second'), patience_s=10.0, pause_s=2.0)


def started():
    """Return a script that has just given its first instruction, at 2 s."""
    made = script()
    made.hear_status(PolicyStatus.IDLE, '', 0)
    assert made.next(2 * S) == 'first'
    return made


def test_nothing_is_said_before_the_policy_speaks():
    made = script()
    assert made.next(100 * S) is None
    made.hear_status(PolicyStatus.IDLE, '', 100 * S)
    assert made.next(101 * S) is None
    assert made.next(102 * S) == 'first'


def test_an_instruction_is_given_once():
    assert started().next(3 * S) is None


@pytest.mark.parametrize(
    'answer', [PolicyStatus.REACHED, PolicyStatus.NOT_SEEN, PolicyStatus.NOT_UNDERSTOOD]
)
def test_the_next_one_follows_the_answer_after_a_pause(answer):
    made = started()
    made.hear_status(answer, 'first', 5 * S)
    assert made.next(6 * S) is None
    assert made.next(7 * S) == 'second'


def test_an_answer_that_is_repeated_does_not_lengthen_the_pause():
    made = started()
    made.hear_status(PolicyStatus.REACHED, 'first', 5 * S)
    made.hear_status(PolicyStatus.REACHED, 'first', 6 * S)
    assert made.next(7 * S) == 'second'


def test_the_answer_to_the_instruction_before_is_none_to_this_one():
    made = started()
    made.hear_status(PolicyStatus.REACHED, 'something else', 3 * S)
    assert made.next(11 * S) is None


def test_while_the_policy_acts_nothing_is_said_until_patience_ends():
    made = started()
    made.hear_status(PolicyStatus.ACTING, 'first', 3 * S)
    assert made.next(11 * S) is None
    assert made.next(12 * S) == 'second'


def test_after_the_last_comes_the_first():
    made = started()
    assert made.next(12 * S) == 'second'
    assert made.next(22 * S) == 'first'


@pytest.mark.parametrize('text', ['go to the blue box', ''])
def test_whoever_says_something_else_takes_over(text):
    made = started()
    made.hear_instruction('first')
    assert made.overruled_by is None
    made.hear_instruction(text)
    assert made.overruled_by == text
    assert made.next(100 * S) is None


def test_an_empty_instruction_from_before_is_nobody():
    made = script()
    made.hear_instruction('')
    assert made.overruled_by is None


@pytest.mark.parametrize('instructions', [(), ('go', ' ')])
def test_a_script_without_words_is_refused(instructions):
    with pytest.raises(ValueError, match='at least one is needed, and none may be empty'):
        InstructionScript(instructions, patience_s=1.0, pause_s=1.0)


def habit():
    return ResetHabit(pause_s=2.0, stops=('EStop', 'Stop'))


def test_a_robot_that_sank_is_reset_after_a_pause_and_again_after_another():
    made = habit()
    made.hear(phase='latched', check='Freshness', now_ns=0)
    made.hear(phase='latched', check='Freshness', now_ns=1 * S)  # the pause does not begin anew
    assert not made.wants(1 * S)
    assert made.wants(2 * S)
    assert not made.wants(3 * S)
    assert made.wants(4 * S)


def test_what_a_person_stopped_is_not_reset():
    made = habit()
    for check in ('EStop', 'Stop'):
        made.hear(phase='latched', check=check, now_ns=0)
        assert not made.wants(100 * S)


def test_a_stop_that_is_pressed_while_a_reset_is_due_holds_it_back():
    made = habit()
    made.hear(phase='latched', check='Freshness', now_ns=0)
    made.hear(phase='latched', check='EStop', now_ns=1 * S)
    assert not made.wants(100 * S)


def test_a_robot_that_stands_again_is_left_alone():
    made = habit()
    made.hear(phase='latched', check='Tilt', now_ns=0)
    assert not made.engaged
    made.hear(phase='engaged', check='', now_ns=1 * S)
    assert made.engaged
    assert not made.wants(100 * S)


def sinks_soon_after_each_reset(made, times, lasting_s=1):
    for attempt in range(times):
        start_ns = 20 * attempt * S
        made.hear(phase='latched', check='Tilt', now_ns=start_ns)
        assert made.wants(start_ns + 2 * S)
        made.hear(phase='engaged', check='', now_ns=start_ns + 3 * S)
        made.hear(phase='engaged', check='', now_ns=start_ns + (3 + lasting_s) * S)


def test_resets_are_in_vain_if_the_robot_sinks_soon_after_each():
    made = habit()
    sinks_soon_after_each_reset(made, 3)
    assert not made.in_vain
    sinks_soon_after_each_reset(made, 1)
    assert made.in_vain
    made.helped()
    assert not made.in_vain


def test_a_robot_that_stands_for_a_while_in_between_is_not_helpless():
    made = habit()
    sinks_soon_after_each_reset(made, 10, lasting_s=6)
    assert not made.in_vain
