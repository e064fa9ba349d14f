# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
r"""Take the picture of the page for the README from a running stack.

    robot-policies up go2_mujoco real_time_factor:=0.3 \
        safety.freshness.{joint_states,imu,locomotion,basis,scan_slow}_s:=1.0 \
        safety.freshness.scan_stop_s:=2.0 safety.arbiter.policy_s:=1.0 \
        locomotion.state_timeout_s:=0.5
    python tools/page_picture.py http://localhost:8080 page.png --say 'go to the red ball'

Needs playwright and Chromium. Software rendering is enough; on two cores it starves the stack,
hence the slower robot and the patience. With a graphics card neither is needed.
"""

import argparse
from pathlib import Path
import shutil

import PIL.Image
from playwright.sync_api import sync_playwright

FLAGS = ('--no-sandbox', '--use-angle=swiftshader', '--enable-unsafe-swiftshader')
PATIENCE_MS = 300_000


def take(url: str, path: Path, say: str, wait_s: float, size: tuple[int, int]) -> None:
    """Open the page, give an instruction, wait, and save what is seen."""
    with sync_playwright() as driver:
        chromium = shutil.which('chromium') or shutil.which('google-chrome')
        browser = driver.chromium.launch(executable_path=chromium, args=FLAGS)
        page = browser.new_page(viewport={'width': size[0], 'height': size[1]})
        page.set_default_timeout(PATIENCE_MS)
        page.goto(url)
        box = page.get_by_label('instruction')
        box.wait_for()
        for notice in page.get_by_role('alert').get_by_role('button').all():
            notice.click()  # that the rendering is done in software
        if say:
            box.fill(say)
            box.press('Enter')
        page.wait_for_timeout(1000 * wait_s)
        page.screenshot(path=path, timeout=PATIENCE_MS)
        browser.close()
    PIL.Image.open(path).convert('RGB').save(path, optimize=True)  # a README loads faster


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('url')
    parser.add_argument('path', type=Path)
    parser.add_argument('--say', default='', help='instruction to give')
    parser.add_argument('--wait', type=float, default=8.0, help='seconds until the picture')
    parser.add_argument('--size', type=int, nargs=2, default=(1440, 860), metavar=('W', 'H'))
    given = parser.parse_args()
    take(given.url, given.path, given.say, given.wait, tuple(given.size))


if __name__ == '__main__':
    main()
