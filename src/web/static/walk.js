// Walks a village household by household: every tap is a look, kept in this phone first (looks.js), and the next
// household comes by itself. A mistake is put right by going back and tapping anew: that is another look.
//   [data-walk] (data-round, data-seq), #walk-roll and #walk-groups (lines of text), fieldset[data-item] with [data-mark]

import { keep, kept, random } from "./looks.js";

const FOUND_MAX = 8;
const fold = (text) => text.normalize("NFKC").toLowerCase().replace(/\s+/g, "");
const lines = (id) => document.querySelector(id).content.textContent.split("\n");

const walk = document.querySelector("[data-walk]");
if (walk) {
  const part = (name) => walk.querySelector(`[data-${name}]`);
  const items = [...walk.querySelectorAll("[data-item]")];
  const names = lines("#walk-groups");
  const homes = lines("#walk-roll").map((line) => {
    const [no, head, initials, group, marks] = line.split("\t");
    return { no, head, initials, group: Number(group), marks: marks === "-" ? "" : marks };
  });
  const groups = names.map((name, group) => ({ name, homes: homes.filter((home) => home.group === group) }));
  const left = (group) => group.homes.filter((home) => home.marks === undefined).length;
  let seq = Number(walk.dataset.seq);
  let group = groups[0];
  let home;
  let draft = [];
  let before = [];

  const button = (of, act) => {
    const made = document.createElement("button");
    made.type = "button";
    made.className = "button";
    made.textContent = `${of.marks === undefined ? "○" : "✓"} ${of.no} ${of.head}`;
    made.addEventListener("click", act);
    return made;
  };
  const counts = () => {
    const done = homes.filter((one) => one.marks !== undefined).length;
    part("progress").textContent = walk.dataset.done.replace("{done}", done).replace("{all}", homes.length);
    part("group").replaceChildren(...groups.filter((one) => one.homes.length > 0).map((one) => {
      const option = document.createElement("option");
      option.value = String(groups.indexOf(one));
      option.selected = one === group;
      option.textContent = `${one.name} ${one.homes.length - left(one)}/${one.homes.length}`;
      return option;
    }));
    const list = part("list");
    if (list.closest("details").open) list.replaceChildren(...group.homes.map((one) => button(one, () => visit(one))));
  };
  const draw = () => {
    const over = home === undefined;
    part("home").hidden = over;
    part("over").hidden = !over;
    part("next-group").hidden = !groups.some((one) => left(one) > 0);
    part("back").disabled = before.length === 0;
    if (!over) {
      part("no").textContent = home.no;
      part("head").textContent = home.head;
      items.forEach((item, place) => {
        for (const mark of item.querySelectorAll("[data-mark]"))
          mark.setAttribute("aria-pressed", String(mark.dataset.mark === draft[place]));
      });
    }
    counts();
  };
  // what was found there, item by item; nothing yet, nothing pressed
  const drafted = (one) => items.map((item) => {
    if (one?.marks === undefined) return undefined;
    const marks = one.marks.split(",");
    return marks.find((mark) => mark.split(":")[0] === item.dataset.item) ?? "";
  });
  const visit = (one) => {
    home = one;
    if (one) group = groups[one.group];
    draft = drafted(one);
    draw();
  };
  const next = () => {
    const at = group.homes.indexOf(home);
    const after = [...group.homes.slice(at + 1), ...group.homes.slice(0, at + 1)];
    visit(after.find((one) => one.marks === undefined));
  };
  let busy = false;
  const look = async () => {
    const [seen, marks] = [home, draft.filter((mark) => mark !== "").sort().join(",")];
    busy = true;
    seq += 1;
    const taken = { key: `${seq}-${random()}`, round: walk.dataset.round, household: seen.no, seq, taken_at: new Date().toISOString(), marks };
    // kept first: what this page shows as looked at is never only shown
    if (await keep(taken)) {
      seen.marks = marks;
      before.push(seen);
      navigator.vibrate?.(30);
      next();
    }
    busy = false;
  };
  items.forEach((item, place) => {
    for (const mark of item.querySelectorAll("[data-mark]")) {
      mark.addEventListener("click", () => {
        if (busy) return;
        draft[place] = mark.dataset.mark;
        if (draft.includes(undefined)) draw();
        else look();
      });
    }
  });
  part("back").addEventListener("click", () => visit(before.pop()));
  part("skip").addEventListener("click", () => {
    const at = group.homes.indexOf(home);
    const after = [...group.homes.slice(at + 1), ...group.homes.slice(0, at)];
    visit(after.find((one) => one.marks === undefined) ?? home);
  });
  part("group").addEventListener("change", () => {
    group = groups[Number(part("group").value)];
    visit(group.homes.find((one) => one.marks === undefined));
  });
  part("next-group").addEventListener("click", () => {
    group = groups.find((one) => left(one) > 0) ?? group;
    visit(group.homes.find((one) => one.marks === undefined));
  });
  part("list").closest("details").addEventListener("toggle", counts);
  part("find").addEventListener("input", () => {
    const wanted = fold(part("find").value);
    const fits = (one) => fold(one.no).includes(wanted) || fold(one.head).includes(wanted) || one.initials.startsWith(wanted);
    const found = wanted === "" ? [] : homes.filter(fits).slice(0, FOUND_MAX);
    part("found").replaceChildren(...found.map((one) => button(one, () => {
      part("find").value = "";
      part("found").replaceChildren();
      visit(one);
    })));
  });

  // what this phone still keeps is newer than what the server told
  kept().then((looks) => {
    for (const one of looks.filter((look) => look.round === walk.dataset.round)) {
      seq = Math.max(seq, one.seq);
      const seen = homes.find((other) => other.no === one.household);
      if (seen && !one.refused) seen.marks = one.marks;
    }
    group = groups.find((one) => left(one) > 0) ?? groups.find((one) => one.homes.length > 0);
    visit(group.homes.find((one) => one.marks === undefined));
    walk.hidden = false;
  });
}
