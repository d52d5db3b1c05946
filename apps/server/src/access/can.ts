import { type Role, roles, type Scope } from "@slotwire/contract";
import type { Principal } from "./principal.ts";

/**
 * How much of something one may do: all of it; only what is one's `own` (a staff member's own
 * provider's bookings, a developer's own keys); or see it with `ids` and states only, without
 * what is personal in it.
 */
export type Grant = "all" | "own" | "ids" | "none";

const letters: Readonly<Record<string, Grant>> = { a: "all", o: "own", i: "ids", "-": "none" };

/** One letter per role, in the order of `roles`: owner admin manager staff viewer accountant developer. */
const matrix = {
  "session:read": "aaaaaaa",
  "bookings:read": "aaaoaai",
  "bookings:write": "aaao---",
  // To undo, fix, reopen and reinstate: moves that the state table keeps back.
  "bookings:correct": "aaa----",
  // To have a source asked for a booking that the hub never heard of.
  "bookings:import": "aaa----",
  // To see customers' phone numbers and e-mail addresses in what one may see. Whoever may not
  // is shown it masked.
  "contacts:read": "aaao---",
  "customers:read": "aaaoaai",
  "customers:write": "aaao---",
  // What the CRM has of bookings and customers. Staff see nothing of the sales behind it.
  "activities:read": "aaaoaai",
  "tasks:read": "aaaoaai",
  "tasks:write": "aaao---",
  "events:read": "aaaoaai",
  "stream:mint": "aaaoaai",
  "inbox:read": "aaa---i",
  "inbox:manage": "aa----a",
  "alerts:read": "aaa---i",
  "alerts:manage": "aaa---a",
  "connections:read": "aaa---a",
  "connections:manage": "aa----a",
  "destinations:read": "aaa---a",
  "destinations:manage": "aa----a",
  "deliveries:read": "aaa---i",
  "deliveries:manage": "aa----a",
  // Addresses at which calendars read bookings; staff make them of their own bookings.
  "feeds:manage": "aaao---",
  // To say that a booking's state changed, and be told who hears of it.
  "notifications:send": "aaa----",
  // Whoever sees bookings has to know in which zone the organisation's days are.
  "organisation:read": "aaaaaaa",
  "organisation:manage": "aa-----",
  "members:read": "aa-----",
  "members:manage": "aa-----",
  "owners:manage": "a------",
  "keys:read": "aa----o",
  "keys:manage": "aa----o",
  "audit:read": "aa-----",
} as const satisfies Record<string, string>;

/** Everything that a route, the stream or a screen asks permission for. */
export type Action = keyof typeof matrix;

export const actions = Object.keys(matrix) as readonly Action[];

/**
 * What each scope of a key opens. `admin` opens everything that the key's role may, but to let people in. A booking or
 * event that a program reads carries its customer's contact data, unless the key's role hides it.
 */
const scopeActions: Readonly<Record<Exclude<Scope, "admin">, readonly Action[]>> = {
  "bookings:read": ["bookings:read", "contacts:read", "organisation:read"],
  "bookings:write": [
    "bookings:read",
    "bookings:write",
    "bookings:correct",
    "bookings:import",
    "contacts:read",
    "organisation:read",
  ],
  "customers:read": [
    "customers:read",
    "activities:read",
    "tasks:read",
    "contacts:read",
    "organisation:read",
  ],
  "customers:write": [
    "customers:read",
    "customers:write",
    "activities:read",
    "tasks:read",
    "tasks:write",
    "contacts:read",
    "organisation:read",
  ],
  "customers:export": ["contacts:read"],
  "customers:import": ["contacts:read"],
  "calendar:sync": ["connections:read", "feeds:manage"],
  "webhooks:manage": [
    "contacts:read",
    "inbox:read",
    "inbox:manage",
    "alerts:read",
    "alerts:manage",
    "connections:read",
    "destinations:read",
    "destinations:manage",
    "deliveries:read",
    "deliveries:manage",
  ],
  "events:read": ["events:read", "contacts:read", "organisation:read"],
  "notify:write": ["notifications:send"],
  // Whoever hands out permission to read events may read them.
  "stream:mint": ["stream:mint", "events:read", "organisation:read"],
};

/**
 * What no key does, whatever its scopes: to let people in. Whom a key let in would outlive its end,
 * its addresses and its revocation. The environment's key, which ends with its setting, may.
 */
const personalActions: readonly Action[] = ["members:manage", "owners:manage"];

/** What developers may give to keys: scopes of which their own role has something. */
const scopesOfDevelopers: readonly Scope[] = [
  "bookings:read",
  "customers:read",
  "calendar:sync",
  "webhooks:manage",
  "events:read",
  "stream:mint",
  "admin",
];

/** Whether somebody of `role` may give `scope` to a key. The key's role is its limit besides. */
export function mayGive(role: Role, scope: Scope): boolean {
  return role !== "developer" || scopesOfDevelopers.includes(scope);
}

/** Whether somebody of `role` may make keys of `keyRole`: the organisation's, or their own. */
export function mayMakeKey(role: Role, keyRole: "admin" | "developer"): boolean {
  const grant = grantOf({ role, scopes: null }, "keys:manage");
  return grant === "all" || (grant === "own" && keyRole === "developer");
}

/** Actions that no route asks for: they only say how much others show. */
const additions: readonly Action[] = ["contacts:read"];

/**
 * Whether a key with `scope` alone could do anything. Screens offer no others; they are accepted,
 * as they add to what further scopes show.
 */
export function opensSomething(scope: Scope): boolean {
  return actions.some((action) => !additions.includes(action) && opens(scope, action));
}

/** Whoever asks: a person by role, a key by role and scopes. */
export type Asker = Pick<Principal, "role" | "scopes">;

/** How much of `action` the asker may do. This is the one table; everything else asks it. */
export function grantOf({ role, scopes }: Asker, action: Action): Grant {
  if (scopes !== null && !scopes.some((scope) => opens(scope, action))) return "none";
  return letters[matrix[action].charAt(roles.indexOf(role))] ?? "none";
}

function opens(scope: Scope, action: Action): boolean {
  return scope === "admin"
    ? !personalActions.includes(action)
    : scopeActions[scope].includes(action);
}

/** Whether the asker may do `action` at all, be it to their own things only. */
export function can(asker: Asker, action: Action): boolean {
  return grantOf(asker, action) !== "none";
}

/** Everything that `role` may do, for screens: what is not named is not allowed. */
export function grantsOf(role: Role): Record<string, Exclude<Grant, "none">> {
  const grants = actions.map(
    (action) => [action, grantOf({ role, scopes: null }, action)] as const,
  );
  return Object.fromEntries(
    grants.filter((entry): entry is [Action, Exclude<Grant, "none">] => entry[1] !== "none"),
  );
}
