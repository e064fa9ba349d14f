# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Chooses MuJoCo's off-screen renderer before MuJoCo is imported, which is when it is chosen.

This module imports nothing but the standard library.
"""

from collections.abc import MutableMapping
import ctypes

VARIABLE = 'MUJOCO_GL'
DISABLED = 'disabled'
REMEDY = 'sudo apt-get install libegl1 libgl1-mesa-dri'
_EGL = 'libEGL.so.1'


def choose_renderer(environment: MutableMapping[str, str]) -> None:
    """Set `MUJOCO_GL`: to EGL, or, where its library is missing, to none at all.

    With EGL chosen and its library missing, importing MuJoCo would fail; without any, all but
    rendering works, and `camera.CameraRenderer` says what to install.

    Args:
        environment: Where to set it. A choice other than EGL stays as it is.
    """
    if environment.setdefault(VARIABLE, 'egl') != 'egl':
        return
    try:
        ctypes.CDLL(_EGL)
    except OSError:
        environment[VARIABLE] = DISABLED
