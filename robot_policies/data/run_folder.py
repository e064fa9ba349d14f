# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Where a run is kept: `runs/<time stamp>/` with fixed names inside."""

from datetime import datetime
from pathlib import Path

from robot_policies.core.errors import RobotPoliciesError

RUNS = Path('runs')
RECORDING = 'recording.mcap'
SUMMARY = 'summary.json'
OVERVIEW = 'overview.png'
FILM = 'run.gif'


class RunFolderError(RobotPoliciesError):
    """A run's folder cannot be made or found."""


def create(root: Path = RUNS, now: datetime | None = None) -> Path:
    """Make the folder of a new run.

    Args:
        root: Folder of all runs; made if it is missing.
        now: Local time of the start; the current one by default.

    Returns:
        `<root>/<date>_<time>`, with a number behind it if there is one of that second already.

    Raises:
        RunFolderError: No write access, a full disk, or a file in the way.
    """
    stamp = f'{now or datetime.now():%Y-%m-%d_%H-%M-%S}'
    for number in range(1, 1000):
        folder = root / (stamp if number == 1 else f'{stamp}-{number}')
        try:
            folder.mkdir(parents=True)
        except FileExistsError:
            continue
        except OSError as error:
            raise RunFolderError(_cannot(folder, error)) from error
        return folder
    raise RunFolderError(f'{root}: no free name for {stamp}')


def use(folder: Path) -> Path:
    """Return an existing or newly made folder that can be written to.

    Raises:
        RunFolderError: It cannot be made or written to.
    """
    probe = folder / '.writable'
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise RunFolderError(_cannot(folder, error)) from error
    return folder


def latest(root: Path = RUNS) -> Path:
    """Return the newest run that has a recording.

    Raises:
        RunFolderError: There is none.
    """
    runs = sorted({path.parent.resolve() for path in root.glob(f'*/{RECORDING}')})
    if not runs:
        raise RunFolderError(f'{root}: no run with a {RECORDING} there')
    return runs[-1]


def recording_in(given: Path | None) -> Path:
    """Return the recording that somebody means.

    Args:
        given: A recording, the folder of a run, or None for the newest run.

    Raises:
        RunFolderError: There is none.
    """
    path = latest() if given is None else given
    path = path / RECORDING if path.is_dir() else path
    if not path.is_file():
        raise RunFolderError(f'{path}: no such recording')
    return path


def _cannot(folder: Path, error: OSError) -> str:
    return (
        f'{folder} cannot be written: {error.strerror or error}; '
        'start where you may write, or name another folder'
    )
