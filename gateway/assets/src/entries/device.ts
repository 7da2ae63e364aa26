// Claiming a voucher with this device's key, and signing in with it.
import { deviceKey, newNonce, position, publicKey, signature } from "../modules/device";

const missing = document.querySelector<HTMLElement>("[data-device-missing]");
const claim = document.querySelector<HTMLFormElement>("form[data-device-key]");
const signIn = document.querySelector<HTMLFormElement>("form[data-sign-in]");

function put(form: HTMLFormElement, name: string, value: string): void {
  const field = form.elements.namedItem(name);
  if (field instanceof HTMLInputElement) field.value = value;
}

async function prepareClaim(form: HTMLFormElement): Promise<void> {
  const key = await deviceKey(true);
  if (!key) return;
  put(form, "device_key", await publicKey(key));
  if (missing) missing.hidden = true;
}

async function prepareSignIn(form: HTMLFormElement): Promise<void> {
  const key = await deviceKey(false);
  if (!key) return;
  if (missing) missing.hidden = true;
  // business time runs beside the device's own in the demonstration only
  const ahead = Date.parse(form.dataset.clock ?? "") - Date.now();
  let sent = false;
  form.addEventListener("submit", async (event) => {
    if (sent) return;
    event.preventDefault();
    const code = new FormData(form).get("code")?.toString().replace(/\D/g, "") ?? "";
    const nonce = newNonce();
    const signedAt = new Date(Date.now() + ahead).toISOString();
    const spot = await position();
    const where = [form.dataset.class ?? "", form.dataset.session ?? "", form.dataset.voucher ?? ""];
    put(form, "code", code);
    put(form, "nonce", nonce);
    put(form, "signed_at", signedAt);
    put(form, "signature", await signature(key, where, code, nonce, signedAt, spot));
    put(form, "longitude", spot ? spot.longitude.toFixed(6) : "");
    put(form, "latitude", spot ? spot.latitude.toFixed(6) : "");
    sent = true;
    form.submit();
  });
}

if (claim) void prepareClaim(claim);
if (signIn) void prepareSignIn(signIn);
