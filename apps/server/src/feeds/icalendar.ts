/** Writes iCalendar (RFC 5545): lines that are folded, texts that cannot break out of them. */

/** The longest line in octets, without its end (RFC 5545 §3.1). */
const MAX_OCTETS = 75;

/** A content line: a name and a value that is written as it is. */
export function line(name: string, value: string): string {
  return fold(`${name}:${value}`);
}

/** A content line of type TEXT (RFC 5545 §3.3.11). */
export function textLine(name: string, text: string): string {
  return line(name, escapeText(text));
}

/** An instant in UTC, to the second. Nothing has to know a time zone to read it. */
export function utcTime(at: Date): string {
  return at.toISOString().replaceAll(/[-:]|\.\d{3}/g, "");
}

/** Control characters have no place in a TEXT but for line breaks and tabs. */
// oxlint-disable-next-line no-control-regex
const controls = /[\u0000-\u0008\u000b-\u001f\u007f]/g;

function escapeText(text: string): string {
  return text
    .replaceAll(/\r\n?/g, "\n")
    .replaceAll(controls, "")
    .replaceAll(/[\\;,]/g, "\\$&")
    .replaceAll("\n", "\\n");
}

/** Splits a line so that no part is too long; never inside of a character. */
function fold(whole: string): string {
  if (whole.length <= MAX_OCTETS && Buffer.byteLength(whole) <= MAX_OCTETS) return `${whole}\r\n`;
  const parts: string[] = [];
  let part = "";
  let octets = 0;
  for (const character of whole) {
    const size = octetsOf(character.codePointAt(0) ?? 0);
    if (octets + size > MAX_OCTETS) {
      parts.push(part);
      part = "";
      // The space that says that the line goes on is its first octet.
      octets = 1;
    }
    part += character;
    octets += size;
  }
  return `${[...parts, part].join("\r\n ")}\r\n`;
}

function octetsOf(codePoint: number): number {
  if (codePoint < 0x80) return 1;
  if (codePoint < 0x800) return 2;
  return codePoint < 0x10000 ? 3 : 4;
}
