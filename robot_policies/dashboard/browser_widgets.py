# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""The widgets that viser does not have: the drive pad, and the box for instructions.

Each is a piece of HTML with a script. What it has to say it writes into the text input that the
page puts directly below it and hides; viser carries that to the server like any typed text. One
message is one text, because viser joins changes that come within 50 ms and keeps only the last.
"""

from collections.abc import Sequence
import html

_CHANNEL = """
const root = this.parentElement;
if (root.dataset.ready) return;
root.dataset.ready = '1';
const put = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value').set;
const id = Math.random().toString(36).slice(2, 7);
let count = 0;
function channel() {
  for (let node = root; node; node = node.parentElement) {
    const next = node.nextElementSibling;
    const input = next && next.querySelector('input');
    if (input) { next.style.display = 'none'; return input; }
  }
  return null;
}
function send(text) {
  const input = channel();
  if (!input) return;
  put.call(input, id + (count++) + ' ' + text);
  input.dispatchEvent(new Event('input', {bubbles: true}));
}
channel();
"""
"""Shared by the scripts: a `send(text)` whose every message differs from the one before."""

_DRIVE = """
const keys = {w:[1,0,0], arrowup:[1,0,0], s:[-1,0,0], arrowdown:[-1,0,0], q:[0,1,0], e:[0,-1,0],
              a:[0,0,1], arrowleft:[0,0,1], d:[0,0,-1], arrowright:[0,0,-1]};
const pad = root.querySelector('.rp-pad');
const knob = root.querySelector('.rp-knob');
const held = new Set();
let stick = null, timer = null;
const clip = v => Math.max(-1, Math.min(1, v));
function wish() {
  const sum = [0, 0, 0];
  for (const key of held) keys[key].forEach((v, i) => { sum[i] += v; });
  if (stick) { sum[0] += stick[0]; sum[2] += stick[1]; }
  return sum.map(clip);
}
function show(v) {
  const r = pad.clientHeight / 2 - 26;
  knob.style.transform = `translate(${-v[2] * r}px, ${-v[0] * r}px)`;
  root.querySelectorAll('[data-key]').forEach(
    k => k.classList.toggle('rp-down', k.dataset.key.split(' ').some(name => held.has(name))));
}
function pulse() {
  if (!root.isConnected || document.hidden) { release(); return; }
  send(wish().map(v => v.toFixed(3)).join(' '));
}
function changed() {
  const active = held.size > 0 || stick !== null;
  show(wish());
  pad.classList.toggle('rp-active', active);
  if (active && timer === null) { pulse(); timer = setInterval(pulse, 50); }
  if (!active && timer !== null) { clearInterval(timer); timer = null; send('0 0 0'); }
}
function release() { held.clear(); stick = null; changed(); }
pad.addEventListener('keydown', e => {
  const key = e.key.toLowerCase();
  if (!(key in keys) || e.ctrlKey || e.metaKey || e.altKey) return;
  e.preventDefault(); e.stopPropagation();
  if (!e.repeat) { held.add(key); changed(); }
});
pad.addEventListener('keyup', e => {
  if (held.delete(e.key.toLowerCase())) { e.stopPropagation(); changed(); }
});
pad.addEventListener('blur', release);
window.addEventListener('blur', release);
document.addEventListener('visibilitychange', release);
function point(e) {
  const box = pad.getBoundingClientRect(), r = box.height / 2 - 26;
  stick = [clip((box.top + box.height / 2 - e.clientY) / r),
           clip((box.left + box.width / 2 - e.clientX) / r)];
  changed();
}
pad.addEventListener('pointerdown', e => {
  if (e.button !== 0) return;
  e.preventDefault(); pad.focus(); pad.setPointerCapture(e.pointerId); point(e);
});
pad.addEventListener('pointermove', e => { if (stick) point(e); });
for (const end of ['pointerup', 'pointercancel', 'lostpointercapture'])
  pad.addEventListener(end, () => { if (stick) { stick = null; changed(); } });
"""

_INSTRUCTION = """
const form = root.querySelector('form');
const input = form.querySelector('input');
const say = text => { input.value = text; send(text); };
form.addEventListener('submit', e => { e.preventDefault(); say(input.value.trim()); });
root.querySelectorAll('[data-say]').forEach(
  chip => chip.addEventListener('click', () => say(chip.dataset.say)));
"""

STYLE = """<style>
.rp{font-family:inherit;margin:0 10px 10px;color:#dee2e6;font-size:13px;line-height:1.4}
.rp-card{border-radius:8px;padding:10px 12px;color:#fff}
.rp-card h2{margin:0;font-size:24px;line-height:1.2;font-weight:750;letter-spacing:.2px}
.rp-card p{margin:4px 0 0}
.rp-card ul{margin:4px 0 0;padding-left:18px}
.rp-soft{background:#25282e;border-left:5px solid;border-radius:6px}
.rp-soft h2{font-size:17px}
.rp-dim{color:#8d949e}
.rp .rp-foot{font-size:12px;opacity:.7}
.rp-soft ul{list-style:none;padding:0;font-style:italic}
.rp table{width:100%;border-collapse:collapse;font-size:12px;font-variant-numeric:tabular-nums}
.rp td{padding:2px 4px;vertical-align:top;border-bottom:1px solid #2c2f36}
.rp td:last-child{text-align:right;color:#adb5bd}
.rp-dot{display:inline-block;width:9px;height:9px;border-radius:50%;margin-right:6px}
.rp form{display:flex;gap:6px;margin:0}
.rp input{flex:1;min-width:0;background:#17191d;color:#f1f3f5;border:1px solid #495057;
 border-radius:6px;padding:8px 10px;font-size:14px}
.rp input:focus{outline:none;border-color:#4dabf7}
.rp button{background:#1c7ed6;color:#fff;border:0;border-radius:6px;padding:7px 12px;
 font-size:13px;font-weight:600;cursor:pointer}
.rp button:hover{filter:brightness(1.15)}
.rp .rp-chips{display:flex;flex-wrap:wrap;gap:6px;margin-top:8px}
.rp .rp-chips button{background:#2c3038;color:#ced4da;font-weight:500;padding:4px 10px;
 border-radius:12px;font-size:12px}
.rp-drive{display:flex;gap:14px;align-items:center}
.rp-pad{position:relative;flex:none;width:148px;height:148px;border-radius:50%;outline:none;
 touch-action:none;cursor:grab;border:2px solid #495057;
 background:radial-gradient(circle,#2b2f36 0 28%,#1d2025 70%)}
.rp-pad:focus{border-color:#4dabf7}
.rp-pad.rp-active{border-color:#40c057;cursor:grabbing}
.rp-knob{position:absolute;left:50%;top:50%;width:48px;height:48px;margin:-24px 0 0 -24px;
 border-radius:50%;background:#868e96;pointer-events:none;box-shadow:0 2px 8px #0009}
.rp-pad:focus .rp-knob{background:#4dabf7}
.rp-active .rp-knob{background:#40c057!important}
.rp-keys{display:grid;grid-template-columns:repeat(3,30px);gap:4px;margin-bottom:6px}
.rp-keys span{height:28px;border-radius:5px;background:#2c3038;display:flex;align-items:center;
 justify-content:center;font-weight:600;font-size:12px;color:#ced4da}
.rp-keys .rp-down{background:#40c057;color:#fff}
div:has(> .rp-big) + div button{height:3.6em!important;font-size:1.25em;font-weight:800;
 letter-spacing:1px}
div:has(> .rp-channel) + div{display:none}
</style>"""
"""Looks of everything that the page writes as HTML."""


def drive_pad() -> str:
    """Return the stick, which is also where the keyboard drives while it has the focus."""
    keys = ''.join(
        f'<span data-key="{name}" title="{title}">{label}</span>'
        for name, label, title in (
            ('q', 'Q', 'step left'),
            ('w arrowup', 'W', 'forward'),
            ('e', 'E', 'step right'),
            ('a arrowleft', 'A', 'turn left'),
            ('s arrowdown', 'S', 'backward'),
            ('d arrowright', 'D', 'turn right'),
        )
    )
    body = (
        '<div class="rp-drive"><div class="rp-pad" tabindex="0" role="application" '
        'aria-label="drive pad"><div class="rp-knob"></div></div>'
        f'<div><div class="rp-keys">{keys}</div>'
        '<div class="rp-dim">Drag the stick, or click it and hold the keys or arrows. '
        'Letting go stops.</div></div></div>'
    )
    return _widget(body, _DRIVE)


def instruction_box(examples: Sequence[str]) -> str:
    """Return the box for the instruction, with examples to click.

    Args:
        examples: Instructions; the empty one, which means stop, is always added.
    """
    chips = ''.join(
        f'<button type="button" data-say="{html.escape(text)}">{html.escape(text)}</button>'
        for text in examples
    )
    body = (
        '<form><input class="rp-instruction" maxlength="400" autocomplete="off" '
        'placeholder="Tell the robot what to do" aria-label="instruction">'
        '<button type="submit">Send</button></form><div class="rp-chips">'
        f'{chips}<button type="button" data-say="">stand still</button></div>'
    )
    return _widget(body, _INSTRUCTION)


def before_button() -> str:
    """Return the mark that makes the button below it large."""
    return '<span class="rp-big"></span>'


def _widget(body: str, script: str) -> str:
    """Return the HTML of a widget that runs its script when the browser has made it.

    A script element in HTML that is put into a page later is not run by any browser; the error
    handler of an image without a picture is.
    """
    code = html.escape(f'{_CHANNEL}{script}', quote=True)
    runner = f'<img alt="" style="display:none" src="data:," onerror="{code}">'
    return f'<div class="rp rp-channel">{body}{runner}</div>'
