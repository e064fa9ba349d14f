# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""What the rendered camera shows: the right colours at the right places, world after world."""

import colorsys
from dataclasses import replace
import threading

import mujoco
import numpy as np
import pytest
from robot_policies.sim import camera as camera_module
from robot_policies.sim.camera import CameraRenderer, RenderingError
from robot_policies.sim.look import Look
from robot_policies.sim.puppet import Puppet
from robot_policies.sim.vocabulary import COLOURS, SHAPES
from robot_policies.sim.world import World, WorldObject

AHEAD_M = 2.5


def world_with(*objects, look=None):
    return World(
        name='test',
        seed=0,
        length_m=8.0,
        width_m=8.0,
        wall_height_m=0.7,
        start=(0.0, 0.0, 0.0),
        look=Look() if look is None else look,
        objects=objects,
    )


@pytest.fixture(scope='module')
def puppet(go2):
    renderer = CameraRenderer(160, 120)
    yield Puppet(go2, renderer)
    renderer.close()


def closest_colour(pixels):
    """The colour word of the median pixel: by hue, or white where there is little of it."""
    red, green, blue = np.median(pixels.reshape(-1, 3), axis=0) / 255.0
    hue, saturation, _ = colorsys.rgb_to_hsv(red, green, blue)
    if saturation < 0.25:
        return 'white'
    hues = {name: colorsys.rgb_to_hsv(*rgb)[0] for name, rgb in COLOURS.items() if name != 'white'}
    return min(hues, key=lambda name: abs((hue - hues[name] + 0.5) % 1.0 - 0.5))


@pytest.mark.parametrize('colour', COLOURS)
@pytest.mark.parametrize('shape', SHAPES)
def test_an_object_ahead_has_its_colour_in_the_middle_of_the_image(puppet, colour, shape):
    item = WorldObject(colour, shape, 'large', AHEAD_M, 0.0)
    puppet.enter(world_with(item))
    image = puppet.image('front')
    # by the camera's pitch and height the object's middle lies just above that of the image
    assert closest_colour(image[50:62, 76:84]) == colour


def test_what_is_left_of_the_robot_is_left_in_the_image(puppet):
    items = (
        WorldObject('red', 'ball', 'large', AHEAD_M, 1.0),
        WorldObject('blue', 'ball', 'large', AHEAD_M, -1.0),
    )
    puppet.enter(world_with(*items))
    image = puppet.image('front').astype(int)
    reds = np.argwhere((image[..., 0] > 120) & (image[..., 2] < 60))
    blues = np.argwhere((image[..., 2] > 120) & (image[..., 0] < 60) & (image[..., 1] < 90))
    assert reds[:, 1].mean() < 80 < blues[:, 1].mean()


def test_an_object_has_the_size_in_the_image_that_the_camera_model_predicts(puppet, go2):
    item = WorldObject('red', 'ball', 'large', AHEAD_M, 0.0)
    puppet.enter(world_with(item))
    image = puppet.image('front').astype(int)
    width = np.ptp(np.argwhere((image[..., 0] > 100) & (image[..., 1] < 60))[:, 1]) + 1
    camera = go2.camera('front')
    focal = 60.0 / np.tan(camera.vertical_fov_rad / 2.0)
    expected = 2.0 * focal * item.radius_m / (AHEAD_M - camera.position[0])
    assert width == pytest.approx(expected, abs=2.0)


def test_a_renderer_that_goes_from_world_to_world_shows_the_new_textures(puppet, go2):
    # The graphics context is kept, so a texture that is not uploaded again would stay.
    dark = replace(Look(), floor=('plain', (0.1, 0.1, 0.1), (0.1, 0.1, 0.1)))
    light = replace(Look(), floor=('plain', (0.9, 0.9, 0.9), (0.9, 0.9, 0.9)))
    brightness = []
    for look in (dark, light, dark):
        puppet.enter(world_with(look=look))
        brightness.append(puppet.image('front')[-20:].mean())
    assert brightness[1] > brightness[0] + 60
    assert brightness[2] == pytest.approx(brightness[0], abs=2.0)


def test_a_renderer_gives_the_same_image_as_a_new_one(puppet, go2, arena):
    puppet.enter(world_with(WorldObject('red', 'box', 'small', 1.5, 0.0)))
    puppet.enter(arena)
    renderer = CameraRenderer(160, 120)
    fresh = Puppet(go2, renderer)
    fresh.enter(arena)
    difference = np.abs(fresh.image('front').astype(int) - puppet.image('front').astype(int))
    renderer.close()
    assert difference.mean() < 0.5


def test_two_renderers_of_one_thread_do_not_draw_into_one_another(go2, arena):
    small, large = CameraRenderer(64, 48), CameraRenderer(160, 120)
    first, second = Puppet(go2, small), Puppet(go2, large)
    first.enter(arena)
    second.enter(arena)
    before = first.image('front')
    assert second.image('front').std() > 10.0
    np.testing.assert_array_equal(first.image('front'), before)
    small.close()
    large.close()


def test_another_thread_renders_with_its_own_context(go2, arena):
    images = []

    def render():
        renderer = CameraRenderer(64, 48)
        puppet = Puppet(go2, renderer)
        puppet.enter(arena)
        images.append(puppet.image('front'))
        renderer.close()

    for _ in range(2):
        thread = threading.Thread(target=render)
        thread.start()
        thread.join()
    np.testing.assert_array_equal(images[0], images[1])


def test_without_opengl_the_error_says_what_to_install(monkeypatch):
    def missing(*_):
        raise ImportError('libEGL.so.1 not found')

    monkeypatch.setattr(mujoco, 'GLContext', missing)
    monkeypatch.setattr(camera_module, '_thread', threading.local())
    with pytest.raises(RenderingError, match='apt-get install libegl1'):
        CameraRenderer(64, 48)


def test_rendering_before_a_model_is_attached_is_refused(arena):
    renderer = CameraRenderer(64, 48)
    model = mujoco.MjModel.from_xml_string('<mujoco/>')
    with pytest.raises(RuntimeError, match='attach a model'):
        renderer.render(mujoco.MjData(model), 'front')
