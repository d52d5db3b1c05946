import { knownContacts, maskText } from "../apps/server/src/domain/views/known-contacts.ts";

/*
 * `node bench/masking.ts`: how long masking takes on texts that are as hard as texts get, of 256 KiB
 * and of 1 MiB, the largest body that the hub takes. Linear is a ratio of about four.
 */

const parts = ["A sentence, 12:30. ", "1 ", "a@", "@ ", " at x", "%40", "&#64;", "1,000", "(at)"];
const known = knownContacts(undefined, {
  attendees: [{ email: "ada@example.com", phone: "+45 12 34 56 78" }],
});

/** The fastest of five runs, in milliseconds: what disturbs only ever adds. */
function timeOf(text: string): number {
  const runs = Array.from({ length: 5 }, () => {
    const start = performance.now();
    maskText(text, known);
    return performance.now() - start;
  });
  return Math.min(...runs);
}

for (const part of parts) {
  const [small = 0, large = 0] = [2 ** 18, 2 ** 20].map((size) =>
    timeOf(part.repeat(Math.ceil(size / part.length))),
  );
  const cells = [JSON.stringify(part), `${small.toFixed(0)} ms`, `${large.toFixed(0)} ms`];
  process.stdout.write(
    `${cells.map((cell) => cell.padEnd(24)).join("")}${(large / small).toFixed(1)}\n`,
  );
}
