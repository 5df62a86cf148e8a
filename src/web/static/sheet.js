// A meeting's sign-in sheet: words are typed one after the other, each becomes a ticked line at once.
//   form[data-sheet] (data-item; data-twice, data-nobody, data-several, data-no-answer: what is said)
//   [data-typed] is the field for those without script; here it keeps the words nobody could look up, and is sent with the form
//   [data-row] is the empty line, [data-count] how many are ticked, [data-paper] how many the paper has

import "./kit.js";

for (const form of document.querySelectorAll("form[data-sheet]")) {
  const kept = form.querySelector("[data-typed]");
  const rows = form.querySelector("#rows");
  const said = form.querySelector("[data-said]");
  const several = form.querySelector("[data-several-of]");
  const input = document.createElement("input");
  input.autocomplete = "off";
  input.setAttribute("enterkeyhint", "next");
  input.setAttribute("autocapitalize", "off");
  input.id = kept.id;
  kept.removeAttribute("id");
  kept.hidden = true;
  kept.before(input);
  form.querySelector("[data-look]").hidden = true;

  const line = (mark) => [...rows.querySelectorAll("input[name=line]")].find((box) => box.value === mark);
  const words = (name, facts) => Object.entries(facts).reduce((text, [k, v]) => text.replace(`{${k}}`, v), form.dataset[name]);
  const say = (text, bad) => {
    said.textContent = text;
    said.classList.toggle("minus", Boolean(bad));
  };
  const count = () => {
    const ticked = form.querySelectorAll("input[name=line]:checked").length;
    const paper = Number(form.querySelector("[data-paper]").value);
    form.querySelector("[data-count]").textContent = String(ticked);
    form.querySelector("[data-differs]").hidden = !paper || paper === ticked;
  };
  const put = (who) => {
    const there = line(who.mark);
    const row = there?.closest(".row");
    if (there?.checked) {
      say(words("twice", { who: `${who.no} ${who.name}` }), true);
      row.classList.add("twice");
      row.scrollIntoView({ block: "nearest" });
      return;
    }
    if (there) {
      there.checked = true;
    } else {
      const made = form.querySelector("[data-row]").content.cloneNode(true).firstElementChild;
      made.querySelector("[name=line]").value = who.mark;
      made.querySelector(".choice span").textContent = `${who.no} ${who.name}`;
      made.dataset.key = `${who.no} ${who.name}`;
      const quantity = made.querySelector("input[type=number]");
      if (quantity) quantity.name = `q:${who.mark}`;
      rows.prepend(made);
    }
    say(`${who.no} ${who.name} ✓`);
    count();
  };
  const choose = (word, found) => {
    say(words("several", { word }));
    const asked = document.createElement("div");
    asked.className = "actions";
    asked.append(`${word}:`, ...found.map((who, place) => {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "button";
      button.textContent = `${place + 1}. ${who.no} ${who.name}`;
      button.addEventListener("click", () => {
        asked.remove();
        put(who);
        input.focus();
      });
      return button;
    }));
    several.append(asked);
  };
  const look = async (word) => {
    try {
      const query = new URLSearchParams({ item: form.dataset.item, q: word });
      const answer = await fetch(`/clerk/sheet/find?${query}`);
      if (!answer.ok) throw new Error(String(answer.status));
      const { found, sure } = await answer.json();
      if (found.length === 0) say(words("nobody", { word }), true);
      else if (sure) put(found[0]);
      else choose(word, found);
    } catch {
      kept.value = `${kept.value}\n${word}`.trim();
      say(`${word}: ${form.dataset.noAnswer}`, true);
    }
  };
  // one after the other, so that two questions about names do not stand on each other's feet
  let queue = Promise.resolve();
  const take = () => {
    const typed = input.value.normalize("NFKC").split(/[\s,;、，；]+/).filter(Boolean);
    input.value = "";
    if (typed.length === 1 && several.childElementCount > 0 && /^[1-9]$/.test(typed[0])) {
      several.firstElementChild.querySelectorAll("button")[Number(typed[0]) - 1]?.click();
      return;
    }
    for (const word of typed) queue = queue.then(() => look(word));
  };
  input.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing) return;
    event.preventDefault();
    take();
  });
  input.addEventListener("input", (event) => {
    if (!event.isComposing && /[\s,;、，；]$/.test(input.value)) take();
  });
  form.addEventListener("submit", () => {
    kept.value = `${kept.value}\n${input.value}`.trim();
  });
  form.addEventListener("input", count);
  count();
  if (rows.childElementCount === 0) input.focus();
}
