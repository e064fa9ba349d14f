# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Summarise a run: numbers, a picture and a film, from its recording alone.

`summarize(run_dir)` writes `summary.json`, `overview.png` and `run.gif` beside
`recording.mcap`. It can be repeated at any time, also for a run that was cut short.
"""

from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, replace
import json
from pathlib import Path
from statistics import fmean

from robot_policies.core.errors import RobotPoliciesError
from robot_policies.core.robot import BodySpec, RobotSpec
from robot_policies.data import mcap_repair, run_folder
from robot_policies.evaluation.run_summary_data import RunData
from robot_policies.evaluation.run_summary_motion import (
    Approach,
    closest_approach,
    Tracking,
    tracking,
    true_approach,
    walked_m,
)
from robot_policies.evaluation.run_summary_outcome import (
    count_contacts,
    instruction_results,
    InstructionResult,
    safety_seconds,
)
from robot_policies.evaluation.run_summary_reader import read_run
from robot_policies.evaluation.run_summary_text import as_text
from robot_policies.evaluation.run_summary_timing import (
    age_when_published,
    deadline_misses,
    Latency,
    latency,
    Rate,
    rate,
    reported,
)
from robot_policies.resources import load_robot

_AGES = {
    'joint_state_to_locomotion_command': 'locomotion/command',
    'joint_state_to_joint_command': 'joint_command',
    'observation_to_chunk': 'policy/chunk',
}
"""Name -> topic whose header carries the stamp of the newest measurement it rests on."""


@dataclass(frozen=True)
class RunSummary:
    """Everything that is said about a run; `summary.json` has the same fields.

    Attributes:
        run: Name of its folder.
        robot: Which robot.
        duration_s: From the first message to the last.
        instructions: What came of each.
        falls: How often the robot fell; None where nobody could know (no simulator).
        collisions: How often it touched an object, an obstacle or a wall; None likewise.
        closest_approach: Smallest distance of anything from its footprint.
        walked_m: Length of its path.
        tracking_error: Mean absolute error of the base's velocity.
        safety_s: How long each severity lasted.
        real_time_factor: Mean speed of simulated time; None without a simulator.
        latencies: What -> distribution.
        rates: Topic -> how regularly it came.
        deadline_misses: `node/loop` -> missed periods.
        recording_mb: Size of the recording.
        notes: What is worth knowing about the summary itself.
        files: What was written, beside the summary.
    """

    run: str
    robot: str
    duration_s: float
    instructions: tuple[InstructionResult, ...]
    falls: int | None
    collisions: int | None
    closest_approach: Approach | None
    walked_m: float
    tracking_error: Tracking | None
    safety_s: dict[str, float]
    real_time_factor: float | None
    latencies: dict[str, Latency]
    rates: dict[str, Rate]
    deadline_misses: dict[str, int]
    recording_mb: float = 0.0
    notes: tuple[str, ...] = ()
    files: tuple[str, ...] = ()

    def __str__(self) -> str:
        """Return the summary for a terminal."""
        return as_text(self)


Draw = Callable[[RunData, RunSummary, RobotSpec, Path], None]


def summarize(run_dir: Path, *, film: bool = True) -> RunSummary:
    """Summarise a run and write what there is to see.

    A picture or film that cannot be made (no matplotlib, no graphics) is a note in the summary,
    not an error.

    Args:
        run_dir: Folder with `recording.mcap`.
        film: Render a short film too.

    Returns:
        The summary.

    Raises:
        RunFolderError: There is no recording, or nothing can be written beside it.
        NotARecordingError: It is no MCAP.
    """
    recording = run_dir / run_folder.RECORDING
    if not recording.is_file():
        raise run_folder.RunFolderError(f'{run_dir}: no {run_folder.RECORDING} there')
    notes = _mended(recording)
    data = read_run(recording)
    robot = load_robot(data.metadata.get('robot', 'go2'))
    summary = replace(
        measure(data, robot.body, robot.name),
        run=run_dir.resolve().name,
        recording_mb=recording.stat().st_size / 1e6,
    )
    _write(summary, run_dir / run_folder.SUMMARY)  # drawing may be interrupted
    files = []
    for name, draw in _pictures(film):
        try:
            draw(data, summary, robot, run_dir / name)
            files.append(name)
        except (RobotPoliciesError, ImportError, OSError) as error:
            notes.append(f'{name} was not made: {error}')
    summary = replace(summary, notes=tuple(notes), files=(*files, run_folder.RECORDING))
    _write(summary, run_dir / run_folder.SUMMARY)
    return summary


def measure(data: RunData, body: BodySpec, robot: str) -> RunSummary:
    """Return the numbers about a run. Pure.

    Args:
        data: What was recorded.
        body: The robot's body, for its footprint.
        robot: Its name.
    """
    ages = {name: age_when_published(data.timing.get(topic)) for name, topic in _AGES.items()}
    for topic, timing in data.timing.items():
        if topic == 'joint_states' or topic.endswith('image_raw'):
            ages[f'{topic}_transport'] = latency(timing.received_ns - timing.published_ns)
    factors = reported(data.diagnostics, 'real_time_factor')
    return RunSummary(
        run='',
        robot=robot,
        duration_s=data.duration_s,
        instructions=tuple(instruction_results(data)),
        falls=count_contacts(data.contacts, 'fall'),
        collisions=count_contacts(data.contacts, 'collision'),
        closest_approach=true_approach(data.contacts, data.start_ns)
        or closest_approach(data.scans, body, data.start_ns),
        walked_m=walked_m(data.motion),
        tracking_error=tracking(data.motion, data.command),
        safety_s=safety_seconds(data),
        real_time_factor=fmean(factors) if factors else None,
        latencies={name: age for name, age in ages.items() if age is not None},
        rates={topic: rate(timing) for topic, timing in data.timing.items()},
        deadline_misses=deadline_misses(data.diagnostics),
    )


def _pictures(film: bool) -> Iterator[tuple[str, Draw]]:
    yield run_folder.OVERVIEW, _draw_overview
    if film:
        yield run_folder.FILM, _draw_film


# Imported late: drawing and rendering are optional, and slow to import.
def _draw_overview(data: RunData, summary: RunSummary, robot: RobotSpec, path: Path) -> None:
    from robot_policies.evaluation.run_summary_overview import draw_overview

    draw_overview(data, summary, robot, path)


def _draw_film(data: RunData, summary: RunSummary, robot: RobotSpec, path: Path) -> None:
    from robot_policies.evaluation.run_summary_film import draw_film

    draw_film(data, summary, robot, path)


def _mended(recording: Path) -> list[str]:
    try:
        mended = mcap_repair.complete(recording)
    except OSError as error:
        return [f'{recording.name} is incomplete and cannot be mended: {error.strerror}']
    return [f'{recording.name} was cut short and has been given its index'] if mended else []


def _write(summary: RunSummary, path: Path) -> None:
    partial = path.with_suffix('.partial')
    try:
        partial.write_text(json.dumps(asdict(summary), indent=1, ensure_ascii=False) + '\n')
        partial.replace(path)
    except OSError as error:
        raise run_folder.RunFolderError(
            f'{path} cannot be written: {error.strerror or error}'
        ) from error
