// Quick record: choose an item, see what it is worth before saving.
//   form[data-record]; its items are radios with data-points (minor units for data-per units of the quantity), data-step
//   (the quantity counts in whole multiples of it, 0: in any), data-first (the quantity to begin with), data-unit,
//   data-ask ("quantity" or nothing) and data-whose ("person" or nothing)
//   [data-quantity] is the quantity's field, [data-person] the members': each hidden while the chosen item takes none
//   [data-worth] shows what it comes to before any limit, rounded down as the rules do

import "./kit.js";
import { points } from "./points.js";

// A quantity is a decimal fraction and a computer's is not: 0.1 × 3 must not fall short of 0.3.
const HAIR = 1e-9;

const worthOf = ({ points: each, per, step }, quantity) => {
  const counted = Number(step) > 0 ? Math.floor(quantity / Number(step) + HAIR) * Number(step) : quantity;
  return Math.sign(each) * Math.floor((counted * Math.abs(each)) / Number(per) + HAIR);
};

for (const form of document.querySelectorAll("form[data-record]")) {
  const field = form.querySelector("[data-quantity]");
  const quantity = field.querySelector("input");
  const unit = field.querySelector("[data-unit]");
  const worth = form.querySelector("[data-worth]");
  const chosen = () => form.querySelector("input[type=radio][data-points]:checked");
  const show = () => {
    const item = chosen();
    const counted = item?.dataset.ask === "quantity";
    field.hidden = !counted;
    form.querySelector("[data-person]").hidden = item?.dataset.whose !== "person";
    form.querySelector("[data-worth-unit]").hidden = item === null;
    unit.textContent = counted ? `(${item.dataset.unit})` : "";
    quantity.dataset.by = String(Math.max(1, Number(item?.dataset.step) || 0));
    worth.textContent = item ? points(worthOf(item.dataset, counted ? Number(quantity.value || 1) : 1)) : "";
  };
  form.addEventListener("input", show);
  form.addEventListener("change", (event) => {
    if (event.target === chosen()) quantity.value = event.target.dataset.first;
    show();
  });
  show();
}
