// A slider over given options, a row of tabs, a board of words and pictures: native elements, which
// keyboards and screen readers know.

function follow(model, names, act) {      // now, and whenever one of them changes
  act();
  names.forEach(name => model.on('change:' + name, act));
}

function tell(model, values) {
  for (const [name, value] of Object.entries(values)) model.set(name, value);
  model.save_changes();
}

function slider({ model, el }) {
  const { input, output, paint } = regimeSlider(el, model.get('label'));
  Object.assign(input, { min: 0, step: 1 });
  const say = () => {
    output.textContent = model.get('options')[+input.value] ?? '';
    input.setAttribute('aria-valuetext', output.textContent);
  };
  input.addEventListener('input', () => {
    say();
    tell(model, { index: +input.value });
  });
  follow(model, ['options', 'index'], () => {
    input.max = model.get('options').length - 1;
    const moving = document.activeElement === input && +input.value <= +input.max;
    if (!moving) input.value = model.get('index');             // a hand on it is ahead of the model
    say();
  });
  follow(model, ['bands', 'marks'], () => paint(model.get('bands'), model.get('marks')));
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
    tell(model, { index: i });
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
  const words = element(grid, 'div', { className: 'si-say' }), said = element(words, 'div');
  const fold = element(words, 'details', { className: 'si-why' });
  element(fold, 'summary', { textContent: 'Why?' });
  const reason = element(fold, 'div');
  let turn = 0, shown = 0, urls = [];
  const free = () => urls.forEach(URL.revokeObjectURL);
  const draw = async () => {
    const own = ++turn;
    const [text, why, alts] = ['words', 'why', 'alts'].map(name => model.get(name));
    const blobs = model.get('pngs').map(png => new Blob([png], { type: 'image/png' }));
    const fresh = blobs.map(URL.createObjectURL);
    const images = fresh.map((src, i) => element(null, 'img', { src, alt: alts[i] ?? '' }));
    await Promise.all(images.map(i => i.decode().catch(() => {})));
    if (own < shown) return fresh.forEach(URL.revokeObjectURL);    // a later one was faster
    shown = own;
    said.innerHTML = text;
    reason.innerHTML = why;
    fold.hidden = !why;
    grid.querySelectorAll('img').forEach(i => i.remove());
    grid.append(...images);
    free();
    urls = fresh;
    grid.dataset.drawn = shown;
  };
  const look = () => {                    // tell what pictures and motion the page wants
    if (!grid.isConnected) return;
    const dark = isDark(grid);
    grid.classList.toggle('si-dark', dark);
    tell(model, { dark, still: prefersStill() });
  };
  draw();
  model.on('change', draw);
  const end = onTheme(look), attached = new ResizeObserver(look);
  attached.observe(grid);
  return () => {
    end();
    attached.disconnect();
    free();
  };
}

const kinds = { slider, tabs, board };

export default { render: view => kinds[view.model.get('kind')](view) };
