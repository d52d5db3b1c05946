import type { CreateFeed, FeedResource } from "@slotwire/contract";
import { textIn } from "../../parts/text-in.ts";

/** The feed that a form describes; what the form does not ask for is left to the hub. */
export function feedInForm(form: FormData): CreateFeed {
  const text = (name: string): string => textIn(form, name);
  const feed: CreateFeed = { name: text("name"), shows_names: form.has("shows_names") };
  const scope = text("scope") as FeedResource["scope"] | "";
  if (scope === "") return feed;
  if (scope === "provider") return { ...feed, scope, provider_email: text("provider_email") };
  const customer = text("customer_id");
  if (scope !== "customer") return { ...feed, scope };
  return customer === "" ? { ...feed, scope } : { ...feed, scope, customer_id: customer };
}
