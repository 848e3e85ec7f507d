
/* What was typed and not saved comes back after a reload. It is kept for this tab only, and goes when somebody signs
   out: the texts tell of weaknesses, and the machine may be shared. */
(() => {
  const START = 'shirube:';
  const SENT = `${START}sent`;
  const store = (() => {
    try {
      return window.sessionStorage;
    } catch {
      return null;
    }
  })();
  if (!store) return;
  const forget = () => Object.keys(store).filter((key) => key.startsWith(START)).forEach((key) => store.removeItem(key));
  if (!desk.person) return forget();
  document.querySelectorAll('form[action="/sign-out"]').forEach((form) => form.addEventListener('submit', forget));

  const sent = store.getItem(SENT);
  store.removeItem(SENT);
  if (sent && /[?&]done=(saved|merged)/.test(location.search)) store.removeItem(sent);

  for (const form of document.querySelectorAll('form[data-draft]')) {
    const key = `${START}${desk.person}:${form.getAttribute('action')}`;
    const typed = () => [...new FormData(form)].filter(([name, value]) => typeof value === 'string' && !['csrf', '~revision', '~to'].includes(name));
    const grouped = (pairs) => {
      const all = {};
      for (const [name, value] of pairs) (all[name] ||= []).push(value);
      return all;
    };
    const first = grouped(typed());
    const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);

    const keep = desk.settled(() => {
      const now = grouped(typed());
      const names = new Set([...Object.keys(now), ...Object.keys(first)]);
      const changed = [...names].filter((name) => !same(now[name], first[name])).map((name) => [name, now[name] || []]);
      if (changed.length === 0) store.removeItem(key);
      else store.setItem(key, JSON.stringify(changed));
    }, 200);

    const put = (name, values) => {
      let fields = [...form.elements].filter((element) => element.name === name);
      for (let tries = 0; fields.length === 0 && /^c\d+\.\d+$/.test(name) && tries < 1000; tries += 1) {
        form.dispatchEvent(new Event('desk:row'));
        fields = [...form.elements].filter((element) => element.name === name);
      }
      let at = 0;
      for (const field of fields) {
        if (['checkbox', 'radio'].includes(field.type)) field.checked = values.includes(field.value);
        else if (field.type !== 'hidden' || name.startsWith('r')) field.value = values[at++] ?? '';
        field.closest('details')?.setAttribute('open', '');
      }
    };

    const kept = JSON.parse(store.getItem(key) || '[]').filter(([name, values]) => !same(first[name] || [], values));
    if (kept.length > 0) {
      kept.forEach(([name, values]) => put(name, values));
      const note = document.createElement('p');
      note.className = 'done no-print';
      note.setAttribute('role', 'status');
      note.append('保存していなかった入力を戻しました。 ');
      const drop = document.createElement('button');
      drop.type = 'button';
      drop.textContent = '捨てて、今の版の内容にする';
      drop.addEventListener('click', () => {
        store.removeItem(key);
        location.assign(location.href.split('#')[0]);
      });
      note.append(drop);
      form.prepend(note);
      form.dispatchEvent(new Event('input', { bubbles: true }));
    }
    form.addEventListener('input', keep);
    form.addEventListener('submit', (event) => {
      if (!event.submitter || event.submitter.value !== 'preview') store.setItem(SENT, key);
    });
  }
})();
