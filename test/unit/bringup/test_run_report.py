# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""A run ends with a summary, which can be skipped and spoils nothing."""

from pathlib import Path
import time

from robot_policies.bringup import run_report
from robot_policies.bringup.run_report import report_run
from robot_policies.data.mcap_file import McapFile


def recorded(run_dir: Path) -> Path:
    McapFile(run_dir / 'recording.mcap').close()
    return run_dir


def test_a_recorded_run_is_summarised_and_said(tmp_path):
    said: list[str] = []
    report_run(recorded(tmp_path), said.append, lambda: 0)
    assert (tmp_path / 'summary.json').is_file()
    assert any('no instruction was given' in line for line in said)


def test_a_run_without_recording_is_silent(tmp_path):
    said: list[str] = []
    report_run(tmp_path, said.append, lambda: 0)
    assert said == []


def test_one_more_ctrl_c_skips_it_and_says_how_to_make_it_later(tmp_path, monkeypatch):
    monkeypatch.setattr(run_report, '_COMMAND', ('-c', 'import time; time.sleep(60)'))
    said: list[str] = []
    answers = iter((1, 1))  # before, at the first look, and from then on once more
    started = time.monotonic()
    report_run(recorded(tmp_path), said.append, lambda: next(answers, 2))
    assert time.monotonic() - started < 30.0
    assert f'robot-policies summary {tmp_path}' in said[-1]


def test_a_failing_summary_is_said_and_no_error(tmp_path):
    (tmp_path / 'recording.mcap').write_text('no recording at all')
    said: list[str] = []
    report_run(tmp_path, said.append, lambda: 0)
    assert any('is no MCAP file' in line for line in said)
