# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Images, features and calibration, as messages that were really sent."""

import math

from bag_messages import make, through
import numpy as np
import pytest
from robot_policies.core.data_types import Features, Image
from robot_policies.resources import load_robot
from robot_policies.ros.codecs.errors import CodecError
from robot_policies.ros.codecs.images import (
    camera_info_to_msg,
    depth_from_msg,
    features_from_msg,
    features_to_msg,
    image_from_msg,
    image_to_msg,
)

STAMP = 12_345_678_901_234_567
PIXELS = np.random.default_rng(1).integers(0, 255, (3, 5, 3), dtype=np.uint8)
IMAGE = 'sensor_msgs/msg/Image'


def raw(encoding: str, content: np.ndarray, *, padding: int = 0, **fields):
    """A message with the bytes of (H, W, channels) content."""
    message = make(IMAGE)
    message.height, message.width = content.shape[:2]
    rows = np.ascontiguousarray(content).view(np.uint8).reshape(content.shape[0], -1)
    rows = np.pad(rows, ((0, 0), (0, padding)), constant_values=77)
    message.encoding, message.step = encoding, rows.shape[1]
    message.data = rows.reshape(-1)
    for name, value in fields.items():
        setattr(message, name, value)
    return through(message)


def test_an_image_goes_there_and_back():
    sent = through(image_to_msg(Image(STAMP, PIXELS), 'front', make(IMAGE)))
    assert (sent.encoding, sent.step, sent.header.frame_id) == ('rgb8', 15, 'front')
    back = image_from_msg(sent)
    assert back.stamp_ns == STAMP
    np.testing.assert_array_equal(back.pixels, PIXELS)


@pytest.mark.parametrize('padding', [0, 4])
@pytest.mark.parametrize(
    ('encoding', 'data'),
    [
        ('rgb8', PIXELS),
        ('bgr8', PIXELS[..., ::-1]),
        ('rgba8', np.dstack([PIXELS, np.full((3, 5), 9, dtype=np.uint8)])),
        ('bgra8', np.dstack([PIXELS[..., ::-1], np.full((3, 5), 9, dtype=np.uint8)])),
    ],
)
def test_every_colour_encoding_becomes_rgb_with_or_without_padding(encoding, data, padding):
    np.testing.assert_array_equal(
        image_from_msg(raw(encoding, data, padding=padding)).pixels, PIXELS
    )


def test_grey_becomes_rgb():
    grey = PIXELS[..., :1]
    back = image_from_msg(raw('mono8', grey))
    np.testing.assert_array_equal(back.pixels, np.repeat(grey, 3, axis=2))


@pytest.mark.parametrize(
    ('message', 'words'),
    [
        (raw('yuv422', PIXELS), "encoding 'yuv422', expected one of rgb8, bgr8"),
        (raw('32FC1', PIXELS), 'expected one of rgb8'),
        (raw('', PIXELS), "encoding ''"),
        (raw('rgb8', PIXELS, height=4), 'do not fit, expected 15 and 60'),
        (raw('rgb8', PIXELS, width=6), 'do not fit'),
        (raw('rgb8', PIXELS, step=14), 'do not fit'),
        (raw('rgba8', PIXELS), 'do not fit'),
        (raw('rgb8', PIXELS, data=PIXELS.reshape(-1)[:-1]), 'step 15 and 44 bytes'),
        (raw('rgb8', PIXELS, height=0, width=0), 'an image of 0×0'),
    ],
)
def test_an_image_that_is_not_what_it_says_is_refused(message, words):
    with pytest.raises(CodecError, match=words):
        image_from_msg(message)


@pytest.mark.parametrize('order', ['<', '>'])
def test_depth_is_read_in_either_byte_order(order):
    metres = np.array([[1.5, math.nan], [math.inf, 0.25]])
    data = metres.astype(f'{order}f4').reshape(2, 2, 1)
    message = raw('32FC1', data, padding=4, is_bigendian=int(order == '>'))
    np.testing.assert_array_equal(depth_from_msg(message), metres.astype(np.float32))


def test_depth_in_another_unit_is_refused():
    with pytest.raises(CodecError, match="'16UC1', expected 32FC1"):
        depth_from_msg(raw('16UC1', np.ones((2, 2, 1), dtype=np.uint16)))


@pytest.mark.parametrize('shape', [(1, 1), (7, 48), (300, 2)])
def test_features_go_there_and_back_as_rows_of_an_image(shape):
    tokens = np.random.default_rng(2).normal(size=shape).astype(np.float32)
    sent = through(features_to_msg(Features(STAMP, tokens), make(IMAGE)))
    assert (sent.height, sent.width, sent.encoding) == (shape[0], 1, f'32FC{shape[1]}')
    back = features_from_msg(sent)
    assert back.stamp_ns == STAMP
    np.testing.assert_array_equal(back.tokens, tokens)


def test_features_in_the_other_byte_order_are_read():
    tokens = np.arange(6, dtype='>f4').reshape(2, 1, 3)
    back = features_from_msg(raw('32FC3', tokens, is_bigendian=1))
    np.testing.assert_array_equal(back.tokens, np.arange(6).reshape(2, 3))


@pytest.mark.parametrize(
    ('encoding', 'tokens', 'words'),
    [
        ('32FC4', np.zeros((2, 1, 3), dtype=np.float32), 'do not fit'),
        ('32FC', np.zeros((2, 1, 3), dtype=np.float32), "'32FC', expected 32FC<n>"),
        ('32FC0', np.zeros((2, 1, 3), dtype=np.float32), 'expected 32FC<n>'),
        ('32FCx', np.zeros((2, 1, 3), dtype=np.float32), 'expected 32FC<n>'),
        ('64FC3', np.zeros((2, 1, 3), dtype=np.float64), 'expected 32FC<n>'),
        ('rgb8', PIXELS, 'expected 32FC<n>'),
        ('32FC3', np.zeros((2, 2, 3), dtype=np.float32), '2 wide, expected 1'),
        ('32FC3', np.full((2, 1, 3), np.nan, dtype=np.float32), 'not finite'),
    ],
)
def test_features_that_are_not_what_they_say_are_refused(encoding, tokens, words):
    with pytest.raises(CodecError, match=words):
        features_from_msg(raw(encoding, tokens))


def test_calibration_is_that_of_a_pinhole_with_the_cameras_field_of_view():
    camera = load_robot('go2').camera('front')
    message = camera_info_to_msg(camera, STAMP, 'front', make('sensor_msgs/msg/CameraInfo'))
    message = through(message)
    assert (message.width, message.height) == (camera.width, camera.height)
    focal, cy = message.k[4], message.k[5]
    # half the image height, seen from the focal point, is half the field of view
    assert 2 * math.atan(0.5 * camera.height / focal) == pytest.approx(camera.vertical_fov_rad)
    assert cy == (camera.height - 1) / 2
    assert message.p[0] == message.k[0]
    assert len(message.d) == 5
