# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""What configuration can change about a supervisor, and what it cannot."""

import importlib
import inspect
import pkgutil
import subprocess
import sys
import types

import pytest
from robot_policies import safety
from robot_policies.core.contracts import SafetyCheck
from robot_policies.core.errors import CheckpointError, ConfigError, PluginError
from robot_policies.core.plugins import plugin_classes
from robot_policies.core.verdict import Severity, Verdict
from robot_policies.resources import load_checkpoint, share_dir
from robot_policies.safety.assembly import build_supervisor, default_configure, FIRST, GATES, LAST
from robot_policies.safety.finite import FiniteConfig
from robot_policies.safety.nominal import nominal_command, nominal_velocity

ALWAYS = {'Finite', 'EStop', 'Freshness', 'Tilt', 'EngageRamp'}
LIMITS = {'VelocityLimit', 'EffortLimit', 'PositionLimit'}


def every_check():
    for info in pkgutil.iter_modules(safety.__path__, 'robot_policies.safety.'):
        module = importlib.import_module(info.name)
        for name in plugin_classes(module, 'check'):
            yield getattr(module, name)


CHECKS = list(every_check())


def test_the_checks_are_found():
    assert {check.__name__ for check in CHECKS} >= ALWAYS | LIMITS | {'Distance', 'Jump'}


def _shipped(check, robot):
    spec = f'{check.__module__}:{check.__name__}'
    for folder in (share_dir() / 'models').iterdir():
        plugin, _, context = load_checkpoint(folder.name, robot)
        if plugin == spec:
            return context
    raise AssertionError(f'no checkpoint in models/ has the weights of {spec}')


@pytest.mark.parametrize('check', CHECKS, ids=lambda check: check.__name__)
def test_every_check_keeps_the_contract(check, context, state_with):
    try:
        built = check(check.config_class(), context)
    except CheckpointError:  # it learned something
        built = check(check.config_class(), _shipped(check, context.robot))
    assert isinstance(built, SafetyCheck)
    assert set(check.gates) <= set(GATES)
    assert check.__doc__
    commands = {
        'joint': nominal_command(context.robot, 10_000_000_000),
        'velocity': nominal_velocity(10_000_000_000),
    }
    for gate in check.gates:
        verdict = built.check(commands[gate], state_with(), 10_000_000_000)
        assert isinstance(verdict, Verdict)
        assert verdict.severity == Severity.PASS or verdict.reason
    built.reset()


@pytest.mark.parametrize('extra', [(), ('robot_policies.safety.jump:Jump',)])
def test_no_configuration_removes_the_minimum(robot, extra):
    supervisor = build_supervisor(robot, extra=extra)
    assert set(supervisor._joint.names) >= ALWAYS | LIMITS
    assert set(supervisor._velocity.names) >= {'Finite', 'Freshness', 'EngageRamp', 'BaseLimit'}


def test_the_limits_come_last_and_a_last_look_is_taken_at_what_goes_out(robot):
    names = build_supervisor(robot)._joint.names
    assert names[0] == 'Finite'
    assert names[-4:] == ('VelocityLimit', 'EffortLimit', 'PositionLimit', 'Finite')
    assert build_supervisor(robot)._velocity.names[-1] == 'Finite'


def test_naming_a_built_in_check_again_changes_nothing(robot):
    again = build_supervisor(robot, extra=(FIRST[0], LAST[1]))
    assert again._joint.names == build_supervisor(robot, extra=())._joint.names


def test_values_reach_the_checks(drive):
    tight = drive({'tilt': {'limit_rad': 0.1}}).engage()
    imu = tight.state().imu
    from dataclasses import replace

    import numpy as np

    leaning = replace(imu, orientation=np.array([np.sin(0.1), 0.0, 0.0, np.cos(0.1)]))
    assert tight.tick(imu=leaning).command.is_damping


def test_a_wrong_value_is_named_with_its_range(robot):
    with pytest.raises(ConfigError, match=r'limit_rad: 9\.0 is outside \[0, 3\.2\] rad'):
        build_supervisor(robot, configure=default_configure({'tilt': {'limit_rad': 9.0}}))


def test_an_unknown_check_lists_what_there_is(robot):
    with pytest.raises(PluginError, match=r'has no class Distanz, it has Distance'):
        build_supervisor(robot, extra=('robot_policies.safety.distance:Distanz',))


class Stray:
    """A check that does not say which gate it is for."""

    config_class = FiniteConfig

    def check(self, command, state, now_ns):
        return Verdict(Severity.PASS, command)


def _module(monkeypatch, name, check):
    module = types.ModuleType(name)
    module.Check = check
    monkeypatch.setitem(sys.modules, name, module)
    return f'{name}:Check'


def test_a_check_without_gates_is_refused(robot, monkeypatch):
    with pytest.raises(PluginError, match='gates'):
        build_supervisor(robot, extra=(_module(monkeypatch, 'stray', Stray),))


def test_two_checks_may_not_share_a_prefix(robot, monkeypatch):
    spec = _module(monkeypatch, 'mine.tilt', Stray)
    with pytest.raises(ConfigError, match="share the prefix 'tilt'"):
        build_supervisor(robot, extra=(spec,))


class Leaps(Stray):
    """A third party's check that makes a command worse."""

    gates = ('joint',)
    value = float('nan')

    def __init__(self, config, context):
        pass

    def check(self, command, state, now_ns):
        import numpy as np
        from robot_policies.core.data_types import JointCommand

        bad = JointCommand(command.stamp_ns, position=np.full(12, self.value))
        return Verdict(Severity.LIMIT, bad, 'helpful')

    def reset(self):
        pass


@pytest.mark.parametrize(('value', 'damps'), [(float('nan'), True), (99.0, False)])
def test_what_a_foreign_check_makes_of_a_command_is_bounded_too(
    drive, robot, monkeypatch, value, damps
):
    monkeypatch.setattr(Leaps, 'value', value)
    spec = _module(monkeypatch, 'leaps', Leaps)
    driven = drive(extra=(spec,))
    for _ in range(5):
        command = driven.tick().command
    assert command.is_damping is damps
    if not damps:
        assert (command.position <= robot.per_joint('upper')).all()


def test_the_supervisor_imports_no_learning_framework_and_no_ros():
    code = (
        'import sys; import robot_policies.safety.assembly as a; '
        'from robot_policies.resources import load_robot; '
        'a.build_supervisor(load_robot("go2")); '
        'bad = {"torch", "rclpy", "mujoco", "jax"} & set(sys.modules); '
        'assert not bad, bad'
    )
    subprocess.run([sys.executable, '-c', code], check=True)


def test_configurations_are_frozen_and_documented():
    for check in CHECKS:
        assert check.config_class.__dataclass_params__.frozen
        assert inspect.getdoc(check.config_class)
