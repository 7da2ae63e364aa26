// Runs functions of the page's sealing module for test_page_sealing.py: JSON in on stdin, JSON out.
import { readFileSync } from "node:fs";
import * as sealing from "../../../gateway/assets/src/sealing.mjs";

const asked = JSON.parse(readFileSync(0, "utf8"));
const bytes = (value) => new Uint8Array(Buffer.from(value, "base64"));
const key = asked.key && (await sealing.keyFrom(bytes(asked.key)));
const files = (asked.files ?? []).map(({ name, content }) => ({ name, content: bytes(content) }));
const jobs = {
  key: async () => {
    const made = await sealing.makeKey();
    return { ...made, privateKey: Buffer.from(made.privateKey).toString("base64") };
  },
  named: async () => ({ keyId: key.keyId, publicKey: key.publicKey }),
  proof: () => sealing.answerChallenge(asked.registered, key),
  seal: async () => {
    const { receipt, parts, body } = await sealing.seal(asked.offer, asked.notice, "a", files, asked.expected);
    return { receipt, parts, body };
  },
  open: () => sealing.openLayer(asked.sealed, key),
};
try {
  console.log(JSON.stringify({ answer: await jobs[asked.do]() }));
} catch (problem) {
  if (!(problem instanceof sealing.SealingError)) throw problem;
  console.log(JSON.stringify({ refused: problem.message }));
}
