// The toy explorer: F(θ) = Σ αᵢ xᵢ²/(xᵢ²+yᵢ²) on the unit sphere, computed and drawn in the page.
// θ is a flat Float64Array, start by start, group by group, (x, y).
// What Python knows as well (colors of the regimes, ranges, …) is sent along, as `constants`.

const SHOWN = 400;                        // steps kept in view
const LINES = 16;                         // starts whose loss is drawn; the mean is over all
const TRAIL = 24;                         // steps of the first start that an orbit shows
const DASHES = [[], [7, 3], [2, 2], [9, 3, 2, 3]];             // of the groups
const FALL = 3, BACK = 0.5;               // c at which the buttons put the ELR
const TOUR = { from: 0.3, to: 30, steps: 240 };                // of c, up and down again

// ---- arithmetic --------------------------------------------------------------------------------

const sum = a => a.reduce((s, v) => s + v, 0);
const clamp = (v, lo, hi) => Math.min(hi, Math.max(lo, v));

function uniforms(seed) {                 // numbers from 0 to 1 from a 32-bit seed (mulberry32)
  let s = seed >>> 0;
  return () => {
    s = (s + 0x6D2B79F5) | 0;
    let t = Math.imul(s ^ (s >>> 15), 1 | s);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

export function normals(seed) {           // standard normal numbers (Box-Muller)
  const uniform = uniforms(seed);
  let spare = null;
  return () => {
    if (spare !== null) {
      const v = spare;
      spare = null;
      return v;
    }
    const r = Math.sqrt(-2 * Math.log(1 - uniform()));
    const a = 2 * Math.PI * uniform();
    spare = r * Math.sin(a);
    return r * Math.cos(a);
  };
}

export function randomStarts(n, m, seed) {         // n starts of m groups, uniform on the sphere
  const theta = Float64Array.from({ length: n * m * 2 }, normals(seed));
  normalise(theta, new Float64Array(n * m), m);
  return theta;
}

// The next two functions repeat si_regimes.toy operation by operation, so that orbits agree bit for
// bit.

function normalise(theta, norms, m) {     // every start to the unit sphere; norms gets ρᵢ²
  for (let k = 0; k < norms.length; k += m) {
    let r = 0;
    for (let i = k; i < k + m; i++) {
      const x = theta[2 * i], y = theta[2 * i + 1];
      norms[i] = y * y + x * x;
      r = i === k ? norms[i] : r + norms[i];
    }
    r = 1 / r;
    const s = Math.sqrt(r);
    for (let i = k; i < k + m; i++) {
      norms[i] *= r;
      theta[2 * i] *= s;
      theta[2 * i + 1] *= s;
    }
  }
}

// One gradient step of every start, and back to the sphere; a ρᵢ² below `least` counts as `least`.
export function advance(theta, norms, alpha, elr, least, kick = null) {
  const m = alpha.length;
  for (let i = 0; i < norms.length; i++) {
    const x = theta[2 * i], y = theta[2 * i + 1];
    const inverse = 1 / Math.max(norms[i], least);
    let q = x * y * inverse * (2 * alpha[i % m] * elr);
    if (kick) q += kick();
    q *= inverse;
    theta[2 * i] = x - q * y;
    theta[2 * i + 1] = y + q * x;
  }
  normalise(theta, norms, m);
}

export function lossOf(theta, at, alpha) {
  let f = 0;
  for (let i = 0, j = at; i < alpha.length; i++, j += 2) {
    const xx = theta[j] * theta[j], yy = theta[j + 1] * theta[j + 1];
    f += alpha[i] * xx / (xx + yy);
  }
  return f;
}

export function simulate(alpha, elr, starts, steps, least) {   // every θ of a noiseless run
  const theta = Float64Array.from(starts);
  const norms = new Float64Array(starts.length / 2);
  normalise(theta, norms, alpha.length);
  const out = [Array.from(theta)];
  for (let t = 0; t < steps; t++) {
    advance(theta, norms, alpha, elr, least);
    out.push(Array.from(theta));
  }
  return out;
}

export function theory(alpha, elr, divergence) {               // closed forms, as si_regimes.toy
  const S = sum(alpha), c = elr * S, beyond = c > 1;
  let regime = c < divergence ? 'equilibrium' : 'divergence';
  if (c < 1) regime = 'convergence';
  return {
    S, c, regime, threshold: 1 / S, random: S / 2,
    loss: beyond ? (S - 1 / elr) / 2 : 0,
    psi: beyond ? Math.acos(1 / c) / 2 : 0,
  };
}

// ---- the simulation on show --------------------------------------------------------------------

class Simulation {                        // rings of the last SHOWN steps; step t lies at `at(t)`
  constructor(alpha, starts, noise, seed, least) {
    Object.assign(this, { alpha, noise, least, m: alpha.length, size: SHOWN + 1, t: 0 });
    this.n = starts.length / (2 * this.m);
    this.theta = Float64Array.from(starts);
    this.norms = new Float64Array(this.n * this.m);
    normalise(this.theta, this.norms, this.m);
    this.normal = normals(seed + 0x9E3779B9);
    this.loss = new Float64Array(this.n * this.size);
    this.mean = new Float64Array(this.size);
    this.elr = new Float64Array(this.size);                    // with which each step was made
    this.first = new Float64Array(this.m * 2 * this.size);     // the path of the first start
    this.since = 0;                                            // step at which the ELR was changed
    this.record(0);
  }
  at(t) { return t % this.size; }
  record(elr) {
    const s = this.at(this.t), w = 2 * this.m;
    this.elr[s] = elr;
    let total = 0;
    for (let k = 0; k < this.n; k++) {
      const loss = lossOf(this.theta, k * w, this.alpha);
      this.loss[k * this.size + s] = loss;
      total += loss;
    }
    this.mean[s] = total / this.n;
    this.first.set(this.theta.subarray(0, w), s * w);
  }
  advance(elr, steps) {
    const kick = this.noise ? () => this.noise * elr * this.normal() : null;
    for (let i = 0; i < steps; i++) {
      advance(this.theta, this.norms, this.alpha, elr, this.least, kick);
      this.t++;
      this.record(elr);
    }
  }
  changed() { this.since = this.t; }
  get from() { return Math.max(0, this.t - SHOWN); }
  measured() {     // mean over the starts and the later half of the steps since the ELR was changed
    const since = Math.min(SHOWN, this.t - this.since), k = Math.ceil(since / 2);
    let total = 0;
    for (let i = 0; i <= k; i++) total += this.mean[this.at(this.t - i)];
    return total / (k + 1);
  }
  lossAt(k, t) { return this.loss[k * this.size + this.at(t)]; }
  firstAt(t, i) {                                              // (x, y) of a group
    const j = this.at(t) * 2 * this.m + 2 * i;
    return [this.first[j], this.first[j + 1]];
  }
  squaredNorm(t, i) {                                          // ρᵢ² of the first start
    const j = this.at(t) * 2 * this.m + 2 * i;
    return this.first[j] ** 2 + this.first[j + 1] ** 2;
  }
}

// ---- numbers and axes --------------------------------------------------------------------------

const SUPERSCRIPTS = { '-': '⁻', 0: '⁰', 1: '¹', 2: '²', 3: '³', 4: '⁴', 5: '⁵', 6: '⁶', 7: '⁷',
  8: '⁸', 9: '⁹' };
const power = k => '10' + [...String(k)].map(ch => SUPERSCRIPTS[ch]).join('');

export function show(v) {
  if (v === 0) return '0';
  const k = Math.floor(Math.log10(Math.abs(v)));
  if (k >= -3 && k < 4) return String(+v.toPrecision(3));
  return (v / 10 ** k).toFixed(1) + '·' + power(k);
}

function powersOfTen({ lo, hi }) {                             // at most six ticks of a log axis
  const a = Math.ceil(Math.log10(lo) - 1e-9), b = Math.floor(Math.log10(hi) + 1e-9);
  const by = Math.max(1, Math.ceil((b - a) / 5));
  const exponents = Array.from({ length: Math.floor((b - a) / by) + 1 }, (_, i) => a + i * by);
  return exponents.map(k => [10 ** k, Math.abs(k) < 3 ? show(10 ** k) : power(k)]);
}

function roundNumbers({ lo, hi }) {                            // some five ticks of a linear axis
  const raw = (hi - lo) / 4, p = 10 ** Math.floor(Math.log10(raw));
  const by = [1, 2, 5, 10].find(k => k * p >= raw * 0.999) * p, first = Math.ceil(lo / by);
  const values = Array.from({ length: Math.floor((hi - lo) / by) + 2 }, (_, i) => (first + i) * by);
  return values.filter(v => v <= hi * (1 + 1e-9)).map(v => [v, String(+v.toPrecision(6))]);
}

const ticks = axis => axis.log ? powersOfTen(axis) : roundNumbers(axis);

class View {                              // a figure with a caption and a canvas, and axes in it
  constructor(parent, title) {
    this.figure = element(parent, 'figure');
    element(this.figure, 'figcaption', { textContent: title });
    this.canvas = element(this.figure, 'canvas');
    this.canvas.setAttribute('role', 'img');
    this.ctx = this.canvas.getContext('2d');
    Object.assign(this, { ink: '#222', ground: '#fff' });
  }
  clear() {
    const { canvas, ctx } = this, w = canvas.clientWidth, h = canvas.clientHeight;
    const d = window.devicePixelRatio || 1, width = Math.round(w * d), height = Math.round(h * d);
    const same = canvas.width === width && canvas.height === height;
    if (!same) Object.assign(canvas, { width, height });       // this takes time
    Object.assign(this, { w, h });
    ctx.setTransform(d, 0, 0, d, 0, 0);
    ctx.clearRect(0, 0, w, h);
    ctx.font = '12px system-ui, sans-serif';
    ctx.lineJoin = 'bevel';               // round joins are slow where a line jumps at every step
  }
  axes(x, y) {
    this.clear();
    Object.assign(this, { x, y, box: { l: 46, r: this.w - 14, t: 8, b: this.h - 34 } });
    const { ctx, box } = this;
    Object.assign(ctx, { fillStyle: this.ink, strokeStyle: this.ink, lineWidth: 1 });
    this.ticks();
    ctx.textAlign = 'center';
    ctx.textBaseline = 'top';
    ctx.fillText(x.label, (box.l + box.r) / 2, box.b + 19);
    ctx.save();
    ctx.translate(10, (box.t + box.b) / 2);
    ctx.rotate(-Math.PI / 2);
    ctx.textBaseline = 'middle';
    ctx.fillText(y.label, 0, 0);
    ctx.restore();
    ctx.globalAlpha = 0.5;
    ctx.strokeRect(box.l, box.t, box.r - box.l, box.b - box.t);
    ctx.globalAlpha = 1;
  }
  ticks() {
    const { ctx, box } = this;
    ctx.textAlign = 'center';
    ctx.textBaseline = 'top';
    for (const [v, text] of ticks(this.x)) {
      this.grid(this.px(v), box.t, this.px(v), box.b);
      ctx.fillText(text, this.px(v), box.b + 4);
    }
    ctx.textAlign = 'right';
    ctx.textBaseline = 'middle';
    for (const [v, text] of ticks(this.y)) {
      this.grid(box.l, this.py(v), box.r, this.py(v));
      ctx.fillText(text, box.l - 5, this.py(v));
    }
  }
  grid(...ends) {
    this.ctx.globalAlpha = 0.12;
    this.segment(...ends);
    this.ctx.globalAlpha = 1;
  }
  scale({ lo, hi, log }, v) {
    if (log) return Math.log(Math.max(v, 1e-300) / lo) / Math.log(hi / lo);
    return (v - lo) / (hi - lo);
  }
  px(v) { return this.box.l + this.scale(this.x, v) * (this.box.r - this.box.l); }
  py(v) { return this.box.b - clamp(this.scale(this.y, v), 0, 1.02) * (this.box.b - this.box.t); }
  segment(x0, y0, x1, y1) {
    const { ctx } = this;
    ctx.beginPath();
    ctx.moveTo(x0, y0);
    ctx.lineTo(x1, y1);
    ctx.stroke();
  }
  vertical(v) { this.segment(this.px(v), this.box.t, this.px(v), this.box.b); }
  line(from, to, value, color, { alpha = 1, shift = 0, dash = [] } = {}) {
    const { ctx } = this;
    ctx.beginPath();
    ctx.setLineDash(dash);
    for (let t = from; t <= to; t++) ctx.lineTo(this.px(t), this.py(value(t)) + shift);
    Object.assign(ctx, { strokeStyle: color, lineWidth: 1, globalAlpha: alpha });
    ctx.stroke();
    ctx.globalAlpha = 1;
    ctx.setLineDash([]);
  }
  level(v, color, text, below = false) {
    const { ctx, box } = this, Y = this.py(v);
    ctx.setLineDash([6, 4]);
    Object.assign(ctx, { strokeStyle: color, lineWidth: 2 });
    this.segment(box.l, Y, box.r, Y);
    ctx.setLineDash([]);
    if (text) this.note(text, box.r - 4, below ? Y + 10 : Y - 8, 'right');
  }
  note(text, x, y, align = 'left') {
    const { ctx } = this;
    Object.assign(ctx, { textAlign: align, textBaseline: 'middle', lineWidth: 3,
      strokeStyle: this.ground, fillStyle: this.ink });
    ctx.strokeText(text, x, y);
    ctx.fillText(text, x, y);
  }
  dot(x, y, r, fill, stroke = null) {
    const { ctx } = this;
    ctx.beginPath();
    ctx.arc(x, y, r, 0, 2 * Math.PI);
    if (fill) {
      ctx.fillStyle = fill;
      ctx.fill();
    }
    if (stroke) {
      Object.assign(ctx, { strokeStyle: stroke, lineWidth: 2 });
      ctx.stroke();
    }
  }
  shade(from, to, color) {
    const { ctx, box } = this;
    Object.assign(ctx, { globalAlpha: 0.2, fillStyle: color });
    ctx.fillRect(from, box.t, to - from, box.b - box.t);
    ctx.globalAlpha = 1;
  }
  inside(draw) {                          // draw, and cut off what leaves the box
    const { ctx, box } = this;
    ctx.save();
    ctx.beginPath();
    ctx.rect(box.l, box.t - 3, box.r - box.l, box.b - box.t + 6);
    ctx.clip();
    draw();
    ctx.restore();
  }
}

// ---- the explorer: controls --------------------------------------------------------------------

const NUMBERS = { c: 'c = η·Σα', threshold: 'first boundary 1/Σα', predicted: 'predicted loss',
  measured: 'measured loss', random: 'loss of random points Σα/2' };
const SPEEDS = [[4, 1 / 15], [15, 1 / 4], [60, 1], [600, 10]].map(
  ([steps, aFrame]) => [`${steps} steps a second`, aFrame]);
const CAPTIONS = {
  orbit: 'Points on circles: loss least at top and bottom; dashed: where they end',
  loss: 'Loss by step: the mean in the colour of its regime, single starts in grey',
  map: 'Loss in the end by ELR: line predicted, dots measured, the large one now',
  radii: 'Squared norm of each group (first start), and dashed where the norms balance, αᵢ/Σα',
};
const MEANING = {
  convergence: 'Small steps: every point comes to rest at the top or the bottom of its circle.',
  equilibrium: 'Too long a step to come to rest: the points jump from side to side, and the loss '
    + 'stays at a level.',
  divergence: 'The steps are so long that the loss is almost that of random points.',
};

class Explorer {
  constructor(model, el) {
    Object.assign(this, { model, playing: false, frames: 0, drawn: 0, seen: new Map() });
    this.constants = model.get('constants');
    this.root = element(el, 'section', { className: 'si-toy' });
    this.root.setAttribute('aria-label', 'Toy explorer: effective learning rate and regimes');
    this.build();
    this.read();
    this.restart();
    this.root.toy = this;                 // for tests and for the curious
    this.watch();
    if (!prefersStill()) this.play(true);
  }
  theory(alpha, elr) { return theory(alpha, elr, this.constants.divergence); }
  simulate(...of) { return simulate(...of, this.constants.least); }
  color(regime) { return this.constants.regimes[regime][this.dark ? 'night' : 'color']; }

  build() {
    this.buildDeck(element(this.root, 'div', { className: 'si-deck' }));
    const place = element(this.root, 'div', { className: 'si-views' });
    this.why = element(this.root, 'details');
    element(this.why, 'summary', { textContent: 'Why?' });
    this.reason = element(this.why, 'p');
    this.buildNumbers(element(this.why, 'dl'));
    const below = element(this.why, 'div', { className: 'si-views' });
    const more = element(this.root, 'details');
    element(more, 'summary', { textContent: 'Settings' });
    this.buildSettings(element(more, 'div', { className: 'si-row' }));
    this.alphas = element(more, 'div', { className: 'si-row' });
    const views = Object.entries(CAPTIONS).map(
      ([name, title]) => [name, new View(name === 'radii' ? below : place, title)]);
    this.views = Object.fromEntries(views);
    for (const fold of [this.why, more]) fold.addEventListener('toggle', () => this.draw());
  }
  buildDeck(deck) {                       // what stays in sight: the regime, the ELR, the buttons
    const head = element(deck, 'div', { className: 'si-head' });
    this.name = element(head, 'strong', { className: 'si-regime' });
    this.name.setAttribute('aria-live', 'polite');
    this.meaning = element(head, 'span', { className: 'si-meaning' });
    const { input, output, paint } = regimeSlider(deck, 'Effective learning rate (step size)');
    Object.assign(this, { slider: input, elrText: output, track: paint });
    const [min, max] = this.constants.ranges.elr.map(Math.log10);
    Object.assign(input, { min, max, step: 0.01 });
    input.addEventListener('input', () => this.to(10 ** +input.value));
    const row = element(deck, 'div', { className: 'si-row' });
    const main = element(row, 'span', { className: 'si-main' });
    this.button(main, 'Fall out', () => this.jump(FALL));
    this.button(main, 'Come back', () => this.jump(BACK));
    this.button(main, 'Up and down', () => this.goRound());
    this.playButton = this.button(row, 'Play', () => this.play(!this.playing));
  }
  buildNumbers(list) {
    this.cells = {};
    for (const [key, text] of Object.entries(NUMBERS)) {
      const cell = element(list, 'div');
      element(cell, 'dt', { textContent: text });
      this.cells[key] = element(cell, 'dd');
      this.cells[key].dataset.key = key;
    }
  }
  buildSettings(row) {
    const { groups, n_starts, seed, noise } = this.constants.ranges;
    const grown = m => Array.from({ length: m }, (_, i) => this.alpha[i] ?? 1);
    this.button(row, 'One step', () => {
      this.play(false);
      this.sim.advance(this.elr, 1);
      this.draw();
    });
    this.button(row, 'Restart', () => this.restart(0));
    this.speed = this.select(row, 'Speed', SPEEDS, 1 / 4);
    this.counts = {
      m: this.number(row, 'Groups', groups, 1, m => this.set({ alpha: grown(m) })),
      n: this.number(row, 'Starts', n_starts, 1, v => this.set({ n_starts: v })),
      seed: this.number(row, 'Seed', seed, 1, v => this.set({ seed: v })),
      noise: this.number(row, 'Noise σ', noise, 'any', v => this.set({ noise: v })),
    };
    const tick = element(row, 'label');
    this.log = this.input(tick, 'checkbox', {}, () => this.draw());
    element(tick, 'span', { textContent: 'logarithmic loss' });
  }

  input(parent, type, props, act) {
    const e = element(parent, 'input', { type, ...props });
    e.dataset.lmSuppressShortcuts = 'true';                    // or JupyterLab takes the arrow keys
    e.addEventListener(type === 'number' ? 'change' : 'input', act);
    return e;
  }
  number(parent, text, [min, max], step, act) {
    const label = element(parent, 'label');
    element(label, 'span', { textContent: text });
    const e = this.input(label, 'number', { min, max, step }, () => {
      const v = e.value === '' ? NaN : +e.value;
      if (Number.isFinite(v)) act(clamp(step === 1 ? Math.round(v) : v, min, max));
      else this.read();
    });
    return e;
  }
  button(parent, text, act) {
    const b = element(parent, 'button', { type: 'button', textContent: text });
    b.addEventListener('click', act);
    return b;
  }
  select(parent, text, options, chosen) {
    const label = element(parent, 'label');
    element(label, 'span', { textContent: text });
    const s = element(label, 'select');
    options.forEach(([name, value]) => element(s, 'option', { textContent: name, value }));
    s.value = chosen;
    s.dataset.lmSuppressShortcuts = 'true';
    return s;
  }

  // ---- what the model says, and what it is told

  read() {
    const [elr, alpha, n, seed, noise] = ['elr', 'alpha', 'n_starts', 'seed', 'noise'].map(
      name => this.model.get(name));
    Object.assign(this, { elr, alpha: [...alpha], n, seed, noise });
    this.slider.value = Math.log10(elr);
    this.paintTrack();
    const values = { m: alpha.length, n, seed, noise };
    for (const [name, value] of Object.entries(values)) this.counts[name].value = value;
    this.alphas.replaceChildren();
    alpha.forEach((a, i) => {
      const act = v => this.set({ alpha: this.alpha.map((b, j) => j === i ? v : b) });
      const e = this.number(this.alphas, `α${i + 1}`, this.constants.ranges.alpha, 'any', act);
      e.value = a;
    });
  }
  paintTrack() {                          // the regimes on the slider's track
    const { ranges: { elr: [low, high] }, divergence, regimes } = this.constants;
    const ends = [1, divergence].map(c => c / sum(this.alpha));
    const place = elr => clamp(Math.log(elr / low) / Math.log(high / low), 0, 1);
    const at = [0, ...ends.map(place), 1];
    const bands = Object.entries(regimes).map(
      ([name, { color }], i) => [name, color, at[i], at[i + 1]]);
    this.track(bands, ends.map(elr => [place(elr), String(+elr.toPrecision(2))]));
  }
  send(values) {
    for (const [name, value] of Object.entries(values)) this.model.set(name, value);
    this.sending = true;
    this.model.save_changes();
    this.sending = false;
  }
  set(values) {                           // and start anew; the field at hand keeps the focus
    const fields = () => [...this.alphas.querySelectorAll('input')];
    const i = fields().indexOf(document.activeElement);
    this.send(values);
    this.read();
    fields()[i]?.focus();
    this.seen.clear();
    this.restart();
  }
  restart(steps = this.playing ? 0 : SHOWN) {
    const { alpha, noise, seed } = this, starts = randomStarts(this.n, alpha.length, seed);
    this.sim = new Simulation(alpha, starts, noise, seed, this.constants.least);
    this.tour = null;
    this.sim.advance(this.elr, steps);
    this.draw();
  }
  to(elr) {                               // what the slider says
    this.elr = elr;
    this.send({ elr });
    this.moved();
  }
  moved() {
    this.tour = null;
    if (!this.playing) return this.restart();
    this.sim.changed();
    this.draw();
  }

  // ---- buttons: an ELR at c, and a tour; while paused they show at once where that leads

  setC(c) {
    this.elr = clamp(c / sum(this.alpha), ...this.constants.ranges.elr);
    this.slider.value = Math.log10(this.elr);
    this.sim.changed();
  }
  jump(c) {
    this.tour = null;
    this.setC(c);
    this.send({ elr: this.elr });
    if (!this.playing) this.sim.advance(this.elr, SHOWN / 2);
    this.draw();
  }
  goRound() {
    this.tour = 0;
    if (!this.playing) this.go(SHOWN);
    this.draw();
  }
  go(steps) {                             // so many steps, on the tour if there is one
    for (let i = 0; i < steps; i++) {
      if (this.tour !== null) this.tourStep();
      this.sim.advance(this.elr, 1);
    }
  }
  tourStep() {
    const { from, to, steps } = TOUR, up = 1 - Math.abs(1 - 2 * this.tour / steps);
    this.setC(from * (to / from) ** up);
    if (++this.tour <= steps) return;
    this.tour = null;
    this.send({ elr: this.elr });
  }

  // ---- time

  play(on) {
    if (on === this.playing) return;
    this.playing = on;
    this.playButton.textContent = on ? 'Pause' : 'Play';
    this.owed = 0;
    if (on) this.tick();
  }
  tick() {
    this.request = requestAnimationFrame(() => {
      if (!this.playing) return;
      if (this.visible !== false) this.frame();
      this.tick();
    });
  }
  frame() {
    this.frames++;
    this.owed += +this.speed.value;
    const steps = Math.floor(this.owed + 1e-9);
    this.owed -= steps;
    if (!steps) return;
    this.go(steps);
    this.paint();
  }
  watch() {
    for (const name of ['elr', 'alpha', 'n_starts', 'seed', 'noise']) {
      this.model.on('change:' + name, () => {
        if (this.sending) return;
        this.read();
        if (name === 'elr') this.moved(); else this.restart();
      });
    }
    this.resized = new ResizeObserver(() => this.draw());
    this.resized.observe(this.root);
    this.scrolled = new IntersectionObserver(entries => {
      this.visible = entries.at(-1).isIntersecting;
    });
    this.scrolled.observe(this.root);
    this.endTheme = onTheme(() => this.draw());
  }
  close() {
    this.play(false);
    cancelAnimationFrame(this.request);
    this.resized.disconnect();
    this.scrolled.disconnect();
    this.endTheme();
    this.root.remove();
  }

  // ---- pictures and words

  draw() {
    if (this.waiting) return;
    this.waiting = requestAnimationFrame(() => {
      this.waiting = null;
      this.paint();
    });
  }
  paint() {
    if (!this.root.clientWidth) return;
    const { color: ink, backgroundColor: ground } = getComputedStyle(this.root);
    this.dark = isDark(this.root);
    for (const view of Object.values(this.views)) Object.assign(view, { ink, ground });
    const t = this.theory(this.alpha, this.elr), measured = this.sim.measured();
    this.say(t, measured);
    this.paintOrbit(t);
    this.paintLoss(t);
    this.paintMap(t, measured);
    if (this.why.open) this.paintRadii(t);
    this.drawn++;
  }

  say(t, measured) {
    const { name, cells, elr } = this, { color, ink } = this.constants.regimes[t.regime];
    if (name.textContent !== t.regime) name.textContent = t.regime;
    Object.assign(name.style, { background: color, color: ink });
    this.meaning.textContent = MEANING[t.regime];
    this.elrText.textContent = show(elr);
    this.slider.setAttribute('aria-valuetext', `${show(elr)}, ${t.regime}`);
    const { c, threshold, loss: predicted, random } = t;
    const numbers = { c, threshold, predicted, measured, random };
    for (const [key, value] of Object.entries(numbers)) cells[key].textContent = show(value);
    this.reason.textContent = this.formulas(t);
    const losses = `measured loss ${show(measured)}, predicted ${show(predicted)}`;
    for (const [key, { canvas }] of Object.entries(this.views)) {
      canvas.setAttribute('aria-label', `${CAPTIONS[key]}. ${t.regime}, c ${show(c)}, ${losses}.`);
    }
  }
  formulas(t) {
    const degrees = (t.psi * 180 / Math.PI).toFixed(1);
    const near = show(100 / this.constants.divergence);
    return {
      convergence: 'c < 1: the minima are stable. Up to c = ½ every step stays on its side of the '
        + 'minimum; beyond, it jumps across and lands nearer.',
      equilibrium: 'c > 1: no minimum is stable. Every group jumps between the angles ±ψ, '
        + `ψ = arccos(1/c)/2 = ${degrees}°, where the loss is (Σα − 1/η)/2.`,
      divergence: `c ≥ ${this.constants.divergence}: the loss (Σα − 1/η)/2 is within ${near} % of `
        + `Σα/2, that of random points; the angles ±ψ, ψ = ${degrees}°, are almost ±45°.`,
    }[t.regime];
  }

  paintOrbit(t) {
    const v = this.views.orbit, m = this.alpha.length;
    v.clear();
    const radius = k => Math.min(v.w / k, v.h / Math.ceil(m / k)) / 2 - 16;
    const columns = this.alpha.reduce((k, _, i) => radius(i + 1) > radius(k) ? i + 1 : k, 1);
    const rows = Math.ceil(m / columns), R = radius(columns);
    for (let i = 0; i < m; i++) {
      const X = v.w * ((i % columns) + 0.5) / columns;
      const Y = v.h * (Math.floor(i / columns) + 0.5) / rows;
      this.paintGroup(i, X, Y, R, t);
    }
  }
  paintGroup(i, X, Y, R, t) {             // the circle of a group, around (X, Y)
    const v = this.views.orbit, { sim } = this, { ctx } = v, color = this.color(t.regime);
    ctx.globalAlpha = 0.4;
    v.dot(X, Y, R, null, v.ink);
    Object.assign(ctx, { globalAlpha: 1, strokeStyle: color, lineWidth: 2 });
    ctx.setLineDash([5, 3]);
    for (const a of [t.psi, -t.psi, Math.PI + t.psi, Math.PI - t.psi]) {
      v.segment(X, Y, X + 1.08 * R * Math.sin(a), Y - 1.08 * R * Math.cos(a));
    }
    ctx.setLineDash([]);
    ctx.beginPath();
    for (let j = Math.max(sim.from, sim.t - TRAIL); j <= sim.t; j++) {
      const [x, y] = sim.firstAt(j, i), s = R * (1 - (sim.t - j) / 40) / Math.hypot(x, y);
      ctx.lineTo(X + s * x, Y - s * y);
    }
    Object.assign(ctx, { strokeStyle: v.ink, lineWidth: 1 });
    ctx.stroke();
    for (let k = sim.n - 1; k >= 0; k--) {                     // the first start comes last, on top
      const j = 2 * (k * sim.m + i), x = sim.theta[j], y = sim.theta[j + 1];
      const s = R / Math.hypot(x, y);
      v.dot(X + s * x, Y - s * y, k ? 3 : 5, k ? color : v.ink);
    }
    v.note(`steepness α = ${show(this.alpha[i])}`, X, Y + R + 9, 'center');
  }

  steps() { return { lo: this.sim.from, hi: this.sim.from + SHOWN, label: 'step' }; }
  paintLoss(t) {
    const v = this.views.loss, log = this.log.checked, label = 'loss';
    const logarithmic = { lo: t.S * 1e-16, hi: t.S * 2, log, label };
    v.axes(this.steps(), log ? logarithmic : { lo: 0, hi: t.random * 1.35, label });
    v.inside(() => this.paintLosses(v));
    const near = Math.abs(v.py(t.loss) - v.py(t.random)) < 18;
    v.level(t.random, v.ink, 'random points');
    if (t.c > 1 || !log) v.level(t.loss, this.color(t.regime), `predicted ${show(t.loss)}`, near);
  }
  paintLosses(v) {
    const { sim } = this, lines = Math.min(sim.n, LINES);
    for (let k = 0; k < lines; k++) {
      v.line(sim.from, sim.t, j => sim.lossAt(k, j), v.ink, { alpha: 0.5 / Math.sqrt(lines) });
    }
    for (const [from, to, regime] of this.stretches()) {
      for (const shift of [-1, -0.5, 0, 0.5, 1]) {             // thin lines: a thick one is slow
        v.line(from, to, j => sim.mean[sim.at(j)], this.color(regime), { shift });
      }
    }
  }
  stretches() {                           // steps in view that were made in one regime
    const { sim } = this, found = [];
    for (let j = sim.from + 1; j <= sim.t; j++) {
      const { regime } = this.theory(this.alpha, sim.elr[sim.at(j)]), last = found.at(-1);
      if (last?.[2] === regime) last[1] = j;
      else found.push([j - 1, j, regime]);
    }
    return found;
  }

  paintMap(t, measured) {
    const v = this.views.map, { ctx } = v, [low, high] = this.constants.ranges.elr;
    v.axes({ lo: low, hi: high, log: true, label: 'effective learning rate' },
      { lo: 0, hi: 1.25, label: 'loss / loss of random points' });
    for (const { color, from, to } of this.regions(v, t.S)) v.shade(from, to, color);
    ctx.beginPath();
    for (let i = 0; i <= 300; i++) {
      const elr = low * (high / low) ** (i / 300), of = this.theory(this.alpha, elr);
      ctx.lineTo(v.px(elr), v.py(of.loss / of.random));
    }
    Object.assign(ctx, { strokeStyle: v.ink, lineWidth: 2 });
    ctx.stroke();
    v.level(1, v.ink, 'random points');
    const value = measured / t.random;
    if (this.tour === null) this.remember(this.elr, value);
    for (const [elr, y] of this.seen) v.dot(v.px(elr), v.py(y), 2, '#888');
    v.dot(v.px(this.elr), v.py(value), 7, this.color(t.regime), v.ink);
    this.marker = v.px(this.elr);
  }
  remember(elr, value) {                  // the last 300 measured levels; the newest of each ELR
    this.seen.delete(elr);
    if (this.seen.size > 300) this.seen.delete(this.seen.keys().next().value);
    this.seen.set(elr, value);
  }
  regions(v, S) {                         // where on the map each regime lies
    const ends = [v.x.lo, 1 / S, this.constants.divergence / S, v.x.hi];
    const cuts = ends.map(elr => clamp(v.px(elr), v.box.l, v.box.r));
    return Object.entries(this.constants.regimes).map(
      ([name, { color }], i) => ({ color, from: cuts[i], to: cuts[i + 1] }));
  }

  paintRadii(t) {
    const v = this.views.radii, { sim, alpha } = this;
    v.axes(this.steps(), { lo: 0, hi: 1, label: 'ρᵢ²' });
    alpha.forEach((a, i) => {
      const dash = DASHES[i % 4], ink = i % 2 ? '#888' : v.ink;
      v.line(sim.from, sim.t, j => sim.squaredNorm(j, i), ink, { dash });
      v.level(a / t.S, v.ink);
    });
    const right = v.box.r - 4;
    for (const a of new Set(alpha)) v.note(`α = ${show(a)}`, right, v.py(a / t.S) - 9, 'right');
  }
}

function render({ model, el }) {
  const explorer = new Explorer(model, el);
  return () => explorer.close();
}

export default { render };
