import type { CreateApiKey, Scope } from "@slotwire/contract";
import { linesOf } from "../../parts/lines-of.ts";
import { rangesInForm } from "./ranges-field.tsx";
import { textIn } from "../../parts/text-in.ts";

const day = 24 * 60 * 60 * 1000;

/**
 * The new key that a filled form describes. The hub checks it.
 * @param now milliseconds since the epoch, from which the days until it expires count
 */
export function keyInForm(form: FormData, now: number): CreateApiKey {
  const text = (name: string): string => textIn(form, name).trim();
  const isPublishable = text("kind") === "publishable";
  const days = Number(text("expiry"));
  return {
    name: text("name"),
    kind: isPublishable ? "publishable" : "secret",
    scopes: scopesIn(form, isPublishable, text("access")),
    expires_at: days > 0 ? new Date(now + days * day).toISOString() : null,
    allowed_ranges: rangesInForm(form),
    allowed_origins: isPublishable ? linesOf(text("allowed_origins")) : null,
    requests_per_minute: Number(text("requests_per_minute")),
  };
}

/** A publishable key can have one scope alone. */
function scopesIn(form: FormData, isPublishable: boolean, access: string): Scope[] {
  if (isPublishable) return ["stream:mint"];
  return access === "everything" ? ["admin"] : (form.getAll("scopes") as Scope[]);
}
