// A slider over given options, a row of tabs, a board of words and pictures: native elements, which
// keyboards and screen readers know.

function element(parent, tag, props = {}) {
  const e = Object.assign(document.createElement(tag), props);
  parent?.append(e);
  return e;
}

function follow(model, names, act) {      // now, and whenever one of them changes
  act();
  names.forEach(name => model.on('change:' + name, act));
}

function tell(model, index) {
  model.set('index', index);
  model.save_changes();
}

function slider({ model, el }) {
  const label = element(el, 'label', { className: 'si-slider' });
  const words = element(label, 'span', { textContent: model.get('label') + ' ' });
  const output = element(words, 'b');
  const input = element(label, 'input', { type: 'range', min: 0, step: 1 });
  input.dataset.lmSuppressShortcuts = 'true';                  // or JupyterLab takes the arrow keys
  const say = () => {
    output.textContent = model.get('options')[+input.value] ?? '';
    input.setAttribute('aria-valuetext', output.textContent);
  };
  input.addEventListener('input', () => {
    say();
    tell(model, +input.value);
  });
  follow(model, ['options', 'index'], () => {
    input.max = model.get('options').length - 1;
    const moving = document.activeElement === input && +input.value <= +input.max;
    if (!moving) input.value = model.get('index');             // a hand on it is ahead of the model
    say();
  });
}

function tabs({ model, el }) {
  const row = element(el, 'div', { className: 'si-tabs', role: 'tablist' });
  const buttons = model.get('options').map((name, i) => {
    const b = element(row, 'button', { type: 'button', role: 'tab', textContent: name });
    b.dataset.lmSuppressShortcuts = 'true';
    b.addEventListener('click', () => choose(i));
    return b;
  });
  const choose = i => {
    tell(model, i);
    buttons[i].focus();
  };
  row.addEventListener('keydown', e => {
    const now = model.get('index'), last = buttons.length - 1;
    const to = { ArrowRight: now + 1, ArrowLeft: now - 1, Home: 0, End: last }[e.key];
    if (to === undefined) return;
    e.preventDefault();
    choose((to + buttons.length) % buttons.length);
  });
  follow(model, ['index'], () => buttons.forEach((b, i) => {
    const chosen = i === model.get('index');
    b.setAttribute('aria-selected', String(chosen));
    b.tabIndex = chosen ? 0 : -1;
  }));
}

function board({ model, el }) {           // words and pictures, which change together
  const grid = element(el, 'div', { className: 'si-board' });
  const words = element(grid, 'div', { className: 'si-say' });
  let turn = 0, shown = 0, urls = [];
  const free = () => urls.forEach(URL.revokeObjectURL);
  const draw = async () => {
    const own = ++turn, text = model.get('words'), alts = model.get('alts');
    const blobs = model.get('pngs').map(png => new Blob([png], { type: 'image/png' }));
    const fresh = blobs.map(URL.createObjectURL);
    const images = fresh.map((src, i) => element(null, 'img', { src, alt: alts[i] ?? '' }));
    await Promise.all(images.map(i => i.decode().catch(() => {})));
    if (own < shown) return fresh.forEach(URL.revokeObjectURL);    // a later one was faster
    shown = own;
    words.innerHTML = text;
    grid.replaceChildren(words, ...images);
    free();
    urls = fresh;
    grid.dataset.drawn = shown;
  };
  draw();
  model.on('change', draw);
  return free;
}

const kinds = { slider, tabs, board };

export default { render: view => kinds[view.model.get('kind')](view) };
