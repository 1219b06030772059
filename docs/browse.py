#!/usr/bin/env python3
"""Look at the built site in Chromium: axe-core on every page, in light and in dark; what moves; a phone.

`npm install --prefix .cache axe-core`, `pip install -e '.[browser]'`; the variable CHROMIUM names the browser.
"""
import os
import shutil
import sys
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

from playwright.sync_api import sync_playwright

from check import SITE
from pages import ROOT

AXE = ROOT/'.cache'/'node_modules'/'axe-core'/'axe.min.js'
BROWSER = shutil.which(os.environ.get('CHROMIUM', 'chromium'))
SERIOUS = """async () => {
    document.querySelectorAll('details').forEach(d => d.open = true);
    document.head.insertAdjacentHTML('beforeend', '<style>* {transition: none !important}</style>');
    const found = [];
    for (const theme of ['light', 'dark']) {
        document.documentElement.dataset.theme = theme;
        const rules = theme === 'dark' ? {runOnly: ['color-contrast']} : {};
        const {violations} = await axe.run({...rules, resultTypes: ['violations']});
        for (const {id, impact, nodes} of violations) if (['serious', 'critical'].includes(impact))
            found.push(`${theme}: ${id}, ${nodes.length} times, first ${nodes[0].target} ${nodes[0].html.slice(0, 120)}`);
    }
    return found;
}"""


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *args): pass


def names(): return sorted(f.relative_to(SITE).as_posix() for f in SITE.rglob('*.html') if '_static' not in f.parts)


def accessibility(page, url):
    "What axe-core finds serious or critical, by page"
    for name in names():
        page.goto(url + name)
        page.wait_for_load_state('networkidle')
        page.add_script_tag(path=AXE)
        for text in page.evaluate(SERIOUS): yield f'{name}: {text}'


def phone(page, url):
    "Pages that are wider than a phone"
    page.set_viewport_size(dict(width=360, height=780))
    for name in names():
        page.goto(url + name)
        width = page.evaluate('document.documentElement.scrollWidth')
        if width > 360: yield f'{name}: {width} pixels wide on a phone of 360'


def toy(page, url):
    "The slider names the regime, and the loss comes near what the formula predicts"
    page.goto(url)
    for value, regime in ((.1, 'convergence'), (.45, 'equilibrium'), (.95, 'divergence')):
        near = page.evaluate('''value => {
            const toy = document.querySelector('si-toy');
            toy.play(false);
            toy.slider.value = value;
            toy.slider.dispatchEvent(new Event('input'));
            toy.moved();
            return [toy.name.textContent, toy.measured(), toy.predicted()];
        }''', value)
        if near[0] != regime or abs(near[1] - near[2]) > .35: yield f'the toy at {value}: {near}, not {regime}'


def found_first(page, url):
    "Search finds the reference first"
    for name in ('SphereSGD', 'simulate', 'RunConfig', 'classify'):
        page.goto(f'{url}search.html?q={name}')
        first = page.locator('#search-results li a').first
        first.wait_for()
        if '/reference/' not in first.evaluate('a => a.href'): yield f'search for {name} finds {first.inner_text()} first'


def folds(page, url):
    "A link into what is folded opens it"
    appendices = [n for n in names() if 'details class="builders"' in (SITE/n).read_text(encoding='utf-8')]
    for name in appendices[:1]:
        page.goto(f'{url}{name}#for-builders')
        page.wait_for_timeout(300)
        if not page.evaluate('document.querySelector("details.builders").open'): yield f'{name}: the appendix stays folded'


def found():
    server = ThreadingHTTPServer(('127.0.0.1', 0), partial(Quiet, directory=SITE))
    Thread(target=server.serve_forever, daemon=True).start()
    url = f'http://127.0.0.1:{server.server_address[1]}/'
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=BROWSER, args=['--no-sandbox'])
        page, away = browser.new_page(), []
        page.on('request', lambda r: None if r.url.startswith((url, 'data:')) else away.append(r.url))
        for look in (toy, found_first, folds, accessibility, phone): yield from look(page, url)
        yield from (f'a page asks for {u}' for u in {*away})


if __name__ == '__main__':
    problems = [*found()]
    print(f'{len(names())} pages', *problems, sep='\n')
    sys.exit(bool(problems))
