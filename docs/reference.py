"""Reference pages from the source of the modules: signatures, and the comments beside parameters.

Nothing is imported, so the site is built without torch.
"""
import ast
import io
import re
import tokenize
from bisect import bisect
from pathlib import Path

KINDS = {ast.FunctionDef: 'function', ast.ClassDef: 'class'}
PROPERTIES = 'property', 'cached_property'


# ---- what stands in a module --------------------------------------------------------------------

def names(statement):
    "Names that a statement defines"
    if type(statement) in KINDS: return [statement.name]
    if isinstance(statement, ast.AnnAssign): return [statement.target.id]
    if not isinstance(statement, ast.Assign): return []
    return [n.id for t in statement.targets for n in ast.walk(t) if isinstance(n, ast.Name)]


def decorators(statement): return [*map(ast.unparse, getattr(statement, 'decorator_list', []))]


def is_patch(statement): return any(d.startswith('patch') for d in decorators(statement))


def is_property(function):
    return any(d in PROPERTIES or 'as_prop=True' in d for d in decorators(function))


class Module:
    "A module of the library: its public names, its comments, the cells that it was exported from"

    def __init__(self, file):
        source, self.name = Path(file).read_text(encoding='utf-8'), Path(file).stem
        self.lines, self.tree = source.splitlines(), ast.parse(source)
        self.doc = ast.get_docstring(self.tree) or ''
        tokens = tokenize.generate_tokens(io.StringIO(source).readline)
        self.comments = {t.start[0]: t.string.strip('# ') for t in tokens
                         if t.type == tokenize.COMMENT}
        exported = [ast.literal_eval(s.value) for s in self.tree.body if names(s) == ['__all__']]
        self.public = {name: s for s in self.tree.body for name in names(s)
                       if exported and name in exported[0] and not is_patch(s)}
        marks = ((i, re.match(r'# %% \S+ #(\w+)', line)) for i, line in enumerate(self.lines, 1))
        self.cells = [(i, mark[1]) for i, mark in marks if mark]

    def defined_in(self, cell):
        "The public names that a cell of the notebook defines"
        starts = [i for i, _ in self.cells]
        return [name for name, s in self.public.items() if self.cells and
                self.cells[bisect(starts, s.lineno) - 1][1] == cell.id]

    def kind(self, name): return KINDS.get(type(self.public[name]), 'data')

    def label(self, name):
        "The anchor of its code in the chapter; letters of labels are small, so its kind stands by"
        return f'{self.name}-{self.kind(name)}-{name}'.lower()

    def links(self, found):
        "Links to entries"
        return ', '.join(f'{{py:obj}}`{name} <si_regimes.{self.name}.{name}>`' for name in found)

    def methods(self, cls):
        "What stands in a class, and what was added to it later"
        added = (s for s in self.tree.body if is_patch(s))
        return [*cls.body, *(s for s in added if annotation(s.args.args[0]) == cls.name)]

    def comment(self, first, last):
        "The comment at the end of a statement, after those alone on the lines above it"
        found = [self.comments.get(last, '')]
        while self.lines[first - 2].strip().startswith('#'):
            first -= 1
            found.insert(0, self.comments[first])
        return ' '.join(filter(None, found))


# ---- parameters ---------------------------------------------------------------------------------

def annotation(arg): return ast.unparse(arg.annotation) if arg.annotation else ''


def default(node):
    "A default as it is written; that of a field which checks itself is its first argument"
    if isinstance(node, ast.Call) and ast.unparse(node.func) in ('field', 'ruled') and node.args:
        node = node.args[0]
    return f'={ast.unparse(node)}'


def arguments(function):
    "Each parameter with its stars and its default"
    a = function.args
    ordinary = a.posonlyargs + a.args
    defaults = [None]*(len(ordinary) - len(a.defaults)) + a.defaults
    yield from (('', arg, value) for arg, value in zip(ordinary, defaults))
    if a.vararg: yield '*', a.vararg, None
    yield from (('', arg, value) for arg, value in zip(a.kwonlyargs, a.kw_defaults))
    if a.kwarg: yield '**', a.kwarg, None


def passed_on(function):
    "Where the remaining keywords go"
    to = [m[1] for d in decorators(function) if (m := re.match(r'delegates\((.*)\)', d))]
    return f'what `{to[0]}` takes' if to else ''


def parameters(module, function):
    "How each stands in the signature; its name, its type and its comment"
    several = [*arguments(function)]
    ends = [(value or arg).end_lineno for _, arg, value in several]
    for i, (stars, arg, value) in enumerate(several):
        alone = arg.lineno > function.lineno and ends[i] not in ends[i + 1:]
        note = module.comment(arg.lineno, ends[i]) if alone else ''
        if stars == '**': note = note or passed_on(function)
        if arg in function.args.kwonlyargs[:1] and not function.args.vararg: yield '*', '', '', ''
        name = stars + arg.arg
        yield name + (default(value) if value else ''), name, annotation(arg), note


def returned(module, function):
    "The type, and the comment after the closing parenthesis"
    head = range(function.lineno, function.body[0].lineno)
    ends = [i for i in head if re.match(r'[^#]*\)\s*(->[^#]*)?:\s*(#|$)', module.lines[i - 1])]
    type_ = ast.unparse(function.returns) if function.returns else ''
    return type_, module.comments.get(ends[0], '') if ends else ''


def fields(module, cls):
    "Parameters of a dataclass"
    for s in cls.body:
        if not isinstance(s, ast.AnnAssign): continue
        shown = s.target.id + (default(s.value) if s.value else '')
        yield shown, s.target.id, annotation(s), module.comment(s.lineno, s.end_lineno)


# ---- entries ------------------------------------------------------------------------------------

def plain(text):
    "Text as markdown that shows it as it is; what stands in backticks stays code"
    parts = re.split(r'(`[^`]*`)', text)
    return ''.join(part if part.startswith('`') else re.sub(r'([\\*_\[\]<>$|#{}~])', r'\\\1', part)
                   for part in parts)


def field_list(found, result=('', '')):
    "Parameters and result, each with its type and comment"
    rows = [(f'param {name}', type_, note) for _, name, type_, note in found if name]
    for role, type_, note in [*rows, ('returns', *result)]:
        said = ', '.join(filter(None, (f'*{plain(type_)}*' if type_ else '', plain(note))))
        if said: yield f':{role}: {said}'


def directive(kind, signature, *lines, options=(), fence='```'):
    "An entry of Sphinx's domain of Python"
    return '\n'.join([f'{fence}{{py:{kind}}} {signature}', *options, '', *lines, fence, ''])


def signature(name, found): return f"{name}({', '.join(shown for shown, *_ in found)})"


def function_entry(module, function, kind='function', where=()):
    found = [*parameters(module, function)][kind == 'method':]
    said = field_list(found, returned(module, function))
    doc = plain(ast.get_docstring(function) or '')
    return directive(kind, signature(function.name, found), doc, '', *said, '', *where)


def method_entries(module, cls):
    "Public methods and properties"
    for s in module.methods(cls):
        name = (names(s) or ['_'])[0]
        if name.startswith('_'): continue
        if isinstance(s, ast.FunctionDef) and is_property(s):
            yield directive('property', name, plain(ast.get_docstring(s) or ''))
        elif isinstance(s, ast.FunctionDef):
            yield function_entry(module, s, 'method')
        elif isinstance(s.value, ast.Call) and ast.unparse(s.value.func) in PROPERTIES:
            docs = [ast.literal_eval(k.value) for k in s.value.keywords if k.arg == 'doc']
            note = docs[0] if docs else module.comment(s.lineno, s.end_lineno)
            yield directive('property', name, plain(note))


def class_entry(module, cls, where):
    made = [s for s in cls.body if getattr(s, 'name', '') == '__init__']
    found = [*parameters(module, made[0])][1:] if made else [*fields(module, cls)]
    shown = signature(cls.name, found) if found else cls.name
    doc, bases = plain(ast.get_docstring(cls) or ''), ', '.join(map(ast.unparse, cls.bases))
    of = [f'Inherits from `{bases}`.', ''] if bases else []
    return directive('class', shown, doc, '', *field_list(found), '', *of, *where, '',
                     *method_entries(module, cls), fence='````')


def data_entry(module, name, statement, where):
    value = ast.unparse(statement.value)
    options = [f':value: {value}'] if len(value) < 80 else []
    note = plain(module.comment(statement.lineno, statement.end_lineno))
    return directive('data', name, note, '', *where, options=options)


def entry(module, name, where):
    "One public name"
    kind, statement = module.kind(name), module.public[name]
    if kind == 'function': return function_entry(module, statement, where=where)
    if kind == 'class': return class_entry(module, statement, where)
    return data_entry(module, name, statement, where)


def page(module, title, chapter, repository):
    "The page of a module; `title` and `chapter`: of the notebook that explains it, and its path"
    lines = [f'# {module.name}', '', plain(module.doc), '', f'Chapter [{title}](/{chapter})', '',
             f'```{{py:currentmodule}} si_regimes.{module.name}', '```', '']
    for name, s in module.public.items():
        code = f'{repository}si_regimes/{module.name}.py#L{s.lineno}-L{s.end_lineno}'
        where = ['{.where}', f'[Source of `{name}`]({code}) · '
                 f'[where chapter {title} explains it](#{module.label(name)})']
        lines.append(entry(module, name, where))
    return '\n'.join(lines)
