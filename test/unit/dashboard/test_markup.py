# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Words from topics become text on the page, never markup."""

from robot_policies.dashboard import browser_widgets, markup
from robot_policies.dashboard.model import Card, HealthRow, Tone

EVIL = '<img src=x onerror=alert(1)>'


def test_nothing_that_came_from_a_topic_becomes_markup():
    card = Card(EVIL, Tone.BAD, EVIL, (EVIL,), EVIL, EVIL)
    row = HealthRow(EVIL, Tone.BAD, EVIL, (EVIL,))
    for html in (
        markup.banner(card),
        markup.note(card),
        markup.health_table([row]),
        markup.line([(EVIL, Tone.OFF)]),
        markup.legend([(EVIL, '#fff')]),
    ):
        assert '<img' not in html
        assert '&lt;img' in html


def test_an_example_cannot_leave_its_button():
    html = browser_widgets.instruction_box(['"><b>x</b>'])
    assert '<b>' not in html


def test_the_card_has_its_colour_and_all_its_words():
    html = markup.banner(Card('Stopped', Tone.BAD, 'why', ('one', 'two'), 'A reset needs', 'note'))
    for part in (Tone.BAD.value, 'Stopped', 'why', 'one', 'two', 'A reset needs', 'note'):
        assert part in html


def test_no_report_is_said():
    assert 'Nobody reports' in markup.health_table([])


def test_nothing_is_loaded_from_anywhere_else():
    written = browser_widgets.STYLE + browser_widgets.drive_pad()
    written += browser_widgets.instruction_box(['a'])
    assert '//' not in written.replace('https://', '//').replace('http://', '//')
