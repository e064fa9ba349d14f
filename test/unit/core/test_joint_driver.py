# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""The motor drivers: what is obeyed, when it takes effect, and what happens in silence."""

import numpy as np
import pytest
from robot_policies.core.data_types import JointCommand
from robot_policies.core.joint_driver import JointDriver, MS
from robot_policies.resources import load_robot

N = 12
LATENCY, TIMEOUT = 10 * MS, 100 * MS


@pytest.fixture(scope='module')
def go2():
    return load_robot('go2')


@pytest.fixture
def driver(go2):
    return JointDriver(go2, latency_ns=LATENCY, timeout_ns=TIMEOUT)


def stiff(value=0.5):
    return JointCommand(0, position=np.full(N, value))


def is_damping(drive):
    return not drive.stiffness.any() and drive.damping.all() and not drive.effort.any()


def test_it_damps_until_the_first_command(driver):
    assert is_damping(driver.drive(0))


def test_a_command_takes_effect_after_the_latency_and_not_before(driver):
    driver.accept(stiff(), 1000)
    assert is_damping(driver.drive(1000 + LATENCY - 1))
    assert driver.drive(1000 + LATENCY).target == pytest.approx(np.full(N, 0.5))


def test_commands_take_effect_in_their_order(driver):
    for k in range(5):
        driver.accept(stiff(0.1 * k), k * 5 * MS)
    assert driver.drive(10 * MS).target[0] == pytest.approx(0.0)
    assert driver.drive(21 * MS).target[0] == pytest.approx(0.2)
    assert driver.drive(31 * MS).target[0] == pytest.approx(0.4)


def test_silence_damps_after_the_timeout_and_not_before(driver):
    driver.accept(stiff(), 0)
    assert driver.drive(TIMEOUT).stiffness.all()
    assert is_damping(driver.drive(TIMEOUT + 1))


def test_after_silence_the_next_command_is_obeyed_again(driver):
    driver.accept(stiff(), 0)
    driver.drive(2 * TIMEOUT)
    driver.accept(stiff(0.7), 2 * TIMEOUT)
    assert is_damping(driver.drive(2 * TIMEOUT))
    assert driver.drive(2 * TIMEOUT + LATENCY).target[0] == 0.7


@pytest.mark.parametrize('bad', [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize('interface', ['position', 'velocity', 'effort'])
def test_what_is_not_finite_is_refused_counted_and_named(driver, go2, interface, bad):
    values = np.zeros(N)
    values[3] = bad
    driver.accept(stiff(0.2), 0)
    assert not driver.accept(JointCommand(0, **{interface: values}), MS)
    assert (driver.accepted, driver.refused) == (1, 1)
    assert go2.joint_names[3] in driver.refusal
    drive = driver.drive(20 * MS)
    assert drive.target[0] == 0.2
    assert np.isfinite(drive.effort).all()


def test_a_command_for_another_number_of_joints_is_refused(driver):
    assert not driver.accept(JointCommand(0, position=np.zeros(11)), 0)
    assert '11 values for 12 joints' in driver.refusal


def test_refused_commands_do_not_feed_the_watchdog(driver):
    driver.accept(stiff(), 0)
    for k in range(1, 21):
        driver.accept(JointCommand(0, position=np.full(N, np.nan)), k * 10 * MS)
    assert is_damping(driver.drive(200 * MS))


def test_without_position_there_is_no_stiffness(driver):
    driver.accept(JointCommand(0, velocity=np.zeros(N)), 0)
    assert is_damping(driver.drive(LATENCY))


def test_a_velocity_target_pulls_with_the_damping_gain(driver, go2):
    driver.accept(JointCommand(0, velocity=np.full(N, 2.0), effort=np.full(N, 1.0)), 0)
    expected = 2.0 * go2.per_joint('damping') + 1.0
    assert driver.drive(LATENCY).effort == pytest.approx(expected)


def test_effort_alone_is_neither_stiff_nor_damped(driver):
    driver.accept(JointCommand(0, effort=np.full(N, 3.0)), 0)
    drive = driver.drive(LATENCY)
    assert not drive.stiffness.any()
    assert not drive.damping.any()
    assert drive.effort == pytest.approx(np.full(N, 3.0))


def test_the_gains_are_those_of_the_robots_yaml(driver, go2):
    driver.accept(stiff(), 0)
    drive = driver.drive(LATENCY)
    assert drive.stiffness == pytest.approx(go2.per_joint('stiffness'))
    assert drive.damping == pytest.approx(go2.per_joint('damping'))


def test_a_reset_forgets_commands_on_their_way(driver):
    driver.accept(stiff(), 0)
    driver.reset()
    assert is_damping(driver.drive(LATENCY))
