"use strict";
(() => {
  const form = document.querySelector(".tools");
  const list = document.querySelector(".rows");
  if (!form || !list) return;
  const rows = [...list.children];
  const texts = rows.map((row) => row.textContent.toLowerCase());
  const place = new Map(rows.map((row, number) => [row, number]));
  const orders = {
    state: (a, b) => place.get(a) - place.get(b),
    since: (a, b) => (a.dataset.since || "9").localeCompare(b.dataset.since || "9"),
    title: (a, b) => a.dataset.title.localeCompare(b.dataset.title),
  };
  const show = () => {
    const text = form.elements.text.value.trim().toLowerCase();
    const state = form.elements.state.value;
    let count = 0;
    rows.forEach((row, number) => {
      const fits = (!state || row.dataset.state === state) && texts[number].includes(text);
      row.hidden = !fits;
      count += fits ? 1 : 0;
    });
    form.querySelector("output").textContent = `${count} of ${rows.length}`;
  };
  const order = () => list.append(...[...rows].sort(orders[form.elements.order.value]));
  form.hidden = false;
  form.addEventListener("input", show);
  form.elements.order.addEventListener("change", order);
  form.addEventListener("submit", (event) => event.preventDefault());
  show();
})();
