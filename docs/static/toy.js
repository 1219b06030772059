// The toy of chapter 00 on the first page: three points on circles, a slider for the size of the steps.
// It lives in a shadow root, so that neither it nor the theme can restyle the other.
(() => {
const ALPHA = [1, 2, 4], S = 7, DIVERGENCE = 10;  // steepness of each group; c = η·S at the second boundary
const LOW = 0.01, HIGH = 30, STARTS = 48, LINES = 2, SHOWN = 140, EVERY = 4;  // EVERY: frames per step
const REGIMES = [
  ['convergence', '#0072B2', '#fff', 'Steps are small enough: each one ends nearer to the bottom.'],
  ['equilibrium', '#E69F00', '#111', 'Steps are too long to settle: the points jump from side to side, '
    + 'and the loss stays at a level that the step size alone sets.'],
  ['divergence', '#CC3311', '#fff', 'Steps are so long that the points land anywhere: no better than random.'],
];
const clamp = (v, lo, hi) => Math.min(hi, Math.max(lo, v));
const part = elr => Math.log(elr / LOW) / Math.log(HIGH / LOW);   // place on the slider, 0 to 1
const regimeOf = elr => elr * S < 1 ? 0 : elr * S < DIVERGENCE ? 1 : 2;
const predicted = elr => elr * S > 1 ? (S - 1 / elr) / 2 : 0;     // stationary loss
const mean = values => values.reduce((a, b) => a + b, 0) / values.length;
const show = v => String(+v.toPrecision(2));

function normal() {                       // Box-Muller
  return Math.sqrt(-2 * Math.log(1 - Math.random())) * Math.cos(2 * Math.PI * Math.random());
}

function normalise(theta) {
  const r = Math.hypot(...theta.flat());
  return theta.map(([x, y]) => [x / r, y / r]);
}

const randomStart = () => normalise(ALPHA.map(() => [normal(), normal()]));

function step(theta, elr) {               // one gradient step, and back to the sphere
  return normalise(theta.map(([x, y], i) => {
    const n = Math.max(x * x + y * y, 1e-200), q = 2 * ALPHA[i] * elr * x * y / n / n;
    return [x - q * y, y + q * x];
  }));
}

const lossOf = theta => theta.reduce((f, [x, y], i) => f + ALPHA[i] * x * x / (x * x + y * y), 0);

const STYLE = `
  :host { all: initial; display: block; color: var(--pst-color-text-base, #222); font: 15px/1.4 system-ui, sans-serif; }
  * { box-sizing: border-box; }
  p { margin: .6em 0 0; min-height: 4.2em; }
  h2 { margin: 0; font-size: 1.05rem; }
  b { padding: .1em .6em; border-radius: 1em; }
  svg { display: block; width: 100%; overflow: visible; }
  text { fill: currentColor; font-size: 12px; }
  .ink { stroke: currentColor; fill: none; }
  .faint { opacity: .35; }
  .mean { stroke-width: 2; }
  svg { margin-bottom: .5em; }
  header { display: flex; justify-content: space-between; align-items: center; margin-bottom: .5em; }
  input { display: block; width: 100%; height: 32px; margin: .2em 0 0; appearance: none; background: none; color: inherit; cursor: pointer; }
  input::-webkit-slider-runnable-track { height: 12px; border-radius: 6px; background: var(--track); }
  input::-moz-range-track { height: 12px; border-radius: 6px; background: var(--track); }
  input::-webkit-slider-thumb { appearance: none; width: 26px; height: 26px; margin-top: -7px; border: 4px solid var(--pst-color-background, #fff);
    border-radius: 50%; background: currentColor; }
  input::-moz-range-thumb { width: 18px; height: 18px; border: 4px solid var(--pst-color-background, #fff); border-radius: 50%; background: currentColor; }
  ol { display: flex; margin: 0; padding: 0; list-style: none; font-size: 12px; text-align: center; }
  button { min-width: 5.5em; min-height: 36px; border: 1px solid currentColor; border-radius: 6px; background: none;
    color: inherit; font: inherit; cursor: pointer; }
  :focus-visible { outline: 3px solid currentColor; outline-offset: 2px; }
`;
const W = 460, X = 34, RIGHT = W - 8, TOP = 118, BOTTOM = 236;    // the drawing, and its plot of the loss
const y = loss => BOTTOM - clamp(loss / (S * .72), 0, 1) * (BOTTOM - TOP);
const x = t => X + t / SHOWN * (RIGHT - X);
const circle = i => [W * (i + .5) / 3, 54, 42];                   // centre and radius

class Toy extends HTMLElement {
  connectedCallback() {
    const ends = [0, part(1 / S), part(DIVERGENCE / S), 1].map(v => 100 * v);
    const track = REGIMES.map(([, color], i) => `${color} ${ends[i]}% ${ends[i + 1]}%`).join(', ');
    const root = this.attachShadow({ mode: 'open' });
    const names = REGIMES.map(([name], i) => `<li style="width: ${ends[i + 1] - ends[i]}%">${name}</li>`);
    root.innerHTML = `<style>${STYLE}</style>
      <header><h2>Move the slider</h2><button type="button"></button></header>
      <svg viewBox="0 0 ${W} 258" role="img"></svg>
      <label><span></span><input type="range" min="0" max="1" step="0.005" style="--track: linear-gradient(90deg, ${track})"></label>
      <ol aria-hidden="true">${names.join('')}</ol>
      <p aria-live="polite"><b></b> <span></span></p>`;
    const find = selector => root.querySelector(selector);
    Object.assign(this, { svg: find('svg'), slider: find('input'), button: find('button'), name: find('b'),
      label: find('label span'), why: find('p span'), frames: 0 });
    this.slider.value = part(.4);
    this.slider.addEventListener('input', () => this.moved());
    this.button.addEventListener('click', () => this.play(!this.playing));
    this.orbits = Array.from({ length: STARTS }, randomStart);
    this.losses = [];                     // of the last steps, one list a step
    new IntersectionObserver(seen => { this.visible = seen.at(-1).isIntersecting; }).observe(this);
    this.calm = matchMedia('(prefers-reduced-motion: reduce)').matches;
    this.moved();
    this.play(!this.calm);
  }
  get elr() { return LOW * (HIGH / LOW) ** +this.slider.value; }
  advance() {
    this.orbits = this.orbits.map(theta => step(theta, this.elr));
    this.losses.push(this.orbits.map(lossOf));
    this.losses = this.losses.slice(-SHOWN);
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
    const [name, color, ink, why] = REGIMES[regimeOf(this.elr)], said = show(this.elr);
    this.label.textContent = `size of the steps (effective learning rate): ${said}`;
    this.slider.setAttribute('aria-valuetext', `${said}, ${name}`);
    if (this.name.textContent !== name) {
      Object.assign(this.name, { textContent: name, style: `background: ${color}; color: ${ink}` });
      this.why.textContent = why;
    }
    if (!this.playing) for (let i = 0; i < SHOWN; i++) this.advance();
    this.draw();
  }
  predicted() { return predicted(this.elr); }
  measured() {                            // mean loss over the last half of what is shown
    return mean(this.losses.slice(-SHOWN / 2).flat());
  }
  draw() {
    const color = REGIMES[regimeOf(this.elr)][1], level = y(predicted(this.elr));
    const line = (of, kind) => `<polyline class="ink ${kind}" points="${
      this.losses.map((row, t) => `${x(t).toFixed(1)},${y(of(row)).toFixed(1)}`).join(' ')}"/>`;
    const lines = Array.from({ length: LINES }, (_, k) => line(row => row[k], 'faint'));
    this.svg.setAttribute('aria-label', `Three circles with points on them; below, their loss by step. `
      + `Predicted loss ${show(predicted(this.elr))}.`);
    this.svg.innerHTML = `${ALPHA.map((_, i) => this.drawCircle(i)).join('')}
      <path class="ink" d="M${X} ${TOP}V${BOTTOM}H${RIGHT}"/>${lines.join('')}${line(mean, 'mean')}
      <path d="M${X} ${y(S / 2)}H${RIGHT}" stroke="currentColor" stroke-dasharray="2 4"/>
      <path d="M${X} ${level}H${RIGHT}" stroke="${color}" stroke-width="3" stroke-dasharray="9 5"/>
      <text x="${RIGHT}" y="${y(S / 2) - 6}" text-anchor="end">random weights</text>
      <text x="${W / 2}" y="${BOTTOM + 18}" text-anchor="middle">step → (mean of all starts; in colour: what the formula predicts)</text>
      <text transform="translate(22 ${(TOP + BOTTOM) / 2}) rotate(-90)" text-anchor="middle">loss</text>`;
  }
  drawCircle(i) {                         // a group: where each start has it, the first one large
    const [cx, cy, r] = circle(i);
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
