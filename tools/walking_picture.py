# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Take the picture of the gait for the README: a row of frames for each direction.

MUJOCO_GL=egl python tools/walking_picture.py doc/images/walking.png
"""

import argparse
from pathlib import Path

import numpy as np
import PIL.Image
from robot_policies.evaluation.batch_controller import batch_of
from robot_policies.evaluation.velocity_film import Film
from robot_policies.evaluation.velocity_ground import Ground
from robot_policies.evaluation.velocity_trial import run_trial, Trial
from robot_policies.resources import load_checkpoint, load_robot

COMMANDS = ((0.8, 0.0, 0.0), (-0.4, 0.0, 0.0), (0.0, 0.35, 0.0), (0.0, 0.0, 0.9))
ROWS = slice(64, 220)
"""Without sky."""
FRAMES = slice(70, 82, 2)
"""Six frames of 80 ms from the third second: a little more than one cycle."""


def row(command: tuple[float, float, float], checkpoint: str) -> np.ndarray:
    """Return (H, W, 3) frames of one robot that follows `command`, side by side."""
    robot = load_robot('go2')
    plugin, values, context = load_checkpoint(checkpoint, robot)
    trial = Trial(name='film', episodes=1, seconds=4.0, fixed_command=command)
    film = Film(robot, Ground.build('flat', np.random.default_rng(0)))
    controller = batch_of(plugin, values, context, 1)
    run_trial(trial, robot, controller, seed=7, threads=1, on_step=film.on_step)
    frames = [frame[ROWS] for frame in film.frames()[FRAMES]]
    return np.pad(np.concatenate(frames, axis=1), ((0, 4), (0, 0), (0, 0)), constant_values=255)


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('path', type=Path)
    parser.add_argument('--checkpoint', default='go2_velocity')
    given = parser.parse_args()
    rows = [row(command, given.checkpoint) for command in COMMANDS]
    picture = PIL.Image.fromarray(np.concatenate(rows)).quantize(128)
    picture.save(given.path, optimize=True)


if __name__ == '__main__':
    main()
