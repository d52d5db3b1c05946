import type { InboundMessageFilter } from "@slotwire/contract";
import type { View } from "../domain/views/view.ts";

/** Conditions of a query in SQL, and the values that they bind. */
export interface Conditions {
  readonly conditions: string[];
  readonly values: unknown[];
  /** Binds one more value. @returns its placeholder */
  readonly bind: (value: unknown) => string;
}

const uuidPattern = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/**
 * The messages that a filter means, as conditions over `inbound_message m` in the scope of the
 * organisation. Whoever is not shown what messages say cannot find out by searching for it either.
 */
export function conditionsOf({ orgId, detail }: View, filter: InboundMessageFilter): Conditions {
  const values: unknown[] = [orgId];
  const conditions = ["m.org_id = $1"];
  const bind = (value: unknown): string => `$${values.push(value)}`;
  const add = (value: unknown, condition: (placeholder: string) => string): void => {
    if (value !== undefined) conditions.push(condition(bind(value)));
  };
  add(filter.connection_id, (value) => `m.connection_id = ${value}::uuid`);
  add(filter.status, (value) => `m.status = ${value}`);
  add(filter.booking_id, (value) => `m.booking_id = ${value}::uuid`);
  add(filter.trigger, (value) => `m.trigger = ${value}`);
  add(filter.action, (value) => `m.action = ${value}`);
  add(filter.from, (value) => `m.received_at >= ${value}::timestamptz`);
  add(filter.to, (value) => `m.received_at < ${value}::timestamptz`);
  if (filter.warning !== undefined) {
    conditions.push(`m.warning IS ${filter.warning ? "NOT NULL" : "NULL"}`);
  }
  if (filter.q !== undefined) conditions.push(textCondition(filter.q, bind, detail === "full"));
  return { conditions, values, bind };
}

function textCondition(text: string, bind: Conditions["bind"], maySearchWords: boolean): string {
  const id = bind(text);
  const ways = [
    `m.waiting_for = ${id}`,
    `m.booking_id IN (SELECT r.booking_id FROM booking_external_ref r
        WHERE r.org_id = m.org_id AND r.external_id = ${id})`,
  ];
  if (uuidPattern.test(text)) ways.push(`m.id = ${id}::uuid`, `m.booking_id = ${id}::uuid`);
  const number = /^#?(\d{1,15})$/.exec(text)?.[1];
  if (number !== undefined) {
    ways.push(`m.booking_id IN (SELECT n.id FROM booking n
        WHERE n.org_id = m.org_id AND n.booking_number = ${bind(number)}::bigint)`);
  }
  if (maySearchWords) {
    const words = bind(`%${text.replaceAll(/[\\%_]/g, "\\$&")}%`);
    ways.push(`m.summary ILIKE ${words}`, `m.trigger ILIKE ${words}`, `m.error ILIKE ${words}`);
  }
  return `(${ways.join(" OR ")})`;
}
