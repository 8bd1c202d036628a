// Filters the entries of a page. Without this script everything is shown, and the form stays hidden.
"use strict";
{
  const form = document.querySelector("form.filter");
  const entries = [...document.querySelectorAll("[data-entry]")];
  const groups = [...document.querySelectorAll("[data-group]")];
  const count = form.querySelector("output");
  const nothing = document.querySelector("[data-nothing]");
  const texts = new Map();

  // The text of an entry in lower case; read when a search first asks for it.
  const textOf = (entry) => {
    if (!texts.has(entry)) texts.set(entry, entry.textContent.toLowerCase().replace(/\s+/g, " "));
    return texts.get(entry);
  };

  const apply = () => {
    const data = new FormData(form);
    const boxes = [...form.querySelectorAll("input[name=verdict]")];
    const verdicts = new Set(data.getAll("verdict"));
    const level = data.get("level"), section = data.get("section");
    const words = (data.get("search") || "").toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const entry of entries) {
      const { verdict, level: itsLevel, section: itsSection } = entry.dataset;
      const fits =
        (!boxes.length || verdict.split(" ").some((each) => verdicts.has(each))) &&
        (!level || level === itsLevel) &&
        (!section || section === itsSection) &&
        (!data.has("differs") || entry.hasAttribute("data-differs")) &&
        words.every((word) => textOf(entry).includes(word));
      entry.hidden = !fits;
      shown += fits;
    }
    for (const group of groups) {
      const inside = group.querySelectorAll("[data-entry]");
      group.hidden = ![...inside].some((entry) => !entry.hidden);
    }
    nothing.hidden = shown > 0;
    count.value = `${shown} of ${entries.length} ${form.dataset.noun} shown`;
  };

  let waiting = 0;
  form.addEventListener("input", (event) => {
    clearTimeout(waiting);
    if (event.target.type === "search") waiting = setTimeout(apply, 60);
    else apply();
  });
  form.addEventListener("submit", (event) => event.preventDefault());
  const clear = () => {
    form.reset();
    apply();
  };
  form.querySelector("button[data-clear]").addEventListener("click", clear);
  for (const button of form.querySelectorAll("button[data-open]"))
    button.addEventListener("click", () => {
      for (const entry of entries) if (!entry.hidden) entry.open = button.dataset.open === "yes";
    });

  for (const button of form.querySelectorAll("button[data-only]"))
    button.addEventListener("click", () => {
      const wanted = button.dataset.only.split(" ");
      for (const box of form.querySelectorAll("input[name=verdict]")) box.checked = wanted.includes(box.value);
      apply();
    });

  // A link to an entry opens it, also where the filter hides it.
  const follow = () => {
    const target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!target) return;
    if (target.closest("[hidden]")) clear();
    if (target.matches("details")) target.open = true;
    target.scrollIntoView();
  };
  addEventListener("hashchange", follow);

  // On paper nothing can be opened.
  addEventListener("beforeprint", () => {
    for (const entry of entries) if (!entry.hidden && /fail|warn|error/.test(entry.dataset.verdict)) entry.open = true;
  });

  form.hidden = false;
  apply();
  follow();
}
