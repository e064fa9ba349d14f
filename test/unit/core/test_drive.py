# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""The deadman: without a fresh pulse from the one who drives, nothing drives."""

import pytest
from robot_policies import resources
from robot_policies.core.drive import Drive, HOLD_NS, parse_pulse, Pulse, RELEASE

FORWARD = Pulse(1.0, 0.0, 0.0)
MS = 1_000_000
START = 10_000 * MS


@pytest.fixture
def body():
    return resources.load_robot('go2').body


@pytest.fixture
def drive(body):
    return Drive(body)


def test_nothing_is_published_before_anybody_drives(drive):
    assert drive.command(START, 1) is None


def test_a_held_stick_drives_at_the_chosen_share_of_the_largest_speed(drive, body):
    drive.pulse(1, Pulse(1.0, -0.5, 0.25), 0.5, START)
    command = drive.command(START + 10 * MS, stamp_ns=7)
    assert command.stamp_ns == 7
    assert command.vx == pytest.approx(0.5 * body.max_vx)
    assert command.vy == pytest.approx(-0.25 * body.max_vy)
    assert command.yaw_rate == pytest.approx(0.125 * body.max_yaw_rate)


def test_backward_is_scaled_by_the_backward_limit(drive, body):
    drive.pulse(1, Pulse(-1.0, 0.0, 0.0), 1.0, START)
    assert drive.command(START, 1).vx == pytest.approx(body.min_vx)


def test_a_share_above_one_is_no_faster_than_full_speed(drive, body):
    drive.pulse(1, FORWARD, 7.0, START)
    assert drive.command(START, 1).vx == pytest.approx(body.max_vx)


def test_a_silent_browser_stops_the_robot_with_one_zero_and_then_nothing(drive):
    drive.pulse(1, FORWARD, 1.0, START)
    assert not drive.command(START + HOLD_NS, 1).is_zero
    after = START + HOLD_NS + 1
    assert drive.command(after, 2).is_zero
    assert drive.command(after + 50 * MS, 3) is None


def test_letting_go_stops_at_once(drive):
    drive.pulse(1, FORWARD, 1.0, START)
    drive.pulse(1, RELEASE, 1.0, START + MS)
    assert drive.command(START + 2 * MS, 1).is_zero
    assert drive.command(START + 3 * MS, 1) is None


def test_a_release_that_nobody_held_publishes_nothing(drive):
    drive.pulse(1, RELEASE, 1.0, START)
    assert drive.command(START, 1) is None


def test_a_browser_that_disconnects_lets_go(drive):
    drive.pulse(1, FORWARD, 1.0, START)
    drive.release(1)
    assert drive.command(START, 1).is_zero


def test_another_browser_cannot_take_over_or_let_go_while_one_drives(drive, body):
    drive.pulse(1, FORWARD, 1.0, START)
    assert not drive.pulse(2, Pulse(-1.0, 0.0, 0.0), 1.0, START + MS)
    assert not drive.pulse(2, RELEASE, 1.0, START + MS)
    drive.release(2)
    assert drive.command(START + 2 * MS, 1).vx == pytest.approx(body.max_vx)


def test_another_browser_may_drive_once_the_first_has_let_go(drive):
    drive.pulse(1, FORWARD, 1.0, START)
    drive.pulse(1, RELEASE, 1.0, START + MS)
    assert drive.pulse(2, FORWARD, 1.0, START + 2 * MS)
    assert drive.driver(START + 2 * MS) == 2


def test_a_pulse_is_read_as_the_browser_writes_it():
    assert parse_pulse('k3f9a17 0.500 0.000 -1.000') == Pulse(0.5, 0.0, -1.0)


@pytest.mark.parametrize(
    'text', ['', 'x', 'x 1 2', 'x nan 0 0', 'x inf 0 0', 'x 1.1 0 0', 'x a b c', 'x 0 0 0 0']
)
def test_anything_else_is_no_pulse(text):
    with pytest.raises(ValueError, match=r'expected|could not convert'):
        parse_pulse(text)
