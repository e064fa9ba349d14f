# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""F19: what cannot work does not start, and says why."""

from collections.abc import Callable, Sequence
import json
from pathlib import Path
import shutil
import subprocess
import sys
import tempfile

from robot_policies.evaluation.faults.fault import ALONE, Case, Fault, Outcome
from robot_policies.evaluation.faults.rig import Rig
from robot_policies.resources import share_dir

_REFUSED = 2
_PATIENCE_S = 120.0
_CHECKPOINT = 'go2_velocity'


def refused(node: str, arguments: Sequence[str], words: Sequence[str]) -> tuple[str, ...]:
    """Start a node that must refuse; return in words what it did instead.

    Args:
        node: Name of the node.
        arguments: Parameters, as after `-p`.
        words: What its message has to contain.
    """
    command = [sys.executable, '-m', f'robot_policies.nodes.{node}_node', '--ros-args']
    command += ['-p', 'autostart:=true']
    for argument in arguments:
        command += ['-p', argument] if ':=' in argument else [argument]
    try:
        ended = subprocess.run(
            command, capture_output=True, text=True, timeout=_PATIENCE_S, check=False
        )
    except subprocess.TimeoutExpired:
        return (f'{node} {arguments}: it runs',)
    said = ended.stderr + ended.stdout
    missing = [word for word in words if word not in said]
    wrong = [f'status {ended.returncode}'] if ended.returncode != _REFUSED else []
    wrong += [f'does not say {missing}'] if missing else []
    return (f'{node} {arguments}: {", ".join(wrong)}',) if wrong else ()


def _with(node: str, argument: str, *words: str) -> Callable[[Rig], Outcome]:
    return lambda _: Outcome(violations=refused(node, [argument], words))


def _unreadable_yaml(_: Rig) -> Outcome:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, 'broken.yaml')
        path.write_text('name: [go2\n', encoding='utf-8')
        return Outcome(violations=refused('safety', [f'robot:={path}'], [str(path)]))


def _checkpoint(change: Callable[[Path], None], *words: str) -> Callable[[Rig], Outcome]:
    """Return a run with a copy of a shipped checkpoint that something was done to."""

    def run(_: Rig) -> Outcome:
        with tempfile.TemporaryDirectory() as folder:
            copy = Path(folder, _CHECKPOINT)
            shutil.copytree(share_dir() / 'models' / _CHECKPOINT, copy)
            change(copy)
            arguments = [f'controller.checkpoint:={copy}']
            return Outcome(violations=refused('locomotion', arguments, words))

    return run


def _cut_weights(folder: Path) -> None:
    for path in folder.glob('*.safetensors'):
        path.write_bytes(path.read_bytes()[:-64])


def _no_weights(folder: Path) -> None:
    for path in folder.glob('*.safetensors'):
        path.unlink()


def _other_robot(folder: Path) -> None:
    path = folder / 'config.json'
    content = json.loads(path.read_text(encoding='utf-8'))
    content['robot'] = 'another_robot'
    path.write_text(json.dumps(content), encoding='utf-8')


FAULT = Fault(
    id='F19',
    fault='bad checkpoint, missing weight, wrong robot, bad parameter, unreadable YAML, unknown '
    'plugin',
    reaction='node does not configure; message says what was expected and what is available',
    bound='at configure',
    setting=ALONE,
    cases=(
        Case('value out of range', _with('safety', 'tilt.limit_rad:=9.0', 'outside [0, 3.2]')),
        Case('unknown plugin', _with('safety', 'checks:=["no.where:X"]', 'there is no package')),
        Case('unknown robot', _with('safety', 'robot:=go3', 'did you mean go2?'), short=False),
        Case('unreadable YAML', _unreadable_yaml, short=False),
        Case(
            'no such checkpoint',
            _with('locomotion', 'controller.checkpoint:=go2_velocty', 'go2_velocity'),
            short=False,
        ),
        Case('weights cut off', _checkpoint(_cut_weights, 'safetensors')),
        Case('weights missing', _checkpoint(_no_weights, 'safetensors'), short=False),
        Case('wrong robot', _checkpoint(_other_robot, 'another_robot'), short=False),
    ),
)
