'use strict';
// The page reads well without this script: it adds filters, links that open what they
// point at, buttons that copy, and the choice of the theme.
(() => {
  const root = document.documentElement;
  const form = document.getElementById('filters');
  const search = document.getElementById('search');
  const shown = document.getElementById('shown');

  // Theme: the system's, until the reader chooses.
  const themeButton = document.getElementById('theme');
  const remember = (theme) => { try { localStorage.setItem('putget-theme', theme); } catch { /* not allowed here */ } };
  const remembered = () => { try { return localStorage.getItem('putget-theme'); } catch { return null; } };
  const isDark = () => root.dataset.theme ? root.dataset.theme === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;
  const nameTheme = () => { themeButton.textContent = isDark() ? 'Light theme' : 'Dark theme'; };
  const chosen = remembered();
  if (chosen === 'dark' || chosen === 'light') root.dataset.theme = chosen;
  themeButton.addEventListener('click', () => {
    root.dataset.theme = isDark() ? 'light' : 'dark';
    remember(root.dataset.theme);
    nameTheme();
  });
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', nameTheme);
  nameTheme();
  themeButton.hidden = false;

  // Filters: what is shown are the sentences and cases that match all that is set.
  const sentences = [...document.querySelectorAll('.sentence')];
  const cases = [...document.querySelectorAll('.case')];
  const holders = [...document.querySelectorAll('.chapter, .group')];
  const words = new Map();
  const wordsOf = (item) => {
    if (!words.has(item)) {
      const parts = item.matches('.case') ? item.querySelectorAll('summary, .meta') : item.querySelectorAll('.text, .meta, .fault, .help');
      words.set(item, [item.id, ...[...parts].map((p) => p.textContent)].join(' ').toLowerCase());
    }
    return words.get(item);
  };
  const count = (n, all, noun) => `${n} of ${all} ${noun}`;

  const filter = () => {
    const verdicts = new Set([...form.querySelectorAll('[name=verdict]:checked')].map((box) => box.value));
    const level = document.getElementById('level').value;
    const chapter = document.getElementById('chapter').value;
    const asked = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    const active = verdicts.size > 0 || level !== '' || chapter !== '' || asked.length > 0;
    const matches = (item) =>
      (verdicts.size === 0 || verdicts.has(item.dataset.v)) &&
      (level === '' || item.dataset.l === level) &&
      (chapter === '' || item.dataset.c.split(' ').includes(chapter)) &&
      asked.every((word) => wordsOf(item).includes(word));
    for (const item of [...sentences, ...cases]) item.hidden = active && !matches(item);
    for (const holder of holders) holder.hidden = active && !holder.querySelector('.sentence:not([hidden]), .case:not([hidden])');
    document.body.classList.toggle('filtering', active);
    const left = (items) => items.filter((item) => !item.hidden).length;
    shown.textContent = active ? `${count(left(sentences), sentences.length, 'sentences')}, ${count(left(cases), cases.length, 'cases')}` : '';
  };
  form.addEventListener('input', filter);
  form.addEventListener('submit', (event) => event.preventDefault());
  form.addEventListener('reset', () => setTimeout(filter));
  form.hidden = false;

  // Links: what they point at is opened, and shown even if the filters hide it.
  const aim = () => {
    let id = location.hash.slice(1);
    try { id = decodeURIComponent(id); } catch { /* taken as it is */ }
    const item = id && document.getElementById(id);
    if (!item) return;
    if (item.closest('[hidden]')) {
      form.reset();
      filter();
    }
    for (let at = item; at; at = at.parentElement) {
      if (at.matches('details')) at.open = true;
    }
    item.scrollIntoView({ behavior: 'instant' });
    // What lies between gets its real height only now.
    requestAnimationFrame(() => item.scrollIntoView({ behavior: 'instant' }));
    const focus = item.matches('details') ? item.querySelector('summary') : item;
    focus.focus({ preventScroll: true });
  };
  addEventListener('hashchange', aim);
  document.addEventListener('click', (event) => {
    const link = event.target.closest('a[href^="#"]');
    if (link && link.hash === location.hash) setTimeout(aim);
  });
  aim();

  // Copying: file:// may lack the clipboard, which a selection does not need.
  const copy = async (block) => {
    try {
      await navigator.clipboard.writeText(block.textContent.trim());
      return true;
    } catch {
      getSelection().selectAllChildren(block);
      return document.execCommand('copy');
    }
  };
  for (const button of document.querySelectorAll('.copy')) {
    button.hidden = false;
    button.setAttribute('aria-live', 'polite');
    button.addEventListener('click', async () => {
      button.textContent = await copy(button.previousElementSibling) ? 'Copied' : 'Press Ctrl+C';
      setTimeout(() => { button.textContent = 'Copy'; }, 2000);
    });
  }

  // Keys: / goes to the search, Escape leaves it empty.
  document.addEventListener('keydown', (event) => {
    if (event.key === '/' && !event.ctrlKey && !event.metaKey && !event.target.matches('input, select, textarea')) {
      event.preventDefault();
      search.focus();
    }
    if (event.key === 'Escape' && event.target === search) {
      search.value = '';
      filter();
    }
  });
})();
