
/* A table that is typed into: Enter goes down and makes rows, a copied range is spread over the cells. */
for (const table of document.querySelectorAll('table[data-typed]')) {
  const form = table.closest('form');
  const body = table.tBodies[0];
  const rows = () => [...body.rows];
  const cells = (row) => [...row.querySelectorAll('input[type="text"], select')];

  const add = () => {
    const last = body.rows[body.rows.length - 1];
    const number = body.rows.length;
    const row = last.cloneNode(true);
    row.className = 'fresh';
    for (const element of row.querySelectorAll('[name]')) {
      element.name = element.name.replace(/^([rcx])\d+/, `$1${number}`);
      if (element.type === 'checkbox') element.checked = false;
      else element.value = '';
      element.removeAttribute('aria-invalid');
      element.removeAttribute('aria-describedby');
      const label = element.getAttribute('aria-label');
      if (label) element.setAttribute('aria-label', label.replace(/（\d+行目）$/, `（${number + 1}行目）`));
    }
    for (const cell of row.cells) cell.classList.remove('wrong');
    for (const fault of row.querySelectorAll('.fault')) fault.remove();
    const unseen = row.querySelector('.pick-one .unseen');
    if (unseen) unseen.textContent = `${number + 1}行目を取り除く`;
    body.append(row);
    form.elements['~rows'].value = body.rows.length;
    return row;
  };
  form.addEventListener('desk:row', add);

  const go = (cell, by) => {
    const row = cell.closest('tr');
    const at = cells(row).indexOf(cell);
    const all = rows();
    const next = all[all.indexOf(row) + by] || (by > 0 ? add() : null);
    if (next) cells(next)[at].focus();
  };

  body.addEventListener('keydown', (event) => {
    const cell = event.target;
    if (!cell.matches('input[type="text"], select') || event.isComposing) return;
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      form.requestSubmit(form.querySelector('button[value="save"]'));
    } else if (event.key === 'Enter') {
      event.preventDefault();
      go(cell, event.shiftKey ? -1 : 1);
    } else if (cell.matches('input:not([list])') && ['ArrowDown', 'ArrowUp'].includes(event.key)) {
      event.preventDefault();
      if (event.key === 'ArrowUp' || cell.closest('tr').nextElementSibling) go(cell, event.key === 'ArrowUp' ? -1 : 1);
    }
  });

  const put = (cell, text) => {
    if (cell.tagName === 'SELECT') {
      const plain = (words) => words.normalize('NFKC').trim();
      const known = [...cell.options].find((option) => plain(option.text) === plain(text));
      // What fits no word stays visible, and the server says what would be right.
      cell.value = (known || cell.appendChild(new Option(text.trim(), text.trim()))).value;
    } else {
      cell.value = text.trim();
    }
  };

  body.addEventListener('paste', (event) => {
    const text = event.clipboardData.getData('text/plain').replace(/\r\n?/g, '\n').replace(/\n$/, '');
    if (!/[\t\n]/.test(text) || !event.target.matches('input[type="text"], select')) return;
    event.preventDefault();
    let row = event.target.closest('tr');
    const from = cells(row).indexOf(event.target);
    for (const line of text.split('\n')) {
      row = row || add();
      line.split('\t').forEach((word, at) => {
        const cell = cells(row)[from + at];
        if (cell) put(cell, word);
      });
      row = row.nextElementSibling;
    }
    form.dispatchEvent(new Event('input', { bubbles: true }));
  });
}
