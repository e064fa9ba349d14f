# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""What is pressed on the page arrives on the topics, tested without drawing anything."""

from dashboard_fakes import FakeRobot
from node_rig import NodeRig
import pytest
from robot_policies.dashboard.dashboard_node import DashboardNode
from wire_browser import WireBrowser

pytestmark = pytest.mark.ros
PAD, BOX = 'rp-pad', 'rp-instruction'


class Stage:
    """A fake robot, the dashboard, and browsers on the wire."""

    def __init__(self, domain: int) -> None:
        self.rig = NodeRig(domain)
        self.robot = FakeRobot(context=self.rig.context)
        self.rig._executor.add_node(self.robot)
        self.node = self.rig.active(DashboardNode, port=0)
        self.browsers: list[WireBrowser] = []

    def browser(self) -> WireBrowser:
        self.browsers.append(WireBrowser(self.node.url))
        return self.browsers[-1]

    def heard(self, topic: str) -> list:
        return [message for _, message in self.robot.heard[topic]]

    def speeds(self) -> list[float]:
        return [message.twist.linear.x for message in self.heard('teleop/cmd_vel')]

    def close(self) -> None:
        for browser in self.browsers:
            browser.close()
        self.rig._executor.remove_node(self.robot)
        self.rig.close()


@pytest.fixture
def stage(ros_domain):
    stage = Stage(ros_domain)
    yield stage
    stage.close()


@pytest.fixture
def browser(stage, wait_for):
    browser = stage.browser()
    wait_for(lambda: 'every check passes' in browser.words(), 30.0, 'the page')
    wait_for(lambda: stage.node._browsers == 1, 30.0, 'the connection')
    return browser


def hold(stage, browser, text='1.000 0.000 0.000'):
    """One pulse of a held stick; True once the robot is driven."""
    browser.say(PAD, text)
    return stage.speeds() and stage.speeds()[-1] != 0.0


def test_everything_that_can_be_pressed_is_there(browser):
    assert browser.has('STOP  (space)', 'Reset', 'speed', 'Reset world', 'Push the robot')
    assert browser.has('follow the robot', 'simulation ground truth')
    assert 'STOP' in browser.commands
    for widget in (PAD, BOX):
        assert f'class="{widget}"' in browser.words()


def test_the_estop_arrives_from_the_button_and_from_the_space_bar(stage, browser, wait_for):
    browser.press('STOP  (space)')
    wait_for(lambda: len(stage.heard('safety/estop')) == 1, what='the button')
    browser.hotkey('STOP')
    wait_for(lambda: len(stage.heard('safety/estop')) == 2, what='the space bar')
    assert all(message.data for message in stage.heard('safety/estop'))


def test_an_instruction_arrives_as_it_was_written(stage, browser, wait_for):
    browser.say(BOX, 'go to the <red> ball, please')
    wait_for(lambda: stage.heard('instruction'), what='the instruction')
    assert stage.heard('instruction')[0].data == 'go to the <red> ball, please'
    browser.say(BOX, '')
    wait_for(lambda: len(stage.heard('instruction')) == 2, what='the empty one')
    assert stage.heard('instruction')[1].data == ''


def test_a_reset_releases_first_and_shows_the_answer(stage, browser, wait_for):
    stage.robot.safety = ('DAMP', True, 'e-stop pressed', 'release the e-stop')
    wait_for(lambda: not browser.element('Reset')['props']['disabled'], what='the button')
    assert 'release the e-stop' in browser.words()
    browser.press('Reset')
    wait_for(lambda: 'reset done: standing up' in browser.words(), what='the answer')
    assert [message.data for message in stage.heard('safety/estop')] == [False]
    times = [stage.robot.heard[name][0][0] for name in ('safety/estop', 'safety/reset')]
    assert times[0] < times[1]


def test_driving_lasts_while_pulses_come_and_ends_with_one_zero(stage, browser, wait_for):
    wait_for(lambda: hold(stage, browser), what='driving')
    assert stage.speeds()[-1] == pytest.approx(0.6 * stage.robot.robot.body.max_vx)
    # from here on nothing is sent any more: a browser that froze
    wait_for(lambda: stage.speeds()[-1] == 0.0, what='the zero')
    count = len(stage.speeds())
    loop = stage.node._loops[1].monitor
    ticks = loop.ticks
    wait_for(lambda: loop.ticks > ticks + 10, what='ten periods')
    assert len(stage.speeds()) == count


def test_a_browser_that_vanishes_lets_go(stage, browser, wait_for):
    wait_for(lambda: hold(stage, browser), what='driving')
    browser.close()
    wait_for(lambda: stage.speeds()[-1] == 0.0, what='the zero')


def test_nonsense_from_a_browser_drives_nothing(stage, browser, wait_for):
    for text in ('nan 0 0', '9 0 0', '1 1', 'x y z', ''):
        browser.say(PAD, text)
    browser.say(BOX, 'done')
    wait_for(lambda: stage.heard('instruction'), what='a word after the nonsense')
    assert not stage.speeds()


def test_the_scene_moves_and_stops_being_sent_to_nobody(stage, browser, wait_for):
    before = browser.updates
    wait_for(lambda: browser.updates > before + 20, what='the robot to move')
    browser.close()
    wait_for(lambda: stage.node._browsers == 0, what='the browser to be gone')
    position = stage.node._scene._base.position.copy()
    loop = stage.node._loops[0].monitor
    ticks = loop.ticks
    wait_for(lambda: loop.ticks > ticks + 5, what='five periods')
    assert (stage.node._scene._base.position == position).all()


def test_statuses_are_shown_to_every_browser_in_their_words(stage, browser, wait_for):
    other = stage.browser()
    stage.robot.policy = ('NOT_SEEN', "I don't see a purple cone <b>.")
    for either in (browser, other):
        wait_for(lambda b=either: 'I don&#x27;t see a purple cone &lt;b&gt;.' in b.words(), 30.0)


def test_the_world_is_reset_and_the_robot_pushed(stage, browser, wait_for):
    wait_for(lambda: browser.element('Simulation')['props']['visible'], what='the simulator')
    browser.press('Reset world')
    wait_for(lambda: stage.robot.heard['sim/reset'], what='the reset')
    browser.press('Push the robot')
    wait_for(lambda: stage.heard('sim/push'), what='the push')
    push = stage.heard('sim/push')[0]
    assert 0.2 < (push.x**2 + push.y**2) ** 0.5 < 1.5
