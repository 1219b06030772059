#!/usr/bin/env python3
"""Check the site that `build.py` wrote: links and anchors, sizes, pictures without a text of their own."""
import re
import sys
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

from pages import REPOSITORY, ROOT

SITE = ROOT/'_docs'/'html'
WITHOUT_TEXT = 105          # pictures that have no `#| fig-alt: …` yet; may only become fewer
PAGE, WHOLE = 1.5e6, 20e6   # bytes: a page with its pictures, and the whole site
KINDS = {'.bak', '.css', '.html', '.inv', '.ipynb', '.js', '.png', '.svg', '.txt', '.woff', '.woff2', ''}


class Page(HTMLParser):
    "What a page links to, what it loads, its anchors and pictures"

    def __init__(self, file):
        super().__init__()
        self.file, self.links, self.loads, self.ids, self.alts = file, [], [], set(), []
        self.text = file.read_text(encoding='utf-8')
        self.feed(self.text)

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        self.ids |= {given[k] for k in ('id', 'name') if given.get(k)}
        if tag == 'a' and given.get('href'): self.links.append(given['href'])
        if tag == 'link' and given.get('rel') != 'canonical': self.loads.append(given.get('href'))
        if given.get('src'): self.loads.append(given['src'])
        if tag == 'img': self.alts.append(given.get('alt') or '')


def there(page, link):
    "The file and anchor that a link leads to, or None if it leaves the site"
    url = urlsplit(link)
    if url.scheme or url.netloc: return None
    file = (page.file.parent/unquote(url.path)).resolve() if url.path else page.file
    return file, unquote(url.fragment)


def broken(page, pages):
    "Links of a page that lead nowhere"
    for link in {*page.links, *page.loads}:
        if link.startswith(REPOSITORY):
            if not (ROOT/urlsplit(link.removeprefix(REPOSITORY)).path).exists(): yield f'{link} is not in the repository'
        elif there(page, link) is None:
            if link in page.loads and not link.startswith('data:'): yield f'loads {link} from elsewhere'
        else:
            file, anchor = there(page, link)
            if not file.exists(): yield f'{link} leads nowhere'
            elif anchor and file in pages and anchor not in pages[file].ids: yield f'{link}: no such anchor'


def weight(page):
    "Bytes of a page and the pictures on it"
    files = {there(page, link)[0] for link in page.loads if there(page, link) and link.endswith('.png')}
    return sum(f.stat().st_size for f in {page.file, *files})


def problems(pages):
    for page in pages.values():
        name = page.file.relative_to(SITE)
        yield from (f'{name}: {text}' for text in broken(page, pages))
        if weight(page) > PAGE: yield f'{name}: {weight(page)/1e6:.1f} MB'
        if '' in page.alts: yield f'{name}: a picture without alternative text'
        if '<span class="c1">#|' in page.text: yield f'{name}: shows a directive of nbdev'
    strange = {f.suffix for f in SITE.rglob('*') if f.is_file()} - KINDS
    if strange: yield f'files of kinds that do not belong to a site: {strange}'
    whole = sum(f.stat().st_size for f in SITE.rglob('*') if f.is_file())
    if whole > WHOLE: yield f'the site has {whole/1e6:.1f} MB'
    print(f'{len(pages)} pages, {whole/1e6:.1f} MB, the largest {max(map(weight, pages.values()))/1e6:.2f} MB')


def without_text(pages):
    "How many pictures of each page have no text of their own"
    return Counter({p.file.relative_to(SITE).as_posix(): sum(a.startswith('Figure of ') for a in p.alts)
                    for p in pages.values()})


if __name__ == '__main__':
    pages = {file: Page(file) for file in sorted(SITE.rglob('*.html')) if '_static' not in file.parts}
    found, lacking = [*problems(pages)], +without_text(pages)
    print(f'{lacking.total()} pictures without `#| fig-alt: …`:', *(f'{n} {name}' for name, n in lacking.items()), sep='\n  ')
    if lacking.total() > WITHOUT_TEXT: found.append(f'more than {WITHOUT_TEXT} pictures without `#| fig-alt: …`')
    print(*found, sep='\n')
    sys.exit(bool(found))
