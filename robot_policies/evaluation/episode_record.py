# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Finished episodes, kept line by line, so that an interrupted benchmark goes on."""

from collections.abc import Mapping
import json
from pathlib import Path
from typing import Any

from robot_policies.core.errors import ConfigError


class EpisodeRecord:
    """A file of JSON lines: the settings first, then one row per episode, told apart by `key`."""

    def __init__(self, path: Path | None, settings: Mapping[str, Any]) -> None:
        """Read what is there, or begin.

        Args:
            path: The file; None keeps nothing.
            settings: What the episodes depend on.

        Raises:
            ConfigError: The file holds episodes of other settings, or cannot be written.
        """
        self.rows: dict[str, dict[str, Any]] = {}
        self._path = path
        if path is None:
            return
        lines = _whole_lines(path)
        if not lines:
            self._write('w', settings)
        elif lines[0] != dict(settings):
            problem = f'holds episodes of {lines[0]}, not of {dict(settings)}: name another file'
            raise ConfigError(str(path), [problem])
        else:  # without what a kill left half written
            self._write('w', *lines)
            self.rows = {row['key']: row for row in lines[1:]}

    def add(self, row: dict[str, Any]) -> None:
        """Keep a finished episode."""
        self.rows[row['key']] = row
        self._write('a', row)

    def _write(self, mode: str, *lines: Mapping[str, Any]) -> None:
        if self._path is None:
            return
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with self._path.open(mode, encoding='utf-8') as file:
                file.writelines(json.dumps(line) + '\n' for line in lines)
        except OSError as error:
            raise ConfigError(str(self._path), [f'cannot be written: {error.strerror}']) from error


def _whole_lines(path: Path) -> list[dict[str, Any]]:
    """Return what can be read of a file, up to where it was interrupted."""
    found: list[dict[str, Any]] = []
    if not path.is_file():
        return found
    for text in path.read_text(encoding='utf-8', errors='replace').splitlines():
        try:
            found.append(dict(json.loads(text)))
        except ValueError:
            break
    return found
