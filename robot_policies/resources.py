# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Find and strictly read what is shipped as files: robots, stacks, checkpoints."""

from collections.abc import Mapping
import difflib
import hashlib
import importlib.metadata
import json
import os
from pathlib import Path
import sys
from typing import Any

import numpy as np
import numpy.typing as npt
from robot_policies.core.contracts import PluginContext
from robot_policies.core.errors import CheckpointError, ConfigError
from robot_policies.core.robot import RobotSpec
import safetensors
import safetensors.numpy
import yaml

CHECKPOINT_CONFIG = 'config.json'
CHECKPOINT_WEIGHTS = 'model.safetensors'


def share_dir() -> Path:
    """Return the folder that holds `config/`, `models/` and `launch/`.

    A checkout comes first, so that editing works; then where the package is installed.

    Raises:
        ConfigError: Neither is there.
    """
    root = Path(__file__).resolve().parent.parent
    installed = Path(sys.prefix) / 'share' / 'robot_policies'
    # under colcon the package lies in <prefix>/lib/pythonX/site-packages
    prefixes = [parent / 'share' / 'robot_policies' for parent in root.parents]
    for candidate in (root, installed, *prefixes):
        if (candidate / 'config' / 'robots').is_dir():
            return candidate
    raise ConfigError('robot_policies', [f'config/robots is neither in {root} nor in {installed}'])


def names(kind: str) -> list[str]:
    """Return what is shipped of a kind (`robots`, `stacks`, `worlds`, …), sorted."""
    return sorted(path.stem for path in (share_dir() / 'config' / kind).glob('*.yaml'))


def read_yaml(path: Path) -> dict[str, Any]:
    """Read a YAML mapping.

    Raises:
        ConfigError: The file is missing, unreadable, not YAML, or no mapping.
    """
    try:
        content = yaml.safe_load(path.read_text(encoding='utf-8'))
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(str(path), [f'cannot be read: {error}']) from error
    except yaml.YAMLError as error:
        raise ConfigError(str(path), [f'is not YAML: {error}']) from error
    if not isinstance(content, dict):
        raise ConfigError(str(path), [f'expected a mapping, got {type(content).__name__}'])
    return content


def find(kind: str, name: str) -> Path:
    """Return the YAML that `name` stands for: a shipped one, or a path to one's own.

    Args:
        kind: Folder below `config/`, e.g. `robots`.
        name: A shipped name, or a path that ends in `.yaml`.

    Raises:
        ConfigError: There is none; the message lists what is available.
    """
    if name.endswith(('.yaml', '.yml')):
        return Path(name)
    path = share_dir() / 'config' / kind / f'{name}.yaml'
    if path.is_file():
        return path
    known = names(kind)
    close = difflib.get_close_matches(name, known, n=1)
    hint = f'did you mean {close[0]}?' if close else f'available: {", ".join(known) or "none"}'
    raise ConfigError(f'{kind[:-1]} {name!r}', [f'unknown, {hint}'])


def load_robot(name: str) -> RobotSpec:
    """Read a robot by shipped name or path.

    Raises:
        ConfigError: See `find`, `read_yaml`, `RobotSpec.from_mapping`.
    """
    path = find('robots', name)
    return RobotSpec.from_mapping(read_yaml(path), where=str(path))


def load_rules(name: str) -> list[Mapping[str, Any]]:
    """Read a file of rules by shipped name or path.

    Raises:
        ConfigError: It is not there, or has no list `rules`.
    """
    path = find('rules', name)
    content = read_yaml(path)
    rules = content.get('rules')
    if set(content) != {'rules'} or not isinstance(rules, list):
        raise ConfigError(str(path), ['expected one key `rules` with a list'])
    return rules


def description_path(robot: RobotSpec) -> Path:
    """Return the robot's URDF.

    Looked up in the Python environment (wheels put robot descriptions below
    `cmeel.prefix/share`), then below every `share` folder of a sourced ROS installation.

    Raises:
        ConfigError: The package is not installed; the message says how to install it.
    """
    package = robot.description.package
    roots: list[Path] = []
    try:
        files = importlib.metadata.distribution(package).locate_file('')
        roots += [Path(str(files)) / 'cmeel.prefix' / 'share' / package / 'robots']
    except importlib.metadata.PackageNotFoundError:
        pass
    for prefix in os.environ.get('AMENT_PREFIX_PATH', '').split(os.pathsep):
        roots += [Path(prefix) / 'share' / package, Path(prefix) / 'share' / package / 'robots']
    for root in roots:
        if (root / robot.description.urdf).is_file():
            return root / robot.description.urdf
    raise ConfigError(
        f'robot {robot.name}',
        [f'{robot.description.urdf} was not found; install it with: pip install {package}'],
    )


def load_checkpoint(
    path: str | Path, robot: RobotSpec
) -> tuple[str, Mapping[str, Any], PluginContext]:
    """Read a checkpoint directory. Nothing in it is executed or unpickled.

    Args:
        path: Directory with `config.json` (`class`, `robot`, `config`, `tensors` as
            name -> shape, `meta`) and, if it has tensors, `model.safetensors`; or the name of a
            shipped one below `models/`.
        robot: The robot that it shall run on.

    Returns:
        The plugin (`package.module:Class`), its configuration values, and its context.

    Raises:
        CheckpointError: Missing, truncated or not a checkpoint; made for another robot; a weight
            is missing, extra or of another shape.
    """
    folder = _checkpoint_folder(path)
    config = _read_checkpoint_config(folder)
    if config['robot'] != robot.name:
        raise CheckpointError(f'{folder}: made for robot {config["robot"]}, not for {robot.name}')
    tensors = _read_tensors(folder, config.get('tensors', {}))
    context = PluginContext(robot=robot, tensors=tensors, meta=config.get('meta', {}))
    return config['class'], config.get('config', {}), context


def weights_digest(path: str | Path) -> str:
    """Return what tells the weights of a checkpoint from others; empty where there are none.

    Args:
        path: As for `load_checkpoint`.
    """
    weights = _checkpoint_folder(path) / CHECKPOINT_WEIGHTS
    return hashlib.sha256(weights.read_bytes()).hexdigest() if weights.is_file() else ''


def save_checkpoint(
    folder: Path,
    *,
    plugin: str,
    robot: RobotSpec,
    config: Mapping[str, Any],
    tensors: Mapping[str, npt.NDArray[Any]],
    meta: Mapping[str, Any],
) -> None:
    """Write a checkpoint directory that `load_checkpoint` reads; the config comes last."""
    folder.mkdir(parents=True, exist_ok=True)
    arrays = {name: np.ascontiguousarray(values) for name, values in tensors.items()}
    safetensors.numpy.save_file(arrays, folder / CHECKPOINT_WEIGHTS)
    content = {
        'class': plugin,
        'robot': robot.name,
        'config': dict(config),
        'tensors': {name: list(values.shape) for name, values in sorted(arrays.items())},
        'meta': dict(meta),
    }
    partial = folder / f'{CHECKPOINT_CONFIG}.partial'
    partial.write_text(json.dumps(content, indent=1) + '\n', encoding='utf-8')
    partial.replace(folder / CHECKPOINT_CONFIG)


def _checkpoint_folder(path: str | Path) -> Path:
    folder = Path(path)
    if not folder.is_dir() and not folder.is_absolute():
        folder = share_dir() / 'models' / folder
    return folder


def _read_checkpoint_config(folder: Path) -> dict[str, Any]:
    try:
        config = json.loads((folder / CHECKPOINT_CONFIG).read_text(encoding='utf-8'))
    except FileNotFoundError:
        shipped = sorted(p.parent.name for p in (share_dir() / 'models').glob('*/config.json'))
        raise CheckpointError(
            f'{folder}: no {CHECKPOINT_CONFIG} there; shipped checkpoints: '
            f'{", ".join(shipped) or "none"}'
        ) from None
    except (OSError, ValueError) as error:
        raise CheckpointError(f'{folder / CHECKPOINT_CONFIG}: not readable: {error}') from error
    missing = [
        key for key in ('class', 'robot') if not isinstance(config, dict) or key not in config
    ]
    if missing:
        raise CheckpointError(f'{folder / CHECKPOINT_CONFIG}: {", ".join(missing)} is missing')
    return dict(config)


def _read_tensors(folder: Path, expected: Mapping[str, Any]) -> dict[str, npt.NDArray[Any]]:
    if not expected:
        return {}
    path = folder / CHECKPOINT_WEIGHTS
    try:
        tensors = safetensors.numpy.load_file(path)
    except (OSError, safetensors.SafetensorError, ValueError) as error:
        raise CheckpointError(
            f'{path}: not a readable safetensors file ({error}); pickled weights are never loaded'
        ) from error
    missing = sorted(set(expected) - set(tensors))
    extra = sorted(set(tensors) - set(expected))
    wrong = sorted(
        f'{name} has shape {tensors[name].shape}, expected {tuple(expected[name])}'
        for name in set(expected) & set(tensors)
        if tensors[name].shape != tuple(expected[name])
    )
    problems = [f'weight {name} is missing' for name in missing]
    problems += [f'weight {name} is not expected' for name in extra] + wrong
    problems += [
        f'weight {name} is not finite'
        for name, values in sorted(tensors.items())
        if values.dtype.kind == 'f' and not np.isfinite(values).all()
    ]
    if problems:
        raise CheckpointError(f'{path}: {"; ".join(problems)}')
    return tensors
