// Tells the shop when a page is left what was done on it. Only pages of readers who agreed to that load it.

const { left, csrf } = document.querySelector("[data-left]").dataset;
const MOST = 40;
const MOST_PRODUCTS = 50;
const events = [];
/** The view of this page. What is told of it later has the same instant, and says that it continues. */
let view = {};
/** Since when it has been looked at without a break, by the browser's own clock; null while it is hidden. */
let shownSince = null;
/** How long it was looked at that nobody was told of, in milliseconds. */
let shownFor = 0;

function note(type, more = {}) {
  const id = crypto.getRandomValues(new Uint8Array(12)).reduce((text, n) => text + n.toString(16).padStart(2, "0"), "");
  const event = { event_id: id, type, at: new Date().toISOString(), ...more };
  if (events.length < MOST) events.push(event);
  return event;
}

/** What the page is about, by its address. */
function subject() {
  const [, kind, id] = location.pathname.match(/\/(product|campaign)s\/([0-9A-Z]{26})(?:\/|$)/) ?? [];
  return kind ? { [`${kind}_id`]: id } : {};
}

/** Several products, each once; nothing where there are none. */
function about(ids) {
  const unique = [...new Set(ids)].filter(Boolean).slice(0, MOST_PRODUCTS);
  return unique.length ? { product_ids: unique } : {};
}

/** The products of which a form asks for any units. */
function wanted(form) {
  const some = [...form.elements].filter(({ name, value }) => name.startsWith("units.") && Number(value) > 0);
  return about(some.flatMap((each) => (each.closest("[data-products]")?.dataset.products ?? "").split(" ")));
}

/** The first hundred characters of a text, none of them cut in half. */
const short = (text) => [...text].slice(0, 100).join("");

/** A search or a filter that the address of a list asks for. */
function noteAsked() {
  const asked = [...new URLSearchParams(location.search)].filter(([, value]) => value);
  const text = asked.find(([name]) => name === "q");
  const filters = asked.filter(([name]) => /^(category|tag|brand|min_price|max_price|available|min_rating|sort)$/.test(name));
  if (text) note("search", { properties: { q: short(text[1]) } });
  if (filters.length) note("filter", { properties: Object.fromEntries(filters.map(([name, value]) => [name, short(value)])) });
}

function begin() {
  const from = document.referrer && new URL(document.referrer).origin === location.origin;
  if (!from) note("visit");
  view = note("view", subject());
  noteAsked();
  const compared = document.querySelector("[data-compared]");
  if (compared) note("compare", about(compared.dataset.compared.split(" ")));
  shownFor = 0;
  shownSince = document.hidden ? null : performance.now();
}

/** Ends a time of being looked at. */
function hide() {
  if (shownSince !== null) shownFor += performance.now() - shownSince;
  shownSince = null;
}

/** Adds how long the page was looked at to its view, or what was told of that already goes on. */
function addDuration() {
  const duration = Math.min(Math.round(shownFor), 86_400_000);
  shownFor = 0;
  if (events.includes(view)) view.duration_ms = duration;
  else if (duration) note("view", { ...subject(), at: view.at, duration_ms: duration, properties: { continues: true } });
}

function tell() {
  hide();
  addDuration();
  if (!events.length) return;
  const sent = { _csrf: csrf, sent_at: new Date().toISOString(), events: JSON.stringify(events.splice(0)) };
  const body = new URLSearchParams(sent);
  if (!navigator.sendBeacon(left, body)) fetch(left, { method: "POST", body, keepalive: true }).catch(() => {});
}

begin();
document.addEventListener("submit", ({ target }) => {
  if (/\/basket$/.test(target.action.split("?")[0])) note("cart", { ...subject(), ...wanted(target) });
});
document.addEventListener("visibilitychange", () => {
  if (document.hidden) tell();
  else shownSince ??= performance.now();
});
addEventListener("pagehide", tell);
// A page that comes back from the browser's store is looked at anew.
addEventListener("pageshow", ({ persisted }) => persisted && begin());
