# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Makes the checkpoint of `go2_instruction`: pictures, seeing, driving, export."""

from collections.abc import Callable
import json
import os
from pathlib import Path
import shutil
import time
from typing import Any

from robot_policies.core.errors import ConfigError
from robot_policies.core.params import describe
from robot_policies.encoders.conv_tokens import ConvTokensConfig
from robot_policies.networks.navigation_flow import NavigationFlow
from robot_policies.networks.weights import weights_of
from robot_policies.policies.flow_vla import FlowVlaConfig
from robot_policies.resources import load_robot, save_checkpoint
from robot_policies.sim.vocabulary import COLOURS, SHAPES, SIZES
from robot_policies.training.instruction_curve import draw_curve
from robot_policies.training.instruction_driving import train_driving
from robot_policies.training.instruction_grounding import stages, train_seeing
from robot_policies.training.instruction_pictures import Pictures, shard_paths
from robot_policies.training.instruction_seeing import Seeing
from robot_policies.training.instruction_settings import (
    CAMERA,
    InstructionSettings,
    quick,
    ROBOT,
)
from robot_policies.training.recipe import RecipeOptions
import torch

POLICY = 'robot_policies.policies.flow_vla:FlowVla'
ENCODER = 'robot_policies.encoders.conv_tokens:ConvTokens'
ENCODER_NAME = 'conv_tokens'
_LOG = 'progress.jsonl'


class Log:
    """Prints a line per step and keeps its numbers; the time of a resumed run goes on."""

    def __init__(self, folder: Path) -> None:
        """Continue the log of a folder."""
        self._path = folder / _LOG
        rows = self.rows()
        self._before_s = float(rows[-1]['elapsed_s']) if rows else 0.0
        self._start = time.monotonic()

    def rows(self) -> list[dict[str, float | str]]:
        """Return everything kept so far."""
        if not self._path.is_file():
            return []
        lines = self._path.read_text(encoding='utf-8').splitlines()
        return [json.loads(line) for line in lines if line.endswith('}')]

    def stage(self, name: str) -> Callable[[str, dict[str, float]], None]:
        """Return what reports the steps of a stage."""

        def report(line: str, values: dict[str, float]) -> None:
            elapsed_s = round(self._before_s + time.monotonic() - self._start, 1)
            print(f'{elapsed_s / 60.0:5.1f} min  {line}', flush=True)  # noqa: T201
            row = {'stage': name, 'elapsed_s': elapsed_s, **values}
            with self._path.open('a', encoding='utf-8') as file:
                file.write(json.dumps(row) + '\n')

        return report


def train(options: RecipeOptions) -> None:
    """Run the recipe; see `RecipeOptions`.

    Raises:
        ConfigError: The folder holds a run already and it shall not be resumed.
    """
    os.environ.setdefault('MUJOCO_GL', 'egl')
    torch.set_num_threads(1)
    settings = quick(InstructionSettings()) if options.quick else InstructionSettings()
    folder = options.out_dir
    if (folder / _LOG).exists() and not options.resume:
        raise ConfigError(str(folder), ['holds a run already; give --resume, or another folder'])
    folder.mkdir(parents=True, exist_ok=True)
    log = Log(folder)
    taken = log.stage('pictures')
    paths = shard_paths(folder / 'pictures', settings, lambda line: taken(line, {}))
    state = folder / 'state'
    parts = (paths[: settings.shards], paths[settings.shards :])
    for stage, part in zip(stages(settings), parts, strict=True):
        seeing = train_seeing(
            settings,
            stage,
            Pictures.load(part),
            state / 'seeing.safetensors',
            seed=options.seed,
            report=log.stage('seeing'),
        )
    flow = train_driving(
        settings, state / 'driving.safetensors', seed=options.seed, report=log.stage('driving')
    )
    draw_curve(log.rows(), folder / 'learning_curve.png')
    export(settings, seeing, flow, folder, log.rows())
    shutil.rmtree(folder / 'pictures')
    log.stage('done')(f'checkpoint in {folder / "policy"}, encoder in {folder / "encoder"}', {})


def export(
    settings: InstructionSettings,
    seeing: Seeing,
    flow: NavigationFlow,
    folder: Path,
    rows: list[dict[str, float | str]],
) -> None:
    """Write the checkpoints of the policy and of the encoder that it can share.

    Args:
        settings: What the networks were built with.
        seeing: Trunk and grounding head.
        flow: The flow.
        folder: Receives `policy/` and `encoder/`.
        rows: Log of the training; its last numbers go into the checkpoint.
    """
    robot = load_robot(ROBOT)
    shape, config = _sizes(settings)
    _check_names(config, FlowVlaConfig)
    _check_names(shape, ConvTokensConfig)
    trunk = weights_of(seeing.trunk, prefix='trunk.')
    tensors = trunk | weights_of(seeing.grounding, prefix='grounding.')
    tensors |= weights_of(flow, prefix='flow.')
    meta = {
        'recipe': 'go2_instruction',
        'vocabulary': {'sizes': list(SIZES), 'colours': list(COLOURS), 'shapes': list(SHAPES)},
        'training': {str(row['stage']): row for row in rows if 'loss' in row},
    }
    save_checkpoint(
        folder / 'policy', plugin=POLICY, robot=robot, config=config, tensors=tensors, meta=meta
    )
    save_checkpoint(
        folder / 'encoder',
        plugin=ENCODER,
        robot=robot,
        config=shape,
        tensors=trunk,
        meta={'recipe': 'go2_instruction', 'camera': CAMERA},
    )


def _sizes(settings: InstructionSettings) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the configurations of the encoder and of the policy that holds it."""
    shape = {
        'height': settings.height,
        'width': settings.width,
        'channels': list(settings.channels),
        'token_size': settings.token_size,
    }
    return shape, shape | {
        'source': f'camera/{CAMERA}',
        'camera': CAMERA,
        'grounding_size': settings.grounding_size,
        'sectors': settings.sectors,
        'steps': settings.chunk_steps,
        'dt_s': settings.dt_s,
        'condition_size': settings.condition_size,
        'flow_width': settings.width_flow,
        'flow_depth': settings.depth_flow,
    }


def _check_names(values: dict[str, object], config_class: type) -> None:
    unknown = set(values) - {info.name for info in describe(config_class)}
    if unknown:
        raise TypeError(f'{config_class.__name__} has no {", ".join(sorted(unknown))}')
