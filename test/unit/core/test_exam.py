# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""An examination resets, waits, tells, watches, and goes on to the next task."""

import pytest
from robot_policies.core.data_types import PolicyStatus
from robot_policies.core.exam import Do, Exam, ExamTask

S = 1_000_000_000
TASKS = [ExamTask(1, 'go to the red ball', 10.0), ExamTask(2, 'go to the blue box', 10.0)]


@pytest.fixture
def told():
    """Return an exam whose first instruction was given at 5 s."""
    exam = Exam(TASKS)
    assert exam.step(0) is Do.RESET
    exam.hear_reset(1)
    exam.hear_engaged(True, S)
    assert exam.step(5 * S) is Do.TELL
    return exam


def run(exam, begin_s, end_s, *, speed=0.0):
    """Let time pass; return everything that was asked for."""
    asked = []
    for tick in range(round((end_s - begin_s) * 20)):
        now_ns = round(begin_s * S) + tick * S // 20
        exam.hear_pose(speed * now_ns / S, 0.0, 0.0, now_ns)
        asked.append(exam.step(now_ns))
    return asked


def test_nothing_is_said_before_the_supervisor_has_been_engaged_for_a_while():
    exam = Exam(TASKS)
    assert exam.step(0) is Do.RESET
    exam.hear_reset(1)
    assert Do.TELL not in run(exam, 0.1, 3.0)
    exam.hear_engaged(True, 3 * S)
    assert Do.TELL not in run(exam, 3.5, 5.9)
    assert Do.TELL in run(exam, 5.9, 6.5)


@pytest.mark.parametrize('heard', [None, 2])
def test_nothing_is_said_in_another_world_and_the_reset_is_asked_again(heard):
    exam = Exam(TASKS)
    assert exam.step(0) is Do.RESET
    exam.hear_engaged(True, S)
    if heard is not None:
        exam.hear_reset(heard)
    asked = run(exam, 0.1, 12.0)
    assert Do.TELL not in asked
    assert asked.count(Do.RESET) == 2


def test_a_stop_by_the_supervisor_is_counted_and_released(told):
    told.hear_engaged(False, 6 * S)
    told.hear_engaged(False, 7 * S)
    asked = run(told, 7.0, 11.0)
    assert Do.RELEASE in asked
    told.hear_engaged(True, 11 * S)
    assert run(told, 11.0, 14.9).count(Do.RELEASE) == 0
    run(told, 15.0, 15.2)
    assert told.records[0].stops == 1


def test_a_robot_that_does_not_get_up_is_released_and_at_last_reset_again():
    exam = Exam(TASKS)
    exam.step(0)
    exam.hear_reset(1)
    asked = run(exam, 0.1, 19.0)
    assert asked.count(Do.RELEASE) >= 4
    assert Do.RESET not in asked
    assert Do.RESET in run(exam, 19.0, 22.0)


def test_standing_and_saying_so_for_a_second_ends_the_task(told):
    told.hear_status(PolicyStatus.REACHED, TASKS[0].text, 'I am at it.', 6 * S)
    run(told, 6.0, 7.5)
    assert told.records[0].stands
    assert told.records[0].status == 'REACHED'
    assert told.records[0].time_s == pytest.approx(2.0, abs=0.1)


def test_saying_so_while_moving_does_not(told):
    told.hear_status(PolicyStatus.REACHED, TASKS[0].text, '', 6 * S)
    run(told, 6.0, 9.0, speed=0.5)
    assert not told.records


def test_what_is_said_about_another_instruction_does_not_count(told):
    told.hear_status(PolicyStatus.REACHED, 'something else', '', 6 * S)
    run(told, 6.0, 9.0)
    assert not told.records


def test_time_that_is_up_ends_the_task(told):
    told.hear_status(PolicyStatus.ACTING, TASKS[0].text, '', 6 * S)
    run(told, 6.0, 15.5)
    assert told.records[0].status == 'ACTING'
    assert not told.records[0].stands


@pytest.mark.parametrize(('kind', 'falls', 'collisions'), [('fall', 1, 0), ('collision', 0, 1)])
def test_a_mishap_ends_the_task_and_is_counted(told, kind, falls, collisions):
    told.hear_event(kind)
    run(told, 6.0, 6.2)
    assert (told.records[0].falls, told.records[0].collisions) == (falls, collisions)


def test_mishaps_before_the_instruction_do_not_count():
    exam = Exam(TASKS)
    exam.step(0)
    exam.hear_event('fall')
    exam.hear_engaged(True, S)
    exam.step(5 * S)
    run(exam, 5.1, 6.0)
    assert not exam.records


def test_after_the_last_task_it_is_finished(told):
    told.hear_event('fall')
    assert Do.RESET in run(told, 6.0, 6.5)
    told.hear_reset(2)
    told.hear_engaged(True, 7 * S)
    assert Do.TELL in run(told, 7.0, 11.0)
    told.hear_event('fall')
    assert run(told, 11.0, 11.5)[-1] is Do.FINISH
    assert len(told.records) == 2
