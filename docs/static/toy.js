// The toy of chapter 00, as <si-toy>: points on circles, and a slider for the steps. Attributes:
// alpha, the steepness of each group; low and high, ELRs at the ends of the slider; elr, the first.
// It lives in a shadow root, so that neither it nor the theme can restyle the other.
(() => {
const DIVERGENCE = 10;                    // ELR times S at the second boundary; the first is at 1
const GIVEN = { alpha: [1, 2, 4], low: 0.01, high: 30, elr: 0.4 };
const STARTS = 48, LINES = 2;             // simulated; whose loss is drawn beside the mean
const SHOWN = 140, EVERY = 4;             // steps in view; frames for each
const REGIMES = [
  ['convergence', '#0072B2', '#fff', 'The steps are small: each one ends nearer to the bottom.'],
  ['equilibrium', '#E69F00', '#111', 'The steps are too long to settle: the points jump from side '
    + 'to side, and the loss stays at a level that the size of the steps alone sets.'],
  ['divergence', '#CC3311', '#fff', 'The steps are so long that the points land anywhere: '
    + 'no better than random.'],
];

const clamp = (v, lo, hi) => Math.min(hi, Math.max(lo, v));
const mean = values => values.reduce((a, b) => a + b, 0) / values.length;
const show = v => String(+v.toPrecision(2));
const lossOf = (theta, alpha) => theta.reduce(
  (f, [x, y], i) => f + alpha[i] * x * x / (x * x + y * y), 0);

function normal() {                       // Box-Muller
  return Math.sqrt(-2 * Math.log(1 - Math.random())) * Math.cos(2 * Math.PI * Math.random());
}

function normalise(theta) {
  const r = Math.hypot(...theta.flat());
  return theta.map(([x, y]) => [x / r, y / r]);
}

function step(theta, alpha, elr) {        // down the gradient, and back to the sphere
  return normalise(theta.map(([x, y], i) => {
    const n = Math.max(x * x + y * y, 1e-200), q = 2 * alpha[i] * elr * x * y / n / n;
    return [x - q * y, y + q * x];
  }));
}

const STYLE = `
  :host {
    all: initial; display: block; color: var(--pst-color-text-base, #222);
    font: 15px/1.4 system-ui, sans-serif;
  }
  * { box-sizing: border-box; }
  header { display: flex; gap: 1em; align-items: center; font-size: 13px; }
  h2 { margin: 0; font-size: 17px; }
  button {
    min-width: 5.5em; min-height: 36px; border: 1px solid; border-radius: 6px;
    background: none; color: inherit; font: 15px system-ui, sans-serif; cursor: pointer;
  }
  svg { display: block; width: 100%; margin: .3em 0; }
  text { fill: currentColor; font-size: 12px; }
  polyline, .ink { stroke: currentColor; stroke-width: 2; fill: none; }
  .faint { stroke-width: 1; opacity: .35; }
  input {
    display: block; width: 100%; height: 32px; margin: .2em 0 0; appearance: none;
    background: none; color: inherit; cursor: pointer;
  }
  input::-webkit-slider-runnable-track {
    height: 12px; border-radius: 6px; background: var(--track);
  }
  input::-moz-range-track { height: 12px; border-radius: 6px; background: var(--track); }
  input::-webkit-slider-thumb {
    appearance: none; width: 26px; height: 26px; margin-top: -7px; border-radius: 50%;
    border: 4px solid var(--pst-color-background, #fff); background: currentColor;
  }
  input::-moz-range-thumb {
    width: 18px; height: 18px; border-radius: 50%;
    border: 4px solid var(--pst-color-background, #fff); background: currentColor;
  }
  :focus-visible { outline: 3px solid; outline-offset: 2px; }
  ol { display: flex; margin: 0; padding: 0; list-style: none; font-size: 12px; }
  li { text-align: center; }
  p { min-height: 4.2em; margin: .4em 0 0; }
  b { padding: .1em .6em; border-radius: 1em; }
`;
const W = 460, LEFT = 34, RIGHT = W - 8, TOP = 104, BOTTOM = 210;  // the drawing; plot of the loss
const x = t => LEFT + t / SHOWN * (RIGHT - LEFT);

class Toy extends HTMLElement {
  connectedCallback() {
    for (const [name, value] of Object.entries(GIVEN))
      this[`_${name}`] = this.hasAttribute(name) ? JSON.parse(this.getAttribute(name)) : value;
    this.build(this.attachShadow({ mode: 'open' }));
    const start = () => normalise(this._alpha.map(() => [normal(), normal()]));
    this.orbits = Array.from({ length: STARTS }, start);
    this.losses = [];                     // of the last steps, a list a step
    this.frames = 0;
    new IntersectionObserver(seen => { this.visible = seen.at(-1).isIntersecting; }).observe(this);
    this.moved();
    this.play(!matchMedia('(prefers-reduced-motion: reduce)').matches);
  }
  build(root) {
    const S = this.sum, ends = [0, this.place(1 / S), this.place(DIVERGENCE / S), 1].map(v => 100 * v);
    const colors = REGIMES.map(([, color], i) => `${color} ${ends[i]}% ${ends[i + 1]}%`);
    const names = REGIMES.map(([name], i) =>
      `<li style="width: ${ends[i + 1] - ends[i]}%">${name}</li>`);
    root.innerHTML = `<style>${STYLE}</style>
      <header><div><h2>Move the slider</h2>Dots are weights. On each circle
        the loss is lowest at the top and at the bottom.</div><button type="button"></button>
      </header>
      <svg viewBox="0 0 ${W} 230" role="img"></svg>
      <label><span></span>
        <input type="range" min="0" max="1" step="0.005" value="${this.place(this._elr)}"
               style="--track: linear-gradient(90deg, ${colors.join(', ')})"></label>
      <ol aria-hidden="true">${names.join('')}</ol>
      <p aria-live="polite"><b></b> <span></span></p>`;
    const [svg, slider, button, name, label, why] = ['svg', 'input', 'button', 'b', 'label span',
      'p span'].map(selector => root.querySelector(selector));
    Object.assign(this, { svg, slider, button, name, label, why });
    slider.addEventListener('input', () => this.moved());
    button.addEventListener('click', () => this.play(!this.playing));
  }

  get sum() { return this._alpha.reduce((a, b) => a + b, 0); }
  get elr() { return this._low * (this._high / this._low) ** +this.slider.value; }
  get regime() {
    const c = this.elr * this.sum;
    return REGIMES[c < 1 ? 0 : c < DIVERGENCE ? 1 : 2];
  }
  place(elr) { return Math.log(elr / this._low) / Math.log(this._high / this._low); }  // 0 to 1
  predicted() { return Math.max(0, (this.sum - 1 / this.elr) / 2); }                  // loss
  y(loss) { return BOTTOM - clamp(loss / (this.sum * .72), 0, 1) * (BOTTOM - TOP); }
  measured() { return mean(this.losses.slice(-SHOWN / 2).flat()); }
  advance() {
    this.orbits = this.orbits.map(theta => step(theta, this._alpha, this.elr));
    this.losses = [...this.losses.slice(1 - SHOWN), this.orbits.map(theta => lossOf(theta, this._alpha))];
  }
  play(on) {
    this.playing = on;
    this.button.textContent = on ? 'Pause' : 'Play';
    if (on) this.tick();
  }
  tick() {
    requestAnimationFrame(() => {
      if (!this.playing || !this.isConnected) return;
      if (this.visible !== false && ++this.frames % EVERY === 0) {
        this.advance();
        this.draw();
      }
      this.tick();
    });
  }
  moved() {
    const [name, color, ink, why] = this.regime, elr = show(this.elr);
    this.label.textContent = `size of the steps (effective learning rate): ${elr}`;
    this.slider.setAttribute('aria-valuetext', `${elr}, ${name}`);
    if (this.name.textContent !== name) {
      Object.assign(this.name, { textContent: name, style: `background: ${color}; color: ${ink}` });
      this.why.textContent = why;
    }
    if (!this.playing) for (let i = 0; i < SHOWN; i++) this.advance();
    this.draw();
  }

  draw() {
    const S = this.sum, loss = this.predicted(), middle = (LEFT + RIGHT) / 2;
    const singles = Array.from({ length: LINES }, (_, k) => this.line(row => row[k], 'faint'));
    this.svg.setAttribute('aria-label', 'Circles with points on them; below, their loss by '
      + `step, near the predicted level ${show(loss)}; random weights have ${S / 2}.`);
    this.svg.innerHTML = `${this._alpha.map((_, i) => this.circle(i)).join('')}
      <path class="ink faint" d="M${LEFT} ${TOP}V${BOTTOM}H${RIGHT}"/>
      ${singles.join('')}${this.line(mean, '')}
      <path class="ink" d="M${LEFT} ${this.y(S / 2)}H${RIGHT}" stroke-dasharray="2 4"/>
      <path d="M${LEFT} ${this.y(loss)}H${RIGHT}" stroke="${this.regime[1]}" stroke-width="3"
            stroke-dasharray="9 5"/>
      <text x="${RIGHT}" y="${this.y(S / 2) - 6}" text-anchor="end">random weights</text>
      <text x="${middle}" y="${BOTTOM + 16}" text-anchor="middle">
        step → (solid: mean of all starts; in colour: what the formula predicts)</text>
      <text transform="translate(22 ${(TOP + BOTTOM) / 2}) rotate(-90)"
            text-anchor="middle">loss</text>`;
  }
  line(of, kind) {
    const points = this.losses.map((row, t) => `${x(t).toFixed(1)},${this.y(of(row)).toFixed(1)}`);
    return `<polyline class="${kind}" points="${points.join(' ')}"/>`;
  }
  circle(i) {                             // a group: where each start has it, the first one large
    const cx = W * (i + .5) / this._alpha.length, cy = 48, r = 40;
    const dots = this.orbits.map((theta, k) => {
      const [px, py] = theta[i], s = r / Math.hypot(px, py);
      const at = `cx="${(cx + s * px).toFixed(1)}" cy="${(cy - s * py).toFixed(1)}"`;
      return `<circle ${at} r="${k ? 2.5 : 6}" fill="currentColor" opacity="${k ? .4 : 1}"/>`;
    });
    return `<circle class="ink faint" cx="${cx}" cy="${cy}" r="${r}"/>${dots.join('')}`;
  }
}
customElements.define('si-toy', Toy);
})();
