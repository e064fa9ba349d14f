# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Sources, owners of streams, the arbiter, the clock, and what is told of it all."""

import contextlib

import pytest
from robot_policies.core.data_types import VelocityCommand
from robot_policies.core.errors import RefusedInputError
from robot_policies.core.stream_owner import StreamOwner
from robot_policies.core.verdict import Severity
from robot_policies.safety.arbiter import ArbiterConfig, choose, Heard
from robot_policies.safety.latch import Phase
from robot_policies.safety.nominal import nominal_state
from robot_policies.safety.report import ChangeFilter, Status, status_of, status_values
from robot_policies.safety.sources import SourceMonitor
from robot_policies.safety.time_guard import ClockConfig, TimeGuard

S = 1_000_000_000
MS = 1_000_000


START = 1_800_000_000 * S
"""Of the clock that stamps are of, when the one that ages are counted on reads zero."""


def accept(monitor, stamp_ns, now_ns):
    """Tell the monitor of a stamp; both times from the start."""
    monitor.accept('imu', START + stamp_ns, now_ns, START + now_ns)


def test_a_stamp_that_stands_still_is_silence_however_often_it_comes():
    monitor = SourceMonitor(0)
    accept(monitor, 1 * S, 1 * S)
    for k in range(10):
        with pytest.raises(RefusedInputError, match='stamp does not advance'):
            accept(monitor, 1 * S, 2 * S + k)
    assert monitor.heard() == {'imu': 1 * S}


def test_a_stamp_that_goes_back_is_silence_until_a_flush():
    monitor = SourceMonitor(0)
    accept(monitor, 5 * S, 5 * S)
    with pytest.raises(RefusedInputError):
        accept(monitor, 4 * S, 6 * S)
    monitor.flush(7 * S)
    assert (monitor.heard(), monitor.since_ns) == ({}, 7 * S)
    accept(monitor, 4 * S, 7 * S)
    assert monitor.heard() == {'imu': 7 * S}


def test_one_stamp_of_the_future_does_not_keep_out_what_follows():
    monitor = SourceMonitor(0)
    accept(monitor, 3600 * S, 5 * S)  # sent before the clock went back, taken after
    with pytest.raises(RefusedInputError):
        accept(monitor, 3600 * S, 5 * S)
    accept(monitor, 5 * S, 5 * S + 5 * MS)
    assert monitor.heard() == {'imu': 5 * S + 5 * MS}
    with pytest.raises(RefusedInputError):
        accept(monitor, 5 * S - 1, 5 * S + 10 * MS)


def test_a_second_publisher_is_refused_and_the_first_goes_on():
    owner = StreamOwner()
    for k in range(5):
        owner.accept('t', 1000 + k, k * 20 * MS)
        with pytest.raises(RefusedInputError, match='second publisher'):
            owner.accept('t', k + 1, k * 20 * MS + 1)
    owner.accept('t', 1005, 100 * MS)


def test_lost_messages_do_not_make_a_publisher_a_stranger():
    owner = StreamOwner()
    owner.accept('t', 10, 0)
    owner.accept('t', 10 + StreamOwner.MAX_GAP, 20 * MS)


def test_a_second_publisher_that_catches_up_gets_nothing_through():
    owner = StreamOwner()
    own, stranger, got_through = 1000, 800, []
    owner.accept('t', own, 0)
    for k in range(200):
        for _ in range(4):  # four times as fast as the owner
            stranger += 1
            with contextlib.suppress(RefusedInputError):
                owner.accept('t', stranger, k * 20 * MS)
                got_through.append(stranger)
        own += 1
        with contextlib.suppress(RefusedInputError):
            owner.accept('t', own, k * 20 * MS + 1)
    assert got_through == []
    # when all have been silent, the next one is heard
    owner.accept('t', 7, 200 * 20 * MS + 501 * MS)


def test_a_restarted_publisher_takes_over_when_its_predecessor_is_silent():
    owner = StreamOwner(takeover_s=0.5)
    owner.accept('t', 1000, 0)
    with pytest.raises(RefusedInputError):
        owner.accept('t', 1, 400 * MS)
    for k in range(5):
        owner.accept('t', 2 + k, 501 * MS + k * 20 * MS)


def test_a_middleware_without_sequence_numbers_is_believed():
    owner = StreamOwner()
    owner.accept('t', 7, 0)
    owner.accept('t', None, 1)


def heard(vx, arrived_ns):
    return Heard(VelocityCommand(arrived_ns, vx), arrived_ns)


@pytest.mark.parametrize(
    ('teleop_ns', 'policy_ns', 'source'),
    [
        (None, None, ''),
        (None, S, 'policy/cmd_vel'),
        (S, S, 'teleop/cmd_vel'),
        (S - 299 * MS, S, 'teleop/cmd_vel'),
        (S - 301 * MS, S, 'policy/cmd_vel'),
        (S - 301 * MS, S - 81 * MS, ''),
    ],
)
def test_a_person_outranks_the_policy_while_fresh(teleop_ns, policy_ns, source):
    teleop = None if teleop_ns is None else heard(0.1, teleop_ns)
    policy = None if policy_ns is None else heard(0.2, policy_ns)
    choice = choose(ArbiterConfig(), teleop, policy, S)
    assert choice.source == source
    assert (choice.command is None) == (source == '')


def guard(simulated, readings):
    watch = TimeGuard(ClockConfig(), simulated=simulated)
    return [watch.update(ros, steady) for ros, steady in readings], watch


def test_time_that_just_goes_on_is_no_event_even_if_the_process_was_stopped():
    events, _ = guard(False, [(10 * S, 0), (10 * S + 5 * MS, 5 * MS), (13 * S, 3 * S)])
    assert events == ['', '', '']


@pytest.mark.parametrize(
    ('ros_ns', 'words'), [(70 * S, 'forward by 60 s'), (9 * S, 'back by 1 s')]
)
def test_a_jump_of_system_time_is_found_in_both_directions(ros_ns, words):
    events, _ = guard(False, [(10 * S, 0), (ros_ns + 5 * MS, 5 * MS), (ros_ns + 10 * MS, 10 * MS)])
    assert words in events[1]
    assert events[2] == ''


def test_a_process_that_was_stopped_between_two_readings_sees_no_jump():
    watch = TimeGuard(ClockConfig(), simulated=False)
    watch.update(10 * S, 0)
    assert watch.update(10 * S + 85 * MS, 5 * MS, uncertain_ns=80 * MS) == ''
    assert watch.update(10 * S + 90 * MS, 90 * MS) == ''
    assert 'forward by 0.08 s' in watch.update(10 * S + 180 * MS, 100 * MS)


def test_simulated_time_may_run_fast_or_slow():
    events, watch = guard(True, [(S + k * 50 * MS, k * 5 * MS) for k in range(100)])
    assert not any(events)
    events, watch = guard(True, [(S + k * MS, k * 5 * MS) for k in range(100)])
    assert not any(events)
    assert not watch.paused


def test_simulated_time_that_stands_still_is_told_until_it_goes_on():
    readings = [(S, k * 50 * MS) for k in range(10)]
    events, watch = guard(True, readings)
    assert [event for event in events if event] == ['simulated time stands still']
    assert watch.paused
    assert watch.update(S + 1, 501 * MS) == 'simulated time goes on'
    assert not watch.paused


def test_before_the_first_time_it_waits_and_that_time_begins_is_no_jump():
    events, watch = guard(True, [(0, 0), (0, 400 * MS)])
    assert events == ['', '']
    assert watch.paused == 'waiting for simulated time, which nobody has told yet'
    assert not watch.is_jump(1000 * S)
    assert watch.update(1000 * S, 500 * MS) == 'simulated time begins'
    assert not watch.paused
    assert 'went back' in watch.update(0, 505 * MS), 'that there is no time is said once only'


def test_a_jump_is_known_before_the_reading_is_taken_in_and_is_an_event_then():
    watch = TimeGuard(ClockConfig(), simulated=True)
    assert not watch.is_jump(10 * S), 'nothing to compare it with'
    watch.update(10 * S, 0)
    assert not watch.is_jump(10 * S + 5 * MS)
    for jumped_ns in (9 * S, 12 * S):
        assert watch.is_jump(jumped_ns)
        assert watch.is_jump(jumped_ns), 'asking changes nothing'
    assert 'jumped forward by 2 s' in watch.update(12 * S, 5 * MS)


def test_simulated_time_that_goes_back_is_an_event():
    events, _ = guard(True, [(10 * S, 0), (S, 5 * MS)])
    assert events[1] == 'simulated time went back by 9 s'


def status(severity, check='X', phase=Phase.ENGAGED, reason='r'):
    return Status(severity, phase, check, reason)


def test_the_same_cause_is_told_once_whatever_its_numbers():
    told = ChangeFilter()
    assert told.news(status(Severity.LIMIT, reason='1'), 0)
    assert not told.news(status(Severity.LIMIT, reason='2'), 10 * S)


def test_worse_is_told_at_once_and_better_after_a_while():
    told = ChangeFilter(calm_s=0.5)
    assert told.news(status(Severity.PASS, ''), 0)
    assert told.news(status(Severity.LIMIT), 1 * MS)
    assert not told.news(status(Severity.PASS, ''), 2 * MS)
    assert not told.news(status(Severity.LIMIT), 400 * MS)
    assert not told.news(status(Severity.PASS, ''), 600 * MS)
    assert told.news(status(Severity.PASS, ''), 901 * MS)


def test_another_reason_to_stop_is_told_when_the_robot_went_in_between():
    told = ChangeFilter(calm_s=0.5)
    silent, jumped = (status(Severity.HOLD, reason=r) for r in ('no command', 'clock jumped 3 s'))
    assert told.news(silent, 0)
    assert not told.news(jumped, 5 * MS)  # it stands, and was told why
    assert not told.news(status(Severity.PASS, ''), 10 * MS)
    assert told.news(jumped, 15 * MS)
    for k in range(2, 25):  # two reasons that alternate are no flood
        assert not told.news(status(Severity.PASS, ''), 10 * k * MS)
        assert not told.news((silent, jumped)[k % 2], (10 * k + 5) * MS)


def test_reasons_to_stop_differ_by_their_words_and_not_by_their_numbers():
    old, older = (status(Severity.HOLD, reason=f'imu is {ms} ms old') for ms in (35, 36.5))
    assert old.cause == older.cause != status(Severity.HOLD, reason='scan is 35 ms old').cause


def test_a_change_of_phase_is_told_at_once():
    told = ChangeFilter()
    told.news(status(Severity.DAMP, phase=Phase.LATCHED), 0)
    assert told.news(status(Severity.PASS, '', phase=Phase.ENGAGED), 1)


def test_the_status_tells_the_worst_of_both_gates(drive):
    engaged = drive().engage()
    for _ in range(40):
        engaged.tick()
        engaged.velocity()
    assert status_of(engaged.supervisor).severity == Severity.PASS
    engaged.velocity(velocity_source='')
    told = status_of(engaged.supervisor)
    assert (told.severity, told.check) == (Severity.HOLD, 'Freshness')


def test_a_latched_status_tells_why_and_what_a_reset_needs(drive, robot):
    engaged = drive().engage()
    for _ in range(61):  # it rests for 0.3 s
        engaged.tick(estop=True)
    told = status_of(engaged.supervisor)
    values = status_values(
        told, engaged.supervisor, nominal_state(robot, engaged.now), engaged.now
    )
    assert told.words == 'stopped, robot soft: e-stop pressed'
    assert values['severity'] == 'DAMP'
    assert values['latched'] == 'true'
    assert values['reset_requires'] == 'the cause persists: e-stop pressed'
