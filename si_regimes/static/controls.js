// A slider over given options, a row of tabs, a picture: native elements that keyboards and screen readers know.

function element(parent, tag, props = {}) { const e = Object.assign(document.createElement(tag), props); parent?.append(e); return e; }
function follow(model, keys, act) { act(); keys.forEach(k => model.on('change:' + k, act)); }

const kinds = {
  slider({ model, el }) {
    const label = element(el, 'label', { className: 'si-slider' }), words = element(label, 'span', { textContent: model.get('label') + ' ' });
    const output = element(words, 'output'), input = element(label, 'input', { type: 'range', min: 0, step: 1 });
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
  picture({ model, el }) {
    const img = element(el, 'img', { className: 'si-picture' });
    let url = null;
    follow(model, ['png'], () => {
      const png = model.get('png');
      if (!png?.byteLength) return;
      const old = url;
      url = img.src = URL.createObjectURL(new Blob([png], { type: 'image/png' }));
      if (old) URL.revokeObjectURL(old);
    });
    follow(model, ['alt'], () => { img.alt = model.get('alt'); });
    return () => { if (url) URL.revokeObjectURL(url); };
  },
};

export default { render: view => kinds[view.model.get('kind')](view) };
