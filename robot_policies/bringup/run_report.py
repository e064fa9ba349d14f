# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""What is said about a run when it has ended."""

from collections.abc import Callable
import os
from pathlib import Path
import subprocess
import sys
import time

from robot_policies.bringup.process import ChildSetup
from robot_policies.data.run_folder import RECORDING

PATIENCE_S = 120.0
_COMMAND = ('-m', 'robot_policies.cli', 'summary')


def report_run(run_dir: Path, say: Callable[[str], None], stops: Callable[[], int]) -> None:
    """Summarise a recorded run and say it; a run without recording has nothing to say.

    In a process of its own: it can be skipped at any moment, and its failure spoils nothing.

    Args:
        run_dir: Folder of the run.
        say: Takes one line for the user.
        stops: Returns how often the user has asked to stop; once more skips the summary.
    """
    if not (run_dir / RECORDING).is_file():
        return
    say('summarising the run … (Ctrl-C skips it)')
    before = stops()
    process = subprocess.Popen(
        [sys.executable, *_COMMAND, str(run_dir)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        stdin=subprocess.DEVNULL,
        preexec_fn=ChildSetup(os.getpid()),  # noqa: PLW1509 - the starter has no threads
    )
    deadline = time.monotonic() + PATIENCE_S
    while process.poll() is None and stops() == before and time.monotonic() < deadline:
        time.sleep(0.05)
    if process.poll() is None:
        process.kill()
        process.communicate()
        say(f'skipped; later: robot-policies summary {run_dir}')
        return
    output, _ = process.communicate()
    for line in output.strip().splitlines():
        say(line)
