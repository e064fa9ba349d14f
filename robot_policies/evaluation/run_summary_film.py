# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""A short film of a run: the recorded motion rendered again, with what the robot's camera saw.

Nothing is rendered while the robot runs; the film is made from the recording afterwards. Where
the world is not known (hardware, another simulator) it shows the camera's images alone.
"""

from collections.abc import Sequence
from functools import cache
from pathlib import Path
import time
from typing import TYPE_CHECKING

from matplotlib.font_manager import findfont
import numpy as np
from PIL import Image, ImageDraw, ImageFont
from robot_policies.core.arrays import ByteArray
from robot_policies.core.errors import RobotPoliciesError
from robot_policies.core.robot import RobotSpec
from robot_policies.data.mcap_reader import read
from robot_policies.data.run_folder import RECORDING
from robot_policies.evaluation.run_summary_data import NS, RunData, TimeArray
from robot_policies.evaluation.run_summary_replay import Replay
from robot_policies.evaluation.run_summary_scene import world_of

if TYPE_CHECKING:
    from robot_policies.evaluation.run_summary import RunSummary

WIDTH, HEIGHT = 448, 252
FRAMES = 80
MIN_FRAMES = 12
BUDGET_S = 12.0
FPS = 8
MAX_BYTES = 5_000_000
_INSET_WIDTH = 128
_COLOURS = 255


class NoFilmError(RobotPoliciesError):
    """A run has nothing to show."""


def draw_film(data: RunData, summary: 'RunSummary', robot: RobotSpec, path: Path) -> None:
    """Write the film as an animated GIF of at most `MAX_BYTES`.

    A run longer than the film is shown faster, and says so.

    Args:
        data: What was recorded.
        summary: The numbers about it.
        robot: The robot that is drawn.
        path: The GIF; the recording lies beside it.

    Raises:
        NoFilmError: There is neither a known world nor a camera.
        OSError: It cannot be written.
    """
    scene = _scene(data, robot)
    try:
        times = _times(data, scene)
        seen = camera_images(path.with_name(RECORDING), times)
        if scene is None and not any(image is not None for image in seen):
            raise NoFilmError('neither the simulated world nor camera images are known')
        speed = data.duration_s / (len(times) / FPS)
        frames = []
        for time_ns, image in zip(times.tolist(), seen, strict=True):
            frame = _composed(None if scene is None else scene.frame(time_ns), image)
            _caption(frame, data, time_ns, speed)
            frames.append(frame)
    finally:
        if scene is not None:
            scene.close()
    write_gif(frames, path)


def _times(data: RunData, scene: Replay | None) -> TimeArray:
    """Return the moments to show: so many that rendering them takes `BUDGET_S` at most."""
    count = min(FRAMES, max(2, round(data.duration_s * FPS)))
    if scene is not None:
        scene.frame(data.start_ns)  # the first one sets things up
        started = time.perf_counter()
        scene.frame(data.start_ns)
        affordable = BUDGET_S / (time.perf_counter() - started)
        count = max(2, min(count, max(MIN_FRAMES, int(affordable))))
    return np.linspace(data.start_ns, data.end_ns, count, endpoint=False).astype(np.int64)


def camera_images(recording: Path, times: TimeArray) -> list[ByteArray | None]:
    """Return the first camera's newest image before each of some times, None where there is none.

    Args:
        recording: The MCAP.
        times: Ascending, system time, ns.
    """
    images: list[ByteArray | None] = [None] * len(times)
    latest = None
    index = 0
    for message in read(recording, wanted=lambda topic: topic.endswith('/image_raw')):
        while index < len(times) and message.log_ns > times[index]:
            images[index] = None if latest is None else _pixels(latest.decode())
            index += 1
        latest = message
    for rest in range(index, len(times)):
        images[rest] = None if latest is None else _pixels(latest.decode())
    return images


def write_gif(frames: Sequence[Image.Image], path: Path) -> None:
    """Write an animated GIF with one palette for all frames, dropping frames until it fits.

    Args:
        frames: Pictures of one size.
        path: Where to.
    """
    kept = list(frames)
    pause_ms = 1000 // FPS
    while True:
        samples = kept[:: max(1, len(kept) // 12)]
        montage = Image.new('RGB', (kept[0].width, kept[0].height * len(samples)))
        for row, sample in enumerate(samples):
            montage.paste(sample, (0, row * kept[0].height))
        palette = montage.quantize(_COLOURS)
        flat = [frame.quantize(palette=palette, dither=Image.Dither.NONE) for frame in kept]
        flat[0].save(
            path, save_all=True, append_images=flat[1:], duration=pause_ms, loop=0, optimize=False
        )
        if path.stat().st_size <= MAX_BYTES or len(kept) < 12:
            return
        kept, pause_ms = kept[::2], pause_ms * 2


def _scene(data: RunData, robot: RobotSpec) -> Replay | None:
    world = world_of(data)
    known = set(robot.joint_names) <= set(data.joint_names)
    if world is None or not known or not len(data.motion) or not data.is_truth:
        return None
    return Replay(data, robot, world, (WIDTH, HEIGHT))


def _composed(view: ByteArray | None, seen: ByteArray | None) -> Image.Image:
    camera = None if seen is None else Image.fromarray(seen)
    if view is None:
        black = Image.new('RGB', (WIDTH, HEIGHT))
        if camera is not None:
            camera.thumbnail((WIDTH, HEIGHT))
            black.paste(camera, ((WIDTH - camera.width) // 2, (HEIGHT - camera.height) // 2))
        return black
    frame = Image.fromarray(view)
    if camera is not None:
        camera.thumbnail((_INSET_WIDTH, _INSET_WIDTH))
        at = (WIDTH - camera.width - 8, 8)
        border = (at[0] - 2, at[1] - 2, at[0] + camera.width + 1, at[1] + camera.height + 1)
        ImageDraw.Draw(frame).rectangle(border, fill='white')
        frame.paste(camera, at)
    return frame


def _caption(frame: Image.Image, data: RunData, time_ns: int, speed: float) -> None:
    said = [s.text for s in data.instructions if s.time_ns <= time_ns]
    answers = [s.message for s in data.policy if s.time_ns <= time_ns]
    faster = f'   {speed:.0f}×' if speed >= 1.5 else ''
    clock = f'{(time_ns - data.start_ns) / NS:5.1f} s{faster}'
    draw = ImageDraw.Draw(frame, 'RGBA')
    draw.rectangle((0, HEIGHT - 38, WIDTH, HEIGHT), fill=(20, 20, 20, 150))
    draw.text((8, HEIGHT - 36), f'“{said[-1]}”' if said and said[-1] else '', font=_font(13))
    words = answers[-1] if answers else ''
    draw.text((8, HEIGHT - 17), words, font=_font(11), fill=(215, 215, 215))
    draw.text((WIDTH - 8, HEIGHT - 17), clock, font=_font(11), fill=(215, 215, 215), anchor='ra')


@cache
def _font(size: int) -> ImageFont.FreeTypeFont:
    # Pillow's own font lacks the signs that are written here; matplotlib brings one that has them
    return ImageFont.truetype(findfont('DejaVu Sans'), size)


def _pixels(message: object) -> ByteArray | None:
    """Return (H, W, 3) RGB, or None for an encoding that a film does not need."""
    encoding, height, width, step, data = (
        getattr(message, name) for name in ('encoding', 'height', 'width', 'step', 'data')
    )
    if encoding not in ('rgb8', 'bgr8'):
        return None
    rows = np.asarray(data, dtype=np.uint8).reshape(height, step)[:, : 3 * width]
    pixels = rows.reshape(height, width, 3)
    return np.ascontiguousarray(pixels if encoding == 'rgb8' else pixels[..., ::-1])
