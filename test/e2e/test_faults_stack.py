# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Every row of the fault contract, injected once into real processes around a simulated robot.

The short form of `robot-policies faults`: every reaction is asserted and its time printed (`-s`);
whether it is in time is judged by the command on a quiet machine, with the shipped limits.
"""

import pytest
from robot_policies.evaluation.faults.fault import (
    ALONE,
    INSTRUCTED,
    SCRIPTED,
    SIMULATED,
    STEERED,
    WATCHED,
)
from robot_policies.evaluation.faults.order import faults, Order
from robot_policies.evaluation.faults.result import broken
from robot_policies.evaluation.faults.suite import Suite

pytestmark = [pytest.mark.ros, pytest.mark.slow]
MESSAGES = 300


@pytest.mark.parametrize(
    'setting',
    [ALONE, STEERED, SIMULATED, SCRIPTED, INSTRUCTED, WATCHED],
    ids=lambda setting: setting.name,
)
def test_the_robot_reacts_to_every_fault_as_promised(setting):
    rows = tuple(row.id for row in faults().values() if row.setting is setting and row.cases)
    order = Order(runs=1, messages=MESSAGES, patient=True, short=True, only=rows)
    lines = []
    suite = Suite(order, say=lines.append, keep=lambda _: None)
    result = suite.run()
    print('\n'.join(lines))  # noqa: T201
    wrong = {row['id']: [case['what'] for case in row['cases']] for row in result['rows']}
    assert not broken(result), {name: wrong[name] for name in broken(result)}
    assert {row['id'] for row in result['rows']} == set(rows)
