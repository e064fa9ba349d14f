# SPDX-FileCopyrightText: 2026 The robot_policies authors
# SPDX-License-Identifier: Apache-2.0
"""Check the documentation against the code: links, paths, names, YAML, reference, results.

`python tools/check_docs.py` prints what is wrong, one line each, and ends with 1 if anything is.
"""

import ast
from collections.abc import Iterator
import importlib
from pathlib import Path
import re
import sys
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parent.parent
_FENCE = re.compile(r'^```(\w*)\n(.*?)^```', re.MULTILINE | re.DOTALL)
_LINK = re.compile(r'\[[^\]]*\]\(([^)\s]+)\)')
_CODE = re.compile(r'`([^`\n]+)`')
_HEADING = re.compile(r'^#+ (.+)$', re.MULTILINE)
_FOLDERS = ('config', 'doc', 'launch', 'models', 'robot_policies', 'test', 'tools')
_PATH = re.compile(rf'(?:{"|".join(_FOLDERS)})/[\w./-]*')
_NAME = re.compile(r'robot_policies(?:\.\w+)+(?::\w+)?')
_MODULE_RUN = re.compile(r'python -m (robot_policies[\w.]+)')


def pages() -> list[Path]:
    """Return every page that is checked."""
    return sorted([*ROOT.glob('*.md'), *ROOT.glob('doc/**/*.md')])


def problems() -> Iterator[str]:
    """Yield what is wrong, as `page: what`."""
    for page in pages():
        text = page.read_text(encoding='utf-8')
        prose = _FENCE.sub('', text)
        found = [*_links(page, prose), *_paths(prose), *_names(text), *_snippets(text)]
        yield from (f'{page.relative_to(ROOT)}: {problem}' for problem in found)
    yield from _generated()


def snippets(text: str, language: str) -> list[str]:
    """Return the fenced blocks of a language."""
    return [body for name, body in _FENCE.findall(text) if name == language]


def _links(page: Path, prose: str) -> Iterator[str]:
    for target in _LINK.findall(prose):
        if target.startswith(('http://', 'https://', 'mailto:')):
            continue
        name, _, anchor = target.partition('#')
        path = (page.parent / name).resolve() if name else page
        if not path.exists():
            yield f'link to {target}: there is no such file'
        elif anchor and anchor not in _anchors(path):
            yield f'link to {target}: no such heading'


def _anchors(path: Path) -> set[str]:
    """Return the anchors that GitHub makes of a page's headings."""
    headings = _HEADING.findall(_FENCE.sub('', path.read_text(encoding='utf-8')))
    kept = (re.sub(r'[^\w\- ]', '', heading.lower()) for heading in headings)
    return {heading.replace(' ', '-') for heading in kept}


def _paths(prose: str) -> Iterator[str]:
    for code in _CODE.findall(prose):
        if _PATH.fullmatch(code) and not (ROOT / code).exists():
            yield f'`{code}`: there is no such file'


def _names(text: str) -> Iterator[str]:
    named = {code for code in _CODE.findall(_FENCE.sub('', text)) if _NAME.fullmatch(code)}
    named |= set(re.findall(r'robot_policies(?:\.\w+)+:\w+', text))
    named |= set(_MODULE_RUN.findall(text))
    for name in sorted(named):
        problem = _unimportable(name)
        if problem:
            yield f'`{name}`: {problem}'


def _unimportable(name: str) -> str:
    module_name, _, attribute = name.partition(':')
    parts = module_name.split('.')
    for length in range(len(parts), 0, -1):
        try:
            found: Any = importlib.import_module('.'.join(parts[:length]))
        except ModuleNotFoundError as error:
            if error.name and not module_name.startswith(error.name):
                return f'needs {error.name}'
            continue
        for part in (*parts[length:], *([attribute] if attribute else [])):
            if not hasattr(found, part):
                return f'{found.__name__} has no {part}'
            found = getattr(found, part)
        return ''
    return 'there is no such module'


def _snippets(text: str) -> Iterator[str]:
    for body in snippets(text, 'python'):
        try:
            ast.parse(body)
        except SyntaxError as error:
            yield f'a Python snippet does not parse: {error}'
    for body in snippets(text, 'yaml'):
        problem = _yaml_problem(body)
        if problem:
            yield f'a YAML snippet does not build: {problem}'


def _yaml_problem(body: str) -> str:
    from robot_policies.bringup.stack import read_stack
    from robot_policies.core.errors import ConfigError
    from robot_policies.core.robot import RobotSpec
    from robot_policies.sim.world_spec import WorldSpec

    try:
        content = yaml.safe_load(body)
        if 'joints' in content:
            RobotSpec.from_mapping(content, where='robot')
        elif 'nodes' in content:
            read_stack(content, name='snippet', where='stack')
        else:
            WorldSpec.from_mapping(content, name='snippet', where='world')
    except (yaml.YAMLError, ConfigError) as error:
        return str(error)
    return ''


def _generated() -> Iterator[str]:
    from robot_policies.cli import reference
    from robot_policies.evaluation import results_page

    for name, text in reference.pages().items():
        path = ROOT / 'doc' / 'reference' / name
        if not path.is_file() or path.read_text(encoding='utf-8') != text:
            yield f'doc/reference/{name} is out of date: python -m robot_policies.cli.reference'
    page = ROOT / 'doc' / 'results.md'
    if page.read_text(encoding='utf-8') != results_page.page(ROOT / 'doc' / 'results'):
        yield 'doc/results.md is out of date: python -m robot_policies.evaluation.results_page'


def main() -> int:
    """Print the problems."""
    found = list(problems())
    for problem in found:
        print(problem)  # noqa: T201 - what it is for
    return 1 if found else 0


if __name__ == '__main__':
    sys.exit(main())
