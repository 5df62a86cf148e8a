// Small comforts for every form; each page works without them.
//   .stepper            gets − and + around its number input (data-less, data-more: their names)
//   [data-filter="#id"] typing hides what in #id has a data-key (name, pinyin, initials, code) that does not match, and
//                       the families (details, [data-family]) it empties, and opens the others; Enter takes the first one left;
//                       [data-none] in or after #id says that nothing is left
//   form                sends itself once, however often the button is pressed
//   [data-copy="#id"]   copies the text in #id and says data-copied; without a clipboard the text is selected instead

const fold = (text) => text.normalize("NFKC").toLowerCase().replace(/\s+/g, "");

for (const stepper of document.querySelectorAll(".stepper")) {
  const input = stepper.querySelector("input");
  const button = (sign, name, change) => {
    const made = document.createElement("button");
    made.type = "button";
    made.textContent = sign;
    made.setAttribute("aria-label", name ?? sign);
    made.addEventListener("click", () => {
      const [low, high] = [Number(input.min || 0), Number(input.max || Infinity)];
      const next = Number(input.value || 0) + change * (Number(input.dataset.by ?? input.step) || 1);
      input.value = String(Math.min(high, Math.max(low, next)));
      input.dispatchEvent(new Event("input", { bubbles: true }));
    });
    return made;
  };
  input.before(button("−", stepper.dataset.less, -1));
  input.after(button("+", stepper.dataset.more, 1));
}

for (const box of document.querySelectorAll("[data-filter]")) {
  const list = document.querySelector(box.dataset.filter);
  const items = [...(list?.querySelectorAll("[data-key]") ?? [])];
  const families = [...(list?.querySelectorAll("details, [data-family]") ?? [])].map((family) => ({ family, open: family.open }));
  const none = list?.parentElement.querySelector("[data-none]");
  const visible = () => items.filter((item) => !item.hidden);
  box.addEventListener("input", () => {
    const wanted = fold(box.value);
    for (const item of items) item.hidden = !fold(item.dataset.key).includes(wanted);
    for (const { family, open } of families) {
      family.hidden = ![...family.querySelectorAll("[data-key]")].some((item) => !item.hidden);
      family.open = wanted === "" ? open || family.querySelector(":checked") !== null : true;
    }
    if (none) none.hidden = visible().length > 0;
  });
  box.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing) return;
    event.preventDefault();
    const first = visible()[0];
    if (!first || !box.value) return;
    const control = first.querySelector("input");
    control?.focus();
    if (control?.type === "radio" || control?.type === "checkbox") control.click();
    else control?.select();
  });
}

for (const form of document.querySelectorAll("form[method=post]")) {
  let sent = false;
  form.addEventListener("submit", (event) => {
    if (sent) event.preventDefault();
    else if (!event.defaultPrevented) sent = true;
  });
  addEventListener("pageshow", () => { sent = false; });
}

for (const button of document.querySelectorAll("[data-copy]")) {
  button.addEventListener("click", async () => {
    const field = document.querySelector(button.dataset.copy);
    field.select();
    try {
      // only pages over https, or of this machine, have a clipboard
      if (navigator.clipboard) await navigator.clipboard.writeText(field.value);
      else if (!document.execCommand("copy")) return;
      button.textContent = button.dataset.copied;
    } catch { /* it is selected: the reader copies it by hand */ }
  });
}
