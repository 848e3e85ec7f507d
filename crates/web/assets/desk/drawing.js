
/* The drawing: larger and smaller without another page, and moved by pulling it. */
for (const zoom of document.querySelectorAll('.zoom')) {
  const figure = zoom.parentElement.querySelector('.diagram');
  zoom.addEventListener('click', (event) => {
    const chip = event.target.closest('a[data-size]');
    if (!chip || !figure || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const middle = [(figure.scrollLeft + figure.clientWidth / 2) / figure.scrollWidth, (figure.scrollTop + figure.clientHeight / 2) / figure.scrollHeight];
    figure.className = `diagram size-${chip.dataset.size}`;
    for (const other of zoom.querySelectorAll('a[data-size]')) {
      other.classList.toggle('on', other === chip);
      if (other === chip) other.setAttribute('aria-current', 'true');
      else other.removeAttribute('aria-current');
    }
    figure.scrollTo(middle[0] * figure.scrollWidth - figure.clientWidth / 2, middle[1] * figure.scrollHeight - figure.clientHeight / 2);
  });
}

document.addEventListener('pointerdown', (event) => {
  const figure = event.target.closest?.('.diagram');
  if (!figure || event.button !== 0 || event.pointerType === 'touch') return;
  const start = [event.clientX + figure.scrollLeft, event.clientY + figure.scrollTop];
  let pulled = false;
  const move = (now) => {
    if (Math.abs(now.clientX - event.clientX) + Math.abs(now.clientY - event.clientY) > 6) pulled = true;
    if (pulled) figure.scrollTo(start[0] - now.clientX, start[1] - now.clientY);
  };
  const end = () => {
    document.removeEventListener('pointermove', move);
    // Whoever pulled the drawing did not mean the box below the pointer.
    if (pulled) document.addEventListener('click', (click) => click.preventDefault(), { capture: true, once: true });
  };
  document.addEventListener('pointermove', move);
  document.addEventListener('pointerup', end, { once: true });
});
document.addEventListener('dragstart', (event) => {
  if (event.target.closest?.('.diagram')) event.preventDefault();
});
