# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""The Go2's low-level messages: motor order, "none" values, checksum, quaternion order."""

import struct
from types import SimpleNamespace

import numpy as np
import pytest
from robot_policies.core.joint_map import JointMapError
from robot_policies.resources import load_robot
from robot_policies.ros.codecs.errors import CodecError
from robot_policies.ros.codecs.unitree_go2 import (
    checksum,
    command_bytes,
    fill_low_command,
    imu_from_low_state,
    joints_from_low_state,
    MOTORS,
)

ROBOT = load_robot('go2')
N = len(ROBOT.joints)


def low_command():
    """A LowCmd as its definition says, all zero."""
    motor = {'mode': 0, 'q': 0.0, 'dq': 0.0, 'tau': 0.0, 'kp': 0.0, 'kd': 0.0, 'reserve': [0] * 3}
    return SimpleNamespace(
        head=[0, 0],
        level_flag=0,
        frame_reserve=0,
        sn=[0, 0],
        version=[0, 0],
        bandwidth=0,
        motor_cmd=[SimpleNamespace(**motor) for _ in range(20)],
        bms_cmd=SimpleNamespace(off=0, reserve=[0, 0, 0]),
        wireless_remote=[0] * 40,
        led=[0] * 12,
        fan=[0, 0],
        gpio=0,
        reserve=0,
        crc=0,
    )


def low_state():
    """A LowState in which motor i stands at i, turns at 10 i and pushes with 100 i."""
    motors = [SimpleNamespace(q=i, dq=10.0 * i, tau_est=100.0 * i) for i in range(20)]
    imu = SimpleNamespace(
        quaternion=[0.5, 0.5, -0.5, 0.5], gyroscope=[1.0, 2.0, 3.0], accelerometer=[0.1, 0.2, 9.8]
    )
    return SimpleNamespace(motor_state=motors, imu_state=imu, tick=1)


def filled(**changes):
    values = {
        'stiffness': np.full(N, 40.0),
        'damping': np.full(N, 1.0),
        'target': np.arange(N) * 0.01,
        'effort': np.arange(N) * 0.1,
    }
    return fill_low_command(low_command(), ROBOT.joint_names, **{**values, **changes})


def crc_bit_by_bit(data):
    """The checksum as its definition reads: each word from its highest bit down."""
    crc = 0xFFFFFFFF
    for (word,) in struct.iter_unpack('<I', data):
        for bit in range(31, -1, -1):
            carry = crc >> 31
            crc = (crc << 1) & 0xFFFFFFFF
            if carry:
                crc ^= 0x04C11DB7
            if word >> bit & 1:
                crc ^= 0x04C11DB7
    return crc


def test_each_motor_gets_the_command_of_its_joint():
    message = filled()
    for motor, name in zip(message.motor_cmd, MOTORS, strict=False):
        i = ROBOT.joint_names.index(name)
        assert (motor.q, motor.tau) == pytest.approx((i * 0.01, i * 0.1))
        assert (motor.mode, motor.kp, motor.kd, motor.dq) == (1, 40.0, 1.0, 0.0)


def test_the_front_right_hip_is_motor_0_and_the_rear_left_calf_motor_11():
    target = np.zeros(N)
    target[ROBOT.joint_names.index('FR_hip_joint')] = 0.25
    target[ROBOT.joint_names.index('RL_calf_joint')] = -1.5
    motors = filled(target=target).motor_cmd
    assert [i for i in range(12) if motors[i].q] == [0, 11]
    assert (motors[0].q, motors[11].q) == (0.25, -1.5)


def test_damping_commands_no_angle():
    motors = filled(stiffness=np.zeros(N), effort=np.zeros(N)).motor_cmd
    for motor in motors[:12]:
        assert (motor.q, motor.kp, motor.dq, motor.kd, motor.tau) == (2.146e9, 0.0, 0.0, 1.0, 0.0)


def test_effort_alone_commands_neither_angle_nor_speed():
    motors = filled(stiffness=np.zeros(N), damping=np.zeros(N)).motor_cmd
    for motor in motors[:12]:
        assert (motor.q, motor.kp, motor.dq, motor.kd) == (2.146e9, 0.0, 16000.0, 0.0)


def test_motors_that_are_not_there_get_nothing():
    for motor in filled().motor_cmd[12:]:
        assert (motor.q, motor.dq, motor.kp, motor.kd, motor.tau) == (2.146e9, 16000.0, 0, 0, 0)


def test_the_header_asks_for_low_level():
    message = filled()
    assert (message.head, message.level_flag) == ([0xFE, 0xEF], 0xFF)


def test_the_checksum_is_that_of_the_definition():
    rng = np.random.default_rng(0)
    for _ in range(20):
        data = rng.integers(0, 256, 4 * int(rng.integers(1, 50)), dtype=np.uint8).tobytes()
        assert checksum(data) == crc_bit_by_bit(data)


def test_the_command_carries_the_checksum_of_its_808_bytes():
    message = filled()
    data = command_bytes(message)
    assert len(data) == 808  # 812 of the C structure, less the checksum itself
    assert message.crc == crc_bit_by_bit(data)


def test_fields_lie_where_the_c_structure_has_them():
    message = filled()
    message.reserve = 0xAABBCCDD
    message.led[0] = 7
    data = command_bytes(message)
    # 24 bytes before the motors: 4 of head and flags, 8, 8, 2 of bandwidth, 2 of padding
    mode, q, dq, tau, kp, kd = struct.unpack_from('<B3x5f', data, 24)
    first = message.motor_cmd[0]
    assert (mode, dq, kp, kd) == (1, 0.0, 40.0, 1.0)
    assert (q, tau) == pytest.approx((first.q, first.tau))
    assert data[24 + 20 * 36 + 4 + 40] == 7
    assert struct.unpack_from('<I', data, 804) == (0xAABBCCDD,)


def test_a_number_that_is_not_finite_is_never_sent():
    with pytest.raises(CodecError, match='q is not finite'):
        filled(target=np.full(N, np.nan))


def test_joints_of_another_robot_are_refused():
    columns = dict.fromkeys(('stiffness', 'damping', 'target', 'effort'), np.zeros(1))
    with pytest.raises(JointMapError, match='FR_hip_joint'):
        fill_low_command(low_command(), ['elbow'], **columns)


def test_the_state_comes_in_the_order_of_the_robot():
    state = joints_from_low_state(low_state(), ROBOT.joint_map(), 5)
    for i, name in enumerate(ROBOT.joint_names):
        motor = MOTORS.index(name)
        values = (state.position[i], state.velocity[i], state.effort[i])
        assert values == (motor, 10.0 * motor, 100.0 * motor)
    assert state.stamp_ns == 5


def test_the_quaternion_is_turned_to_x_y_z_w():
    imu = imu_from_low_state(low_state(), 5)
    np.testing.assert_allclose(imu.orientation, [0.5, -0.5, 0.5, 0.5])
    np.testing.assert_allclose(imu.angular_velocity, [1.0, 2.0, 3.0])
    np.testing.assert_allclose(imu.linear_acceleration, [0.1, 0.2, 9.8])


@pytest.mark.parametrize('quaternion', [[0.0] * 4, [np.nan, 0, 0, 0], [2.0, 0, 0, 0]])
def test_an_imu_that_is_not_ready_is_no_measurement(quaternion):
    message = low_state()
    message.imu_state.quaternion = quaternion
    with pytest.raises(CodecError, match='not ready'):
        imu_from_low_state(message, 0)


def test_a_joint_that_is_not_finite_is_no_measurement():
    message = low_state()
    message.motor_state[3].dq = np.inf
    with pytest.raises(CodecError, match='not finite'):
        joints_from_low_state(message, ROBOT.joint_map(), 0)
