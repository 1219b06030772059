"""How the index becomes README.md: hidden cells stay out; links are absolute, so that a package index shows them, too."""
import posixpath
import re
from configparser import ConfigParser
from pathlib import Path

settings = ConfigParser(delimiters=['='])
settings.read(Path(__file__).parent.parent/'settings.ini', encoding='utf-8')
REPO, BRANCH = settings['DEFAULT']['git_url'], settings['DEFAULT']['branch']


def absolute(match):
    "A link of the index, which is relative to `nbs/`, on the page of the repository; a picture as it is stored"
    path = posixpath.normpath(posixpath.join('nbs', match[2]))
    return f"{match[1]}({REPO}/{'raw' if match[1][0] == '!' else 'blob'}/{BRANCH}/{path})"


def for_readme(nb, resources):
    "Absolute links; tables as text and no directives"
    nb.metadata.language_info = {'name': 'python'}
    link = r'(!?\[[^\]]*\])\((?![a-z]+:|#)([^)\s]+)\)'
    for cell in nb.cells:
        if cell.cell_type == 'markdown':
            cell.source = re.sub(link, absolute, cell.source)
            continue
        if '#| echo: false' in cell.source: cell.metadata.transient = {'remove_source': True}
        cell.source = re.sub(r'^#\|.*\n', '', cell.source, flags=re.M)
        for data in (output.get('data', {}) for output in cell.outputs):
            data.pop('text/html', None)
            if 'text/markdown' in data: data['text/markdown'] = re.sub(link, absolute, data['text/markdown'])
    return nb, resources


c.RegexRemovePreprocessor.patterns = [r'#\| *(hide|default_exp)\b']  # noqa: F821 (Jupyter provides `c`)
c.MarkdownExporter.preprocessors = [for_readme]  # noqa: F821
