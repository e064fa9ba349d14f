# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""The choice of the off-screen renderer, also on a machine without OpenGL."""

import ctypes

from robot_policies.sim import graphics
from robot_policies.sim.graphics import choose_renderer


def test_egl_is_chosen_where_it_is_installed(monkeypatch):
    monkeypatch.setattr(ctypes, 'CDLL', lambda name: name)
    environment = {}
    choose_renderer(environment)
    assert environment == {'MUJOCO_GL': 'egl'}


def test_without_the_library_nothing_is_chosen_even_if_egl_was_asked_for(monkeypatch):
    def missing(name):
        raise OSError(f'{name}: cannot open shared object file')

    monkeypatch.setattr(ctypes, 'CDLL', missing)
    for environment in ({}, {'MUJOCO_GL': 'egl'}):
        choose_renderer(environment)
        assert environment == {'MUJOCO_GL': graphics.DISABLED}


def test_another_choice_stays(monkeypatch):
    environment = {'MUJOCO_GL': 'osmesa'}
    choose_renderer(environment)
    assert environment == {'MUJOCO_GL': 'osmesa'}
