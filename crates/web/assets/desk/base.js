'use strict';
/* What helps at the desk. Every page works without it; nothing here decides anything. */
const desk = {
  person: document.body.dataset.person || '',

  /** Calls `run` once nothing has happened for a while. */
  settled(run, pause) {
    let timer = 0;
    return () => {
      clearTimeout(timer);
      timer = setTimeout(run, pause);
    };
  },

  /** Another page of ours, as a document; nothing of it runs. */
  async page(address, options) {
    const response = await fetch(address, { credentials: 'same-origin', ...options });
    return new DOMParser().parseFromString(await response.text(), 'text/html');
  },

  isTyping(target) {
    return target.closest('input:not([type="checkbox"]):not([type="radio"]), textarea, select, [contenteditable]') !== null;
  },
};
