// The counter's basket: choose goods, see the total and what is left. Without script the number inputs still post.
//   form[data-basket] with data-balance (minor units); each good is an element with data-price (minor units)
//   around an input[type=number]; [data-sum], [data-left] and [data-pieces] show totals; .basket turns .over when the
//   balance does not reach, and [data-over] (hidden at first) says so

import "./kit.js";
import { points } from "./points.js";

for (const form of document.querySelectorAll("form[data-basket]")) {
  const goods = [...form.querySelectorAll("[data-price]")];
  const bar = form.querySelector(".basket");
  const show = () => {
    let sum = 0;
    let pieces = 0;
    for (const good of goods) {
      const count = Math.max(0, Math.trunc(Number(good.querySelector("input[type=number]").value) || 0));
      good.classList.toggle("chosen", count > 0);
      sum += count * Number(good.dataset.price);
      pieces += count;
    }
    const balance = Number(form.dataset.balance ?? Infinity);
    const over = sum > balance;
    const put = (name, text) => {
      for (const place of form.querySelectorAll(`[${name}]`)) place.textContent = text;
    };
    put("data-sum", points(sum));
    put("data-pieces", String(pieces));
    if (Number.isFinite(balance)) put("data-left", points(balance - sum));
    bar?.classList.toggle("over", over);
    for (const warning of form.querySelectorAll("[data-over]")) warning.hidden = !over;
    for (const button of form.querySelectorAll("button[data-buy]")) button.disabled = over || pieces === 0;
  };
  form.addEventListener("input", show);
  addEventListener("pageshow", show);
  show();
}
