#!/usr/bin/env python3
"""Check the site that `build.py` wrote: links and anchors, sizes, texts of pictures."""
import sys
from collections import Counter
from html.parser import HTMLParser
from urllib.parse import unquote, urlsplit

from pages import PICTURES, REPOSITORY, ROOT

SITE = ROOT/'_docs'/'html'
PAGE, WHOLE = 1.5e6, 20e6   # bytes: a page with its pictures, and the whole site
KINDS = '.css .html .inv .ipynb .js .jpeg .txt .woff .woff2'.split() + [*PICTURES, '']


class Page(HTMLParser):
    "What a page links to, what it loads, its anchors and its pictures"

    def __init__(self, file):
        super().__init__()
        self.file, self.name = file, file.relative_to(SITE).as_posix()
        self.links, self.loads, self.ids, self.alts = set(), set(), set(), []
        self.text = file.read_text(encoding='utf-8')
        self.feed(self.text)

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        self.ids |= {given.get('id'), given.get('name')}
        if tag == 'a': self.links.add(given.get('href') or '#')
        elif tag == 'link' and given.get('rel') != 'canonical': self.loads.add(given['href'])
        elif 'src' in given: self.loads.add(given['src'])
        if tag == 'img': self.alts.append(given.get('alt') or '')

    def file_of(self, link):
        "The file of the site that a link leads to, or None if it leads elsewhere"
        url = urlsplit(link)
        if url.scheme or url.netloc: return None
        return (self.file.parent/unquote(url.path)).resolve() if url.path else self.file

    @property
    def weight(self):
        "Bytes of the page and the pictures on it"
        shown = [link for link in self.loads if link.endswith((*PICTURES, '.jpeg'))]
        return sum(file.stat().st_size for file in {self.file, *map(self.file_of, shown)})


def page_files(): return [f for f in sorted(SITE.rglob('*.html')) if '_static' not in f.parts]


def fault(page, link, pages):
    "What is wrong with a link, or nothing"
    file, anchor = page.file_of(link), unquote(urlsplit(link).fragment)
    if link.startswith(REPOSITORY):
        inside = urlsplit(link.removeprefix(REPOSITORY)).path
        return '' if (ROOT/inside).exists() else 'is not in the repository'
    if file is None: return 'is loaded from elsewhere' if link in page.loads else ''
    if not file.exists(): return 'leads nowhere'
    if anchor and file in pages and anchor not in pages[file].ids: return 'has no such anchor'


def problems(pages):
    for page in pages.values():
        faults = ((link, fault(page, link, pages)) for link in page.links | page.loads)
        yield from (f'{page.name}: {link} {what}' for link, what in faults if what)
        if page.weight > PAGE: yield f'{page.name}: {page.weight/1e6:.1f} MB'
        if '' in page.alts: yield f'{page.name}: a picture without alternative text'
        if '<span class="c1">#|' in page.text: yield f'{page.name}: shows a directive of nbdev'
    files = [file for file in SITE.rglob('*') if file.is_file()]
    whole, strange = sum(f.stat().st_size for f in files), {f.suffix for f in files} - {*KINDS}
    if strange: yield f'files of kinds that do not belong to the site: {strange}'
    if whole > WHOLE: yield f'the site has {whole/1e6:.1f} MB'
    largest = max(page.weight for page in pages.values())
    print(f'{len(pages)} pages, {whole/1e6:.1f} MB, the largest {largest/1e6:.2f} MB')


def without_text(pages):
    "How many pictures of each page have no text of their own"
    lacking = {p.name: sum(a.startswith('Figure of ') for a in p.alts) for p in pages.values()}
    return +Counter(lacking)


if __name__ == '__main__':
    pages = {file: Page(file) for file in page_files()}
    found, lacking = [*problems(pages)], without_text(pages)
    found += [f'{name} has {n} pictures without `#| fig-alt: …`' for name, n in lacking.items()]
    print(*found, sep='\n')
    sys.exit(bool(found))
