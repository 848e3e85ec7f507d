
/* Lists by keyboard: j and k go through the rows, Enter opens one beside the list, Esc closes it, Space picks it. */
for (const table of document.querySelectorAll('table[data-beside]')) {
  const rows = [...table.querySelectorAll('tbody tr')].filter((row) => row.querySelector('th a[href]'));
  const link = (row) => row.querySelector('th a[href]');
  const wide = matchMedia('(min-width: 80rem)');
  const body = document.querySelector('.body');
  let at = -1;
  let panel = null;

  const mark = (next) => {
    if (rows[at]) rows[at].classList.remove('at');
    at = next;
    if (!rows[at]) return;
    rows[at].classList.add('at');
    link(rows[at]).focus({ preventScroll: true });
    rows[at].scrollIntoView({ block: 'nearest' });
  };

  const close = () => {
    if (!panel) return false;
    panel.remove();
    panel = null;
    body.classList.remove('has-panel');
    if (rows[at]) link(rows[at]).focus();
    return true;
  };

  const open = async (row) => {
    mark(rows.indexOf(row));
    const address = link(row).href;
    const page = await desk.page(address);
    const main = page.querySelector('main');
    if (!main) return location.assign(address);
    main.querySelectorAll('.steps, .tabs, .done').forEach((part) => part.remove());
    // Where two things of a page have one name, labels would lead to the wrong one.
    main.querySelectorAll('[id]').forEach((part) => {
      if (document.getElementById(part.id) && !panel?.contains(document.getElementById(part.id))) part.removeAttribute('id');
    });
    const fresh = document.createElement('aside');
    fresh.className = 'beside-panel';
    fresh.setAttribute('aria-label', '選んだ行の内容');
    fresh.tabIndex = -1;
    const head = document.createElement('p');
    head.className = 'beside-head';
    const full = document.createElement('a');
    full.href = address;
    full.textContent = '全画面で開く';
    const shut = document.createElement('button');
    shut.type = 'button';
    shut.className = 'plain';
    shut.textContent = '閉じる';
    shut.addEventListener('click', close);
    head.append(full, shut);
    fresh.append(head, ...document.importNode(main, true).childNodes);
    for (const field of fresh.querySelectorAll('input[name="~to"]')) field.value = `${location.pathname}${location.search}${row.id ? `#${row.id}` : ''}`;
    if (panel) panel.replaceWith(fresh);
    else body.append(fresh);
    panel = fresh;
    body.classList.add('has-panel');
    rows[at].scrollIntoView({ block: 'nearest' });
  };

  table.addEventListener('click', (event) => {
    const chosen = event.target.closest('th a[href]');
    const row = chosen?.closest('tr');
    if (!row || !rows.includes(row) || !wide.matches || event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
    event.preventDefault();
    open(row);
  });
  document.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || desk.isTyping(event.target)) return;
    if (event.key === 'Escape' && close()) return event.preventDefault();
    if (panel?.contains(event.target) || event.target.closest('dialog')) return;
    if (event.key === 'j' || event.key === 'k') {
      event.preventDefault();
      mark(Math.max(0, Math.min(rows.length - 1, at + (event.key === 'j' ? 1 : -1))));
      if (panel && rows[at]) open(rows[at]);
    } else if (event.key === ' ' && rows[at]?.contains(event.target) && event.target.matches('a')) {
      event.preventDefault();
      rows[at].querySelector('.pick-one input')?.click();
    }
  });
  const named = location.hash.startsWith('#row-') && document.getElementById(location.hash.slice(1));
  if (named && rows.includes(named)) mark(rows.indexOf(named));
}

/* How many are picked, and all at once. */
for (const form of document.querySelectorAll('form.picking')) {
  const boxes = [...document.querySelectorAll(`input[type="checkbox"][form="${form.id}"]`)];
  const count = document.createElement('span');
  count.className = 'picked';
  count.setAttribute('role', 'status');
  const all = document.createElement('button');
  all.type = 'button';
  all.textContent = `表示中の${boxes.length}件をすべて選ぶ`;
  const tell = () => {
    const picked = boxes.filter((box) => box.checked).length;
    count.textContent = picked > 0 ? `${picked}件を選んでいます` : '';
    all.textContent = picked > 0 ? '選ぶのをやめる' : `表示中の${boxes.length}件をすべて選ぶ`;
  };
  all.addEventListener('click', () => {
    const to = !boxes.some((box) => box.checked);
    boxes.forEach((box) => { box.checked = to; });
    tell();
  });
  boxes.forEach((box) => box.addEventListener('change', tell));
  form.append(all, count);
}
