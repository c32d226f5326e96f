"use strict";
(() => {
  const root = document.documentElement;
  root.classList.add("js");

  const ESCAPES = 3;
  const ESCAPE_MS = 3000;
  const WAIT_S = 25;
  const NEAR_END = 160; // pixels from the end at which new lines still scroll into view
  let gone = false;
  let last = 0; // the newest line on the screen
  let talking = false; // the browser holds a session
  let earlier = ""; // asked for: what was said before a long silence
  let round = 0; // which listening loop is the current one
  let listening = null;
  let turn = Promise.resolve(); // sends one after the other, in the order written
  const $ = (id) => document.getElementById(id);

  const blank = () => {
    gone = true;
    root.classList.add("left");
    document.body?.replaceChildren();
  };
  // A page that the browser keeps for its back button holds nothing, and asks again when shown.
  addEventListener("pagehide", blank);
  addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });

  const leave = () => {
    if (gone) return;
    const to = document.body.dataset.leave;
    const form = document.querySelector("#leave [name=form]").value;
    const body = new URLSearchParams({ form });
    blank();
    listening?.abort();
    const sent = fetch("/leave", {
      method: "POST", body, keepalive: true, headers: { Accept: "application/json" },
    });
    sent.catch(() => navigator.sendBeacon("/leave", body));
    location.replace(to);
  };

  const escapes = [];
  addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.repeat) return;
    document.querySelector(".keeps")?.removeAttribute("open");
    const now = performance.now();
    escapes.push(now);
    if (escapes.length > ESCAPES) escapes.shift();
    if (escapes.length === ESCAPES && now - escapes[0] < ESCAPE_MS) leave();
  });

  const key = () => {
    const bytes = crypto.getRandomValues(new Uint8Array(12));
    return Array.from(bytes, (b) => b.toString(16).padStart(2, "0")).join("");
  };
  const parsed = (html) => {
    const holder = document.createElement("template");
    holder.innerHTML = html; // our own server's rendering, escaped there
    return holder.content;
  };
  // Where the focus goes when what had it is gone: the box, but no keyboard pops up on a phone.
  const touch = matchMedia("(pointer: coarse)").matches;
  const rest = () => (touch ? document.querySelector("main") : $("box")).focus({ preventScroll: true });
  const nearEnd = () => $("lines").closest("main").scrollTop > -NEAR_END;
  const toEnd = () => $("sending").scrollIntoView({ block: "end" });

  const say = (where, text) => {
    where.textContent = "";
    setTimeout(() => { where.textContent = text; }, 50); // so that the same words are read again
  };
  const announce = (added) => {
    const words = (one) => one.innerText;
    const urgent = added.filter((one) => one.classList.contains("urgent"));
    const calm = added.filter((one) => !urgent.includes(one));
    if (urgent.length) say($("urgent"), urgent.map(words).join("\n"));
    if (calm.length) say($("polite"), calm.map(words).join("\n"));
  };
  const show = (added, follow) => {
    const urgent = added.find((one) => one.classList.contains("urgent"));
    const first = urgent ?? added[0];
    if (!urgent && !follow) return;
    if (urgent && touch) rest(); // the phone's keyboard goes, the card and its number are in view
    toEnd();
    const top = first?.closest("main").getBoundingClientRect().top;
    if (first && first.getBoundingClientRect().top < top) first.scrollIntoView({ block: "start" });
  };

  // What the server says there is: new lines, and what stands under them.
  const apply = (data) => {
    if (gone) return;
    const follow = nearEnd();
    talking = data.session;
    if (data.oldest !== null) {
      for (const line of [...$("lines").children]) { // what was erased there is erased here
        const seq = Number(line.dataset.seq);
        if (seq > 0 && (data.oldest === 0 || seq < data.oldest)) line.remove();
      }
    }
    const held = $("tail").contains(document.activeElement);
    const added = [];
    for (const line of [...parsed(data.lines).children]) {
      const seq = Number(line.dataset.seq);
      if (seq <= last) continue;
      $("lines").append(line);
      last = seq;
      if (line.classList.contains("ours")) added.push(line);
    }
    if ($("tail").dataset.html !== data.tail) {
      $("tail").replaceChildren(...parsed(data.tail).children);
      $("tail").dataset.html = data.tail;
    }
    if (held && !$("tail").contains(document.activeElement)) rest();
    for (const field of document.querySelectorAll("[name=form]")) field.value = data.form;
    announce(added);
    if (added.length || follow) show(added, follow);
  };

  const pause = (ms) => new Promise((done) => setTimeout(done, ms));
  const listen = async () => {
    const mine = ++round;
    listening?.abort();
    let failed = 0;
    while (talking && !document.hidden && !gone && mine === round) {
      listening = new AbortController();
      const began = performance.now();
      try {
        const answer = await fetch(`/lines?after=${last}&wait=${WAIT_S}${earlier}`, {
          signal: listening.signal, headers: { Accept: "application/json" },
        });
        if (!answer.ok) throw new Error(String(answer.status));
        const data = await answer.json();
        if (mine !== round) return;
        failed = 0;
        const before = last;
        apply(data);
        const early = last === before && performance.now() - began < 1000; // too many windows
        await pause(early ? 3000 : 150);
      } catch {
        if (mine !== round || gone) return;
        failed += 1;
        await pause(Math.min(500 * 2 ** failed, 15000));
      }
    }
  };

  const echo = (text) => {
    const line = document.createElement("article");
    line.className = "line theirs waiting";
    const words = document.createElement("p");
    words.className = "text";
    words.dir = "auto";
    words.textContent = text;
    line.append(words);
    $("sending").append(line);
    toEnd();
    return line;
  };
  const notice = (text) => { $("notice").textContent = text; };

  // Send one message. What could not be kept goes back into the box, under the same key.
  const post = async (path, fields, shown) => {
    const line = echo(shown);
    let data = null;
    try {
      const form = document.querySelector("#say [name=form]").value;
      const body = new URLSearchParams({ ...fields, form, after: last });
      const headers = { Accept: "application/json" };
      const answer = await fetch(path, { method: "POST", body, headers });
      data = await answer.json();
    } catch {
      data = { kept: false, notice: document.body.dataset.offline };
    }
    line.remove();
    if (gone) return true;
    notice(data.notice ?? "");
    if (data.lines !== undefined) apply(data);
    if (data.parts) {
      const parts = [...parsed(data.parts).children];
      $("tail").replaceChildren(...parts);
      delete $("tail").dataset.html;
      announce(parts);
      show(parts, true);
    }
    if (data.kept) {
      for (const one of document.querySelectorAll(".banner details")) one.open = false;
      listen();
    }
    return data.kept;
  };

  const start = () => {
    const box = $("box");
    last = Number(document.body.dataset.last);
    if (document.body.dataset.earlier) earlier = "&earlier=1";
    talking = document.body.dataset.session !== "";
    let failedKey = null;
    let failedText = null;
    const sendBox = () => {
      const text = box.value.trim();
      if (!text) { box.focus(); return; }
      const id = text === failedText ? failedKey : key();
      box.value = "";
      box.focus();
      turn = turn.then(async () => {
        if (await post("/say", { key: id, text }, text)) return;
        [failedKey, failedText] = [id, text];
        box.value = box.value ? `${text}\n${box.value}` : text;
      });
    };
    $("say").addEventListener("submit", (event) => { event.preventDefault(); sendBox(); });
    box.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      sendBox();
    });
    $("tail").addEventListener("submit", (event) => {
      event.preventDefault();
      const button = event.submitter;
      if (!button || button.disabled) return;
      const fields = { key: event.target.elements.key.value, tap: button.value };
      for (const other of event.target.querySelectorAll("button")) other.disabled = true;
      rest();
      turn = turn.then(async () => {
        if (await post("/tap", fields, button.textContent)) return;
        for (const other of event.target.querySelectorAll("button")) other.disabled = false;
      });
    });
    $("leave").addEventListener("submit", (event) => { event.preventDefault(); leave(); });
    document.addEventListener("visibilitychange", () => { if (!document.hidden) listen(); });
    // A phone's keyboard covers the page without telling its layout; a pinch must not shrink it.
    const seen = window.visualViewport;
    seen?.addEventListener("resize", () => {
      const covered = innerHeight - seen.height > 100 && Math.abs(seen.scale - 1) < 0.01;
      if (covered) root.style.setProperty("--height", `${seen.height}px`);
      else root.style.removeProperty("--height");
    });
    if (!touch) box.focus();
    toEnd();
    const lines = [...document.querySelectorAll("#lines .line")];
    const newest = lines.slice(lines.findLastIndex((one) => one.classList.contains("theirs")) + 1);
    show(newest, true);
    listen();
  };
  document.addEventListener("DOMContentLoaded", start);
})();
