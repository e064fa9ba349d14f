# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""The low-level messages of a Unitree Go2: `unitree_go/msg/LowCmd` and `LowState`.

The robot counts its motors FR, FL, RR, RL, three each: hip, thigh, calf. Twenty are in a
message, twelve are there. A motor applies `kp · (q − q_now) + kd · (dq − dq_now) + tau`; an angle
of 2.146e9 and a speed of 16000 stand for "none". A command is obeyed only if its checksum is
right. Layout, constants and checksum are those of the manufacturer's public SDK.
"""

import binascii
from collections.abc import Sequence
import struct
from typing import Any

import numpy as np
from robot_policies.core.arrays import FloatArray
from robot_policies.core.data_types import Imu, JointState
from robot_policies.core.joint_map import JointMap
from robot_policies.ros.codecs.errors import CodecError

MOTORS = tuple(
    f'{leg}_{joint}_joint'
    for leg in ('FR', 'FL', 'RR', 'RL')
    for joint in ('hip', 'thigh', 'calf')
)
"""Joint of each motor, in the robot's own numbering."""
_MOTOR_ORDER = JointMap(MOTORS)
POSITION_NONE = 2.146e9
VELOCITY_NONE = 16000.0
SERVO_MODE = 0x01
_HEAD = (0xFE, 0xEF)
_LOW_LEVEL = 0xFF
# As a C compiler lays the SDK's structure out: `x` is padding.
_BEFORE_MOTORS = struct.Struct('<2B2B2I2IH2x')
_MOTOR = struct.Struct('<B3x5f3I')
_AFTER_MOTORS = struct.Struct('<4B40B12B2BBxI')
_REVERSED_BITS = bytes(int(f'{value:08b}'[::-1], 2) for value in range(256))


def fill_low_command(
    message: Any,  # noqa: ANN401
    joint_names: Sequence[str],
    *,
    stiffness: FloatArray,
    damping: FloatArray,
    target: FloatArray,
    effort: FloatArray,
) -> Any:  # noqa: ANN401
    """Fill a LowCmd, checksum included.

    Args:
        message: The message to fill.
        joint_names: (n,) the robot's joints, in the order of the arrays.
        stiffness: (n,) N·m/rad; where it is zero no angle is commanded.
        damping: (n,) N·m·s/rad, towards standing still.
        target: (n,) rad.
        effort: (n,) N·m, added.

    Returns:
        The message.

    Raises:
        CodecError: A number is not finite.
        JointMapError: The joints are not those of a Go2.
    """
    columns = {'kp': stiffness, 'kd': damping, 'q': target, 'tau': effort}
    ordered = {
        key: _MOTOR_ORDER.to_robot(joint_names, values.tolist(), key)
        for key, values in columns.items()
    }
    for key, values in ordered.items():
        if not np.isfinite(values).all():
            raise CodecError(f'{key} is not finite')
    message.head = list(_HEAD)
    message.level_flag = _LOW_LEVEL
    for i, motor in enumerate(message.motor_cmd):
        motor.mode = SERVO_MODE
        motor.q, motor.dq, motor.kp, motor.kd, motor.tau = (
            POSITION_NONE,
            VELOCITY_NONE,
            0.0,
            0.0,
            0.0,
        )
        if i < len(MOTORS):
            _fill_motor(motor, {key: float(values[i]) for key, values in ordered.items()})
    message.crc = checksum(command_bytes(message))
    return message


def _fill_motor(motor: Any, values: dict[str, float]) -> None:  # noqa: ANN401
    motor.kp, motor.kd, motor.tau = values['kp'], values['kd'], values['tau']
    if values['kp'] > 0.0:
        motor.q = values['q']
    if values['kd'] > 0.0:
        motor.dq = 0.0


def command_bytes(message: Any) -> bytes:  # noqa: ANN401
    """Return the 808 bytes of a LowCmd that its checksum is made of."""
    parts = [
        _BEFORE_MOTORS.pack(
            *message.head,
            message.level_flag,
            message.frame_reserve,
            *message.sn,
            *message.version,
            message.bandwidth,
        )
    ]
    parts += [
        _MOTOR.pack(m.mode, m.q, m.dq, m.tau, m.kp, m.kd, *m.reserve) for m in message.motor_cmd
    ]
    parts.append(
        _AFTER_MOTORS.pack(
            message.bms_cmd.off,
            *message.bms_cmd.reserve,
            *message.wireless_remote,
            *message.led,
            *message.fan,
            message.gpio,
            message.reserve,
        )
    )
    return b''.join(parts)


def checksum(data: bytes) -> int:
    """Return the SDK's CRC-32 of little-endian 32-bit words.

    It is the CRC-32 with polynomial 0x04c11db7 and nothing reflected (known as MPEG-2). The
    standard library's is the reflected one: of the reversed bits it is the same.

    Args:
        data: A multiple of four bytes.
    """
    words = np.frombuffer(data, dtype='<u4').astype('>u4').tobytes()
    reflected = binascii.crc32(words.translate(_REVERSED_BITS)) ^ 0xFFFFFFFF
    return int(f'{reflected:032b}'[::-1], 2)


def joints_from_low_state(
    message: Any,  # noqa: ANN401
    joint_map: JointMap,
    stamp_ns: int,
) -> JointState:
    """Read the joints from a LowState, in the robot's order.

    Args:
        message: The message; it has no time of its own.
        joint_map: The robot's.
        stamp_ns: When it arrived.

    Raises:
        CodecError: A number is not finite.
        JointMapError: The robot is no Go2.
    """
    motors = message.motor_state[: len(MOTORS)]
    columns = {key: [getattr(m, key) for m in motors] for key in ('q', 'dq', 'tau_est')}
    q, dq, tau = (joint_map.to_robot(MOTORS, values, key) for key, values in columns.items())
    if not np.isfinite([q, dq, tau]).all():
        raise CodecError('LowState: a joint is not finite')
    return JointState(stamp_ns, q, dq, tau)


def imu_from_low_state(message: Any, stamp_ns: int) -> Imu:  # noqa: ANN401
    """Read the IMU from a LowState; its quaternion is (w, x, y, z) there.

    Raises:
        CodecError: A number is not finite, or the quaternion is none.
    """
    imu = message.imu_state
    w, x, y, z = (float(value) for value in imu.quaternion)
    norm = float(np.linalg.norm([w, x, y, z]))
    values = [norm, *imu.gyroscope, *imu.accelerometer]
    if not np.isfinite(values).all() or abs(norm - 1.0) > 0.01:
        raise CodecError('LowState: the IMU is not ready')
    return Imu(
        stamp_ns,
        np.array([x, y, z, w]) / norm,
        np.array(imu.gyroscope, dtype=np.float64),
        np.array(imu.accelerometer, dtype=np.float64),
    )
