
/* The drawing and the changes beside a form, while somebody types. */
for (const form of document.querySelectorAll('form[data-preview]')) {
  let asked = null;
  const look = desk.settled(async () => {
    const old = document.getElementById(form.dataset.preview);
    if (!old) return;
    if (asked) asked.abort();
    asked = new AbortController();
    const fields = new URLSearchParams(new FormData(form));
    fields.delete('~do');
    fields.set('~do', 'preview');
    const state = old.querySelector('.preview-state');
    try {
      const page = await desk.page(form.action, { method: 'POST', body: fields, signal: asked.signal });
      const fresh = page.getElementById(form.dataset.preview);
      if (!fresh) throw new Error('no preview');
      const figure = old.querySelector('.diagram');
      const at = figure ? [figure.scrollLeft, figure.scrollTop] : [0, 0];
      old.replaceChildren(...document.importNode(fresh, true).childNodes);
      const drawn = old.querySelector('.diagram');
      if (drawn) [drawn.scrollLeft, drawn.scrollTop] = at;
    } catch (error) {
      if (error.name !== 'AbortError' && state) state.textContent = '図を更新できませんでした。入力した内容はこの画面に残っています。';
    }
  }, 450);
  form.addEventListener('input', (event) => {
    if (event.target.name !== '~why') look();
  });
}
