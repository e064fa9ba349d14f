# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Plugins by name: what is loaded, and what a wrong name tells."""

from dataclasses import dataclass
import sys
import types

import pytest
from robot_policies.core.contracts import PluginContext
from robot_policies.core.errors import ConfigError, PluginError
from robot_policies.core.params import param
from robot_policies.core.plugins import create, load_class, plugin_classes
from robot_policies.resources import load_robot


@dataclass(frozen=True, kw_only=True)
class Config:
    gain: float = param(1.0, doc='Gain.', low=0.0, high=2.0)


class Walker:
    config_class = Config

    def __init__(self, config, context):
        self.config, self.context = config, context

    def step(self):
        pass


class NoConfig:
    def step(self):
        pass


@pytest.fixture(autouse=True)
def module(monkeypatch, tmp_path):
    made = types.ModuleType('their_package')
    made.__path__ = [str(tmp_path)]
    for plugin in (Walker, NoConfig):
        monkeypatch.setattr(plugin, '__module__', 'their_package')
        setattr(made, plugin.__name__, plugin)
    monkeypatch.setitem(sys.modules, 'their_package', made)
    (tmp_path / 'broken.py').write_text('1 / 0\n')
    (tmp_path / 'needy.py').write_text('import no_such_library\n')
    return made


def test_a_plugin_from_anywhere_is_loaded_by_its_name():
    context = PluginContext(robot=load_robot('go2'))
    plugin = create('their_package:Walker', verb='step', values={'gain': 2}, context=context)
    assert isinstance(plugin, Walker)
    assert plugin.config == Config(gain=2.0)
    assert plugin.context is context


@pytest.mark.parametrize(
    ('spec', 'words'),
    [
        ('their_package.Walker', 'expected package.module:Class'),
        ('their_package:', 'expected package.module:Class'),
        (':Walker', 'expected package.module:Class'),
        ('their_package:Wlker', 'has no class Wlker, it has Walker'),
        ('their_package.brokn:X', 'their_package has broken, needy'),
        ('theirs:X', "there is no package 'theirs' (is it installed?)"),
        ('their_package.broken:X', 'importing it failed: ZeroDivisionError'),
        ('their_package.needy:X', "needs 'no_such_library', which is not installed"),
        ('their_package:NoConfig', "NoConfig has no 'config_class'"),
    ],
)
def test_a_wrong_name_tells_what_is_there(spec, words):
    with pytest.raises(PluginError) as caught:
        load_class(spec, verb='step')
    assert words in str(caught.value)


def test_a_plugin_of_another_kind_is_refused():
    with pytest.raises(PluginError, match="Walker has no 'infer'"):
        load_class('their_package:Walker', verb='infer')


def test_a_wrong_value_names_the_plugin_and_the_range():
    context = PluginContext(robot=load_robot('go2'))
    with pytest.raises(ConfigError, match=r'their_package:Walker: gain: 3.0 is outside \[0, 2\]'):
        create('their_package:Walker', verb='step', values={'gain': 3.0}, context=context)


def test_only_plugins_that_the_module_defines_are_listed(module):
    module.Borrowed = PluginContext
    assert plugin_classes(module, 'step') == ['Walker']
