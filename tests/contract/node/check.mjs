// Parses the AsyncAPI document named on the command line; prints each finding, exits 1 when one is an error.
import { readFileSync } from "node:fs";
import { Parser } from "@asyncapi/parser";

const { document, diagnostics } = await new Parser().parse(readFileSync(process.argv[2], "utf8"));
for (const { severity, path, message } of diagnostics) {
  console.log(["error", "warning", "info", "hint"][severity], path.join("."), message);
}
if (!document || diagnostics.some(({ severity }) => severity === 0)) process.exit(1);
console.log(JSON.stringify({ channels: document.channels().length, operations: document.operations().length }));
