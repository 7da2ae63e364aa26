// Sealing bids and opening one layer in the browser; the same format as infra/sealing (docs/decisions/0016).
// Nothing here leaves the device by itself: the caller sends what these functions return.
import sodium from "libsodium-wrappers";

export const SCHEME = "nested-sealed-box/1";
const PART_SCHEME = "wudan-bid-part/1";
const PAD_TO = 1024;
const PART_BYTES = 512 * 1024;
const LARGEST = 10_000_000;
const text = new TextEncoder();

/** The notice, the key or the bytes are not what they must be; nothing was sealed or opened. */
export class SealingError extends Error {}

/** Make a key pair. The private half (32 bytes) stays on the device. */
export async function makeKey() {
  await sodium.ready;
  const { publicKey, privateKey } = sodium.crypto_box_keypair();
  return await keyOf(publicKey, privateKey);
}

/** The key whose private half is at hand. */
export async function keyFrom(privateKey) {
  await sodium.ready;
  return await keyOf(sodium.crypto_scalarmult_base(privateKey), privateKey);
}

/** The body that confirms a key, from the answer to its registration. */
export async function answerChallenge(registered, key) {
  await sodium.ready;
  if (registered.id !== key.keyId || !registered.challenge) throw new SealingError("not this key's registration");
  return { proof: toBase64(opened(fromBase64(registered.challenge), key)) };
}

/**
 * Seal an offer (price_fen, plan, teachers, places) with files ({name, content: Uint8Array}) for a notice as
 * GET /v1/sourcings/<id> shows it. expectedKeys: the keys' names as the officers say them, outer first.
 * Returns {receipt, plaintext, parts: bodies of POST …/bids/parts, body: of POST …/bids}.
 */
export async function seal(offer, notice, providerRef, files = [], expectedKeys = []) {
  await sodium.ready;
  const [outer, inner] = await keysOf(notice, expectedKeys);
  const attachments = [];
  for (const file of files) attachments.push(await sealFile(file.name, file.content));
  const salt = sodium.to_hex(sodium.randombytes_buf(32));
  const inside = attachments.map((each) => each.inside);
  const said = { ...offer, attachments: inside, sourcing_id: notice.id, provider_ref: providerRef, salt };
  const plaintext = padded(text.encode(JSON.stringify(said)));
  const ciphertext = sodium.crypto_box_seal(sodium.crypto_box_seal(plaintext, inner.raw), outer.raw);
  const body = {
    ciphertext: toBase64(ciphertext),
    seal: { scheme: SCHEME, key_ids: [outer.id, inner.id], commitment: await sha256(plaintext) },
    attachments: attachments.map((each) => each.told),
  };
  const parts = attachments.flatMap((each) => each.parts);
  return { receipt: await sha256(ciphertext), plaintext, parts, body };
}

/** Open this officer's layer of GET …/sealed-bids: the body of POST …/openings. */
export async function openLayer(sealed, key) {
  await sodium.ready;
  if (sealed.key_id !== key.keyId) throw new SealingError(`sealed for ${sealed.key_id}, not for ${key.keyId}`);
  const bids = [];
  for (const item of sealed.items) bids.push({ bid_id: item.bid_id, ...(await openBid(item, sealed.layer, key)) });
  return { bids };
}

/** The name of a public key: the first 32 hex digits of its SHA-256. */
export async function keyName(publicKey) {
  return (await sha256(publicKey)).slice(0, 32);
}

async function keyOf(publicKey, privateKey) {
  return { publicKey: toBase64(publicKey), privateKey, keyId: await keyName(publicKey), raw: publicKey };
}

async function keysOf(notice, expected) {
  const listed = [...notice.opening_keys].sort((one, other) => one.layer - other.layer);
  const keys = [];
  for (const each of listed) {
    const raw = fromBase64(each.public_key);
    if ((await keyName(raw)) !== each.key_id) throw new SealingError("the notice's keys do not fit their names");
    keys.push({ raw, id: each.key_id });
  }
  if (keys.length !== 2 || keys[0].id === keys[1].id) throw new SealingError("two different keys are needed");
  if (expected.length && expected.join() !== keys.map((key) => key.id).join()) {
    throw new SealingError("the notice's keys are not those that the officers named");
  }
  return keys;
}

async function sealFile(name, content) {
  if (!content.length || content.length > LARGEST) throw new SealingError(`${name}: 1 to ${LARGEST} bytes`);
  const key = sodium.crypto_aead_xchacha20poly1305_ietf_keygen();
  const count = Math.ceil(content.length / PART_BYTES);
  const sealed = [];
  for (let number = 0; number < count; number++) {
    const piece = content.subarray(number * PART_BYTES, (number + 1) * PART_BYTES);
    sealed.push(sealPart(piece, key, `${PART_SCHEME}|${number}|${count}`));
  }
  const whole = joined(sealed);
  const hash = await sha256(whole);
  const upload_id = sodium.to_hex(sodium.randombytes_buf(16));
  return {
    inside: {
      name, size: content.length, sha256: await sha256(content), sealed_sha256: hash, key: sodium.to_hex(key),
    },
    told: { upload_id, size: whole.length, sha256: hash },
    parts: sealed.map((part, number) => ({ upload_id, number, content: toBase64(part) })),
  };
}

function sealPart(piece, key, place) {
  const nonce = sodium.randombytes_buf(sodium.crypto_aead_xchacha20poly1305_ietf_NPUBBYTES);
  const box = sodium.crypto_aead_xchacha20poly1305_ietf_encrypt(piece, text.encode(place), null, nonce, key);
  return joined([nonce, box]);
}

async function openBid(item, layer, key) {
  const content = fromBase64(item.content);
  if (layer === 1 && (await sha256(content)) !== item.receipt) {
    return { problem: "the stored bytes are not those of the receipt" };
  }
  let plain;
  try {
    plain = opened(content, key);
  } catch {
    return { problem: "the key does not open it" };
  }
  if (layer === 2 && (await sha256(plain)) !== item.commitment) {
    return { problem: "it is not what the bidder committed to" };
  }
  return plain.length ? { content: toBase64(plain) } : { problem: "the seal is empty" };
}

function opened(content, key) {
  try {
    return sodium.crypto_box_seal_open(content, key.raw, key.privateKey);
  } catch {
    throw new SealingError("the key does not open it");
  }
}

function padded(bytes) {
  const whole = new Uint8Array(Math.ceil(bytes.length / PAD_TO) * PAD_TO).fill(0x20);
  whole.set(bytes);
  return whole;
}

function joined(pieces) {
  const whole = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let place = 0;
  for (const piece of pieces) {
    whole.set(piece, place);
    place += piece.length;
  }
  return whole;
}

async function sha256(bytes) {
  return sodium.to_hex(new Uint8Array(await globalThis.crypto.subtle.digest("SHA-256", bytes)));
}

function toBase64(bytes) {
  return sodium.to_base64(bytes, sodium.base64_variants.ORIGINAL);
}

function fromBase64(value) {
  return sodium.from_base64(value, sodium.base64_variants.ORIGINAL);
}
