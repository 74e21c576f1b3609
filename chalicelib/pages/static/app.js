// Makes the shop an app of the phone, whose worker keeps the orders that were opened.

const manifest = document.querySelector('link[rel="manifest"]');
const shop = new URL(manifest.href).pathname.replace(/\/[^/]*$/, "");

async function register() {
  const worker = navigator.serviceWorker.controller?.scriptURL;
  await navigator.serviceWorker.register(`${shop}/worker.js`, { scope: shop || "/" });
  if (worker?.endsWith(`${shop}/worker.js`)) return;
  const { active } = await navigator.serviceWorker.ready;
  active.postMessage({ keep: location.pathname + location.search });
}

/** On the page that is shown without a connection: the orders that can be. */
async function listKept(section) {
  const orders = await caches.open(`orders ${shop}`);
  const asked = (await orders.keys()).filter(({ url }) => !url.endsWith(".svg")).reverse();
  for (const each of asked) {
    const page = new DOMParser().parseFromString(await (await orders.match(each)).text(), "text/html");
    const link = document.createElement("a");
    link.className = "card";
    link.href = each.url;
    const named = [page.querySelector("main h2 bdi"), page.querySelector("h1")].map((part) => part?.textContent.trim());
    link.textContent = named.filter(Boolean).join(" · ");
    section.append(link);
  }
  section.hidden = asked.length === 0;
}

if ("serviceWorker" in navigator) {
  const section = document.querySelector("[data-kept-orders]");
  if (section) await listKept(section);
  // Where a browser keeps nothing, as in a private window, the shop works without.
  await register().catch(() => {});
}
