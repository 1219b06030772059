"""Pages for Sphinx, written into `_proc` from the notebooks: `python docs/build.py` begins with it."""
import ast
import posixpath
import re
import shutil
from configparser import ConfigParser
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import nbformat

from reference import Module, page, plain

ROOT = Path(__file__).resolve().parent.parent
OUT = ROOT/'_proc'
settings = ConfigParser(delimiters=['='])
settings.read(ROOT/'settings.ini', encoding='utf-8')
CONFIG = settings['DEFAULT']
REPOSITORY = f"{CONFIG['git_url']}/blob/{CONFIG['branch']}/"
BESIDE = ['CHANGELOG.md', 'CONTRIBUTING.md', 'SECURITY.md']    # pages from beside `nbs`
LINK = r'\]\((?![a-z]+:|#)([^)\s]+)\)'
WIDGET = '*Here a running notebook shows sliders and buttons. To use them, open the notebook in '\
         "JupyterLab, or run `pip install -e '.[app]' && si_app`.*"


@cache
def notebook(source): return nbformat.read(ROOT/source, as_version=4)


def text_of_index():
    "What nbs/index.ipynb says, with the tables that its cells have put out"
    outputs = lambda cell: (o.data['text/markdown'] for o in cell.get('outputs', [])
                            if 'text/markdown' in o.get('data', {}))
    return '\n\n'.join(part for cell in notebook('nbs/index.ipynb').cells
                       for part in ([cell.source] if cell.cell_type == 'markdown' else outputs(cell)))


def section(title):
    "The text of one section of the index"
    return re.search(rf'^## {title}\n(.*?)(?=^## |\Z)', text_of_index(), re.M | re.S)[1]


def groups():
    "Groups of chapters in the order of the index, each with the names of its notebooks"
    found = {}
    for row in re.findall(r'^\| (\*.*?\*|\[.*?\]\(.*?\)) \|', section('The chapters'), re.M):
        if row[0] == '*': found[row.strip('*').capitalize()] = names = []
        else: names.append(re.search(r'\((.*)\)', row)[1])
    return found


def experiments():
    "Notebooks of the experiments in the order of the index, and at last the page of all verdicts"
    return [*re.findall(r'^\| \[.*?\]\((.*?)\)', section('The experiments'), re.M),
            'experiments/verdicts.ipynb']


@cache
def pages():
    "Where each file of the repository that is a page stands in `_proc`"
    chapters = [*sum(groups().values(), []), *experiments(), 'tests/zoo.ipynb']
    use = {'README.md': 'use.ipynb', 'nbs/index.ipynb': 'use.ipynb'}
    return {f'nbs/{name}': name for name in chapters} | use | {name: name for name in BESIDE}


def target(link, source):
    "A link of a file of the repository as the site has it: to a page, or into the repository"
    path, hash_, anchor = link.partition('#')
    file = posixpath.normpath(posixpath.join(posixpath.dirname(source), path))
    if not (ROOT/file).exists(): raise SystemExit(f'{source}: the link {link} leads nowhere')
    if file in pages(): return f'/{pages()[file]}{hash_}{anchor}'
    return f'/{file.removeprefix("nbs/")}' if path.endswith('.png') else REPOSITORY + link_in_repository(file, anchor)


def link_in_repository(file, anchor): return f'{file}#{anchor}' if anchor else file


def relinked(text, source): return re.sub(LINK, lambda m: f']({target(m[1], source)})', text)


def relinked_html(text, source):
    "HTML that a cell has put out; its links are relative"
    def new(m):
        there = re.sub(r'\.(ipynb|md)\b', '.html', target(m[1], source))
        here = '/' + posixpath.dirname(pages()[source])
        return f'href="{posixpath.relpath(there, here) if there[0] == "/" else there}"'
    return re.sub(r'href="(?![a-z]+:|#)([^"]+)"', new, text)


# ---- titles ------------------------------------------------------------------------------------

def heading(source):
    "The title of a notebook as it stands there"
    return re.search(r'^# (.*)', '\n'.join(c.source for c in notebook(source).cells
                                           if c.cell_type == 'markdown'), re.M)[1]


def number(source):
    "The number of a chapter or experiment, or nothing"
    return (re.match(r'(\d+[a-z]?)_', Path(source).name) or ['', ''])[1]


def short_title(source): return ' · '.join(filter(None, (number(source), heading(source))))


def title(source):
    "As on the page itself, where the number says of what"
    return f'Experiment {short_title(source)}' if 'experiments/' in source and number(source) else short_title(source)


# ---- cells -------------------------------------------------------------------------------------

def directives(source):
    "`#| name: value` at the beginning of lines"
    return dict(re.findall(r'^#\|\s*([\w-]+):?[ \t]*(.*)$', source, re.M))


def is_setup(tree):
    "Only imports, and calls beside them that set something"
    return (any(isinstance(s, (ast.Import, ast.ImportFrom, ast.Try)) for s in tree.body) and
            all(isinstance(s, (ast.Import, ast.ImportFrom, ast.Try)) or isinstance(s, ast.Expr)
                and isinstance(s.value, ast.Call) for s in tree.body))


def tests(node):
    "Does a statement test something?"
    names = {getattr(n.func, 'id', '') for n in ast.walk(node) if isinstance(n, ast.Call)}
    return (any(isinstance(n, ast.Assert) for n in ast.walk(node))
            or any(name.startswith('test_') or name == 'expect_fail' for name in names))


def is_check(cell, tree):
    "Nothing to look at, no function that is defined, and a test at the end"
    defines = any(isinstance(s, (ast.FunctionDef, ast.ClassDef)) for s in tree.body)
    return bool(not cell.outputs and not defines and tree.body and tests(tree.body[-1]))


def alt_text(given, source): return given.get('fig-alt', '').strip('"\'') or f'Figure of {title(source)}'


def as_page(cell, source):
    "A code cell as the site shows it, or None"
    given = directives(cell.source)
    if {'default_exp', 'hide'} & given.keys(): return None
    if 'text/markdown' in str(cell.outputs) and given.get('echo') == 'false': return None
    cell.source = re.sub(r'^#\|.*\n?', '', cell.source, flags=re.M).strip('\n')
    if not cell.source and not cell.outputs: return None
    tree = ast.parse(re.sub(r'^([%!].*)$', '', cell.source, flags=re.M))
    look = dict(image=dict(alt=alt_text(given, source)))
    tags = []
    for kind, folded in (('imports', is_setup(tree)), ('check', is_check(cell, tree))):
        if not folded: continue
        tags = ['hide-input']
        look |= dict(code_prompt_show=f'Show {kind}', code_prompt_hide=f'Hide {kind}')
    if given.get('echo') == 'false': tags = ['remove-input']
    cell.metadata = dict(tags=tags, mystnb=look)
    for output in cell.outputs: output_as_page(output, source)
    return cell


def output_as_page(output, source):
    data = output.get('data', {})
    if 'application/vnd.jupyter.widget-view+json' in data: output.data = data = {'text/markdown': WIDGET}
    if 'text/html' in data: data['text/html'] = relinked_html(data['text/html'], source)


def reference_of(cell, source, module):
    "A line that leads from the code of a public name to its entry in the reference"
    found = [(f'{module.name}-{kind}-{name}'.lower(), name) for kind, name in module.defined_in(cell)]
    if not found: return []
    links = ', '.join(f'{{py:obj}}`{name} <si_regimes.{module.name}.{name}>`' for _, name in found)
    targets = '\n'.join(f'({label})=' for label, _ in found)
    return [nbformat.v4.new_markdown_cell(f'{targets}\n{{.to-reference}}\nReference: {links}')]


# ---- pages -------------------------------------------------------------------------------------

def module_of(source):
    "The module that a notebook exports, if any"
    for cell in notebook(source).cells:
        name = directives(cell.source).get('default_exp') if cell.cell_type == 'code' else None
        if name: return Module(ROOT/'si_regimes'/f'{name}.py')


def notebook_page(source):
    "A notebook as a page: title first, setup and tests folded, links as the site has them"
    module, cells, imports = module_of(source), [], []
    for cell in notebook(source).cells:
        new = nbformat.from_dict(cell)
        if cell.cell_type == 'code':
            new = as_page(new, source)
            if new is None: continue
            if module: cells += reference_of(cell, source, module)
        else: new.source = relinked(new.source, source)
        cells.append(new)
    first = next(i for i, c in enumerate(cells) if c.cell_type == 'markdown' and c.source.startswith('# '))
    cells.insert(0, cells.pop(first))
    cells[0].source = cells[0].source.replace(f'# {heading(source)}', f'# {title(source)}', 1)
    return written(cells, orphan=source.startswith('nbs/tests/'))


def written(cells, **metadata):
    nb = nbformat.v4.new_notebook(cells=cells, metadata=metadata | dict(language_info=dict(name='python')))
    return nbformat.writes(nb)


def toctree(names, caption='', hidden=True):
    lines = [f'{short_title("nbs/" + name)} <{Path("/", name).with_suffix("")}>' for name in names]
    return '\n'.join(['```{toctree}', *([f':caption: {caption}'] if caption else []), *[':hidden:']*hidden, '', *lines, '```', ''])


def use_page():
    "What README says, without the tables that are pages of their own"
    source, cells = 'nbs/index.ipynb', []
    for cell in notebook(source).cells:
        new = nbformat.from_dict(cell)
        if cell.cell_type == 'code': new = as_page(new, source)
        else: new.source = relinked(without_tables(cell.source), source)
        if new is not None: cells.append(new)
    cells[0].source = re.sub('^# .*', '# Install and use', cells[0].source)
    tree = '\n'.join(Path(name).stem for name in BESIDE)
    cells.append(nbformat.v4.new_markdown_cell(f'```{{toctree}}\n:hidden:\n\n{tree}\n```'))
    return written(cells)


def without_tables(text): return re.sub(r'^## The (chapters|experiments)\n.*?(?=^## |\Z)', '', text, flags=re.M | re.S)


def book_page():
    return '\n'.join(['# The book', '', relinked(section('The chapters'), 'nbs/index.ipynb'),
                      *(toctree(names, caption=group) for group, names in groups().items())])


def experiments_page():
    return '\n'.join(['# The experiments', '', relinked(section('The experiments'), 'nbs/index.ipynb').split('\nSee [')[0],
                      toctree(experiments())])


def reference_pages():
    "Every module that a chapter exports, and a list of them"
    found = {}
    for name in sum(groups().values(), []):
        source = f'nbs/{name}'
        module = module_of(source)
        if module is None: continue
        chapter = Path(name).with_suffix('').as_posix(), short_title(source)
        found[f'reference/{module.name}.md'] = page(module, chapter, REPOSITORY), module
    return {name: text for name, (text, _) in found.items()} | {
        'reference/index.md': reference_index([module for _, module in found.values()])}


def reference_index(modules):
    "All public names"
    rows = [f'[{m.name}](/reference/{m.name}.md): {plain(m.doc)}\n: ' + ', '.join(
        f'{{py:obj}}`{name} <si_regimes.{m.name}.{name}>`' for name in m.public) + '\n' for m in modules]
    tree = '\n'.join(m.name for m in modules)
    return '\n'.join(['# Reference', '', 'Every public name, by module.', '', *rows,
                      f'```{{toctree}}\n:hidden:\n\n{tree}\n```', ''])


def site():
    "Path in `_proc` and text of each page that is written"
    texts = {name: notebook_page(source) for source, name in pages().items()
             if source.startswith('nbs/') and source != 'nbs/index.ipynb'}
    texts |= {name: relinked((ROOT/name).read_text(encoding='utf-8'), name)
              for name in BESIDE}
    texts |= {'use.ipynb': use_page(), 'book.md': book_page(), 'experiments/index.md': experiments_page()}
    return texts | reference_pages() | {'index.md': (ROOT/'docs'/'index.md').read_text(encoding='utf-8')}


def without_outputs(source):
    "The notebook that can be downloaded: text and code"
    nb = nbformat.from_dict(notebook(source))
    for cell in nb.cells:
        if cell.cell_type == 'code': cell.outputs, cell.execution_count = [], None
    return nbformat.writes(nb)


def source_of(docname):
    "Where a page is written, and its notebook to download"
    files = {Path(name).with_suffix('').as_posix(): source for source, name in pages().items()}
    if docname.startswith('reference/') and docname != 'reference/index':
        return dict(view=f'{REPOSITORY}si_regimes/{Path(docname).name}.py')
    if docname not in files: return None
    source = files[docname]
    return dict(view=REPOSITORY + source,
                download=f'notebooks/{docname}.ipynb' if source.endswith('.ipynb') else '')


def slug(text):
    "Anchors as Jupyter makes them"
    return text.replace(' ', '-')


def write(file, text):
    "Only what has changed, so that Sphinx reads only that"
    if file.exists() and file.read_text(encoding='utf-8') == text: return
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding='utf-8')


def stage():
    "Write everything that Sphinx reads into `_proc`"
    texts = site()
    notebooks = {f'static/notebooks/{name}': without_outputs(source) for source, name in pages().items()
                 if source.endswith('.ipynb')}
    for file in OUT.rglob('*.[im][pd]*'):
        if file.relative_to(OUT).as_posix() not in texts | notebooks: file.unlink()
    for name, text in (texts | notebooks).items(): write(OUT/name, text)
    for folder in ('experiments/figures', 'images'):
        shutil.copytree(ROOT/'nbs'/folder, OUT/folder, dirs_exist_ok=True)
    mathjax = Path(find_spec('sphinx-mathjax-offline').origin).parent/'static'/'mathjax'
    fonts = 'output/chtml/fonts/woff-v2'
    shutil.copytree(mathjax/fonts, OUT/'static'/'mathjax'/fonts, dirs_exist_ok=True)
    shutil.copy(mathjax/'tex-chtml-full.js', OUT/'static'/'mathjax')
