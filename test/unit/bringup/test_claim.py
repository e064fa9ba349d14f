# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""One stack per domain and namespace, as long as its process lives."""

import os
import subprocess
import sys

import pytest
from robot_policies.bringup.claim import Claim, ros_domain
from robot_policies.core.errors import ConfigError

DOMAIN = 100_000 + os.getpid()  # no ROS domain: no real stack is in the way
HOLD = (
    'import sys; from robot_policies.bringup.claim import Claim; c = Claim(int(sys.argv[1]), "")'
)


def test_a_second_stack_in_the_domain_is_refused_and_the_first_one_named():
    claim = Claim(DOMAIN, '')
    with pytest.raises(ConfigError, match=rf'runs here already \(process {os.getpid()}\)'):
        Claim(DOMAIN, '')
    claim.release()
    Claim(DOMAIN, '').release()


def test_another_namespace_or_domain_is_another_robot():
    claims = [Claim(DOMAIN, ''), Claim(DOMAIN, 'a'), Claim(DOMAIN, '/b'), Claim(DOMAIN + 1, 'a')]
    with pytest.raises(ConfigError, match='in namespace b'):
        Claim(DOMAIN, 'b/')
    for claim in claims:
        claim.release()


def test_the_claim_of_a_killed_process_is_free_again():
    holder = subprocess.Popen(
        [sys.executable, '-c', f'{HOLD}; print(flush=True); input()', str(DOMAIN)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert holder.stdout.readline()
    with pytest.raises(ConfigError, match=f'process {holder.pid}'):
        Claim(DOMAIN, '')
    holder.kill()
    holder.communicate()
    Claim(DOMAIN, '').release()


@pytest.mark.parametrize(('text', 'domain'), [('', 0), ('0', 0), ('42', 42)])
def test_the_domain_comes_from_the_environment(monkeypatch, text, domain):
    monkeypatch.setenv('ROS_DOMAIN_ID', text)
    assert ros_domain() == domain


@pytest.mark.parametrize('text', ['-1', 'seven', '233'])
def test_what_is_no_domain_is_refused(monkeypatch, text):
    monkeypatch.setenv('ROS_DOMAIN_ID', text)
    with pytest.raises(ConfigError, match='expected 0 to 232'):
        ros_domain()
