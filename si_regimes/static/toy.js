// The toy explorer: F(θ) = Σ αᵢ xᵢ²/(xᵢ²+yᵢ²) on the unit sphere, computed and drawn in the page.
// θ is a flat Float64Array, start by start, group by group, (x, y).

const SHOWN = 400;                        // steps kept in view
const GROUPS = 8, STARTS = 64;            // most groups and starts
const LINES = 16;                         // starts whose loss is drawn; the mean is over all
const TINY = 1e-200;                      // below this ρᵢ² counts as this
const DIVERGENCE = 10;                    // from this c on the loss is within a tenth of the random level
const COLOURS = { convergence: '#0072B2', equilibrium: '#E69F00', divergence: '#CC3311' };
const INK = { convergence: '#fff', equilibrium: '#000', divergence: '#fff' };
const GROUP_COLOURS = ['#4477AA', '#AA3377', '#228833', '#DDAA33', '#66CCEE', '#882255', '#777777', '#222222'];

// ---- arithmetic -------------------------------------------------------------------------------------

const sum = a => a.reduce((s, v) => s + v, 0);
const clamp = (v, lo, hi) => Math.min(hi, Math.max(lo, v));

export function normals(seed) {           // standard normal numbers from a 32-bit seed (mulberry32, Box-Muller)
  let s = seed >>> 0, spare = null;
  const uniform = () => {
    s = (s + 0x6D2B79F5) | 0;
    let t = Math.imul(s ^ (s >>> 15), 1 | s);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  return () => {
    if (spare !== null) { const v = spare; spare = null; return v; }
    const r = Math.sqrt(-2 * Math.log(1 - uniform())), a = 2 * Math.PI * uniform();
    spare = r * Math.sin(a);
    return r * Math.cos(a);
  };
}

export function randomStarts(n, m, seed) {                             // n starts of m groups, uniform on the sphere
  const theta = Float64Array.from({ length: n * m * 2 }, normals(seed));
  normalise(theta, new Float64Array(n * m), m);
  return theta;
}

// The two functions below repeat si_regimes.toy operation by operation, so that orbits agree bit for bit.

function normalise(theta, norms, m) {                                  // every start to the unit sphere; norms gets ρᵢ²
  for (let k = 0; k < norms.length; k += m) {
    let r = 0;
    for (let i = k, j = 2 * k; i < k + m; i++, j += 2) { norms[i] = theta[j + 1] * theta[j + 1] + theta[j] * theta[j]; r = i === k ? norms[i] : r + norms[i]; }
    r = 1 / r;
    const s = Math.sqrt(r);
    for (let i = k, j = 2 * k; i < k + m; i++, j += 2) { norms[i] *= r; theta[j] *= s; theta[j + 1] *= s; }
  }
}

export function advance(theta, norms, alpha, elr, kick = null) {       // one gradient step of every start, and back to the sphere
  const m = alpha.length;
  for (let i = 0, j = 0; i < norms.length; i++, j += 2) {
    const x = theta[j], y = theta[j + 1], inv = 1 / Math.max(norms[i], TINY);
    let q = x * y * inv * (2 * alpha[i % m] * elr);
    if (kick) q += kick();
    q *= inv;
    theta[j] = x - q * y;
    theta[j + 1] = y + q * x;
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

export function simulate(alpha, elr, starts, steps) {                  // every θ of a noiseless run, the starts included
  const theta = Float64Array.from(starts), norms = new Float64Array(starts.length / 2);
  normalise(theta, norms, alpha.length);
  const out = [Array.from(theta)];
  for (let t = 0; t < steps; t++) { advance(theta, norms, alpha, elr); out.push(Array.from(theta)); }
  return out;
}

export function theory(alpha, elr) {
  const S = sum(alpha), c = elr * S;
  return {
    S, c, threshold: 1 / S, random: S / 2,
    loss: c <= 1 ? 0 : (S - 1 / elr) / 2,
    psi: c <= 1 ? 0 : Math.acos(1 / c) / 2,
    regime: c < 1 ? 'convergence' : c < DIVERGENCE ? 'equilibrium' : 'divergence',
  };
}

// ---- the simulation on show ---------------------------------------------------------------------------

class Simulation {                        // rings of the last SHOWN steps; step t lies at t % (SHOWN + 1)
  constructor(alpha, starts, noise, seed) {
    this.alpha = alpha; this.noise = noise; this.m = alpha.length;
    this.n = starts.length / (2 * this.m);
    this.theta = Float64Array.from(starts);
    this.norms = new Float64Array(this.n * this.m);
    normalise(this.theta, this.norms, this.m);
    this.normal = normals(seed + 0x9E3779B9);
    this.size = SHOWN + 1;
    this.loss = new Float64Array(this.n * this.size);
    this.mean = new Float64Array(this.size);
    this.first = new Float64Array(this.m * 2 * this.size);             // the path of the first start
    this.t = 0; this.changes = [0];
    this.record();
  }
  record() {
    const s = this.t % this.size, w = 2 * this.m;
    let total = 0;
    for (let k = 0; k < this.n; k++) total += this.loss[k * this.size + s] = lossOf(this.theta, k * w, this.alpha);
    this.mean[s] = total / this.n;
    this.first.set(this.theta.subarray(0, w), s * w);
  }
  advance(elr, steps) {
    const kick = this.noise ? () => this.noise * elr * this.normal() : null;
    for (let i = 0; i < steps; i++) { advance(this.theta, this.norms, this.alpha, elr, kick); this.t++; this.record(); }
  }
  changed() { this.changes = [...this.changes.filter(t => t > this.t - SHOWN), this.t]; }
  get from() { return Math.max(0, this.t - SHOWN); }
  measured() {                            // mean over the starts and the later half of the steps since the last change of ELR
    const since = Math.min(SHOWN, this.t - this.changes.at(-1)), k = Math.ceil(since / 2);
    let total = 0;
    for (let i = 0; i <= k; i++) total += this.mean[(this.t - i) % this.size];
    return total / (k + 1);
  }
  radii2(t, i) { const j = (t % this.size) * 2 * this.m + 2 * i; return this.first[j] ** 2 + this.first[j + 1] ** 2; }
}

// ---- numbers and axes ---------------------------------------------------------------------------------

const SUP = { '-': '⁻', 0: '⁰', 1: '¹', 2: '²', 3: '³', 4: '⁴', 5: '⁵', 6: '⁶', 7: '⁷', 8: '⁸', 9: '⁹' };
const power = k => '10' + [...String(k)].map(ch => SUP[ch]).join('');
export function show(v) {
  if (v === 0) return '0';
  const k = Math.floor(Math.log10(Math.abs(v)));
  if (k >= -3 && k < 4) return String(+v.toPrecision(3));
  return (v / 10 ** k).toFixed(1) + '·' + power(k);
}

function ticks({ lo, hi, log }) {
  if (log) {
    const a = Math.ceil(Math.log10(lo) - 1e-9), b = Math.floor(Math.log10(hi) + 1e-9), by = Math.max(1, Math.ceil((b - a) / 5));
    return Array.from({ length: Math.floor((b - a) / by) + 1 }, (_, i) => 10 ** (a + i * by)).map(v => [v, Math.abs(Math.log10(v)) < 3 ? show(v) : power(Math.round(Math.log10(v)))]);
  }
  const raw = (hi - lo) / 4, p = 10 ** Math.floor(Math.log10(raw)), by = [1, 2, 5, 10].find(k => k * p >= raw * 0.999) * p;
  return Array.from({ length: Math.floor((hi - lo) / by) + 2 }, (_, i) => (Math.ceil(lo / by) + i) * by).filter(v => v <= hi * (1 + 1e-9)).map(v => [v, String(+v.toPrecision(6))]);
}

class View {                              // a figure with a caption and a canvas, and axes in it
  constructor(parent, title) {
    this.figure = element(parent, 'figure');
    element(this.figure, 'figcaption', { textContent: title });
    this.canvas = element(this.figure, 'canvas');
    this.canvas.setAttribute('role', 'img');
    this.ctx = this.canvas.getContext('2d');
  }
  clear() {
    const w = this.canvas.clientWidth, h = this.canvas.clientHeight, d = window.devicePixelRatio || 1;
    if (this.canvas.width !== Math.round(w * d) || this.canvas.height !== Math.round(h * d)) { this.canvas.width = Math.round(w * d); this.canvas.height = Math.round(h * d); }
    this.w = w; this.h = h;
    this.ctx.setTransform(d, 0, 0, d, 0, 0);
    this.ctx.clearRect(0, 0, w, h);
    this.ctx.font = '12px system-ui, sans-serif';
    this.ctx.lineJoin = 'bevel';                                      // round joins are slow where a line jumps at every step
  }
  axes(x, y) {
    this.clear();
    this.x = x; this.y = y; this.box = { l: 46, r: this.w - 14, t: 8, b: this.h - 34 };
    const { ctx, box } = this;
    ctx.fillStyle = '#444'; ctx.strokeStyle = '#e4e4e4'; ctx.lineWidth = 1;
    ctx.textAlign = 'center'; ctx.textBaseline = 'top';
    for (const [v, s] of ticks(x)) { this.segment(this.px(v), box.t, this.px(v), box.b); ctx.fillText(s, this.px(v), box.b + 4); }
    ctx.fillText(x.label, (box.l + box.r) / 2, box.b + 19);
    ctx.textAlign = 'right'; ctx.textBaseline = 'middle';
    for (const [v, s] of ticks(y)) { this.segment(box.l, this.py(v), box.r, this.py(v)); ctx.fillText(s, box.l - 5, this.py(v)); }
    ctx.save(); ctx.translate(10, (box.t + box.b) / 2); ctx.rotate(-Math.PI / 2); ctx.textAlign = 'center'; ctx.fillText(y.label, 0, 0); ctx.restore();
    ctx.strokeStyle = '#999'; ctx.strokeRect(box.l, box.t, box.r - box.l, box.b - box.t);
  }
  scale({ lo, hi, log }, v) { return log ? Math.log(Math.max(v, 1e-300) / lo) / Math.log(hi / lo) : (v - lo) / (hi - lo); }
  px(v) { return this.box.l + this.scale(this.x, v) * (this.box.r - this.box.l); }
  py(v) { return this.box.b - clamp(this.scale(this.y, v), 0, 1.02) * (this.box.b - this.box.t); }
  segment(x0, y0, x1, y1) { const c = this.ctx; c.beginPath(); c.moveTo(x0, y0); c.lineTo(x1, y1); c.stroke(); }
  line(from, to, value, colour, width, alpha = 1, shift = 0) {
    const c = this.ctx;
    c.beginPath();
    for (let t = from; t <= to; t++) { const X = this.px(t), Y = this.py(value(t)) + shift; t === from ? c.moveTo(X, Y) : c.lineTo(X, Y); }
    c.strokeStyle = colour; c.lineWidth = width; c.globalAlpha = alpha; c.stroke(); c.globalAlpha = 1;
  }
  level(v, colour, text, below = false) {
    const { ctx, box } = this, Y = this.py(v);
    ctx.setLineDash([6, 4]); ctx.strokeStyle = colour; ctx.lineWidth = 2; this.segment(box.l, Y, box.r, Y); ctx.setLineDash([]);
    if (text) this.note(text, box.r - 4, below ? Y + 10 : Y - 8, 'right');
  }
  note(text, x, y, align = 'left') {
    const c = this.ctx;
    c.textAlign = align; c.textBaseline = 'middle'; c.lineWidth = 3; c.strokeStyle = 'rgba(255,255,255,.85)';
    c.strokeText(text, x, y); c.fillStyle = '#222'; c.fillText(text, x, y);
  }
  dot(x, y, r, fill, stroke = null) {
    const c = this.ctx;
    c.beginPath(); c.arc(x, y, r, 0, 2 * Math.PI);
    if (fill) { c.fillStyle = fill; c.fill(); }
    if (stroke) { c.strokeStyle = stroke; c.lineWidth = 2; c.stroke(); }
  }
}

function element(parent, tag, props = {}) { const e = Object.assign(document.createElement(tag), props); parent?.append(e); return e; }

// ---- the explorer -------------------------------------------------------------------------------------

class Explorer {
  constructor(model, el) {
    this.model = model; this.playing = false; this.frames = 0; this.drawn = 0; this.seen = new Map();
    this.root = element(el, 'section', { className: 'si-toy' });
    this.root.setAttribute('aria-label', 'Toy explorer: effective learning rate and regimes');
    this.build();
    this.read();
    this.restart();
    this.root.toy = this;                                              // for tests and for the curious
    this.simulate = simulate;
    this.watch();
  }

  build() {
    const deck = element(this.root, 'div', { className: 'si-deck' });
    const head = element(deck, 'div', { className: 'si-head' });
    this.name = element(head, 'strong', { className: 'si-regime' });
    this.name.setAttribute('aria-live', 'polite');
    this.why = element(head, 'span', { className: 'si-why' });
    this.numbers = element(deck, 'dl', { className: 'si-numbers' });
    this.cells = Object.fromEntries([['c', 'c = η·Σα'], ['threshold', 'threshold 1/Σα'], ['predicted', 'predicted loss'], ['measured', 'measured loss'], ['random', 'random loss Σα/2']].map(([key, text]) => {
      const d = element(this.numbers, 'div');
      element(d, 'dt', { textContent: text });
      const dd = element(d, 'dd'); dd.dataset.key = key;
      return [key, dd];
    }));
    const label = element(deck, 'label', { className: 'si-elr' });
    const words = element(label, 'span', { textContent: 'Effective learning rate η = ' });
    this.elrText = element(words, 'b');
    this.slider = this.input(label, 'range', { min: -3, max: 2, step: 0.01 }, () => { this.elr = 10 ** +this.slider.value; this.send({ elr: this.elr }); this.moved(); });
    const row = element(this.root, 'div', { className: 'si-row' });
    this.playButton = this.button(row, '▶ Play', () => this.play(!this.playing));
    this.button(row, 'Step', () => { this.play(false); this.sim.advance(this.elr, 1); this.draw(); });
    this.button(row, 'Restart', () => { this.play(false); this.restart(0); });
    this.more = element(this.root, 'details');
    element(this.more, 'summary', { textContent: 'Settings' });
    const settings = element(this.more, 'div', { className: 'si-row' });
    this.speed = this.select(settings, 'Speed', [['4 steps a second', 1 / 15], ['60 steps a second', 1], ['600 steps a second', 10]], 1);
    this.counts = {
      m: this.number(settings, 'Groups', 1, GROUPS, 1, v => this.set({ alpha: Array.from({ length: v }, (_, i) => this.alpha[i] ?? 1) })),
      n: this.number(settings, 'Starts', 1, STARTS, 1, v => this.set({ n_starts: v })),
      seed: this.number(settings, 'Seed', 0, 999999, 1, v => this.set({ seed: v })),
      noise: this.number(settings, 'Noise σ', 0, 10, 'any', v => this.set({ noise: v })),
    };
    const tick = element(element(settings, 'label', { className: 'si-check' }), 'span', { textContent: 'logarithmic loss' });
    this.log = this.input(tick.parentElement, 'checkbox', {}, () => this.draw());
    this.alphas = element(this.more, 'div', { className: 'si-row si-alphas' });
    const views = element(this.root, 'div', { className: 'si-views' });
    this.views = { orbit: new View(views, 'Where each group points: a dot a start, a trail for the first, predicted ±ψ dashed'), loss: new View(views, 'Loss: starts in blue (at most 16 drawn), mean of all in black'), radii: new View(views, 'Squared norm of each group (first start); dashed: where they balance, αᵢ/Σα'), map: new View(views, 'Stationary loss against c: line predicted, circles measured') };
  }

  input(parent, type, props, act) {
    const e = element(parent, 'input', { type, ...props });
    e.dataset.lmSuppressShortcuts = 'true';                            // or JupyterLab takes the arrow keys
    e.addEventListener(type === 'number' ? 'change' : 'input', act);
    return e;
  }
  number(parent, text, min, max, step, act) {
    const label = element(parent, 'label');
    element(label, 'span', { textContent: text });
    const e = this.input(label, 'number', { min, max, step }, () => {
      const v = e.value === '' ? NaN : +e.value;
      if (!Number.isFinite(v)) { this.read(); return; }
      act(clamp(step === 1 ? Math.round(v) : v, min, max));
    });
    return e;
  }
  button(parent, text, act) { const b = element(parent, 'button', { type: 'button', textContent: text }); b.addEventListener('click', act); return b; }
  select(parent, text, options, chosen) {
    const label = element(parent, 'label');
    element(label, 'span', { textContent: text });
    const s = element(label, 'select');
    options.forEach(([name, value]) => element(s, 'option', { textContent: name, value }));
    s.value = chosen; s.dataset.lmSuppressShortcuts = 'true';
    return s;
  }

  read() {                                                             // what the model says, into fields and controls
    const get = k => this.model.get(k);
    this.elr = get('elr'); this.alpha = [...get('alpha')]; this.n = get('n_starts'); this.seed = get('seed'); this.noise = get('noise');
    this.slider.value = Math.log10(this.elr);
    this.counts.m.value = this.alpha.length; this.counts.n.value = this.n; this.counts.seed.value = this.seed; this.counts.noise.value = this.noise;
    this.alphas.replaceChildren();
    this.alpha.forEach((a, i) => {
      const e = this.number(this.alphas, `α${i + 1}`, 0.01, 100, 'any', v => this.set({ alpha: this.alpha.map((b, j) => j === i ? v : b) }));
      e.value = a;
      e.previousSibling.style.borderBottom = `3px solid ${GROUP_COLOURS[i]}`;
    });
  }
  send(values) { for (const [k, v] of Object.entries(values)) this.model.set(k, v); this.sending = true; this.model.save_changes(); this.sending = false; }
  set(values) { const i = [...this.alphas.querySelectorAll('input')].indexOf(document.activeElement); this.send(values); this.read(); this.alphas.querySelectorAll('input')[i]?.focus(); this.seen.clear(); this.restart(); }

  starts() {
    const given = this.model.get('starts'), size = this.n * this.alpha.length * 2;
    return given?.length === size && this.seed === this.model.get('starts_seed') ? given : randomStarts(this.n, this.alpha.length, this.seed);
  }
  restart(steps = this.playing ? 0 : SHOWN) {
    this.sim = new Simulation(this.alpha, this.starts(), this.noise, this.seed);
    this.sim.advance(this.elr, steps);
    this.draw();
  }
  moved() { if (this.playing) { this.sim.changed(); this.draw(); } else this.restart(); }

  play(on) {
    if (on === this.playing) return;
    this.playing = on;
    this.playButton.textContent = on ? '⏸ Pause' : '▶ Play';
    this.playButton.setAttribute('aria-pressed', String(on));
    this.owed = 0;
    if (on) this.tick();
  }
  tick() {
    this.request = requestAnimationFrame(() => {
      if (!this.playing || !this.root.isConnected) return;
      if (this.visible !== false) {
        this.owed += +this.speed.value;
        const steps = Math.floor(this.owed + 1e-9);
        this.owed -= steps;
        if (steps) { this.sim.advance(this.elr, steps); this.paint(); }
        this.frames++;
      }
      this.tick();
    });
  }

  watch() {
    for (const k of ['elr', 'alpha', 'n_starts', 'seed', 'noise', 'starts']) this.model.on('change:' + k, () => { if (!this.sending) { this.read(); k === 'elr' ? this.moved() : this.restart(); } });
    this.resized = new ResizeObserver(() => {
      if (!this.sized && this.root.clientWidth) { this.sized = true; this.more.open = this.root.clientWidth > 560; }   // closed on a phone
      this.draw();
    });
    this.resized.observe(this.root);
    this.scrolled = new IntersectionObserver(entries => { this.visible = entries.at(-1).isIntersecting; });
    this.scrolled.observe(this.root);
  }
  close() { this.play(false); cancelAnimationFrame(this.request); this.resized.disconnect(); this.scrolled.disconnect(); this.root.remove(); }

  draw() { if (this.waiting) return; this.waiting = requestAnimationFrame(() => { this.waiting = null; this.paint(); }); }
  paint() {
    if (!this.root.clientWidth) return;
    const t = theory(this.alpha, this.elr), measured = this.sim.measured();
    this.say(t, measured);
    this.paintOrbit(t); this.paintLoss(t); this.paintRadii(t); this.paintMap(t, measured);
    this.drawn++;
  }

  say(t, measured) {
    if (this.name.textContent !== t.regime) this.name.textContent = t.regime;
    this.name.style.background = COLOURS[t.regime]; this.name.style.color = INK[t.regime];
    this.elrText.textContent = show(this.elr);
    this.slider.setAttribute('aria-valuetext', `${show(this.elr)}, c ${show(t.c)}, ${t.regime}`);
    Object.entries({ c: t.c, threshold: t.threshold, predicted: t.loss, measured, random: t.random }).forEach(([k, v]) => { this.cells[k].textContent = show(v); });
    this.why.textContent = this.reason(t);
    for (const v of Object.values(this.views)) v.canvas.setAttribute('aria-label', `${v.figure.firstChild.textContent}. ${t.regime}, c ${show(t.c)}, measured loss ${show(measured)}, predicted ${show(t.loss)}.`);
  }
  reason(t) {
    if (t.regime === 'convergence') return t.c > 0.5
      ? 'c < 1: stable minima exist. Each step jumps across the minimum, but lands closer to it.'
      : 'c < 1: stable minima exist, and every step walks towards one.';
    const deg = (t.psi * 180 / Math.PI).toFixed(1);
    if (t.regime === 'equilibrium') return `c > 1: no minimum is stable. Every group jumps between ±ψ, ψ = ${deg}°, and the loss hovers at (Σα − 1/η)/2.`;
    return 'Steps so long that they forget where they came from: within a tenth of the loss of random directions, Σα/2.';
  }

  paintOrbit(t) {
    const v = this.views.orbit, { sim } = this, m = this.alpha.length, c = v.ctx;
    v.clear();
    const size = k => Math.min(v.w / k, v.h / Math.ceil(m / k)) / 2 - 16, cols = this.alpha.reduce((best, _, i) => size(i + 1) > size(best) ? i + 1 : best, 1);
    const rows = Math.ceil(m / cols), R = size(cols);
    for (let i = 0; i < m; i++) {
      const X = v.w * ((i % cols) + 0.5) / cols, Y = v.h * (Math.floor(i / cols) + 0.5) / rows, colour = GROUP_COLOURS[i];
      v.dot(X, Y, R, null, '#bbb');
      c.strokeStyle = COLOURS[t.regime]; c.lineWidth = 2; c.setLineDash([5, 3]);
      for (const a of [t.psi, -t.psi, Math.PI + t.psi, Math.PI - t.psi]) v.segment(X, Y, X + 1.08 * R * Math.sin(a), Y - 1.08 * R * Math.cos(a));
      c.setLineDash([]);
      const at = j => { const k = (j % sim.size) * 2 * m + 2 * i, x = sim.first[k], y = sim.first[k + 1], r = Math.hypot(x, y), s = R * (1 - (sim.t - j) / 40) / r; return [X + s * x, Y - s * y]; };
      c.beginPath();
      for (let j = Math.max(sim.from, sim.t - 24); j <= sim.t; j++) c.lineTo(...at(j));
      c.strokeStyle = colour; c.lineWidth = 1.3; c.stroke();
      for (let k = 0; k < sim.n; k++) {
        const j = k * 2 * m + 2 * i, r = Math.hypot(sim.theta[j], sim.theta[j + 1]);
        v.dot(X + R * sim.theta[j] / r, Y - R * sim.theta[j + 1] / r, k ? 2.5 : 5, colour, k ? null : '#fff');
      }
      v.note(`α${i + 1} = ${show(this.alpha[i])}`, X, Y + R + 9, 'center');
    }
  }

  paintLoss(t) {
    const v = this.views.loss, { sim } = this, log = this.log.checked, hi = Math.max(t.random * 1.35, 1e-9);
    const y = log ? { lo: t.S * 1e-16, hi: t.S * 2, log: true, label: 'loss F' } : { lo: 0, hi, label: 'loss F' };
    v.axes({ lo: sim.from, hi: sim.from + SHOWN, label: 'step' }, y);
    v.ctx.save(); v.ctx.beginPath(); v.ctx.rect(v.box.l, v.box.t - 3, v.box.r - v.box.l, v.box.b - v.box.t + 6); v.ctx.clip();
    const lines = Math.min(sim.n, LINES);
    for (let k = 0; k < lines; k++) v.line(sim.from, sim.t, j => sim.loss[k * sim.size + j % sim.size], '#56749a', 1, Math.max(0.15, 0.6 / Math.sqrt(lines)));
    for (const shift of [-0.5, 0, 0.5]) v.line(sim.from, sim.t, j => sim.mean[j % sim.size], '#000', 1, 1, shift);   // three thin lines: a thick one is slow
    v.ctx.strokeStyle = '#666'; v.ctx.lineWidth = 1;
    for (const j of sim.changes) if (j > sim.from) v.segment(v.px(j), v.box.t, v.px(j), v.box.b);
    v.ctx.restore();
    const near = Math.abs(v.py(t.loss) - v.py(t.random)) < 18;
    v.level(t.random, COLOURS.divergence, 'random level');
    if (t.c > 1 || !log) v.level(t.loss, COLOURS[t.c > 1 ? 'equilibrium' : 'convergence'], `predicted ${show(t.loss)}`, near);
  }

  paintRadii(t) {
    const v = this.views.radii, { sim } = this;
    v.axes({ lo: sim.from, hi: sim.from + SHOWN, label: 'step' }, { lo: 0, hi: 1, label: 'ρᵢ²' });
    this.alpha.forEach((a, i) => {
      v.line(sim.from, sim.t, j => sim.radii2(j, i), GROUP_COLOURS[i], 1);
      v.level(a / t.S, GROUP_COLOURS[i]);
    });
    this.alpha.forEach((a, i) => { if (this.alpha.findIndex(b => b === a) === i) v.note(this.alpha.filter(b => b === a).length > 1 ? `groups with α = ${show(a)}` : `group ${i + 1}`, v.box.r - 4, v.py(a / t.S) - 9, 'right'); });
  }

  paintMap(t, measured) {
    const v = this.views.map, { box, ctx } = (v.axes({ lo: 1e-3 * t.S, hi: 1e2 * t.S, log: true, label: 'c = η·Σα' }, { lo: 0, hi: 1.25, label: 'loss / random level' }), v);
    const cut = [v.x.lo, 1, DIVERGENCE, v.x.hi].map(c => clamp(v.px(c), box.l, box.r));
    Object.keys(COLOURS).forEach((name, i) => { ctx.globalAlpha = 0.12; ctx.fillStyle = COLOURS[name]; ctx.fillRect(cut[i], box.t, cut[i + 1] - cut[i], box.b - box.t); ctx.globalAlpha = 1; });
    ctx.beginPath();
    for (let i = 0; i <= 300; i++) { const c = v.x.lo * (v.x.hi / v.x.lo) ** (i / 300); ctx.lineTo(v.px(c), v.py(Math.max(0, 1 - 1 / c))); }
    ctx.strokeStyle = '#000'; ctx.lineWidth = 2; ctx.stroke();
    v.level(1, COLOURS.divergence, 'random level');
    const value = measured / t.random;
    this.seen.delete(t.c);
    if (this.seen.size > 300) this.seen.delete(this.seen.keys().next().value);
    this.seen.set(t.c, value);
    for (const [c, y] of this.seen) v.dot(v.px(c), v.py(y), 2, '#777');
    ctx.strokeStyle = COLOURS[t.regime]; ctx.lineWidth = 2; v.segment(v.px(t.c), box.t, v.px(t.c), box.b);
    v.dot(v.px(t.c), v.py(t.loss / t.random), 4, COLOURS[t.regime]);
    v.dot(v.px(t.c), v.py(value), 6, null, '#000');
    this.marker = v.px(t.c);
    if (cut[1] > box.l + 60) v.note('convergence', (cut[0] + cut[1]) / 2, box.b - 12, 'center');
    v.note('equil.', (cut[1] + cut[2]) / 2, box.b - 12, 'center');
    if (cut[2] < box.r - 60) v.note('divergence', (cut[2] + cut[3]) / 2, box.b - 12, 'center');
  }
}

function render({ model, el }) {
  const explorer = new Explorer(model, el);
  return () => explorer.close();
}

export default { render };
