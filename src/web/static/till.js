// What a device has in hand to sell without network, and what it sold: kept in IndexedDB, signed by a key that never leaves
// it. No page and no words here. A sale is written down wholly or not at all, before anybody is told that it happened.

const NAME = "greencoin-till";
const HOURS = 72;
const BATCH = 50;
const LOCK = "greencoin-till";

const text = new TextEncoder();
const bytes = (buffer) => [...new Uint8Array(buffer)];
const hex = (buffer) => bytes(buffer).map((byte) => byte.toString(16).padStart(2, "0")).join("");
const base64 = (buffer) => btoa(String.fromCharCode(...bytes(buffer)));
const sum = async (words) => hex(await crypto.subtle.digest("SHA-256", text.encode(words)));
// Full-width digits come from Chinese input methods; spaces and dashes from people.
export const digits = (typed) => typed.normalize("NFKC").replace(/[^0-9]/g, "");

const asked = (request) => new Promise((done, failed) => {
  request.onsuccess = () => done(request.result);
  request.onerror = () => failed(request.error);
});
const finished = (transaction) => new Promise((done, failed) => {
  transaction.oncomplete = () => done();
  transaction.onabort = transaction.onerror = () => failed(transaction.error ?? new Error("not written"));
});

const database = () => {
  const request = indexedDB.open(NAME, 1);
  request.onupgradeneeded = () => {
    // one row: what the device has in hand; and one row a sale
    request.result.createObjectStore("round");
    request.result.createObjectStore("entry", { keyPath: "number" });
  };
  return asked(request);
};

// "strict": on the disk, not on its way there
const writing = (db, stores) => db.transaction(stores, "readwrite", { durability: "strict" });

// One at a time, in however many windows the page is open.
const alone = (what) => (navigator.locks ? navigator.locks.request(LOCK, what) : what());

const refusal = async (answer) => {
  const problem = await answer.json().catch(() => ({}));
  const said = problem.detail ?? problem.title ?? String(answer.status);
  return Object.assign(new Error(said), { status: answer.status, code: problem.code });
};

const post = async (address, csrf, body, key = crypto.randomUUID()) => {
  const answer = await fetch(address, {
    method: "POST",
    credentials: "same-origin",
    headers: { "Content-Type": "application/json", "X-CSRF-Token": csrf, "Idempotency-Key": key },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw await refusal(answer);
  return await answer.json();
};

export class Till {
  #db;
  #began = performance.now();

  constructor(db, round) {
    this.#db = db;
    this.round = round;
  }

  // Seconds since it was made ready: by the clock or by what passed while it ran, whichever is more. A clock that is set
  // back makes no time.
  elapsed() {
    const ran = this.round.elapsed + (performance.now() - this.#began) / 1000;
    return Math.max(0, Math.trunc(Math.max(ran, (Date.now() - this.round.readied) / 1000)));
  }

  get over() {
    return this.round.state !== "open" || this.elapsed() > HOURS * 3600;
  }

  // Whole hours that it still sells.
  get hours() {
    return Math.max(0, Math.trunc(HOURS - this.elapsed() / 3600));
  }

  async entries() {
    return await asked(this.#db.transaction("entry").objectStore("entry").getAll());
  }

  // Whose card that is; undefined when it is not on the list.
  async household(typed) {
    const mark = await sum(`greencoin offline card v1\n${this.round.id}\n${digits(typed)}`);
    const found = this.round.households.find((one) => one.qr_mark === mark || one.number_mark === mark);
    return found && { ...found, mark };
  }

  async #fresh() {
    const before = this.round.elapsed;
    this.round = await asked(this.#db.transaction("round").objectStore("round").get("now"));
    if (!this.round) throw Object.assign(new Error("over"), { name: "over" });
    if (this.round.elapsed !== before) this.#began = performance.now();
    return this.round;
  }

  // Writes a sale down. `items` are [{ sku, pieces }]; throws with the name of what is wrong.
  sell(mark, items) {
    return alone(async () => {
      const round = await this.#fresh();
      const wrong = (name) => Object.assign(new Error(name), { name });
      if (this.over) throw wrong("over");
      const home = round.households.find((one) => one.qr_mark === mark || one.number_mark === mark);
      if (!home) throw wrong("card");
      const lines = items.filter((item) => item.pieces > 0).sort((a, b) => a.sku - b.sku)
        .map((item) => ({ ...item, of: round.lines.find((line) => line.sku === item.sku) }));
      if (lines.length === 0 || lines.some((line) => !line.of)) throw wrong("goods");
      if (lines.some((line) => line.of.left !== null && line.of.left !== undefined && line.pieces > line.of.left)) throw wrong("goods");
      const total = lines.reduce((all, line) => all + line.pieces * line.of.price_minor, 0);
      if (total > round.sale_max_minor) throw wrong("pin");
      if (total > home.left_minor) throw wrong("points");
      const number = round.next;
      const elapsed = this.elapsed();
      const words = [
        "greencoin offline v1", `book ${round.book}`, `round ${round.id}`, `number ${number}`, `previous ${round.head}`,
        `at ${Date.now()}`, `elapsed ${elapsed}`, `card ${mark}`,
        ...lines.map((line) => `item ${line.sku} ${line.pieces} ${line.of.price_minor}`), `total ${total}`, "",
      ].join("\n");
      const signature = base64(await crypto.subtle.sign({ name: "ECDSA", hash: "SHA-256" }, round.key, text.encode(words)));
      const head = await sum(words);
      home.left_minor -= total;
      for (const line of lines) if (typeof line.of.left === "number") line.of.left -= line.pieces;
      const sold = {
        number, text: words, signature, household: home.household, name: home.name, total, left: home.left_minor,
        at: Date.now(), lines: lines.map((line) => ({
          name: line.of.name, name_en: line.of.name_en, pieces: line.pieces, price: line.of.price_minor,
        })),
      };
      const transaction = writing(this.#db, ["round", "entry"]);
      transaction.objectStore("entry").add(sold);
      transaction.objectStore("round").put({ ...round, next: number + 1, head, elapsed }, "now");
      await finished(transaction);
      await this.#fresh();
      return sold;
    });
  }

  // Sends what the server does not have, in order, as often as it takes. `close`: the device sells no more.
  send(csrf, close = false) {
    return alone(async () => {
      for (;;) {
        const round = await this.#fresh();
        const waiting = (await this.entries()).filter((entry) => entry.number >= round.sent);
        const batch = waiting.slice(0, BATCH);
        const last = batch.length === waiting.length;
        if (batch.length === 0 && !close) return this.round;
        const answer = await post(`/api/v1/offline/rounds/${round.id}/entries`, csrf, {
          entries: batch.map(({ text: words, signature }) => ({ text: words, signature })),
          device_now: Date.now(),
          close: close && last,
        });
        const transaction = writing(this.#db, ["round", "entry"]);
        const entries = transaction.objectStore("entry");
        for (const said of answer.entries) {
          const entry = batch.find((one) => one.number === said.number);
          if (entry) entries.put({ ...entry, outcome: said.outcome, flags: said.flags, receipt: said.receipt });
        }
        // what the server has is what it says it has, also when that is less than was thought
        transaction.objectStore("round").put({ ...round, sent: answer.next, state: answer.state, fault: answer.fault }, "now");
        await finished(transaction);
        await this.#fresh();
        if (answer.state === "stopped" || (last && !answer.gap)) return this.round;
        if (answer.next === round.sent) throw new Error("nothing was taken");
      }
    });
  }

  // Forgets everything, once nothing is left to send.
  async clear() {
    const transaction = writing(this.#db, ["round", "entry"]);
    transaction.objectStore("round").clear();
    transaction.objectStore("entry").clear();
    await finished(transaction);
  }
}

export const open = async () => {
  const db = await database();
  const round = await asked(db.transaction("round").objectStore("round").get("now"));
  return round ? new Till(db, round) : null;
};

// Makes this device ready. What is asked is written down before it is asked: when the answer is lost, the same is asked
// again, or points and goods would be put aside for a key that nobody has.
export const make = (csrf, wish) => alone(async () => {
  const db = await database();
  const read = (name) => asked(db.transaction("round").objectStore("round").get(name));
  const write = async (change) => {
    const transaction = writing(db, ["round", "entry"]);
    change(transaction.objectStore("round"), transaction.objectStore("entry"));
    await finished(transaction);
  };
  if (await read("now")) return await open();
  let pending = await read("asked");
  if (!pending) {
    const pair = await crypto.subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, false, ["sign", "verify"]);
    const device_key = base64(await crypto.subtle.exportKey("raw", pair.publicKey));
    pending = { key: pair.privateKey, once: crypto.randomUUID(), wish: { ...wish, device_key } };
    await write((rounds) => rounds.put(pending, "asked"));
  }
  let given;
  try {
    given = await post("/api/v1/offline/rounds", csrf, pending.wish, pending.once);
  } catch (problem) {
    // refused: nothing was put aside, and another wish may be asked
    if (problem.status >= 400 && problem.status < 500 && problem.status !== 403) await write((rounds) => rounds.delete("asked"));
    throw problem;
  }
  const now = { ...given, key: pending.key, sent: given.next, readied: Date.now(), elapsed: 0 };
  await write((rounds, entries) => {
    entries.clear();
    rounds.delete("asked");
    rounds.put(now, "now");
  });
  await navigator.storage?.persist?.();
  return await open();
});
