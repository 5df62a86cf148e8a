// Quick record: choose an item, see what it is worth before saving.
//   form[data-record]; its items are radios with data-points (minor units for one) and data-ask ("quantity" or nothing)
//   [data-quantity] is the quantity's field, hidden while the chosen item takes none
//   [data-worth] shows points × quantity

import "./kit.js";
import { points } from "./points.js";

for (const form of document.querySelectorAll("form[data-record]")) {
  const field = form.querySelector("[data-quantity]");
  const quantity = field?.querySelector("input");
  const worth = form.querySelector("[data-worth]");
  const show = () => {
    const item = form.querySelector("input[type=radio][data-points]:checked");
    const counted = item?.dataset.ask === "quantity";
    if (field) field.hidden = item !== null && !counted;
    if (!worth) return;
    const times = counted ? Number(quantity?.value || 1) : 1;
    worth.textContent = item ? points(Number(item.dataset.points) * times) : "";
  };
  form.addEventListener("input", show);
  form.addEventListener("change", show);
  show();
}
