# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""What pyproject.toml cannot say: the files that ROS looks for below `share`, and the Python."""

from pathlib import Path

from setuptools import setup

SHARE = 'share/robot_policies'


def shared_files() -> list[tuple[str, list[str]]]:
    """Return the folders below `share` with the files that go there."""
    found = [
        ('share/ament_index/resource_index/packages', ['resource/robot_policies']),
        (SHARE, ['package.xml']),
    ]
    for top in ('config', 'launch', 'models'):
        folders = [Path(top), *(path for path in Path(top).rglob('*') if path.is_dir())]
        for folder in sorted(folders):
            files = sorted(str(path) for path in folder.glob('[!._]*') if path.is_file())
            if files:
                found.append((f'{SHARE}/{folder.as_posix()}', files))
    return found


setup(data_files=shared_files(), python_requires='>=3.10')
