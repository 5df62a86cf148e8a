// Reads a code into a form and sends the form: by camera, by photo, by a scanner that types, or by hand.
//   form[data-scan] with data-decode (where a frame is posted: 200 {"text": "…"}, or 204 when it shows no code),
//   input[data-text], .view > video, [data-say], button[data-start], button[data-stop], input[type=file][data-photo]
//   and its sentences in data-aim, data-working, data-found, data-none, data-no-camera, data-refused, data-offline

const FRAME_PIXELS = 480;
const FRAME_INTERVAL_MS = 250;
const RETRY_INTERVAL_MS = 1500;
const PHOTO_PIXELS = 1280;
const CODE_DIGITS = 48;

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
// Full-width digits come from Chinese input methods; spaces and dashes from people.
const digits = (text) => text.normalize("NFKC").replace(/[^0-9]/g, "");

// Many in-app browsers have the object and throw when it is used: only a call that returns proves it.
const nativeDetector = async () => {
  try {
    if (!("BarcodeDetector" in window)) return null;
    if (!(await BarcodeDetector.getSupportedFormats()).includes("qr_code")) return null;
    const detector = new BarcodeDetector({ formats: ["qr_code"] });
    const blank = document.createElement("canvas");
    blank.width = blank.height = 32;
    blank.getContext("2d");
    await detector.detect(blank);
    return detector;
  } catch {
    return null;
  }
};

const jpeg = (canvas, quality) => new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", quality));

for (const form of document.querySelectorAll("form[data-scan]")) {
  const field = form.querySelector("[data-text]");
  const video = form.querySelector("video");
  const view = form.querySelector(".view");
  const start = form.querySelector("[data-start]");
  const stop = form.querySelector("[data-stop]");
  const photo = form.querySelector("[data-photo]");
  const say = (name) => { form.querySelector("[data-say]").textContent = form.dataset[name] ?? ""; };
  const canvas = document.createElement("canvas");
  let stream = null;
  let sent = false;

  const close = () => {
    for (const track of stream?.getTracks() ?? []) track.stop();
    stream = null;
    video.srcObject = null;
    view.hidden = stop.hidden = true;
    start.hidden = false;
  };

  const found = (text) => {
    if (sent) return;
    close();
    field.value = text;
    say("found");
    navigator.vibrate?.(80);
    form.requestSubmit();
  };

  const ask = async (blob) => {
    const answer = await fetch(form.dataset.decode, {
      method: "POST",
      body: blob,
      credentials: "same-origin",
      headers: { "Content-Type": blob.type || "image/jpeg", "X-CSRF-Token": form.elements.csrf?.value ?? "" },
    });
    if (answer.status === 204) return null;
    if (!answer.ok) throw new Error(String(answer.status));
    return (await answer.json()).text ?? null;
  };

  // The centre at full resolution reads farther; the scaled frame sees more. They take turns.
  const draw = (whole) => {
    const short = Math.min(video.videoWidth, video.videoHeight);
    const side = whole ? short : Math.min(short, FRAME_PIXELS);
    canvas.width = canvas.height = Math.min(side, FRAME_PIXELS);
    const [x, y] = [(video.videoWidth - side) / 2, (video.videoHeight - side) / 2];
    canvas.getContext("2d").drawImage(video, x, y, side, side, 0, 0, canvas.width, canvas.height);
  };

  const watch = async () => {
    const mine = stream;
    const detector = await nativeDetector();
    for (let turn = 0; stream === mine && mine; turn += 1) {
      const began = performance.now();
      let wait = FRAME_INTERVAL_MS;
      if (video.readyState >= 2 && video.videoWidth > 0 && !document.hidden) {
        draw(turn % 2 === 1);
        try {
          const text = detector
            ? (await detector.detect(canvas))[0]?.rawValue
            : await ask(await jpeg(canvas, 0.7));
          if (stream !== mine) return;
          if (text) return found(text);
          say("aim");
        } catch {
          say("offline");
          wait = RETRY_INTERVAL_MS;
        }
      }
      await pause(Math.max(0, wait - (performance.now() - began)));
    }
  };

  const open = async () => {
    start.hidden = true;
    try {
      stream = await navigator.mediaDevices.getUserMedia({
        audio: false,
        video: { facingMode: "environment", width: { ideal: 1280 }, height: { ideal: 720 } },
      });
    } catch (error) {
      start.hidden = false;
      return say(error.name === "NotAllowedError" ? "refused" : "noCamera");
    }
    video.srcObject = stream;
    view.hidden = stop.hidden = false;
    say("aim");
    await video.play().catch(() => {});
    watch();
  };

  const shrink = async (file) => {
    try {
      const picture = await createImageBitmap(file);
      const scale = Math.min(1, PHOTO_PIXELS / Math.max(picture.width, picture.height));
      canvas.width = Math.max(1, Math.round(picture.width * scale));
      canvas.height = Math.max(1, Math.round(picture.height * scale));
      canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
      return await jpeg(canvas, 0.85);
    } catch {
      return file;
    }
  };

  const read = async () => {
    const file = photo.files?.[0];
    if (!file) return;
    say("working");
    try {
      const text = await ask(await shrink(file)) ?? await ask(file);
      if (text) found(text);
      else say("none");
    } catch {
      say("offline");
    }
    photo.value = "";
  };

  if (navigator.mediaDevices?.getUserMedia) {
    start.hidden = false;
    start.addEventListener("click", open);
    stop.addEventListener("click", close);
    addEventListener("pagehide", close);
  }
  for (const hidden of form.querySelectorAll("[data-with-script]")) hidden.hidden = false;
  photo?.addEventListener("change", read);

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
