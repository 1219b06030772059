#!/usr/bin/env python3
"""Execute notebooks in place, and mark each output with the code that it came from.

The mark, in the metadata of a cell, is a digest of the cell, of what is exported above it, and of
the cells above that define a name which these use. If it no longer fits, that code has changed
since, and the output is older than it. Of exported cells, neither comments, layout and hints count
nor imports that nothing else needs: no output depends on them, but where commands show them.
"""
import argparse
import ast
import hashlib
import re
from configparser import ConfigParser
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbdev.clean import nbdev_clean

ROOT = Path(__file__).resolve().parent.parent
MARK = 'executed'
STORED = {'slow', 'browser'}  # flags of cells that tests leave out and whose outputs are shown


def test_flags():
    "Flags of the cells that tests leave out"
    settings = ConfigParser(delimiters=['='])
    settings.read(ROOT/'settings.ini', encoding='utf-8')
    return {*settings['DEFAULT']['tst_flags'].split()}


def flags(cell):
    return {*re.findall(r'^#\|\s*(\w+)\s*$', cell.source, re.M)}


def is_for_checkers(statement):
    "Is it run by checkers of types alone?"
    return isinstance(statement, ast.If) and ast.unparse(statement.test) == 'TYPE_CHECKING'


def without_hints(source):
    "The tree of a cell; those of `self` and `cls` stay, since fastcore's `patch` reads them"
    tree = ast.parse(source)
    tree.body = [s for s in tree.body if not is_for_checkers(s)]
    for node in ast.walk(tree):
        if getattr(node, 'arg', '') not in ('self', 'cls'): node.annotation = None
        node.returns = None
    return tree


def names(tree):
    "Names that a cell uses, and those that it defines"
    nodes = [*ast.walk(tree)]
    used = {getattr(n, 'id', getattr(n, 'attr', None)) for n in nodes}
    stored = {n.id for n in nodes if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
    made = {n.name for n in nodes if isinstance(n, (ast.FunctionDef, ast.ClassDef))}
    return used, stored | made | {bound(a) for a in nodes if isinstance(a, ast.alias)}


def bound(alias):
    "The name that an import binds"
    return alias.asname or alias.name.split('.')[0]


def plain(node):
    "A tree as text: without comments and layout, and the same in every version of Python"
    if isinstance(node, list): return f'[{", ".join(map(plain, node))}]'
    if not isinstance(node, ast.AST): return repr(node)
    fields = ((k, v) for k, v in ast.iter_fields(node) if v is not None and v != [])
    return f'{type(node).__name__}({", ".join(f"{k}={plain(v)}" for k, v in fields)})'


def parts(tree):
    "Pairs: a name that is imported, or '*'; and the import of that name, or a statement, as text"
    for node in tree.body:
        if not isinstance(node, (ast.Import, ast.ImportFrom)): yield '*', plain(node)
        else: yield from ((bound(a), plain([getattr(node, 'module', ''), a])) for a in node.names)


def marked(nb):
    "The code cells of a notebook, each with the mark that it should have"
    cells, above = [c for c in nb.cells if c.cell_type == 'code'], []
    has_commands = any('@call_parse' in cell.source for cell in cells)
    for cell in cells:
        tree, is_exported = without_hints(cell.source), cell.source.startswith('#| export')
        as_is = has_commands or not is_exported
        statements = [('*', cell.source)] if as_is else [*parts(tree)]
        above.append((is_exported, statements, *names(tree)))
        needed, code = {'*'}, []
        for is_exported, statements, uses, defines in reversed(above):
            if not (is_exported or not code or defines & needed): continue
            needed |= uses
            code.append('\n'.join(text for name, text in statements if name in needed))
        yield cell, hashlib.sha256('\0'.join(code).encode()).hexdigest()[:12]


def stale(nb):
    "Sources of the cells whose output is older than the code, or was never made"
    return [cell.source for cell, mark in marked(nb)
            if (cell.outputs or flags(cell) & STORED) and cell.metadata.get(MARK) != mark]


def is_passing(output):
    "Is it of the moment: a progress bar, dead on a page, or a warning, with paths of one machine?"
    data = output.get('data', {})
    is_bar = 'application/vnd.jupyter.widget-view+json' in data and 'image/png' not in data
    return is_bar or output.get('name') == 'stderr'


def execute(file, wanted):
    "Run a notebook; cells that tests leave out only if they have one of the `wanted` flags"
    nb = nbformat.read(file, as_version=4)
    left_out = test_flags() - {*wanted}
    run = [(cell, mark) for cell, mark in marked(nb)
           if not flags(cell) & left_out and '#| eval: false' not in cell.source]
    for cell, _ in marked(nb): cell.metadata['tags'] = ['skip-execution']
    for cell, _ in run: cell.metadata['tags'] = []
    where = dict(metadata=dict(path=str(file.parent)))
    NotebookClient(nb, timeout=None, resources=where, store_widget_state=False).execute()
    for cell, mark in run:
        cell.outputs = [output for output in cell.outputs if not is_passing(output)]
        if cell.outputs or flags(cell) & STORED: cell.metadata[MARK] = mark
        else: cell.metadata.pop(MARK, None)
    nbformat.write(nb, file)
    nbdev_clean.__wrapped__(str(file))


if __name__ == '__main__':
    parser = argparse.ArgumentParser(description=__doc__.split('\n')[0])
    parser.add_argument('notebooks', nargs='+', type=Path)
    parser.add_argument('--flags', default='', help='cells to run as well: "slow browser"')
    given = parser.parse_args()
    for notebook in given.notebooks: execute(notebook.resolve(), given.flags.split())
