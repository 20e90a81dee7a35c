"use strict";
// Keys, copying, and the passage beside the hits. Without this script everything is there, but for these shortcuts.
(() => {
  const all = (what, where = document) => [...where.querySelectorAll(what)];
  const said = document.getElementById("said");
  const say = (words) => { said.textContent = ""; said.textContent = words; };
  const hits = all(".hit[tabindex]");
  const beside = document.getElementById("beside");
  let current = -1;
  let wanted = 0;

  const copy = async (words, what) => {
    try {
      await navigator.clipboard.writeText(words);
      say(`Copied: ${what}`);
      return true;
    } catch {
      say("The browser does not let this page copy. Select the text instead.");
      return false;
    }
  };

  const wordsOf = (element) => (element.matches("a") ? element.href : element.textContent);

  // A button beside everything that can be copied.
  for (const one of all("[data-copy]")) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "copy";
    button.textContent = "Copy";
    button.setAttribute("aria-label", `Copy the ${one.dataset.copy}`);
    button.addEventListener("click", async () => {
      if (await copy(wordsOf(one), one.dataset.copy)) {
        button.textContent = "Copied";
        setTimeout(() => { button.textContent = "Copy"; }, 1500);
      }
    });
    one.after(" ", button);
  }

  const copyOf = (kind) => {
    const place = hits[current] ?? document.querySelector(".passage");
    const found = place?.querySelector(`[data-copy="${kind}"]`);
    if (found) copy(wordsOf(found), kind);
  };

  const show = async (hit) => {
    if (!beside || getComputedStyle(beside).position !== "sticky") return;
    const address = new URL(hit.dataset.reader, location.href);
    const mine = ++wanted;
    const answer = await fetch(`/beside${address.pathname.slice("/read".length)}${address.search}`);
    const text = await answer.text();
    if (!answer.ok || mine !== wanted) return;
    const part = new DOMParser().parseFromString(text, "text/html");
    beside.replaceChildren(...part.body.childNodes);
    beside.scrollTop = 0;
    beside.querySelector("#here")?.scrollIntoView({ block: "nearest" });
  };

  const choose = (number) => {
    if (!hits.length) return;
    hits[current]?.classList.remove("current");
    current = Math.max(0, Math.min(hits.length - 1, number));
    const hit = hits[current];
    hit.classList.add("current");
    hit.focus({ preventScroll: true });
    hit.scrollIntoView({ block: "nearest" });
    show(hit);
  };

  hits.forEach((hit, number) => hit.addEventListener("focusin", () => {
    if (number !== current) {
      hits[current]?.classList.remove("current");
      current = number;
      hit.classList.add("current");
      show(hit);
    }
  }));

  const keys = document.createElement("dialog");
  keys.className = "keys";
  keys.setAttribute("aria-label", "Keys");
  for (const [key, does] of [["/", "ask"], ["j", "next hit"], ["k", "hit before"], ["Enter or o", "open it in its document"],
    ["c", "copy its citation"], ["q", "copy the quotation with its citation"], ["n p", "in a document: next hit, hit before"],
    ["?", "this list"], ["Esc", "close"]]) {
    const line = document.createElement("p");
    const name = document.createElement("kbd");
    name.textContent = key;
    line.append(name, ` ${does}`);
    keys.append(line);
  }
  document.body.append(keys);

  const acts = {
    "/": () => { const field = document.querySelector("main input[type=search], main textarea"); field?.focus(); field?.select?.(); },
    j: () => choose(current + 1),
    k: () => choose(current < 0 ? 0 : current - 1),
    o: () => { if (hits[current]) location.href = hits[current].dataset.reader; },
    c: () => copyOf("citation"),
    q: () => copyOf("quotation"),
    n: () => document.querySelector("a[rel=next].step")?.click(),
    p: () => document.querySelector("a[rel=prev].step")?.click(),
    "?": () => keys.showModal(),
  };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || keys.open) return;
    const target = event.target;
    if (target.matches("input, textarea, select, [contenteditable]")) {
      if (event.key === "Escape") target.blur();
      if (event.key === "/" && target.type === "search" && !target.value) event.preventDefault();
      return;
    }
    if (event.key === "Enter" && target === hits[current]) { event.preventDefault(); acts.o(); return; }
    const act = acts[event.key];
    if (act) { event.preventDefault(); act(); }
  });

  // A file that is dropped on the draft's form is chosen there.
  const file = document.getElementById("file");
  const form = file?.form;
  form?.addEventListener("dragover", (event) => event.preventDefault());
  form?.addEventListener("drop", (event) => {
    if (event.dataTransfer.files.length) { event.preventDefault(); file.files = event.dataTransfer.files; }
  });

  const verdict = document.getElementById("verdict");
  if (verdict) say(`${all(".hit").length} passages. ${verdict.textContent.trim()}`);
  // The passage is jumped to before everything is laid out: once more, now that it is, and with the focus.
  const here = location.hash === "#here" ? document.getElementById("here") : null;
  if (here) {
    const jump = () => { here.scrollIntoView({ block: here instanceof SVGElement ? "center" : "start", behavior: "instant" }); here.focus({ preventScroll: true }); };
    jump();
    addEventListener("load", jump, { once: true });
  }
})();
