// What the explorers share: elements, the theme of the page, a slider whose track shows regimes.

function element(parent, tag, props = {}) {
  const e = Object.assign(document.createElement(tag), props);
  parent?.append(e);
  return e;
}

function isDark(e) {                      // is the ground of an element dark?
  const [r, g, b] = getComputedStyle(e).backgroundColor.match(/\d+/g) ?? [255, 255, 255];
  return +r + +g + +b < 384;
}

function onTheme(act) {                   // call when the theme changes; returns how to end that
  const media = matchMedia('(prefers-color-scheme: dark)'), seen = new MutationObserver(act);
  media.addEventListener('change', act);
  seen.observe(document.body, { attributes: true, attributeFilter: ['data-jp-theme-light'] });
  return () => {
    media.removeEventListener('change', act);
    seen.disconnect();
  };
}

const prefersStill = () => matchMedia('(prefers-reduced-motion: reduce)').matches;

// A label with a range input in it, whose track shows `bands` ([name, color, from, to], in shares
// of the track), and below it `marks` ([place, text]) and the names of the bands.
function regimeSlider(parent, text) {
  const label = element(parent, 'label', { className: 'si-slider' });
  const output = element(element(label, 'span', { textContent: text + ' ' }), 'b');
  const input = element(label, 'input', { type: 'range' });
  input.dataset.lmSuppressShortcuts = 'true';                  // or JupyterLab takes the arrow keys
  const under = element(label, 'span', { className: 'si-under', ariaHidden: 'true' });
  const at = place => `calc(var(--thumb) / 2 + (100% - var(--thumb)) * ${place})`;
  const paint = (bands, marks) => {
    const stops = bands.flatMap(([, color, from, to]) => [
      `transparent ${at(from)}`, `${color} ${at(from)}`, `${color} ${at(to)}`,
      `transparent ${at(to)}`]);
    const ground = stops.length ? stops.join(', ') : 'transparent, transparent';
    input.style.setProperty('--bands', `linear-gradient(90deg, ${ground})`);
    const places = element(null, 'span', { className: 'si-marks' });
    marks.forEach(([place, words], i) => {
      const mark = element(places, 'span', { textContent: words, className: i ? 'si-after' : '' });
      mark.style.left = at(place);
    });
    const names = element(null, 'span', { className: 'si-names' });
    for (const [name, color] of new Map(bands)) {
      const own = bands.filter(band => band[0] === name), e = element(names, 'span');
      e.textContent = name;
      e.style.flexGrow = own.reduce((share, [, , from, to]) => share + to - from, 0);
      e.style.setProperty('--band', color);
    }
    under.replaceChildren(places, names);
  };
  return { input, output, paint };
}
