"""Pages for Sphinx, written from the notebooks into `_proc`; `build.py` begins with it.

The title comes first, imports and tests are folded, links are those of the site. Groups and order
are those of the tables in `nbs/index.ipynb`, whose sections become pages of their own.
"""
import ast
import re
import shutil
from configparser import ConfigParser
from functools import cache
from importlib.util import find_spec
from os.path import normpath, relpath
from pathlib import Path

import nbformat
from nbformat.v4 import new_markdown_cell, new_notebook, new_output

from reference import Module, page, plain

ROOT = Path(__file__).resolve().parent.parent
OUT = ROOT/'_proc'
settings = ConfigParser(delimiters=['='])
settings.read(ROOT/'settings.ini', encoding='utf-8')
CONFIG = settings['DEFAULT']
REPOSITORY = f"{CONFIG['git_url']}/blob/{CONFIG['branch']}/"
INDEX = 'nbs/index.ipynb'
BESIDE = ['CHANGELOG.md', 'CONTRIBUTING.md', 'SECURITY.md']    # pages from beside `nbs`
WIDGET = ('*Where the notebook runs, this moves: open it in JupyterLab, '
          "or run `pip install -e '.[app]' && si_app`.*")
PICTURES = '.png', '.gif', '.svg', '.jpg'
IMPORTS = ast.Import, ast.ImportFrom, ast.Try
DEFINITIONS = ast.FunctionDef, ast.ClassDef


# ---- the order of the pages ---------------------------------------------------------------------

@cache
def notebook(source): return nbformat.read(ROOT/source, as_version=4)


def shown(cell):
    "The text of a markdown cell, or what a code cell has put out as markdown"
    if cell.cell_type == 'markdown': return cell.source
    return ''.join(o.get('data', {}).get('text/markdown', '') for o in cell.get('outputs', []))


def section(title):
    "The text of a section of the index"
    text = '\n\n'.join(map(shown, notebook(INDEX).cells))
    found = re.search(rf'^## {title}\n(.*?)(?=^## |\Z)', text, re.M | re.S)[1]
    return found.split('\nSee [')[0]


def groups():
    "Groups of chapters, each with the paths of its notebooks"
    found = {}
    for first in re.findall(r'^\| (\*.*?\*|\[.*?\]\(.*?\)) \|', section('The chapters'), re.M):
        if first[0] == '*': found[first.strip('*').capitalize()] = paths = []
        else: paths.append(re.search(r'\((.*)\)', first)[1])
    return found


def chapters(): return sum(groups().values(), [])


def experiments():
    "Paths of the experiments, and at last the page of all verdicts"
    listed = re.findall(r'^\| \[.*?\]\((.*?)\)', section('The experiments'), re.M)
    return [*listed, 'experiments/verdicts.ipynb']


@cache
def pages():
    "Files of the repository that are pages, and their paths in `_proc`"
    told = {f'nbs/{path}': path for path in [*chapters(), *experiments(), 'tests/zoo.ipynb']}
    return told | {INDEX: 'use.ipynb', 'README.md': 'use.ipynb'} | {name: name for name in BESIDE}


# ---- links --------------------------------------------------------------------------------------

def target(link, source):
    "A link in a file as the site has it: to a page or picture, or into the repository"
    path, anchor = re.match('([^#]*)(.*)', link).groups()
    file = normpath(Path(source).parent/path)
    if not (ROOT/file).exists(): raise SystemExit(f'{source}: the link {link} leads nowhere')
    if file in pages(): return f'/{pages()[file]}{anchor}'
    if file.endswith(PICTURES): return '/' + file.removeprefix('nbs/')
    return REPOSITORY + file + anchor


def relinked(text, source):
    "Markdown with the links of the site"
    link = r'\]\((?![a-z]+:|#)([^)\s]+)\)'
    return re.sub(link, lambda m: f']({target(m[1], source)})', text)


def relinked_html(text, source):
    "HTML that a cell has put out, with the links of the site"
    def new(m):
        there = re.sub(r'\.(ipynb|md)\b', '.html', target(m[1], source))
        here = '/' + str(Path(pages()[source]).parent)
        return f'href="{relpath(there, here) if there[0] == "/" else there}"'
    return re.sub(r'href="(?![a-z]+:|#)([^"]+)"', new, text)


# ---- titles -------------------------------------------------------------------------------------

def heading(source):
    "The title of a notebook as it stands there"
    return re.search(r'^# (.*)', '\n'.join(map(shown, notebook(source).cells)), re.M)[1]


def short_title(source):
    "With the number of the chapter or experiment, if it has one"
    number = re.match(r'(\d+[a-z]?)_', Path(source).name)
    return f'{number[1]} · {heading(source)}' if number else heading(source)


def title(source):
    "As it stands on the page, where it tells an experiment from a chapter"
    short = short_title(source)
    return f'Experiment {short}' if 'experiments/' in source and short[0].isdigit() else short


def slug(text):
    "Anchors of headings, as Jupyter makes them"
    return text.replace(' ', '-')


# ---- cells --------------------------------------------------------------------------------------

def directives(cell):
    "What stands in lines as `#| name: value`"
    if cell.cell_type != 'code': return {}
    return dict(re.findall(r'^#\|\s*([\w-]+):?[ \t]*(.*)$', cell.source, re.M))


def is_setup(tree):
    "Only imports, and calls that set something"
    rest = [s for s in tree.body if not isinstance(s, IMPORTS)]
    calls = all(isinstance(s, ast.Expr) and isinstance(s.value, ast.Call) for s in rest)
    return calls and len(rest) < len(tree.body)


def tests(statement):
    "Does it test something?"
    called = {getattr(n.func, 'id', '') for n in ast.walk(statement) if isinstance(n, ast.Call)}
    return (any(isinstance(n, ast.Assert) for n in ast.walk(statement))
            or any(name.startswith('test_') or name == 'expect_fail' for name in called))


def is_check(cell, tree, later):
    "Nothing to look at, a test at the end, and no function that a later cell uses"
    defined = [s.name for s in tree.body if isinstance(s, DEFINITIONS)]
    used = any(re.search(rf'\b{name}\b', later) for name in defined)
    return bool(not cell.outputs and not used and tree.body and tests(tree.body[-1]))


def folded(cell, later, asked):
    "Tags and words of a cell that is folded, by what it is or since it says so"
    tree = ast.parse(re.sub(r'^[%!].*$', '', cell.source, flags=re.M))
    kinds = dict(imports=is_setup(tree), check=is_check(cell, tree, later), code=asked)
    kind = next((kind for kind, is_so in kinds.items() if is_so), None)
    if kind is None: return [], {}
    return ['hide-input'], dict(code_prompt_show=f'Show {kind}', code_prompt_hide=f'Hide {kind}')


def as_page(cell, source, later=''):
    "A code cell as the site shows it, or None; `later`: the code below it"
    given = directives(cell)
    if {'default_exp', 'hide'} & given.keys(): return None
    cell.source = re.sub(r'^#\|.*\n?', '', cell.source, flags=re.M).strip('\n')
    if not cell.source and not cell.outputs: return None
    tags, look = folded(cell, later, given.get('code-fold') == 'true')
    if given.get('echo') == 'false': tags = ['remove-input']
    alt = given.get('fig-alt', '').strip('"\'') or f'Figure of {title(source)}'
    cell.metadata = dict(tags=tags, mystnb=look | dict(image=dict(alt=alt)))
    cell.outputs = [o for output in cell.outputs for o in outputs_as_page(output, source)]
    return cell


def outputs_as_page(output, source):
    "Links as the site has them; of a widget its picture, if there is one, and a sentence"
    data = output.get('data', {})
    if 'text/html' in data: data['text/html'] = relinked_html(data['text/html'], source)
    if not data.pop('application/vnd.jupyter.widget-view+json', None): return [output]
    said = new_output('display_data', {'text/markdown': WIDGET})
    return [output, said] if 'image/png' in data else [said]


def live_toy(cell, path):
    "The toy of the first page, in the place of an explorer that needs a kernel"
    given = re.search(r'^ToyExplorer\(elr=(\S+), alpha=(\[.*?\])\)$', cell.source, re.M)
    if not given: return []
    elr, alpha = map(ast.literal_eval, given.groups())
    ends = f'low="{.1/sum(alpha):g}" high="{100/sum(alpha):g}"'
    toy = f'<si-toy elr="{elr}" alpha="{alpha}" {ends}></si-toy>'
    script = relpath('_static/toy.js', Path(path).parent)
    return [new_output('display_data', {'text/html': f'{toy}<script src="{script}" defer></script>'})]


def module_of(source):
    "The module that a notebook exports, if any"
    names = [given['default_exp'] for cell in notebook(source).cells
             if 'default_exp' in (given := directives(cell))]
    return Module(ROOT/'si_regimes'/f'{names[0]}.py') if names else None


def to_reference(cell, module):
    "A line above the code of public names that leads to their entries in the reference"
    found = module.defined_in(cell) if module else {}
    if not found: return []
    labels = ''.join(f'({module.label(name)})=\n' for name in found)
    text = f'{labels}{{.to-reference}}\nReference: {module.links(found)}'
    return [new_markdown_cell(text)]


# ---- pages --------------------------------------------------------------------------------------

def cells_of(source):
    "The cells of a notebook as the site shows them"
    module, old = module_of(source), notebook(source).cells
    for i, cell in enumerate(old):
        new = nbformat.from_dict(cell)
        if cell.cell_type == 'markdown':
            new.source = relinked(cell.source, source)
            yield new
            continue
        later = '\n'.join(c.source for c in old[i + 1:] if c.cell_type == 'code')
        if not as_page(new, source, later): continue
        new.outputs += live_toy(cell, pages()[source])
        yield from [*to_reference(cell, module), new]


def written(cells, **metadata):
    "The text of a notebook"
    python = dict(language_info=dict(name='python'))
    return nbformat.writes(new_notebook(cells=cells, metadata=metadata | python))


def notebook_page(source):
    "A notebook with its title first; tests stand in no table of contents"
    cells = [*cells_of(source)]
    first = next(c for c in cells if c.cell_type == 'markdown' and c.source.startswith('# '))
    cells.remove(first)
    cells.insert(0, first)
    cells[0].source = cells[0].source.replace(heading(source), title(source), 1)
    return written(cells, **({'orphan': True} if 'tests/' in source else {}))


def toctree(entries, caption=''):
    "Pages that come next, in this order"
    options = [':hidden:', *([f':caption: {caption}'] if caption else [])]
    return '\n'.join(['```{toctree}', *options, '', *entries, '```', ''])


def titled(paths):
    return [f'{short_title(f"nbs/{p}")} </{Path(p).with_suffix("")}>' for p in paths]


def use_page():
    "What README says; its two tables are pages of their own"
    cells, tables = [*cells_of(INDEX)], r'^## The (chapters|experiments)\n.*?(?=^## |\Z)'
    cells = [cell for cell in cells if 'text/markdown' not in str(cell.get('outputs'))]
    for cell in cells: cell.source = re.sub(tables, '', cell.source, flags=re.M | re.S)
    cells[0].source = re.sub('^# .*', '# Install and use', cells[0].source)
    tree = toctree([Path(name).stem for name in BESIDE])
    return written([*cells, new_markdown_cell(tree)])


def table_page(heading, name, *toctrees):
    "A section of the index, and the pages that it lists"
    return '\n'.join([f'# {heading}', '', relinked(section(name), INDEX), '', *toctrees])


def reference_pages():
    "A page for each module that a chapter exports, and a list of all names"
    found = [(m, path) for path in chapters() if (m := module_of(f'nbs/{path}'))]
    names = [f'[{m.name}](/reference/{m.name}.md): {plain(m.doc)}\n: {m.links(m.public)}\n'
             for m, _ in found]
    index = ['# Reference', '', 'Every public name, by module.', '', *names,
             toctree([m.name for m, _ in found])]
    return {'reference/index.md': '\n'.join(index)} | {
        f'reference/{m.name}.md': page(m, short_title(f'nbs/{path}'), path, REPOSITORY)
        for m, path in found}


def site():
    "Paths in `_proc`, and the texts of all pages"
    texts = {pages()[name]: relinked((ROOT/name).read_text('utf-8'), name) for name in BESIDE}
    texts |= {path: notebook_page(source) for source, path in pages().items()
              if source.startswith('nbs/') and source != INDEX}
    texts['index.md'] = (ROOT/'docs'/'index.md').read_text('utf-8')
    texts['use.ipynb'] = use_page()
    by_group = [toctree(titled(paths), group) for group, paths in groups().items()]
    texts['book.md'] = table_page('The book', 'The chapters', *by_group)
    texts['experiments/index.md'] = table_page('The experiments', 'The experiments',
                                               toctree(titled(experiments())))
    return texts | reference_pages()


# ---- sources ------------------------------------------------------------------------------------

def without_outputs(source):
    "The notebook that can be downloaded: text and code"
    nb = nbformat.from_dict(notebook(source))
    for cell in nb.cells:
        if cell.cell_type == 'code': cell.outputs, cell.execution_count = [], None
    return nbformat.writes(nb)


def downloads():
    "Paths in `_proc`, and the texts of the notebooks"
    return {f'static/notebooks/{path}': without_outputs(source)
            for source, path in pages().items() if source.endswith('.ipynb')}


def source_of(docname):
    "Where a page is written, and the notebook to download"
    if re.match('reference/(?!index)', docname):
        return dict(view=f'{REPOSITORY}si_regimes/{Path(docname).name}.py')
    files = {str(Path(path).with_suffix('')): source for source, path in pages().items()
             if source != 'README.md'}
    if docname not in files: return {}
    notebook = f'notebooks/{docname}.ipynb' if files[docname].endswith('.ipynb') else ''
    return dict(view=REPOSITORY + files[docname], download=notebook)


def copy_mathjax():
    "MathJax and its fonts, so that no page asks elsewhere"
    mathjax = Path(find_spec('sphinx-mathjax-offline').origin).parent/'static'/'mathjax'
    fonts, here = 'output/chtml/fonts/woff-v2', OUT/'static'/'mathjax'
    shutil.copytree(mathjax/fonts, here/fonts)
    shutil.copy(mathjax/'tex-chtml-full.js', here)


def stage():
    "Write all that Sphinx reads into `_proc`"
    shutil.rmtree(OUT, ignore_errors=True)
    for folder in ('experiments/figures', 'images'): shutil.copytree(ROOT/'nbs'/folder, OUT/folder)
    for path, text in (site() | downloads()).items():
        (OUT/path).parent.mkdir(parents=True, exist_ok=True)
        (OUT/path).write_text(text, encoding='utf-8')
    copy_mathjax()
