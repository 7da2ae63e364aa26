// The key of this device: made once, kept by the browser, never readable. contracts/devices.py says what it signs.
const SCHEME = "wudan-sign-in-1";
const CURVE = { name: "ECDSA", namedCurve: "P-256" };
const NAME = "device";

export interface Spot { longitude: number; latitude: number }

/** The key of this browser, made when there is none and `make` says so; null where there can be none. */
export async function deviceKey(make: boolean): Promise<CryptoKeyPair | null> {
  if (!globalThis.crypto?.subtle || !globalThis.indexedDB) return null;
  const base = await opened();
  const found = await asked<CryptoKeyPair | undefined>(base.transaction("keys").objectStore("keys").get(NAME));
  if (found || !make) return found ?? null;
  const made = await crypto.subtle.generateKey(CURVE, false, ["sign"]) as CryptoKeyPair;
  await asked(base.transaction("keys", "readwrite").objectStore("keys").put(made, NAME));
  return made;
}

/** The public half, as a voucher is claimed with it. */
export async function publicKey(key: CryptoKeyPair): Promise<string> {
  return base64(await crypto.subtle.exportKey("raw", key.publicKey));
}

/** The signature over a session's code. where: class, session and voucher. */
export async function signature(
  key: CryptoKeyPair, where: string[], code: string, nonce: string, signedAt: string, spot: Spot | null,
): Promise<string> {
  const position = spot ? `${spot.longitude.toFixed(6)},${spot.latitude.toFixed(6)}` : "-";
  const text = [SCHEME, ...where, code, nonce, signedAt, position].join("\n");
  return base64(await crypto.subtle.sign({ name: "ECDSA", hash: "SHA-256" }, key.privateKey, new TextEncoder().encode(text)));
}

/** Where the device is, null when it does not tell within some seconds. */
export function position(): Promise<Spot | null> {
  return new Promise((tell) => {
    if (!navigator.geolocation) return tell(null);
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => tell({ longitude: coords.longitude, latitude: coords.latitude }),
      () => tell(null),
      { enableHighAccuracy: true, timeout: 5000, maximumAge: 30000 },
    );
  });
}

export function newNonce(): string {
  return base64(crypto.getRandomValues(new Uint8Array(18)).buffer as ArrayBuffer).replace(/\+/g, "-").replace(/\//g, "_");
}

function base64(bytes: ArrayBuffer): string {
  return btoa(String.fromCharCode(...new Uint8Array(bytes)));
}

function opened(): Promise<IDBDatabase> {
  const request = indexedDB.open("wudan", 1);
  request.onupgradeneeded = () => request.result.createObjectStore("keys");
  return asked(request);
}

function asked<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((done, failed) => {
    request.onsuccess = () => done(request.result);
    request.onerror = () => failed(request.error);
  });
}
