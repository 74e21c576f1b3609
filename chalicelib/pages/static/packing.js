// What is packed is ticked off on this phone alone, in both orders of the list. It hands nothing over.
const sheet = document.querySelector("[data-sheet]");
const KEPT = "packed";
const MOST_SHEETS = 6;

function kept() {
  try {
    return JSON.parse(localStorage.getItem(KEPT)) ?? {};
  } catch {
    return {};
  }
}

function keep(ticked) {
  const { [sheet.dataset.sheet]: _, ...others } = kept();
  const newest = [...Object.entries(others).slice(1 - MOST_SHEETS), [sheet.dataset.sheet, [...ticked]]];
  try {
    localStorage.setItem(KEPT, JSON.stringify(Object.fromEntries(newest)));
  } catch {
    // A browser that keeps nothing forgets the ticks with the page.
  }
}

const ticked = new Set(kept()[sheet.dataset.sheet] ?? []);

for (const each of sheet.querySelectorAll("[data-tick]")) {
  const box = document.createElement("input");
  const label = document.createElement("label");
  box.type = "checkbox";
  box.checked = ticked.has(each.dataset.tick);
  box.addEventListener("change", () => {
    if (box.checked) ticked.add(each.dataset.tick);
    else ticked.delete(each.dataset.tick);
    keep(ticked);
  });
  label.className = "packing";
  each.before(label);
  label.append(box, each);
}
