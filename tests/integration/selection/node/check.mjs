// Checks a credential as a stranger would: the issuer's keys by did:web, signatures by jose, SD-JWTs by
// @sd-jwt/sd-jwt-vc, status lists by @digitalbazaar/bitstring and @sd-jwt/jwt-status-list.
// Reads {form, credential, show} on standard input; prints what was found as one line of JSON.
import { createHash, randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { Bitstring } from "@digitalbazaar/bitstring";
import { SDJwtVcInstance } from "@sd-jwt/sd-jwt-vc";
import { compactVerify, decodeProtectedHeader, importJWK, jwtVerify } from "jose";

// did:web says https; a test listens on the loopback without TLS
const scheme = (host) => (host.startsWith("127.0.0.1") ? "http" : "https");

async function keyOf(jwt) {
  const { kid } = decodeProtectedHeader(jwt);
  const [host, ...path] = kid.split("#")[0].split(":").slice(2).map(decodeURIComponent);
  const answer = await fetch(`${scheme(host)}://${host}/${path.join("/")}/did.json`);
  const { id, assertionMethod, verificationMethod } = await answer.json();
  if (id !== kid.split("#")[0] || !assertionMethod.includes(kid)) throw new Error("not the issuer's key");
  return importJWK(verificationMethod.find((method) => method.id === kid).publicKeyJwk, "EdDSA");
}

async function verified(jwt, typ) {
  const { payload } = await jwtVerify(jwt, await keyOf(jwt), { typ, algorithms: ["EdDSA"] });
  const issuer = typeof payload.issuer === "string" ? payload.issuer : payload.issuer.id;
  if (issuer !== payload.iss || !decodeProtectedHeader(jwt).kid.startsWith(`${issuer}#`)) throw new Error("issuer");
  return payload;
}

async function badge(jwt) {
  const payload = await verified(jwt, "vc+jwt");
  const status = payload.credentialStatus;
  const answer = await fetch(status.statusListCredential);
  if (answer.headers.get("content-type") !== "application/vc+jwt") throw new Error("content type");
  const list = await verified(await answer.text(), "vc+jwt");
  if (list.id !== status.statusListCredential) throw new Error("another list");
  if (list.credentialSubject.statusPurpose !== status.statusPurpose) throw new Error("another purpose");
  const encoded = list.credentialSubject.encodedList;
  if (encoded[0] !== "u") throw new Error("multibase");
  const bits = new Bitstring({ buffer: await Bitstring.decodeBits({ encoded: encoded.slice(1) }) });
  return { payload, revoked: bits.get(Number(status.statusListIndex)), bits: bits.length };
}

async function selective(sdJwt, show) {
  const signed = async (data, signature, jwt) => {
    const compact = `${data}.${signature}`;
    await compactVerify(compact, await keyOf(compact));
    return true;
  };
  const library = new SDJwtVcInstance({
    verifier: signed,
    statusVerifier: signed,
    hasher: (data, alg) => createHash(alg.replace("-", "")).update(Buffer.from(data)).digest(),
    hashAlg: "sha-256",
    saltGenerator: () => randomBytes(16).toString("base64url"),
  });
  const presentation = await library.present(sdJwt, show);
  const { payload } = await library.verify(presentation);
  return { payload, presentation };
}

try {
  const { form, credential, show } = JSON.parse(readFileSync(0, "utf8"));
  const found = form === "badge" ? await badge(credential) : await selective(credential, show);
  console.log(JSON.stringify(found));
} catch (problem) {
  console.log(JSON.stringify({ refused: String(problem.message ?? problem) }));
}
