"""Modules as checkers of types read them: what `@patch` adds to a class stands in the class.

mypy and pyright do not know fastcore's `patch`. So a wheel holds, beside each module that patches,
a `.pyi` with the same code, but for the places of these methods.
"""
import ast
from pathlib import Path

KINDS = {'as_prop=True': ['property'], 'cls_method=True': ['classmethod'], '': []}


def patches(decorator): return ast.unparse(decorator).partition('(')[0] == 'patch'


def is_patched(node): return any(map(patches, getattr(node, 'decorator_list', [])))


def as_method(function):
    "A patched function as it would stand in its class; and the name of the class"
    first, decorators = function.args.args[0], function.decorator_list
    owner, first.annotation = ast.unparse(first.annotation), None
    given, = (ast.unparse(d).partition('(')[2].rstrip(')') for d in decorators if patches(d))
    others = [d for d in decorators if not patches(d)]
    function.decorator_list = [*map(ast.Name, KINDS[given]), *others]
    return owner, function


def derived(name, tree):
    "A class of the name of one that a module imports, derived from that: here it has more methods"
    for node in tree.body:
        for alias in node.names if isinstance(node, ast.ImportFrom) else []:
            if alias.name == name: alias.asname = f'_{name}'
    tree.body += ast.parse(f'class {name}(_{name}): pass').body
    return tree.body[-1]


def stub(source):
    "A module with its methods in their classes; '' if it patches none"
    tree = ast.parse(source)
    functions = [node for node in tree.body if is_patched(node)]
    classes = {node.name: node for node in tree.body if isinstance(node, ast.ClassDef)}
    for owner, method in map(as_method, functions):
        if owner not in classes: classes[owner] = derived(owner, tree)
        classes[owner].body.append(method)
    tree.body = [node for node in tree.body if node not in functions]
    return ast.unparse(tree) + '\n' if functions else ''


def write_stubs(folder):
    "Write the stub of each module in a folder beside it"
    for module in Path(folder).glob('*.py'):
        text = stub(module.read_text(encoding='utf-8'))
        if text: module.with_suffix('.pyi').write_text(text, encoding='utf-8')
