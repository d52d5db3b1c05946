import { domainToASCII } from "node:url";

const MAX_LENGTH = 320;

/**
 * An e-mail address in the form by which customers are recognised: trimmed, in lower case, the
 * domain in ASCII (RFC 5891). Dots and tags of the local part stay: whose they are is the
 * provider's business.
 * @returns null when the text is no address
 */
export function normaliseEmail(text: string | null | undefined): string | null {
  const trimmed = (text ?? "").trim();
  const at = trimmed.lastIndexOf("@");
  if (at < 1 || trimmed.length > MAX_LENGTH || /[\s\p{Cc}]/u.test(trimmed)) return null;
  const local = trimmed.slice(0, at).normalize("NFC").toLowerCase();
  const domain = domainToASCII(trimmed.slice(at + 1)).toLowerCase();
  return domain === "" || local.includes("@") ? null : `${local}@${domain}`;
}
