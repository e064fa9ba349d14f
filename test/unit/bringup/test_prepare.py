# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""What is decided before the first process of a stack starts."""

import pytest
from robot_policies.bringup import prepare
from robot_policies.bringup.dds import CONTROL, LOCAL, shipped_profile
from robot_policies.bringup.environment import PROFILE_VARIABLES

MIB = 1 << 20
_VARIABLE = PROFILE_VARIABLES[0]


@pytest.fixture
def prepared(tmp_path, monkeypatch):
    """Return `prepared(free_mib)`: the stack of the demo, and what was said."""
    for name in ('ROS_AUTOMATIC_DISCOVERY_RANGE', 'RMW_IMPLEMENTATION', *PROFILE_VARIABLES):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv('ROS_DOMAIN_ID', '231')
    claims = []

    def make(free_mib, **given):
        monkeypatch.setattr(prepare, 'free_shared_memory', lambda: free_mib * MIB)
        said = []
        found = prepare.prepare_stack('go2_mujoco', {'runs': str(tmp_path), **given}, said.append)
        claims.append(found.claim)
        return found, said

    yield make
    for claim in claims:
        claim.release()


def profiles(found):
    """Return node -> the profile that it finds."""
    return {
        node.name: {**found.environment, **node.env}[_VARIABLE].rpartition('/')[2]
        for node in found.plan.nodes
    }


def test_control_loops_of_a_local_stack_use_no_shared_memory_and_whoever_has_images_does(prepared):
    found, said = prepared(4096)
    names = profiles(found)
    assert names['safety'] == names['locomotion'] == shipped_profile(CONTROL).name
    assert names['sim'] == names['policy'] == names['recorder'] == shipped_profile(LOCAL).name
    assert not said


def test_in_a_network_every_node_uses_the_general_profile(prepared, monkeypatch):
    monkeypatch.setenv('ROS_AUTOMATIC_DISCOVERY_RANGE', 'SUBNET')
    assert set(profiles(prepared(4096)[0]).values()) == {'fastdds.xml'}


def test_little_shared_memory_is_said_and_shared_out(prepared):
    found, (said,) = prepared(200)
    assert 'little shared memory' in said
    assert found.environment[_VARIABLE] == str(found.run_dir / shipped_profile(LOCAL).name)
    assert profiles(found)['safety'] == shipped_profile(CONTROL).name
