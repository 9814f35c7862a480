// 督办看板: what pages cannot do by themselves. Without it every page still reads and every form still sends.
"use strict";

// Light or dark as Airflow's own pages are, whose frame this stands in; alone, as the machine is.
const frame = window.parent !== window ? window.parent.document.documentElement : null;
const dark = window.matchMedia("(prefers-color-scheme: dark)");
const follow = () => {
  const isDark = frame ? frame.classList.contains("dark") : dark.matches;
  document.documentElement.dataset.theme = isDark ? "dark" : "light";
};
follow();
dark.addEventListener("change", follow);
if (frame) new MutationObserver(follow).observe(frame, { attributeFilter: ["class"] });

document.addEventListener("DOMContentLoaded", () => {
  // Airflow's frame may not lead its window elsewhere; a link of the window itself may.
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[target=_top]");
    if (!link || !frame) return;
    event.preventDefault();
    const above = window.parent.document.createElement("a");
    above.href = link.href;
    above.click();
  });

  // A file too large is said before it is sent.
  document.querySelectorAll("input[data-most]").forEach((input) => input.addEventListener("change", () => {
    const tooLarge = [...input.files].some((file) => file.size > input.dataset.most - 65536);
    input.setCustomValidity(tooLarge ? "文件太大" : "");
    input.reportValidity();
  }));

  // On a narrow screen the tabs scroll: begin where one is.
  const tab = document.querySelector("nav[aria-label='看板'] a[aria-current]");
  if (tab) tab.parentElement.scrollLeft = tab.offsetLeft + tab.offsetWidth - tab.parentElement.clientWidth;

  // The heat map is one stop of the Tab key; arrows move within it.
  const table = document.querySelector(".heat");
  if (!table) return;
  const rows = [...table.tBodies[0].rows];
  const linkAt = (row, cell) => rows[row]?.cells[cell]?.querySelector("a");
  const links = [...table.querySelectorAll("tbody a")];
  links.forEach((link, n) => { link.tabIndex = n ? -1 : 0; });
  const steps = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
  table.addEventListener("keydown", (event) => {
    const step = steps[event.key];
    if (!step || event.target.tagName !== "A") return;
    event.preventDefault();
    let row = rows.indexOf(event.target.closest("tr")), cell = event.target.closest("td").cellIndex, next;
    do { row += step[0]; cell += step[1]; next = linkAt(row, cell); } while (!next && rows[row]?.cells[cell]);
    next?.focus();
  });
  table.addEventListener("focusin", (event) => {
    if (event.target.tagName !== "A") return;
    table.querySelectorAll("tbody a[tabindex='0']").forEach((link) => { link.tabIndex = -1; });
    event.target.tabIndex = 0;
  });
  // On a narrow screen begin at the newest month.
  const opened = [...rows[0]?.cells ?? []].filter((cell) => cell.querySelector("a")).pop();
  const wide = table.parentElement;
  if (opened) wide.scrollLeft = opened.offsetLeft + opened.offsetWidth - wide.clientWidth;
});
