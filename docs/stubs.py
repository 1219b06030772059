"""Modules as checkers of types read them: what `@patch` adds to a class stands in the class.

mypy and pyright do not know the decorators of fastcore: methods of `@patch` are missed, and what
`@delegates` or `@call_parse` decorates passes unchecked. So a wheel holds, beside each module that
uses them, a `.pyi` with the same code, but with methods in their places and without these.
"""
import ast
from pathlib import Path

KINDS = {'as_prop=True': ['property'], 'cls_method=True': ['classmethod'], '': []}


def called(decorator): return ast.unparse(decorator).partition('(')[0]


def is_patched(node): return any(called(d) == 'patch' for d in getattr(node, 'decorator_list', []))


def as_method(function):
    "A patched function as it would stand in its class; and the name of the class"
    first, decorators = function.args.args[0], function.decorator_list
    owner, first.annotation = ast.unparse(first.annotation), None
    given, = (ast.unparse(d).partition('(')[2].rstrip(')') for d in decorators
              if called(d) == 'patch')
    others = [d for d in decorators if called(d) != 'patch']
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
    "A module with its methods in their classes; '' if it needs no stub"
    tree = ast.parse(source)
    before = ast.unparse(tree)
    functions = [node for node in tree.body if is_patched(node)]
    classes = {node.name: node for node in tree.body if isinstance(node, ast.ClassDef)}
    for owner, method in map(as_method, functions):
        if owner not in classes: classes[owner] = derived(owner, tree)
        classes[owner].body.append(method)
    tree.body = [node for node in tree.body if node not in functions]
    for node in tree.body:
        if not isinstance(node, ast.FunctionDef): continue
        node.decorator_list = [d for d in node.decorator_list
                               if called(d) not in ('delegates', 'call_parse')]
    text = ast.unparse(tree)
    return '' if text == before else text + '\n'


def write_stubs(folder):
    "Write the stub of each module in a folder beside it"
    for module in Path(folder).glob('*.py'):
        text = stub(module.read_text(encoding='utf-8'))
        if text: module.with_suffix('.pyi').write_text(text, encoding='utf-8')
