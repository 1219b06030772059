// A link into something folded opens it.
function unfold() {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (!target) return;
  target.querySelector(':scope > details.builders')?.setAttribute('open', '');
  for (let e = target; e; e = e.parentElement) if (e.tagName === 'DETAILS') e.open = true;
  target.scrollIntoView();
}
addEventListener('hashchange', unfold);
addEventListener('load', unfold);

// A formula in a line wider than the page, as on a phone, has a line of its own and scrolls.
async function fit() {
  await window.MathJax?.startup.promise;
  for (const formula of document.querySelectorAll('span.math > mjx-container')) {
    const wide = formula.getBoundingClientRect().right > innerWidth;
    if (wide) formula.parentElement.classList.add('wide');
  }
}
addEventListener('load', fit);
addEventListener('toggle', fit, true);
