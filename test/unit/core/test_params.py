# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Parameters: one declaration, everything wrong told at once."""

from dataclasses import dataclass, FrozenInstanceError

import numpy as np
import pytest
from robot_policies.core.errors import ConfigError
from robot_policies.core.params import build, describe, param


@dataclass(frozen=True, kw_only=True)
class Config:
    limit_rad: float = param(0.8, doc='Limit.', unit='rad', low=0.0, high=1.6)
    count: int = param(3, doc='Count.', low=1)
    on: bool = param(True, doc='On.')
    mode: str = param('calm', doc='Mode.', choices=('calm', 'wild'))
    gains: tuple[float, ...] = param([1.0, 2.0], doc='Gains.', low=0.0)
    name: str = param(doc='Name.')


def problems(**values) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        build(Config, values, where='x.yaml')
    assert str(caught.value).startswith('x.yaml: ')
    return caught.value.problems


def test_defaults_fill_what_is_not_given():
    config = build(Config, {'name': 'a'}, where='')
    assert config == Config(name='a')
    assert config.gains == (1.0, 2.0)


def test_a_configuration_cannot_be_changed():
    with pytest.raises(FrozenInstanceError):
        Config(name='a').count = 4


def test_whole_numbers_become_floats_lists_become_tuples_and_numpy_is_unwrapped():
    values = {'name': 'a', 'limit_rad': 1, 'gains': [1, np.float64(2)], 'count': np.int64(4)}
    config = build(Config, values, where='')
    assert config.limit_rad == 1.0
    assert isinstance(config.limit_rad, float)
    assert config.gains == (1.0, 2.0)
    assert type(config.count) is int


def test_everything_wrong_is_told_at_once():
    told = problems(limit_rad=2.0, count=0, mode='mad', limt=1)
    assert len(told) == 5
    assert 'limt is unknown, did you mean limit_rad?' in told
    assert 'limit_rad: 2.0 is outside [0, 1.6] rad (Limit.)' in told
    assert 'count: 0 is outside [1, inf] (Count.)' in told
    assert "mode: 'mad' is none of calm, wild" in told
    assert 'name is missing: Name.' in told


@pytest.mark.parametrize(
    ('name', 'value', 'words'),
    [
        ('count', 2.0, '2.0 is a float, expected int'),
        ('count', True, 'True is a bool, expected int'),
        ('limit_rad', True, 'True is a bool, expected float'),
        ('limit_rad', '1', "'1' is a str, expected float"),
        ('limit_rad', float('nan'), 'nan is outside'),
        ('limit_rad', float('inf'), 'inf is outside'),
        ('on', 1, '1 is a int, expected bool'),
        ('gains', 'ab', "'ab' is not a list[float]"),
        ('gains', 3.0, '3.0 is not a list[float]'),
        ('gains', [1.0, -1.0], '-1.0 is outside'),
        ('gains', [1.0, 'a'], "'a' is a str, expected float"),
        ('mode', None, 'None is a NoneType, expected str'),
    ],
)
def test_nothing_is_guessed(name, value, words):
    assert any(name in p and words in p for p in problems(name='a', **{name: value}))


def test_relations_between_fields_are_told_like_the_rest():
    @dataclass(frozen=True, kw_only=True)
    class Range:
        low: float = param(0.0, doc='Low.')
        high: float = param(1.0, doc='High.')

        def __post_init__(self):
            if self.low > self.high:
                raise ValueError('low is above high')

    with pytest.raises(ConfigError, match='low is above high'):
        build(Range, {'low': 2.0}, where='')


def test_describe_gives_what_a_reference_page_needs():
    infos = {info.name: info for info in describe(Config)}
    assert infos['limit_rad'].type_name == 'float'
    assert infos['limit_rad'].meta.unit == 'rad'
    assert infos['gains'].type_name == 'list[float]'
    assert infos['name'].required
    assert infos['count'].default == 3


@pytest.mark.parametrize('hint', [dict, float | None, tuple[int, str]])
def test_a_type_that_is_no_parameter_is_a_mistake_of_the_author(hint):
    @dataclass(frozen=True)
    class Wrong:
        field: hint = param(None, doc='x')  # noqa: RUF009 - it is a field()

    with pytest.raises(TypeError):
        list(describe(Wrong))


def test_a_field_without_param_is_a_mistake_of_the_author():
    @dataclass(frozen=True)
    class Wrong:
        field: int = 1

    with pytest.raises(TypeError, match='is not declared with param'):
        build(Wrong, {}, where='')
