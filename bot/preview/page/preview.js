"use strict";
// Loads the page again when a file was saved. Everything else works without this script.
(() => {
  const known = document.documentElement.dataset.stamp;
  const SECOND = 1000;

  const look = async () => {
    const at = document.activeElement;
    const writing = at instanceof HTMLInputElement && at.value !== at.defaultValue;
    if (document.hidden || writing) return;
    try {
      const answer = await fetch("/stamp");
      if (answer.ok && (await answer.text()) !== known) location.reload();
    } catch { /* the preview was stopped; it may come back */ }
  };

  setInterval(look, SECOND);
})();
