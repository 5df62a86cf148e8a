// Checks the proof that this page carries, in this browser: the entry's digest, the path to the root (RFC 9162 §2.1.3.2)
// and, where the browser can, the Ed25519 signature under the head. What it could not check it says.
const page = document.querySelector("[data-proof]");
const say = (name, shown = true) => { page.querySelector(`[data-say="${name}"]`).hidden = !shown; };
const bytesOf = (base64) => Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
const joined = (...parts) => new Uint8Array(parts.flatMap((part) => [...part]));
const same = (a, b) => a.length === b.length && a.every((byte, n) => byte === b[n]);
const sha256 = async (...parts) => new Uint8Array(await crypto.subtle.digest("SHA-256", joined(...parts)));
const node = (left, right) => sha256([1], left, right);

const read = (text) => {
  const cut = text.indexOf("\n\n");
  const lines = text.slice(0, cut).split("\n");
  const note = text.slice(cut + 2);
  const end = note.lastIndexOf("\n\n");
  const body = note.slice(0, end + 1);
  const [origin, size, root] = body.split("\n");
  const signatures = note.slice(end + 2).split("\n").filter(Boolean).map((line) => {
    const [, name, base64] = line.split(" ");
    return { name, bytes: bytesOf(base64) };
  });
  return {
    entry: bytesOf(lines[1].slice("extra ".length)),
    index: Number(lines[2].slice("index ".length)),
    path: lines.slice(3).map(bytesOf),
    body, origin, size: Number(size), root: bytesOf(root), signatures,
  };
};

const included = async (proof) => {
  let place = proof.index, last = proof.size - 1, hash = await sha256([0], proof.entry);
  const up = () => { place = Math.floor(place / 2); last = Math.floor(last / 2); };
  if (place > last) return false;
  for (const step of proof.path) {
    if (last === 0) return false;
    if (place % 2 === 1 || place === last) {
      hash = await node(step, hash);
      while (place % 2 === 0 && place !== 0) up();
    } else {
      hash = await node(hash, step);
    }
    up();
  }
  return last === 0 && same(hash, proof.root);
};

// "good", "bad" or "unknown"
const signed = async (proof, keys) => {
  let found = "bad";
  for (const text of keys) {
    const [, name, id, material] = /^([^+]+)\+([^+]+)\+(.+)$/.exec(text);
    const hex = (bytes) => [...bytes].map((b) => b.toString(16).padStart(2, "0")).join("");
    const own = proof.signatures.find((s) => s.name === name && hex(s.bytes.slice(0, 4)) === id);
    if (!own || name !== proof.origin) continue;
    try {
      const key = await crypto.subtle.importKey("raw", bytesOf(material).slice(1), { name: "Ed25519" }, false, ["verify"]);
      const text = new TextEncoder().encode(proof.body);
      found = (await crypto.subtle.verify({ name: "Ed25519" }, key, own.bytes.slice(4), text)) ? "good" : "bad";
    } catch {
      found = "unknown";
    }
  }
  return found;
};

// The canonical bytes of a transaction: every value a tag, its length where that varies, and itself.
const decode = (bytes) => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 0;
  const next = () => {
    const tag = bytes[at++];
    if (tag === 0) return null;
    if (tag === 2) { at += 8; return view.getBigInt64(at - 8); }
    const length = view.getUint32(at);
    at += 4;
    if (tag === 4) return length;
    at += length;
    const value = bytes.slice(at - length, at);
    return tag === 1 ? new TextDecoder().decode(value) : value;
  };
  const values = (count) => Array.from({ length: count }, next);
  const [, , , , seq, , , kind, day, micros] = values(10);
  values(6);
  values(2 * next());
  values(4 * next());
  const lines = Array.from({ length: next() }, () => {
    const [, path, commodity, , , quantity, after] = values(8);
    return { path, commodity, quantity, after };
  });
  return { seq, kind, day, micros, lines };
};

const amount = (minor, commodity) => {
  if (commodity !== "POINT" && commodity !== "HONOR") return String(minor);
  const digits = String(minor < 0n ? -minor : minor).padStart(3, "0");
  const rest = digits.slice(-2).replace(/0+$/, "");
  return (minor < 0n ? "-" : "") + digits.slice(0, -2) + (rest && "." + rest);
};

const show = (entry) => {
  const whole = document.querySelector("[data-entry]");
  const put = (name, text) => { whole.querySelector(`[data-field="${name}"]`).textContent = text; };
  put("seq", String(entry.seq));
  put("kind", entry.kind);
  put("day", new Date(Number(entry.day) * 86400000).toISOString().slice(0, 10));
  put("at", new Date(Number(entry.micros / 1000n) + 8 * 3600000).toISOString().slice(0, 16).replace("T", " "));
  const list = whole.querySelector('[data-field="lines"]');
  for (const line of entry.lines) {
    const item = list.appendChild(document.createElement("li"));
    item.textContent = `${line.path}  ${amount(line.quantity, line.commodity)} ${line.commodity} → ${amount(line.after, line.commodity)}`;
  }
  whole.hidden = false;
};

if (page && !globalThis.crypto?.subtle) {
  say("insecure");
} else if (page) {
  say("working");
  try {
    const proof = read(document.querySelector("[data-text]").textContent);
    const good = await included(proof);
    say(good ? "path-good" : "path-bad");
    if (good) { say("entry"); show(decode(proof.entry)); }
    say(`signature-${await signed(proof, page.dataset.keys.split(" "))}`);
  } catch (error) {
    console.error(error);
    say("path-bad");
  }
  say("working", false);
}
