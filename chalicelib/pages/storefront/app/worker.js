// What a phone keeps of the shop for where there is no connection: how pages look, the page that says so, the orders that
// were opened, with their codes, and a leader's sorting lists. Nothing else: what can be bought, and at which price, is always asked anew.
// SHOP stands above: {home, statics, shell, language, version}.

const SHELLS = `shell ${SHOP.home} `;
const SHELL = SHELLS + SHOP.version;
const ORDERS = `orders ${SHOP.home}`;
const MOST_KEPT = 40;
const PATIENCE_MS = 4000;

const within = (path) => path === SHOP.home || path.startsWith(`${SHOP.home}/`);

/** Whether it is a leader's sorting list; each has an address with a query. */
const isSheet = (path) => path.split("?")[0] === `${SHOP.home}/leader/sheet`;

/** What an address is kept as. */
const keptAs = ({ pathname: path, search }) => (isSheet(path) ? path + search : path);

/** Whether it is an order of one's own or its code: `/orders/{id}`, `/orders/{id}/code.svg`; or a sorting list. */
function isKept(path) {
  if (isSheet(path)) return true;
  const at = `${SHOP.home}/orders/`;
  return path.startsWith(at) && /^[0-9A-Z]{26}(\/code\.svg)?$/.test(path.slice(at.length));
}

self.addEventListener("install", (event) => {
  self.skipWaiting();
  // What is sent goes past the worker: what a page tells when it is left would wait for it, and be lost with the page.
  event.addRoutes?.({ condition: { requestMethod: "POST" }, source: "network" });
  event.waitUntil(caches.open(SHELL).then((shell) => shell.addAll(SHOP.shell)));
});

self.addEventListener("activate", (event) => {
  event.waitUntil(caches.keys().then(async (names) => {
    await Promise.all(names.filter((name) => name.startsWith(SHELLS) && name !== SHELL).map((name) => caches.delete(name)));
    await self.clients.claim();
  }));
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const address = new URL(request.url);
  const { origin, pathname: path } = address;
  if (request.method !== "GET" || origin !== self.location.origin) return;
  if (path.startsWith(SHOP.statics)) event.respondWith(drawn(request, path));
  else if (within(path) && isKept(path)) event.respondWith(opened(event, keptAs(address)));
  else if (within(path) && request.mode === "navigate") event.respondWith(shown(request, path));
});

// A page that was open before this worker was there asks for being kept.
self.addEventListener("message", (event) => {
  const path = keptAs(new URL(event.data?.keep ?? "/", self.location.origin));
  if (isKept(path)) event.waitUntil(fetch(path).then((answer) => note(answer, path)).then(() => noteCode(path)));
});

/** A script or a style: what its address names never changes. */
async function drawn(request, path) {
  const shell = await caches.open(SHELL);
  const known = await shell.match(request);
  if (known) return known;
  try {
    const answer = await fetch(request);
    if (answer.ok) await shell.put(request, answer.clone());
    return answer;
  } catch (fault) {
    // An order kept under an earlier version asks for that version's.
    const name = path.slice(path.lastIndexOf("/"));
    const same = (await shell.keys()).find((each) => new URL(each.url).pathname.endsWith(name));
    if (same) return shell.match(same);
    throw fault;
  }
}

/** An order as it is now; as it was, where the network does not answer in time. */
async function opened(event, path) {
  const kept = await (await caches.open(ORDERS)).match(path);
  const asked = fetch(event.request).then(async (answer) => {
    await note(answer, path);
    return answer;
  });
  event.waitUntil(asked.then(() => noteCode(path)).catch(() => {}));
  if (!kept) return asked.catch(() => instead(event.request));
  return Promise.race([asked.catch(() => marked(kept)), later().then(() => marked(kept.clone()))]);
}

async function shown(request, path) {
  try {
    const answer = await fetch(request);
    await note(answer, path);
    return answer;
  } catch {
    return instead(request);
  }
}

async function instead(request) {
  const shell = await caches.open(SHELL);
  return (request.mode === "navigate" && (await shell.match(`${SHOP.home}/offline`))) || Response.error();
}

/** Keeps an order, and forgets what is another member's: at signing out, or when somebody else signs in. */
async function note(answer, path) {
  const whose = answer.headers.get("X-Session");
  if (!whose || answer.status >= 500) return;
  const orders = await caches.open(ORDERS);
  for (const each of await orders.keys()) {
    if ((await orders.match(each))?.headers.get("X-Session") !== whose) await orders.delete(each);
  }
  if (!isKept(path)) return;
  if (!answer.ok) {
    await orders.delete(path);
    return;
  }
  await orders.put(path, answer.clone());
  const all = await orders.keys();
  await Promise.all(all.slice(0, Math.max(0, all.length - MOST_KEPT)).map((each) => orders.delete(each)));
}

/** Keeps the code of an order that was kept, also where it is shown only once somebody opens it. */
async function noteCode(path) {
  const orders = await caches.open(ORDERS);
  const code = `${path}/code.svg`;
  const page = await orders.match(path);
  if (page && isKept(code) && !(await orders.match(code)) && (await page.text()).includes(code)) {
    await note(await fetch(code), code);
  }
}

/** What was kept, which says that it was. */
async function marked(kept) {
  if (!kept.headers.get("Content-Type")?.startsWith("text/html")) return kept;
  const page = (await kept.text()).replace("<html ", "<html data-kept ");
  return new Response(page, { headers: kept.headers });
}

function later() {
  return new Promise((resolve) => { setTimeout(resolve, PATIENCE_MS); });
}
