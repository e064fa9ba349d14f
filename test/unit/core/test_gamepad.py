# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Sticks and buttons: nothing moves without the deadman, and a press counts once."""

import pytest
from robot_policies.core.drive import RELEASE
from robot_policies.core.gamepad import Gamepad, GamepadConfig

STOP, DEADMAN, RESET = 1, 4, 7


def axes(left=0.0, forward=0.0, turn=0.0):
    return [left, forward, 0.0, turn]


def buttons(*pressed):
    return [int(index in pressed) for index in range(8)]


@pytest.fixture
def gamepad():
    return Gamepad(GamepadConfig())


def test_sticks_drive_while_the_deadman_is_held(gamepad):
    pulse = gamepad.read(axes(left=-1.0, forward=1.0, turn=0.55), buttons(DEADMAN)).pulse
    assert (pulse.forward, pulse.left) == (1.0, -1.0)
    assert pulse.turn == pytest.approx(0.5)  # half way beyond the dead zone


def test_without_the_deadman_the_sticks_do_nothing(gamepad):
    assert gamepad.read(axes(forward=1.0), buttons()).pulse == RELEASE


def test_a_stick_that_does_not_quite_return_drives_nothing(gamepad):
    assert gamepad.read(axes(forward=0.09), buttons(DEADMAN)).pulse.is_release


def test_a_held_button_is_pressed_once(gamepad):
    pressed = [gamepad.read(axes(), buttons(*held)) for held in ((STOP,), (STOP,), (), (RESET,))]
    assert [wish.stop for wish in pressed] == [True, False, False, False]
    assert [wish.reset for wish in pressed] == [False, False, False, True]


@pytest.mark.parametrize(
    ('sticks', 'held', 'words'),
    [
        ([0.0, 0.0], buttons(), 'axis 3 is used, the gamepad has 2'),
        (axes(), [0, 0], 'button 7 is used, the gamepad has 2'),
        (axes(forward=float('nan')), buttons(DEADMAN), 'axis 1 is nan'),
    ],
)
def test_another_gamepad_is_refused_in_words(gamepad, sticks, held, words):
    with pytest.raises(ValueError, match=words):
        gamepad.read(sticks, held)
