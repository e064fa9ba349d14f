# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""How the safety node finds checks: classes, checkpoints, and files of rules."""

import json

import pytest
from robot_policies.core.errors import CheckpointError, ConfigError
from robot_policies.named_checks import resolve_checks, RULES_CHECK


def test_a_checkpoint_brings_class_values_and_context(robot, tmp_path):
    config = {
        'class': 'my_package.learned:Check',
        'robot': 'go2',
        'config': {'limit': 2.0},
        'meta': {'threshold': 3.0},
    }
    (tmp_path / 'config.json').write_text(json.dumps(config))
    checks = resolve_checks(['a.b:C', str(tmp_path)], '', robot)
    assert checks.specs == ('a.b:C', 'my_package.learned:Check')
    assert checks.values == {'my_package.learned:Check': {'limit': 2.0}}
    assert checks.contexts['my_package.learned:Check'].meta == {'threshold': 3.0}


def test_rules_come_as_a_check_with_what_the_file_says(robot):
    checks = resolve_checks([], 'go2', robot)
    assert checks.specs == (RULES_CHECK,)
    names = [rule['name'] for rule in checks.contexts[RULES_CHECK].meta['rules']]
    assert 'stops_when_told' in names


def test_what_is_not_there_is_named_with_what_is(robot, tmp_path):
    with pytest.raises(CheckpointError, match=r'shipped checkpoints: .*go2_velocity'):
        resolve_checks(['no_such_checkpoint'], '', robot)
    with pytest.raises(ConfigError, match='available'):
        resolve_checks([], 'xyz', robot)
    path = tmp_path / 'own.yaml'
    path.write_text('rule: []')
    with pytest.raises(ConfigError, match='one key `rules`'):
        resolve_checks([], str(path), robot)
