// The counter without network, in words and buttons; what it has in hand and what it signs is in till.js.
//   [data-till]       its sentences in data-…, {points}, {left}, {no}, {count} are filled in; form[data-ready] before it was
//   made ready, form[data-sale] after; template[data-article] one article, template[data-sold] one sale

import { eye } from "./eye.js";
import { points } from "./points.js";
import { digits, make, open } from "./till.js";

const SEND_EVERY_MS = 30_000;
const WARN_HOURS = 12;
const SCANNER_PAUSE_MS = 150;
const CARD_DIGITS = [10, 48];
const KEPT = "greencoin-counter-1";

const desk = document.querySelector("[data-till]");
const part = (name) => desk.querySelector(`[data-${name}]`);
const words = (name, facts = {}) =>
  Object.entries(facts).reduce((said, [key, value]) => said.replaceAll(`{${key}}`, String(value)), desk.dataset[name] ?? "");
const say = (sentence) => {
  part("say").textContent = sentence;
  part("say").hidden = sentence === "";
};
// the village's time, wherever the device believes it is
const AT = { dateStyle: "short", timeStyle: "short", hourCycle: "h23", timeZone: "Asia/Shanghai" };
const time = (at) => new Date(at).toLocaleString(document.documentElement.lang, AT);
const english = document.documentElement.lang.startsWith("en");
const named = (one) => (english && one.name_en ? one.name_en : one.name);

let till = null;
let who = null;
let sending = false;
let reached = navigator.onLine;
let trouble = false;
let last = null;

// The form token of the present sign-in: that of a page out of the cache is of an earlier one.
const csrf = async () => {
  const answer = await fetch(location.pathname, { credentials: "same-origin", cache: "no-store", redirect: "manual" });
  // led elsewhere is led to the door
  if (!answer.ok) throw Object.assign(new Error(words("signIn")), { status: answer.status || 401 });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  return page.querySelector("input[name=csrf]")?.value ?? "";
};

const light = () => {
  const state = trouble || till?.round.state === "stopped" ? "help" : sending ? "sending" : reached ? "online" : "offline";
  const lamp = part("light");
  lamp.textContent = words(state);
  lamp.dataset.light = state;
  lamp.className = `light big ${{ help: "bad", sending: "warn", online: "good", offline: "warn" }[state]}`;
};

const chosen = () => [...part("goods").querySelectorAll("li")].map((line) => ({
  sku: Number(line.dataset.sku),
  pieces: Math.max(0, Math.trunc(Number(line.querySelector("input").value) || 0)),
  price: Number(line.dataset.price),
}));

const total = () => {
  const sum = chosen().reduce((all, item) => all + item.pieces * item.price, 0);
  part("sum").textContent = points(sum);
  part("left").textContent = who ? points(who.left_minor - sum) : "—";
  part("sell").disabled = !who || sum === 0 || sum > who.left_minor || sum > till.round.sale_max_minor;
};

// One article with its stepper; `most` pieces at most.
const article = (line, price, most, id) => {
  const made = part("article").content.cloneNode(true).querySelector("li");
  made.dataset.sku = line.sku;
  made.dataset.price = price;
  made.querySelector("b").textContent = named(line);
  made.querySelector(".price").textContent = words("price", { points: points(price) });
  made.querySelector("small").textContent = typeof line.left === "number" ? words("pieces", { count: line.left }) : "";
  const input = made.querySelector("input");
  input.id = id;
  input.max = most;
  made.querySelector("label").htmlFor = id;
  for (const button of made.querySelectorAll("button")) {
    button.addEventListener("click", () => {
      const next = Number(input.value || 0) + Number(button.value);
      input.value = String(Math.min(Number(input.max), Math.max(0, next)));
      input.dispatchEvent(new Event("input", { bubbles: true }));
    });
  }
  return made;
};

const goods = () => {
  part("goods").replaceChildren(...till.round.lines.map((line) => article(line, line.price_minor, line.left ?? 99, `qty-${line.sku}`)));
  total();
};

const offer = () => {
  const list = part("stock");
  list.replaceChildren(...JSON.parse(list.dataset.offer).map((line) => {
    const made = article(line, line.price, line.most, `take-${line.sku}`);
    made.dataset.key = `${line.name} ${line.name_en} ${line.key}`.toLowerCase();
    return made;
  }));
  // Enter would make the device ready
  part("find").addEventListener("keydown", (event) => { if (event.key === "Enter") event.preventDefault(); });
  part("find").addEventListener("input", (event) => {
    const wanted = event.target.value.normalize("NFKC").toLowerCase().trim();
    for (const made of list.children) made.hidden = !made.dataset.key.includes(wanted);
  });
};

// The slip of a sale that is not posted yet: the device's number and time, no receipt number.
const print = (entry) => {
  const put = (name, text) => { part(`slip-${name}`).textContent = text; };
  put("no", `${words("number", { no: entry.number })} · ${outcome(entry)}`);
  put("at", words("deviceTime", { time: time(entry.at) }));
  put("who", `${entry.household} ${entry.name}`);
  part("slip-lines").replaceChildren(...entry.lines.map((line) => {
    const made = document.createElement("p");
    const cost = words("price", { points: points(line.pieces * line.price) });
    made.append(named(line), document.createElement("br"), `${line.pieces} × ${points(line.price)} = ${cost}`);
    return made;
  }));
  put("total", words("price", { points: points(entry.total) }));
  put("left", words("price", { points: points(entry.left) }));
  window.print();
};

const outcome = (entry) => {
  if (entry.receipt) return words("receipt", { no: entry.receipt });
  return entry.outcome && entry.outcome !== "sold" ? words("undecided") : words("waits");
};

const show = async () => {
  desk.querySelector("form[data-ready]").hidden = till !== null;
  part("work").hidden = till === null;
  light();
  if (!till) {
    part("count").textContent = "";
    return;
  }
  const { round } = till;
  const entries = await till.entries();
  const waiting = entries.filter((entry) => entry.number >= round.sent).length;
  part("count").textContent = words(waiting ? "unsent" : "allSent", { count: waiting });
  part("count").dataset.count = waiting;
  part("hours").textContent = till.over ? words("over") : words("until", { time: time(round.sells_until) });
  part("soon").textContent = words("ending", { hours: till.hours });
  part("soon").hidden = till.over || till.hours > WARN_HOURS;
  part("waiting").replaceChildren(...entries.slice().reverse().slice(0, 50).map((entry) => {
    const made = part("sold").content.cloneNode(true).querySelector("li");
    made.querySelector("b").textContent = words("number", { no: entry.number });
    made.querySelector("[data-what]").textContent =
      `${entry.household} ${entry.name} · ${entry.lines.map((line) => `${named(line)}×${line.pieces}`).join(" ")}`;
    made.querySelector("[data-points]").textContent = words("took", { points: points(entry.total) });
    made.querySelector("small").textContent = outcome(entry);
    made.querySelector("button").addEventListener("click", () => print(entry));
    return made;
  }));
  desk.querySelector("form[data-sale]").hidden = till.over;
  part("close").disabled = !reached || sending || round.state !== "open";
  part("forget").hidden = !(round.state !== "open" && waiting === 0);
};

const send = async (close = false) => {
  if (!till || sending) return;
  sending = true;
  light();
  try {
    await till.send(await csrf(), close);
    [reached, trouble] = [true, till.round.state === "stopped"];
    if (trouble) say(words("stopped"));
  } catch (problem) {
    // no answer at all is no network; an answer that says no is for people
    reached = problem.status !== undefined;
    // a day that was closed is over tomorrow, and nobody need do anything
    trouble = reached && problem.code !== "offline_day_closed";
    if (reached) say(problem.message);
  }
  sending = false;
  await show();
};

let looks = 0;
const look = async (typed) => {
  looks += 1;
  const mine = looks;
  const found = await till.household(typed) ?? null;
  // another card was shown meanwhile
  if (mine !== looks) return;
  who = found;
  part("who").textContent = who ? words("customer", { name: who.name, no: who.household, left: points(who.left_minor) }) : words("unknown");
  part("who").className = who ? "flash" : "flash warn";
  part("who").hidden = false;
  part("receipt").hidden = true;
  say("");
  total();
};

const sell = async () => {
  try {
    const sold = await till.sell(who.mark, chosen());
    const spoken = words("taken", { points: points(sold.total), left: points(sold.left) });
    part("receipt").hidden = false;
    part("receipt-no").textContent = words("number", { no: sold.number });
    part("receipt-points").textContent = spoken;
    last = sold;
    if ("speechSynthesis" in window) {
      const voice = new SpeechSynthesisUtterance(spoken);
      voice.lang = document.documentElement.lang;
      speechSynthesis.speak(voice);
    }
    who = null;
    part("who").hidden = true;
    desk.querySelector("[data-text]").value = "";
    goods();
    if (navigator.onLine) send();
  } catch (problem) {
    const name = { over: "over", card: "unknown", goods: "noGoods", pin: "noPin", points: "noPoints" }[problem.name];
    say(name ? words(name) : words("notWritten"));
  }
  await show();
};

const start = async () => {
  till = await open();
  if (till) goods();
  await show();
};

desk.querySelector("form[data-ready]").addEventListener("submit", async (event) => {
  event.preventDefault();
  const form = event.target;
  const lines = [...part("stock").children]
    .map((made) => ({ sku: Number(made.dataset.sku), pieces: Math.trunc(Number(made.querySelector("input").value) || 0) }))
    .filter((line) => line.pieces > 0);
  const said = new FormData(form);
  const [counter, device, each] = ["counter", "device", "each"].map((name) => said.get(name));
  try {
    till = await make(await csrf(), { counter, device, each, places: said.getAll("place"), lines });
    goods();
    say(words("made", { count: till.round.households.length }));
  } catch (problem) {
    say(problem.status ? problem.message : words("noNetwork"));
  }
  await show();
});

desk.querySelector("form[data-sale]").addEventListener("submit", async (event) => {
  event.preventDefault();
  if (event.submitter === part("sell")) await sell();
  else await look(desk.querySelector("[data-text]").value);
});
// Some scanners end without Enter; ten digits may be the beginning of more.
desk.querySelector("[data-text]").addEventListener("input", (event) => {
  const typed = event.target.value;
  if (event.isComposing || !CARD_DIGITS.includes(digits(typed).length)) return;
  setTimeout(() => { if (event.target.value === typed) look(typed); }, SCANNER_PAUSE_MS);
});
part("goods").addEventListener("input", total);
part("print").addEventListener("click", () => print(last));
part("send").addEventListener("click", () => send());
part("close").addEventListener("click", () => send(true));
part("forget").addEventListener("click", async () => {
  await till.clear();
  till = null;
  await show();
});
addEventListener("online", () => { reached = true; send(); });
addEventListener("offline", () => { reached = false; light(); });
setInterval(() => send(), SEND_EVERY_MS);

// This page and what it loads.
const keep = async () => {
  if (!("serviceWorker" in navigator)) return say(words("noWorker"));
  await navigator.serviceWorker.register("/shop/sw.js", { scope: "/shop" });
  const loaded = performance.getEntriesByType("resource").map((entry) => new URL(entry.name))
    .filter((url) => url.origin === location.origin && url.pathname.startsWith("/static/")).map((url) => url.href);
  const cache = await caches.open(KEPT);
  await cache.addAll([location.pathname, ...new Set(loaded)]);
  desk.dataset.kept = "";
};

offer();
await start();
eye(part("eye"), (said) => {
  desk.querySelector("[data-text]").value = said;
  look(said);
}, () => say(words("noCamera")));
if (navigator.onLine) await keep().catch(() => {});
await send();
