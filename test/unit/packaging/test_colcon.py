# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""`colcon build` makes what `ros2 run` and `ros2 launch` look for."""

import os
from pathlib import Path
import shutil
import subprocess
import sys

import pytest

ROOT = Path(__file__).resolve().parents[3]
COLCON = Path(sys.executable).parent / 'colcon'
NOT_SOURCE = shutil.ignore_patterns('.*', '__pycache__', 'build', 'install', 'log', 'runs', 'test')


@pytest.fixture(scope='module')
def prefix(tmp_path_factory):
    if not COLCON.is_file():
        pytest.skip('colcon is not installed')
    workspace = tmp_path_factory.mktemp('workspace')
    shutil.copytree(ROOT, workspace / 'src' / 'robot_policies', ignore=NOT_SOURCE)
    done = subprocess.run(
        [COLCON, 'build'],
        cwd=workspace,
        env={**os.environ, 'HOME': str(workspace)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return workspace / 'install' / 'robot_policies'


def test_the_package_is_in_the_index_with_its_manifest(prefix):
    index = prefix / 'share' / 'ament_index' / 'resource_index' / 'packages' / 'robot_policies'
    assert index.is_file()
    assert (prefix / 'share' / 'robot_policies' / 'package.xml').is_file()


def test_every_node_is_an_executable_of_the_package(prefix):
    executables = {path.name for path in (prefix / 'lib' / 'robot_policies').iterdir()}
    assert {'sim_node', 'safety_node', 'policy_node', 'robot-policies'} <= executables


def test_the_installed_package_finds_its_own_configuration(prefix):
    (site,) = prefix.glob('lib/python*/site-packages')
    code = 'from robot_policies.resources import share_dir; print(share_dir())'
    done = subprocess.run(
        [sys.executable, '-c', code],
        cwd=prefix,
        env={**os.environ, 'PYTHONPATH': str(site)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert Path(done.stdout.strip()) == prefix / 'share' / 'robot_policies'
    assert (prefix / 'share' / 'robot_policies' / 'launch' / 'bringup.launch.py').is_file()
