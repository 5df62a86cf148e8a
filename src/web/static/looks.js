// Looks kept in this phone until the server has them: a lost line, a reload, a dead battery lose none.
//   [data-looks] (data-who, data-csrf and what is said) with [data-light], [data-waiting] and what has to be seen to
// A look is { key, who, round, household, seq, taken_at, marks } and, once the server said no, refused: its words.

const BATCH = 50;
const PATIENCE_MS = 20000;
const AGAIN_MS = 3000;

const root = document.querySelector("[data-looks]");
const part = (name) => root.querySelector(`[data-${name}]`);
const said = root.dataset;

const opened = new Promise((resolve, reject) => {
  const asked = indexedDB.open("greencoin-looks", 1);
  asked.onupgradeneeded = () => asked.result.createObjectStore("looks", { keyPath: "key" });
  asked.onsuccess = () => resolve(asked.result);
  asked.onerror = () => reject(asked.error);
});
// what is written is on the disk before anybody is told so
const write = async (act) => {
  const db = await opened;
  return new Promise((resolve, reject) => {
    const work = db.transaction("looks", "readwrite", { durability: "strict" });
    act(work.objectStore("looks"));
    work.oncomplete = resolve;
    work.onabort = () => reject(work.error);
  });
};
const all = async () => {
  const db = await opened;
  return new Promise((resolve, reject) => {
    const asked = db.transaction("looks").objectStore("looks").getAll();
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });
};

export const random = () => [...crypto.getRandomValues(new Uint8Array(12))].map((b) => b.toString(16).padStart(2, "0")).join("");

/** The looks of whoever is signed in that the server has not yet, by number. */
export const kept = async () => (await all()).filter((look) => look.who === said.who).sort((a, b) => a.seq - b.seq);

let waiting = 0;
let line = "online";
const show = async (now = line) => {
  line = now;
  const looks = await all();
  const mine = looks.filter((look) => look.who === said.who);
  const refused = mine.filter((look) => look.refused);
  waiting = mine.length - refused.length;
  part("waiting").textContent = String(waiting);
  part("others").hidden = mine.length === looks.length;
  part("refused").hidden = refused.length === 0;
  part("refusals").replaceChildren(...refused.map((look) => {
    const item = document.createElement("li");
    item.textContent = `${look.household}: ${look.refused}`;
    return item;
  }));
  const state = now === "online" && refused.length > 0 ? "attention" : now;
  part("light").textContent = said[state];
  part("light").className = `light ${{ online: "good", attention: "bad" }[state] ?? "warn"}`;
};

const post = async (round, looks) => {
  const body = looks.map(({ key, household, seq, taken_at, marks }) =>
    ({ key, household, seq, taken_at, marks: marks === "" ? [] : marks.split(",") }));
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), PATIENCE_MS);
  try {
    return await fetch(`/api/v1/inspections/${round}/looks`, {
      method: "POST",
      credentials: "same-origin",
      signal: stop.signal,
      headers: { "Content-Type": "application/json", "X-CSRF-Token": said.csrf, "Idempotency-Key": random() },
      body: JSON.stringify({ looks: body }),
    });
  } finally {
    clearTimeout(timer);
  }
};

let size = BATCH;
// true: go on with the rest; false: not now
const sendSome = async (looks) => {
  const batch = looks.filter((look) => look.round === looks[0].round).slice(0, size);
  let answer;
  let rows;
  try {
    answer = await post(batch[0].round, batch);
    if (answer.ok) rows = await answer.json();
  } catch {
    await show("offline");
    return false;
  }
  if (answer.status === 401 || answer.status === 403) {
    part("sign-in").hidden = false;
    await show("attention");
    return false;
  }
  if (answer.status >= 500 || answer.status === 429) {
    await show("offline");
    return false;
  }
  if (!answer.ok && batch.length > 1) {
    // one of them spoils the rest: each by itself
    size = 1;
    return true;
  }
  if (!answer.ok) {
    const problem = await answer.json().catch(() => ({}));
    rows = [{ key: batch[0].key, outcome: "refused", detail: problem.detail ?? String(answer.status) }];
  }
  const told = new Map(rows.map((row) => [row.key, row]));
  await write((store) => {
    for (const look of batch) {
      const row = told.get(look.key);
      if (row?.outcome === "refused") store.put({ ...look, refused: row.detail ?? row.code });
      else if (row) store.delete(look.key);
    }
  });
  return true;
};

let sending = false;
/** Sends what waits, oldest first, as far as the line goes. */
export const send = async () => {
  if (sending) return;
  sending = true;
  try {
    for (;;) {
      const looks = (await kept()).filter((look) => !look.refused);
      if (looks.length === 0) {
        size = BATCH;
        await show("online");
        return;
      }
      await show("sending");
      if (!(await sendSome(looks))) return;
    }
  } finally {
    sending = false;
  }
};

/** Keeps a look in this phone, then sends it when it can; whether it is kept. */
export const keep = async (look) => {
  try {
    await write((store) => store.put({ ...look, who: said.who }));
  } catch {
    part("no-store").hidden = false;
    return false;
  }
  show().then(send);
  return true;
};

part("dismiss").addEventListener("click", async () => {
  const refused = (await kept()).filter((look) => look.refused);
  await write((store) => refused.forEach((look) => store.delete(look.key)));
  await show();
});

let warned = false;
document.querySelector("form.who")?.addEventListener("submit", (event) => {
  if (waiting === 0 || warned) return;
  event.preventDefault();
  warned = true;
  const leaving = part("leaving");
  leaving.textContent = said.leave.replace("{count}", String(waiting));
  leaving.hidden = false;
  leaving.scrollIntoView({ block: "center" });
});

addEventListener("online", send);
addEventListener("offline", () => show("offline"));
setInterval(() => { if (waiting > 0) send(); }, AGAIN_MS);
// what was refused is asked for once more when the page is opened: the round may be open again
const again = async () => {
  const refused = (await kept()).filter((look) => look.refused);
  await write((store) => refused.forEach((look) => store.put({ ...look, refused: undefined })));
};
opened.then(again).then(send, () => { part("no-store").hidden = false; });
