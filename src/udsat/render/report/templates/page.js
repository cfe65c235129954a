"use strict";
(function () {
  const table = document.getElementById("verdicts"), said = document.getElementById("said"), town = document.getElementById("town");
  const compare = new Intl.Collator(document.documentElement.lang === "en" ? "da" : document.documentElement.lang, {numeric: true}).compare;
  function key(row, place) {
    const cell = row.cells[place], given = cell.dataset.k;
    return given === undefined ? cell.textContent : given === "" ? null : Number(given);
  }
  function order(a, b) {
    return typeof a === "number" ? a - b : compare(a, b);
  }
  function sort(head, place) {
    const down = head.getAttribute("aria-sort") === "ascending", body = table.tBodies[0];
    const rows = Array.from(body.rows, (row) => [key(row, place), row]);
    rows.sort(([a], [b]) => a === null ? (b === null ? 0 : 1) : b === null ? -1 : down ? order(b, a) : order(a, b));
    for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
    head.setAttribute("aria-sort", down ? "descending" : "ascending");
    body.append(...rows.map((pair) => pair[1]));
    said.textContent = said.dataset.sorted + " " + head.querySelector("button").textContent + ", " + (down ? said.dataset.down : said.dataset.up);
  }
  function filter() {
    let count = 0;
    for (const one of document.querySelectorAll("[data-m]")) {
      one.hidden = town.value !== "" && one.dataset.m !== town.value;
      count += one.tagName === "TR" && !one.hidden;
    }
    said.textContent = said.dataset.shown + " " + count;
  }
  if (table) Array.from(table.tHead.rows[0].cells).forEach((head, place) => {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.querySelector("span").childNodes);
    head.querySelector("span").append(button);
    button.addEventListener("click", () => sort(head, place));
  });
  if (town) {
    const names = new Set(Array.from(table.tBodies[0].rows, (row) => row.dataset.m).filter(Boolean));
    town.append(...Array.from(names).sort(compare).map((name) => new Option(name, name)));
    town.addEventListener("change", filter);
    document.getElementById("tools").hidden = false;
  }
  function reach() {
    const boxes = Array.from(document.querySelectorAll(".w")), wide = boxes.map((box) => box.scrollWidth > box.clientWidth);
    boxes.forEach((box, number) => wide[number] ? box.setAttribute("tabindex", "0") : box.removeAttribute("tabindex"));
  }
  reach();
  addEventListener("resize", reach);
  addEventListener("toggle", reach, true);
  addEventListener("beforeprint", () => document.querySelectorAll("details").forEach((one) => { one.open = true; }));
})();
