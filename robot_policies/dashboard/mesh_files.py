# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Where the meshes of a description are."""

from pathlib import Path

from robot_policies.core.errors import ConfigError


def mesh_file(urdf: Path, uri: str) -> Path:
    """Return the file that a mesh URI of a description names.

    Args:
        urdf: The description.
        uri: `package://<package>/<path>`, or a path relative to a folder above the description.

    Raises:
        ConfigError: It is not installed beside the description.
    """
    inside = uri
    if uri.startswith('package://'):
        inside = uri.removeprefix('package://').partition('/')[2]
    for folder in urdf.resolve().parents:
        if (folder / inside).is_file():
            return folder / inside
    raise ConfigError(str(urdf), [f'mesh {uri} is not installed beside it'])
