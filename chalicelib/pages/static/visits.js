// Tells the shop once, when a page is left, what was done on it. Only pages of readers who agreed to that load it.

const { left, csrf } = document.querySelector("[data-left]").dataset;
const MOST = 40;
const events = [];
let shownAt = performance.now();

function note(type, more = {}) {
  const id = crypto.getRandomValues(new Uint8Array(12)).reduce((text, n) => text + n.toString(16).padStart(2, "0"), "");
  if (events.length < MOST) events.push({ event_id: id, type, at: new Date().toISOString(), ...more });
}

/** What the page is about, by its address. */
function subject() {
  const [, kind, id] = location.pathname.match(/\/(product|campaign)s\/([0-9A-Z]{26})(?:\/|$)/) ?? [];
  return kind ? { [`${kind}_id`]: id } : {};
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
  note("view", subject());
  noteAsked();
  if (location.pathname.endsWith("/products/compare")) note("compare");
}

function tell() {
  if (!events.length) return;
  const view = events.find(({ type }) => type === "view");
  if (view) view.duration_ms = Math.min(Math.round(performance.now() - shownAt), 86_400_000);
  const sent = { _csrf: csrf, sent_at: new Date().toISOString(), events: JSON.stringify(events.splice(0)) };
  const body = new URLSearchParams(sent);
  if (!navigator.sendBeacon(left, body)) fetch(left, { method: "POST", body, keepalive: true }).catch(() => {});
}

begin();
document.addEventListener("submit", ({ target }) => {
  if (/\/basket$/.test(target.action.split("?")[0])) note("cart", subject());
});
document.addEventListener("visibilitychange", () => document.hidden && tell());
addEventListener("pagehide", tell);
// A page that comes back from the browser's store is looked at anew.
addEventListener("pageshow", ({ persisted }) => {
  if (!persisted) return;
  shownAt = performance.now();
  begin();
});
