#!/usr/bin/env python3
"""Look at the built site in Chromium: axe-core on every page, light and dark; a phone; what moves.

It needs `npm install --prefix .cache axe-core` and `pip install -e '.[browser]'`; the variable
CHROMIUM names the browser.
"""
import os
import shutil
import sys
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

from playwright.sync_api import sync_playwright

from check import SITE, page_files
from pages import ROOT

AXE = ROOT/'.cache'/'node_modules'/'axe-core'/'axe.min.js'
BROWSER = shutil.which(os.environ.get('CHROMIUM', 'chromium'))
STILL = '* {transition: none !important; animation: none !important}'
OPEN = """async () => {
    await window.MathJax?.startup.promise;
    document.querySelectorAll('details').forEach(d => d.open = true);
    for (let i = 0; i < 3; i++) await new Promise(requestAnimationFrame);
}"""
SERIOUS = """async rules => {
    for (let i = 0; i < 3; i++) await new Promise(requestAnimationFrame);
    const {violations} = await axe.run({...rules, resultTypes: ['violations']});
    return violations.filter(v => ['serious', 'critical'].includes(v.impact)).map(
        ({id, nodes}) => `${id}, ${nodes.length} times, first ${nodes[0].html.slice(0, 200)}`);
}"""
WIDE = """() => {
    const scrolls = e => ['auto', 'scroll'].includes(getComputedStyle(e).overflowX);
    const inside = e => e.tagName !== 'ARTICLE' && (scrolls(e) || inside(e.parentElement));
    const far = e => e.getBoundingClientRect().right > innerWidth + 1;
    const all = 'article :not(mjx-assistive-mml, mjx-assistive-mml *)';
    const wide = [...document.querySelectorAll(all)].filter(e => far(e) && !inside(e));
    return wide.slice(0, 1).map(e => e.outerHTML.slice(0, 200));
}"""


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *args): pass


class Server(ThreadingHTTPServer):
    def handle_error(self, *args): pass                # the browser went on before a file was read


def names(): return [file.relative_to(SITE).as_posix() for file in page_files()]


def every_page(page, url):
    "What axe-core finds serious or critical; what is wider than a phone"
    for name in names():
        page.set_viewport_size(dict(width=360, height=780))
        page.goto(url + name)
        page.evaluate(OPEN)
        for html in page.evaluate(WIDE): yield f'{name}: wider than a phone is {html}'
        page.set_viewport_size(dict(width=1280, height=900))
        page.add_style_tag(content=STILL)
        for frame in page.frames: frame.add_script_tag(path=AXE)
        for scheme, rules in (('light', {}), ('dark', dict(runOnly=['color-contrast']))):
            page.emulate_media(color_scheme=scheme)
            for found in page.evaluate(SERIOUS, rules): yield f'{name}, {scheme}: {found}'


def toy(page, url):
    "The slider names the regime, and the mean loss comes near what the formula predicts"
    page.goto(url)
    for place, regime in ((.1, 'convergence'), (.45, 'equilibrium'), (.95, 'divergence')):
        name, measured, predicted = page.evaluate('''place => {
            const toy = document.querySelector('si-toy');
            toy.play(false);
            toy.slider.value = place;
            toy.slider.dispatchEvent(new Event('input'));
            toy.moved();
            return [toy.name.textContent, toy.measured(), toy.predicted()];
        }''', place)
        if name != regime or abs(measured - predicted) > .35:
            yield f'the toy at {place} of its slider: {name}, loss {measured}, not {predicted}'


def search(page, url):
    "A public name is found in the reference first"
    for name in ('SphereSGD', 'simulate', 'RunConfig', 'classify'):
        page.goto(f'{url}search.html?q={name}')
        first = page.locator('#search-results li a').first
        first.wait_for()
        if '/reference/' not in first.evaluate('a => a.href'):
            yield f'a search for {name} finds {first.inner_text()!r} first'


def folds(page, url):
    "A link into what is folded opens it"
    folded = [f for f in page_files() if '<details class="builders">' in f.read_text('utf-8')]
    for file in folded[:1]:
        name = file.relative_to(SITE).as_posix()
        page.goto(f'{url}{name}#for-builders')
        page.wait_for_load_state()
        if not page.evaluate('document.querySelector("details.builders").open'):
            yield f'{name}: the appendix stays folded'


def problems():
    server = Server(('127.0.0.1', 0), partial(Quiet, directory=SITE))
    Thread(target=server.serve_forever, daemon=True).start()
    url = f'http://127.0.0.1:{server.server_address[1]}/'
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=BROWSER, args=['--no-sandbox'])
        page, away = browser.new_page(), set()
        page.on('request', lambda r: r.url.startswith((url, 'data:')) or away.add(r.url))
        for look in (toy, search, folds, every_page): yield from look(page, url)
        yield from (f'a page asks for {u}' for u in away)


if __name__ == '__main__':
    found = [*problems()]
    print(f'{len(names())} pages in the browser, {len(found)} problems', *found, sep='\n')
    sys.exit(bool(found))
