
/* A page about work that goes on is looked at again until it is done. */
(() => {
  const again = async () => {
    const old = document.querySelector('[data-progress]');
    if (!old) return;
    try {
      const fresh = (await desk.page(location.href)).getElementById(old.id);
      if (fresh) old.replaceWith(document.importNode(fresh, true));
    } catch {
      /* The next look tells. */
    }
    setTimeout(again, 1000);
  };
  if (document.querySelector('[data-progress]')) setTimeout(again, 1000);
})();
