# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""sensor_msgs/Image as colour, as depth and as features, and sensor_msgs/CameraInfo."""

from array import array
import math
from typing import Any

import numpy as np
import numpy.typing as npt
from robot_policies.core.data_types import Features, Image
from robot_policies.core.robot import CameraSpec
from robot_policies.ros.codecs.errors import CodecError
from robot_policies.ros.codecs.header import fill_header, stamp_ns

# encoding -> (channels, where R, G and B are)
_COLOUR = {
    'rgb8': (3, (0, 1, 2)),
    'bgr8': (3, (2, 1, 0)),
    'rgba8': (4, (0, 1, 2)),
    'bgra8': (4, (2, 1, 0)),
    'mono8': (1, (0, 0, 0)),
}
FLOAT_ENCODING = '32FC'


def image_from_msg(message: Any) -> Image:  # noqa: ANN401
    """Read a colour image: rgb8, bgr8, rgba8, bgra8 or mono8, with or without padded rows.

    Raises:
        CodecError: Another encoding, or a size that does not fit the data.
    """
    if message.encoding not in _COLOUR:
        known = ', '.join(_COLOUR)
        raise CodecError(f'image encoding {message.encoding!r}, expected one of {known}')
    channels, order = _COLOUR[message.encoding]
    rows = _rows(message, channels)
    pixels = rows.reshape(message.height, message.width, channels)
    if message.encoding != 'rgb8':
        pixels = pixels[..., order]
    return Image(stamp_ns(message), pixels)


def image_to_msg(value: Image, frame: str, message: Any) -> Any:  # noqa: ANN401
    """Fill an rgb8 Image, and return it."""
    height, width, _ = value.pixels.shape
    _fill_image(message, value.stamp_ns, frame, 'rgb8', (height, width, 3), value.pixels)
    return message


def depth_from_msg(message: Any) -> npt.NDArray[np.float32]:  # noqa: ANN401
    """Read a 32FC1 depth image as (H, W), m; NaN and infinity are no measurement.

    Raises:
        CodecError: Another encoding, or a size that does not fit the data.
    """
    if message.encoding != '32FC1':
        raise CodecError(f'depth encoding {message.encoding!r}, expected 32FC1')
    return _floats(message, 1)


def features_from_msg(message: Any) -> Features:  # noqa: ANN401
    """Read features: encoding `32FC<n>`, one row per token, n numbers each.

    The image is 1 wide and as high as there are tokens.

    Raises:
        CodecError: Another encoding, a size that does not fit, or a number that is not finite.
    """
    digits = message.encoding.removeprefix(FLOAT_ENCODING)
    if message.encoding == digits or not digits.isdecimal() or int(digits) < 1:
        raise CodecError(f'features encoding {message.encoding!r}, expected 32FC<n>')
    if message.width != 1:
        raise CodecError(f'features are {message.width} wide, expected 1: one row per token')
    tokens = _floats(message, int(digits))
    if not np.isfinite(tokens).all():
        raise CodecError('features are not finite')
    return Features(stamp_ns(message), tokens)


def features_to_msg(value: Features, message: Any) -> Any:  # noqa: ANN401
    """Fill an Image with features, and return it."""
    count, size = value.tokens.shape
    encoding = f'{FLOAT_ENCODING}{size}'
    tokens = np.ascontiguousarray(value.tokens, dtype='<f4')
    _fill_image(message, value.stamp_ns, '', encoding, (count, 1, 4 * size), tokens)
    return message


def camera_info_to_msg(camera: CameraSpec, stamp: int, frame: str, message: Any) -> Any:  # noqa: ANN401
    """Fill a CameraInfo for an ideal pinhole camera with square pixels, and return it."""
    fill_header(message, stamp, frame)
    message.height, message.width = camera.height, camera.width
    focal = 0.5 * camera.height / math.tan(0.5 * camera.vertical_fov_rad)
    cx, cy = 0.5 * (camera.width - 1), 0.5 * (camera.height - 1)
    message.distortion_model = 'plumb_bob'
    message.d = [0.0] * 5
    message.k = [focal, 0.0, cx, 0.0, focal, cy, 0.0, 0.0, 1.0]
    message.r = [1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0]
    message.p = [focal, 0.0, cx, 0.0, 0.0, focal, cy, 0.0, 0.0, 0.0, 1.0, 0.0]
    return message


def _fill_image(
    message: Any,  # noqa: ANN401
    stamp: int,
    frame: str,
    encoding: str,
    shape: tuple[int, int, int],
    data: npt.NDArray[Any],
) -> None:
    """Fill an Image; `shape` is height, width, bytes per pixel."""
    fill_header(message, stamp, frame)
    message.height, message.width = shape[0], shape[1]
    message.encoding = encoding
    message.is_bigendian = 0
    message.step = shape[1] * shape[2]
    # rclpy takes an array of bytes as it is, and looks at every element of anything else.
    raw = array('B')
    raw.frombytes(data.tobytes())
    message.data = raw


def _floats(message: Any, channels: int) -> npt.NDArray[np.float32]:  # noqa: ANN401
    rows = np.ascontiguousarray(_rows(message, 4 * channels))
    values = rows.view('>f4' if message.is_bigendian else '<f4')
    return values.astype(np.float32, copy=False)


def _rows(message: Any, bytes_per_pixel: int) -> npt.NDArray[np.uint8]:  # noqa: ANN401
    """Return (H, W · bytes_per_pixel) the image's bytes without padding."""
    height, width, step = message.height, message.width, message.step
    data = np.frombuffer(message.data, dtype=np.uint8)
    if not height or not width:
        raise CodecError(f'an image of {width}×{height}')
    if step < width * bytes_per_pixel or len(data) != step * height:
        raise CodecError(
            f'{width}×{height} {message.encoding}: step {step} and {len(data)} bytes do not fit, '
            f'expected {width * bytes_per_pixel} and {width * bytes_per_pixel * height}'
        )
    return data.reshape(height, step)[:, : width * bytes_per_pixel]
