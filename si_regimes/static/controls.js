// A slider over given options, a row of tabs, a board of pictures: native elements that keyboards and screen readers know.

function element(parent, tag, props = {}) { const e = Object.assign(document.createElement(tag), props); parent?.append(e); return e; }
function follow(model, keys, act) { act(); keys.forEach(k => model.on('change:' + k, act)); }

const kinds = {
  slider({ model, el }) {
    const label = element(el, 'label', { className: 'si-slider' }), words = element(label, 'span', { textContent: model.get('label') + ' ' });
    const output = element(words, 'b'), input = element(label, 'input', { type: 'range', min: 0, step: 1 });
    input.dataset.lmSuppressShortcuts = 'true';                        // or JupyterLab takes the arrow keys
    const say = () => { output.textContent = model.get('options')[+input.value] ?? ''; input.setAttribute('aria-valuetext', output.textContent); };
    input.addEventListener('input', () => { say(); model.set('index', +input.value); model.save_changes(); });
    follow(model, ['options', 'index'], () => { input.max = model.get('options').length - 1; if (document.activeElement !== input || +input.value > +input.max) input.value = model.get('index'); say(); });
  },
  tabs({ model, el }) {
    const row = element(el, 'div', { className: 'si-tabs', role: 'tablist' });
    const tabs = model.get('options').map((name, i) => {
      const b = element(row, 'button', { type: 'button', role: 'tab', textContent: name });
      b.dataset.lmSuppressShortcuts = 'true';
      b.addEventListener('click', () => choose(i));
      return b;
    });
    const choose = i => { model.set('index', i); model.save_changes(); tabs[i].focus(); };
    row.addEventListener('keydown', e => {
      const to = { ArrowRight: 1, ArrowLeft: -1, Home: -model.get('index'), End: -1 - model.get('index') }[e.key];
      if (to === undefined) return;
      e.preventDefault(); choose((model.get('index') + to + tabs.length) % tabs.length);
    });
    follow(model, ['index'], () => tabs.forEach((b, i) => { b.setAttribute('aria-selected', String(i === model.get('index'))); b.tabIndex = i === model.get('index') ? 0 : -1; }));
  },
  board({ model, el }) {                                               // words and pictures, which change together
    const grid = element(el, 'div', { className: 'si-board' }), words = element(grid, 'div', { className: 'si-say' });
    let turn = 0, shown = 0, urls = [];
    const draw = async () => {
      const own = ++turn, fresh = model.get('pngs').map(png => URL.createObjectURL(new Blob([png], { type: 'image/png' })));
      const images = fresh.map((src, i) => element(null, 'img', { src, alt: model.get('alts')[i] ?? '' })), text = model.get('words');
      await Promise.all(images.map(i => i.decode().catch(() => {})));
      if (own < shown) return fresh.forEach(URL.revokeObjectURL);
      shown = own;
      words.innerHTML = text;
      grid.replaceChildren(words, ...images);
      urls.forEach(URL.revokeObjectURL);
      urls = fresh;
      grid.dataset.drawn = shown;
    };
    draw();
    model.on('change', draw);
    return () => urls.forEach(URL.revokeObjectURL);
  },
};

export default { render: view => kinds[view.model.get('kind')](view) };
