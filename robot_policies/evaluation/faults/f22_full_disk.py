# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""F22: the disk that is recorded to is full; a small one of memory, which only root may mount."""

from collections.abc import Iterator
from contextlib import contextmanager
import os
from pathlib import Path
import subprocess
import tempfile

from robot_policies.data.run_folder import RECORDING
from robot_policies.evaluation.faults.commands import longest_gap_ms
from robot_policies.evaluation.faults.f18_intruder import said
from robot_policies.evaluation.faults.fault import Case, Fault, Outcome
from robot_policies.evaluation.faults.rig import Rig
from robot_policies.evaluation.run_summary_reader import read_run
from robot_policies.ros import topics

_SIZE = '300k'
_FULL_S = 60.0
_GAP_MS, _DEAD_MS = 35.0, 1000.0
"""Longest gap for which the supervisor trusts a source; and one on a machine that is busy, too."""


@contextmanager
def small_disk() -> Iterator[Path]:
    """Mount a disk of a few hundred kilobytes."""
    with tempfile.TemporaryDirectory() as folder:
        mount = ['mount', '-t', 'tmpfs', '-o', f'size={_SIZE}', 'fault_suite', folder]
        subprocess.run(mount, check=True, capture_output=True)
        try:
            yield Path(folder)
        finally:
            subprocess.run(['umount', '-l', folder], check=False, capture_output=True)


def cannot_mount() -> str:
    """Return why no disk can be mounted here; empty if one can."""
    if os.geteuid() != 0:
        return 'mounting a small disk takes root'
    try:
        with small_disk():
            return ''
    except (OSError, subprocess.CalledProcessError) as error:
        words = getattr(error, 'stderr', b'') or str(error).encode()
        return f'a small disk cannot be mounted here: {words.decode().strip()}'


def _full(rig: Rig) -> Outcome:
    with small_disk() as disk:
        rig.stack.start('recorder', {'run_dir': str(disk)})
        rig.stack.wait_ready()
        begun_ns = rig.now_ns
        try:
            rig.reaction(topics.DIAGNOSTICS, said('stopped: '), begun_ns, 'an ERROR', _FULL_S)
        finally:
            rig.stack.end('recorder')
        gap_ms = longest_gap_ms(rig, topics.JOINT_COMMAND, begun_ns)
        kept = len(read_run(disk / RECORDING).timing)
    violations = () if kept else ('nothing of the recording can be read',)
    if rig.latched() or gap_ms > _DEAD_MS:
        words = rig.probe.status.get('words')
        violations = (*violations, f'control: {words}, longest gap {gap_ms:.0f} ms')
    return Outcome(gap_ms, violations=violations, note=f'{kept} topics read')


FAULT = Fault(
    id='F22',
    fault='disk full or gone while recording',
    reaction='recording stops with an error diagnostic; control unaffected; what was written is '
    'readable',
    bound=f'always: no gap of {_GAP_MS:.0f} ms between joint commands',
    measured='longest time between two joint commands',
    bound_ms=_GAP_MS,
    cases=(Case('full', _full),),
    needs=cannot_mount,
)
