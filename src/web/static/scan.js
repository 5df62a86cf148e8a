// Reads a code into a form and sends the form: by camera, by photo, by a scanner that types, or by hand.
//   form[data-scan] is a box of camera.js with input[data-text] and its sentence in data-found

import { buzz, camera, digits } from "./camera.js";

const CODE_DIGITS = 48;

// What lay before the camera when the last page went: the camera that opens by itself does not take it again.
const last = (text) => {
  try {
    if (text !== undefined) sessionStorage.setItem("scanned", text);
    return sessionStorage.getItem("scanned");
  } catch {
    return null;
  }
};

for (const form of document.querySelectorAll("form[data-scan]")) {
  const field = form.querySelector("[data-text]");
  let sent = false;

  const say = camera(form, (text, itself) => {
    if (!text || (itself && text === last())) {
      say("aim");
      return false;
    }
    if (sent) return true;
    last(text);
    field.value = text;
    say("found");
    buzz();
    form.requestSubmit();
    return true;
  });

  form.addEventListener("submit", (event) => {
    field.value = digits(field.value);
    if (sent || field.value === "") return event.preventDefault();
    sent = true;
  });
  addEventListener("pageshow", () => { sent = false; });
  // Some scanners end without Enter.
  field.addEventListener("input", (event) => {
    if (!event.isComposing && digits(field.value).length === CODE_DIGITS) form.requestSubmit();
  });
  // A scanner types wherever the cursor is: bring the digits to the field.
  document.addEventListener("keydown", (event) => {
    const elsewhere = document.activeElement === document.body || document.activeElement?.id === "content";
    if (elsewhere && /^[0-9０-９]$/.test(event.key) && !event.ctrlKey && !event.metaKey) field.focus();
  });
}
