// Minor units to the figure that people read: 2000 → "20", 250 → "2.5". Exact for every amount a page can hold.
export const points = (minor) => {
  const sign = minor < 0 ? "-" : "";
  const whole = Math.trunc(Math.abs(minor) / 100);
  const rest = String(Math.abs(minor) % 100).padStart(2, "0").replace(/0+$/, "");
  return sign + whole + (rest && "." + rest);
};
