"""Reference pages from the modules' source: signatures, and the comments beside parameters."""
import ast
import io
import re
import tokenize
from functools import cached_property
from pathlib import Path

DEFINITIONS = {ast.FunctionDef: 'def', ast.ClassDef: 'class'}
PROPERTIES = ('property', 'cached_property')


class Module:
    "A module of the library: what it defines, and which cell of which notebook defined it"

    def __init__(self, file):
        self.file, self.name = Path(file), Path(file).stem
        self.source = self.file.read_text(encoding='utf-8')
        self.lines = self.source.splitlines()
        self.tree = ast.parse(self.source)
        self.doc = ast.get_docstring(self.tree) or ''
        tokens = tokenize.generate_tokens(io.StringIO(self.source).readline)
        self.comments = {t.start[0]: t.string.strip('# ').strip() for t in tokens
                         if t.type == tokenize.COMMENT}

    @cached_property
    def public(self):
        "Names in `__all__` that this module defines itself, in the order of its source"
        exported = next((ast.literal_eval(s.value) for s in self.tree.body
                         if isinstance(s, ast.Assign) and names(s) == ['__all__']), [])
        return {name: s for s in self.tree.body for name in names(s)
                if name in exported and not is_patch(s)}

    @cached_property
    def cells(self):
        "Ids of the notebook's cells, and the lines of the module that they begin at"
        return [(i, m[1]) for i, line in enumerate(self.lines, 1)
                if (m := re.match(r'# %% \S+ #(\w+)', line))]

    def defined_in(self, cell):
        "Kind and name of each public name that a cell defines"
        found = [(kind(s), name) for name, s in self.public.items()
                 if [i for line, i in self.cells if line <= s.lineno][-1:] == [cell.id]]
        return found

    def patched(self, name):
        "Methods that were added to a class after its definition"
        return [s for s in self.tree.body if is_patch(s)
                and ast.unparse(s.args.args[0].annotation) == name]


def names(statement):
    "Names that a statement of a module defines"
    if type(statement) in DEFINITIONS: return [statement.name]
    if isinstance(statement, ast.AnnAssign): return [statement.target.id]
    if not isinstance(statement, ast.Assign): return []
    return [n.id for t in statement.targets for n in ast.walk(t) if isinstance(n, ast.Name)]


def kind(statement): return DEFINITIONS.get(type(statement), 'data')


def decorators(function):
    return [ast.unparse(d) for d in getattr(function, 'decorator_list', [])]


def is_patch(statement): return any(d.startswith('patch') for d in decorators(statement))


def is_property(function):
    return any(d in PROPERTIES or 'as_prop=True' in d for d in decorators(function))


# ---- parameters --------------------------------------------------------------------------------

def comment(module, first, last):
    "The comment that ends on a line, with those that stand alone on the lines above it"
    found = [module.comments.get(last, '')]
    while first > 1 and module.lines[first - 2].strip().startswith('#'):
        first -= 1
        found.insert(0, module.comments[first])
    return ' '.join(filter(None, found))


def default(node):
    "A default as it is written; of a dataclass's field that checks itself, what it would be"
    if isinstance(node, ast.Call) and ast.unparse(node.func) in ('field', 'ruled') and node.args:
        node = node.args[0]
    return ast.unparse(node)


def parameters(module, function, is_method=False):
    "Of each parameter: how it stands in the signature, its name, its type and its comment"
    a, found = function.args, []
    ordinary = a.posonlyargs + a.args
    defaults = [None]*(len(ordinary) - len(a.defaults)) + a.defaults
    several = [(arg, '', value) for arg, value in zip(ordinary, defaults)][is_method:]
    several += [(a.vararg, '*', None)] if a.vararg else [('*',)] if a.kwonlyargs else []
    several += [(arg, '', value) for arg, value in zip(a.kwonlyargs, a.kw_defaults)]
    several += [(a.kwarg, '**', None)] if a.kwarg else []
    for arg, *rest in several:
        if not rest:
            found.append(('*', '', '', ''))
            continue
        stars, value = rest
        end = max(arg.end_lineno, value.end_lineno if value else 0)
        last_there = not any(o is not arg and getattr(o, 'lineno', 0) == end and o.col_offset > arg.col_offset
                             for o, *_ in several if o != '*')
        note = comment(module, arg.lineno, end) if last_there and arg.lineno > function.lineno else ''
        type_ = ast.unparse(arg.annotation) if arg.annotation else ''
        shown = f'{stars}{arg.arg}' + (f'={default(value)}' if value else '')
        found.append((shown, stars + arg.arg, type_, note))
    return found


def returned(module, function):
    "The comment after the closing parenthesis, and the type"
    rows = range(function.lineno, function.body[0].lineno)
    taken = {a.end_lineno for a in ast.walk(function.args) if isinstance(a, ast.arg)}
    ends = [r for r in rows if re.search(r'\)\s*(->.*)?:\s*(#|$)', module.lines[r - 1])]
    note = module.comments.get(ends[-1], '') if ends and ends[-1] not in taken - {function.lineno} else ''
    return ast.unparse(function.returns) if function.returns else '', note


def fields(module, cls):
    "Parameters of a dataclass: its annotated names"
    return [(s.target.id + (f'={default(s.value)}' if s.value else ''), s.target.id,
             ast.unparse(s.annotation), comment(module, s.lineno, s.end_lineno))
            for s in cls.body if isinstance(s, ast.AnnAssign)]


# ---- entries -----------------------------------------------------------------------------------

def plain(text):
    "Text as markdown that shows it as it is; what stands in backticks stays code"
    parts = re.split(r'(`[^`]*`)', text)
    return ''.join(p if p.startswith('`') else re.sub(r'([\\*_\[\]<>$|#{}~])', r'\\\1', p) for p in parts)


def described(found, returns=('', '')):
    "Parameters and result as a field list"
    rows = [(f'param {name}', type_, note) for _, name, type_, note in found if name]
    type_, note = returns
    if type_ or note: rows.append(('returns', type_, note))
    text = {role: ', '.join(filter(None, (f'*{plain(t)}*' if t else '', plain(n)))) for role, t, n in rows}
    return [f':{role}: {said}'.rstrip() for role, said in text.items() if said]


def directive(name, signature, lines, options=(), fence=4):
    "A directive of the Python domain"
    ticks = '`'*fence
    return '\n'.join([f'{ticks}{{py:{name}}} {signature}', *options, '', *lines, ticks, ''])


def function_entry(module, function, where=(), role='function', is_method=False):
    found = parameters(module, function, is_method)
    signature = f"{function.name}({', '.join(shown for shown, *_ in found)})"
    lines = [plain(ast.get_docstring(function) or ''), '', *described(found, returned(module, function)), '', *where]
    return directive(role, signature, lines, fence=4 if role == 'function' else 3)


def property_entry(name, doc): return directive('property', name, [plain(doc)], fence=3)


def methods(module, cls):
    "Entries of the public methods and properties, also of those that were added later"
    for s in cls.body + module.patched(cls.name):
        if isinstance(s, ast.FunctionDef) and not s.name.startswith('_'):
            if is_property(s): yield property_entry(s.name, ast.get_docstring(s) or '')
            else: yield function_entry(module, s, role='method', is_method=True)
        elif isinstance(s, ast.Assign) and isinstance(s.value, ast.Call) and ast.unparse(s.value.func) in PROPERTIES:
            docs = [ast.literal_eval(k.value) for k in s.value.keywords if k.arg == 'doc']
            yield property_entry(names(s)[0], docs[0] if docs else comment(module, s.lineno, s.end_lineno))


def class_entry(module, cls, where):
    made = next((s for s in cls.body if getattr(s, 'name', '') == '__init__'), None)
    found = parameters(module, made, True) if made else fields(module, cls)
    signature = f"{cls.name}({', '.join(shown for shown, *_ in found)})"
    bases = ', '.join(f'`{ast.unparse(b)}`' for b in cls.bases)
    lines = [plain(ast.get_docstring(cls) or ''), '', *described(found), '', *([f'Bases: {bases}', ''] if bases else []),
             *where, '', *methods(module, cls)]
    return directive('class', signature, lines)


def data_entry(module, name, statement, where):
    value = ast.unparse(statement.value)
    options = [f':value: {value}'] if len(value) < 80 and '\n' not in value else []
    return directive('data', name, [plain(comment(module, statement.lineno, statement.end_lineno)), '', *where], options)


def entry(module, name, statement, where):
    "One public name"
    if isinstance(statement, ast.FunctionDef): return function_entry(module, statement, where)
    if isinstance(statement, ast.ClassDef): return class_entry(module, statement, where)
    return data_entry(module, name, statement, where)


def page(module, chapter, repository):
    "The reference page of a module; `chapter`: docname and title of the chapter that explains it"
    docname, title = chapter
    head = [f'# {module.name}', '', plain(module.doc), '', f'Chapter: [{title}](/{docname})', '',
            f'```{{py:currentmodule}} si_regimes.{module.name}', '```', '']
    entries = []
    for name, s in module.public.items():
        label = f'{module.name}-{kind(s)}-{name}'.lower()
        source = f'{repository}si_regimes/{module.name}.py#L{s.lineno}-L{s.end_lineno}'
        where = ['{.where}', f'[Source of `{name}`]({source}) · [where chapter {title} explains it](#{label})']
        entries.append(entry(module, name, s, where))
    return '\n'.join(head + entries)
