// The service worker of the counter: its page opens without network. It keeps that page and what the page loads, nothing
// else: no receipt, no household, no other page. Everything is asked of the server first.

const KEPT = "greencoin-counter-1";
const PAGE = "/shop/offline";
const WAIT_MS = 4000;
const OTHERS_WAIT_MS = 20_000;

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => {
  const old = caches.keys().then((names) => Promise.all(names.filter((name) => name !== KEPT).map((name) => caches.delete(name))));
  event.waitUntil(old.then(() => clients.claim()));
});

// A line that is up but does not answer is no network either.
const asked = (request, wait) => {
  const patience = new AbortController();
  const timer = setTimeout(() => patience.abort(), wait);
  return fetch(request, { signal: patience.signal }).finally(() => clearTimeout(timer));
};

const page = async (request) => {
  const cache = await caches.open(KEPT);
  const own = new URL(request.url).pathname === PAGE;
  try {
    const answer = await asked(request, own ? WAIT_MS : OTHERS_WAIT_MS);
    if (own && answer.ok && !answer.redirected) await cache.put(PAGE, answer.clone());
    return answer;
  } catch {
    return await cache.match(PAGE) ?? Response.error();
  }
};

// An address with a digest names its content: one that is kept is right. One without is asked for first, as a script
// that another loads.
const file = async (request) => {
  const cache = await caches.open(KEPT);
  const found = await cache.match(request);
  if (found && new URL(request.url).searchParams.has("v")) return found;
  try {
    const answer = await asked(request, WAIT_MS);
    if (found && answer.ok) await cache.put(request, answer.clone());
    return answer;
  } catch (problem) {
    if (found) return found;
    throw problem;
  }
};

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin) return;
  if (request.mode === "navigate") event.respondWith(page(request));
  else if (url.pathname.startsWith("/static/")) event.respondWith(file(request));
});
