# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""The package says the same of itself everywhere, and carries what it needs."""

import configparser
import importlib.util
from pathlib import Path
import re
import runpy
import sys
import xml.etree.ElementTree as ElementTree

import pytest
from robot_policies import __version__
import setuptools

if sys.version_info >= (3, 11):
    import tomllib
else:
    tomllib = pytest.importorskip('tomli')

ROOT = Path(__file__).resolve().parents[3]
PYPROJECT = tomllib.loads((ROOT / 'pyproject.toml').read_text(encoding='utf-8'))
PACKAGE = ElementTree.parse(ROOT / 'package.xml').getroot()
MESSAGE_PACKAGE = re.compile(r'^\s*(?:from|import) (\w+_msgs|std_srvs)\b', re.MULTILINE)


def test_there_is_one_version():
    changelog = (ROOT / 'CHANGELOG.rst').read_text(encoding='utf-8')
    newest = re.search(r'^(\d+\.\d+\.\d+) \(', changelog, re.MULTILINE)
    assert newest[1] == PACKAGE.findtext('version') == __version__
    assert PYPROJECT['tool']['setuptools']['dynamic']['version'] == {
        'attr': 'robot_policies.__version__'
    }


def test_there_is_one_description_and_licence():
    assert PACKAGE.findtext('description') == PYPROJECT['project']['description']
    assert PACKAGE.findtext('license') == PYPROJECT['project']['license']['text']
    assert 'Apache License' in (ROOT / 'LICENSE').read_text(encoding='utf-8')


@pytest.mark.parametrize('name', sorted(PYPROJECT['project']['scripts']))
def test_a_console_script_exists_and_is_called_as_its_module(name):
    module, _, function = PYPROJECT['project']['scripts'][name].partition(':')
    spec = importlib.util.find_spec(module)
    assert spec is not None
    assert f'def {function}(' in Path(spec.origin).read_text(encoding='utf-8')
    assert name == 'robot-policies' or module.endswith(f'.{name}')


def test_every_node_has_a_console_script():
    scripts = PYPROJECT['project']['scripts']
    nodes = [
        *(ROOT / 'robot_policies' / 'nodes').glob('*_node.py'),
        *(ROOT / 'robot_policies' / 'dashboard').glob('*_node.py'),
    ]
    assert {path.stem for path in nodes} == {name for name in scripts if name.endswith('_node')}


def test_every_message_package_that_is_imported_is_declared():
    declared = {entry.text for entry in PACKAGE.iter('exec_depend')}
    imported = set()
    for path in (ROOT / 'robot_policies').rglob('*.py'):
        imported |= set(MESSAGE_PACKAGE.findall(path.read_text(encoding='utf-8')))
    assert imported <= declared


def test_everything_that_is_shared_is_installed(monkeypatch):
    calls = []
    monkeypatch.setattr(setuptools, 'setup', lambda **keys: calls.append(keys))
    monkeypatch.chdir(ROOT)
    runpy.run_path(str(ROOT / 'setup.py'))
    installed = {file for _, files in calls[0]['data_files'] for file in files}
    shared = {
        path.relative_to(ROOT).as_posix()
        for top in ('config', 'launch', 'models')
        for path in (ROOT / top).rglob('*')
        if path.is_file() and path.name[0] not in '._' and '__pycache__' not in path.parts
    }
    assert shared <= installed
    assert {'package.xml', 'resource/robot_policies'} <= installed


def test_executables_lie_where_ros2_run_looks_for_them():
    config = configparser.ConfigParser()
    config.read(ROOT / 'setup.cfg')
    assert config['install']['install_scripts'] == '$base/lib/robot_policies'
    assert config['develop']['script_dir'] == '$base/lib/robot_policies'
