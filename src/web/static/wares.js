// Counts goods by the bar codes that the camera or a scanner that types reads; with it a card's or phone's code goes where
// it belongs. By hand everything works without it.
//   [data-wares] is a box of camera.js inside the form, with its sentences in data-counted ({} is what was counted),
//   data-unknown, data-enough and data-code; the form has for each article [data-barcode] around its number input, or, to
//   fill in line by line, option[data-barcode] of a list that inputs name; perhaps [data-text] for a code; [data-ean] takes
//   the bar code itself; data-afresh: what was typed before the first bar code does not count

import { buzz, camera, digits } from "./camera.js";

const EAN_DIGITS = 13;
// A thing that stays before the camera is one thing, however slow the line; gone so long, and from more than one frame,
// it is the next one.
const GONE_MS = 1000;
const GONE_FRAMES = 2;

for (const box of document.querySelectorAll("[data-wares]")) {
  const form = box.closest("form");
  const code = form.querySelector("[data-text]");
  const numbers = [...form.querySelectorAll("[data-barcode] input")];
  let [afresh, shown, seen, missed] = ["afresh" in box.dataset, "", 0, 0];

  const ofList = (ean) => {
    const option = form.querySelector(`option[data-barcode="${ean}"]`);
    const fields = option ? [...form.querySelectorAll("input[list]")] : [];
    const field = fields.find((f) => f.value === option.value) ?? fields.find((f) => f.value === "");
    if (field) field.value = option.value;
    return [field?.closest("fieldset").querySelector("[name^=pieces]"), option?.value];
  };
  const place = (ean) => {
    const line = form.querySelector(`[data-barcode="${ean}"]:not(option)`);
    return line ? [line.querySelector("input"), line.querySelector("label")?.textContent] : ofList(ean);
  };

  const count = (ean) => {
    const bare = form.querySelector("[data-ean]");
    if (bare) {
      bare.value = ean;
      return say(box.dataset.counted.replace("{}", ean));
    }
    const [input, name] = place(ean);
    if (!input || input.hidden) return say(name ? "enough" : "unknown");
    if (afresh) for (const number of numbers) number.value = "0";
    afresh = false;
    const next = Number(input.value || 0) + 1;
    if (next > Number(input.max || Infinity)) return say("enough");
    input.value = String(next);
    input.dispatchEvent(new Event("input", { bubbles: true }));
    buzz();
    say(box.dataset.counted.replace("{}", `${name} × ${next}`));
  };

  const take = (text) => {
    if (!text) {
      missed += 1;
      return false;
    }
    const now = performance.now();
    const again = text === shown && (missed < GONE_FRAMES || now - seen < GONE_MS);
    [shown, seen, missed] = [text, now, 0];
    if (again) return false;
    if (text.length === EAN_DIGITS) count(text);
    else if (code) {
      code.value = text;
      buzz();
      say("code");
    }
    return false;
  };

  const say = camera(box, take, code ? ["qr_code", "ean_13"] : ["ean_13"]);

  // A scanner types wherever the cursor is, quickly, and ends with Enter.
  let typed = "";
  document.addEventListener("keydown", (event) => {
    const field = event.target;
    const elsewhere = field === document.body || field.id === "content";
    if (event.key !== "Enter") {
      if (elsewhere && event.key.length === 1) typed = (typed + digits(event.key)).slice(-EAN_DIGITS);
      return;
    }
    const text = elsewhere ? typed : digits(field.value ?? "");
    typed = "";
    if (text.length !== EAN_DIGITS || !(elsewhere || form.contains(field))) return;
    event.preventDefault();
    event.stopPropagation();
    if (!elsewhere && field !== form.querySelector("[data-ean]")) {
      field.value = "";
      field.dispatchEvent(new Event("input", { bubbles: true }));
    }
    count(text);
  }, true);
}
