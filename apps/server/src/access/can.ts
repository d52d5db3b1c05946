import type { Role } from "@slotwire/contract";

/** Everything that a route, the stream or a screen asks permission for. */
export const actions = [
  "session:read",
  "bookings:read",
  "bookings:write",
  "events:read",
  "inbox:read",
  "connections:read",
  "connections:manage",
  "destinations:read",
  "destinations:manage",
  "deliveries:read",
  "deliveries:manage",
] as const;

export type Action = (typeof actions)[number];

/** The roles that run the business day by day and see every customer. */
const managers: readonly Role[] = ["owner", "admin", "manager"];
/** The roles that decide what the hub is connected to. */
const operators: readonly Role[] = ["owner", "admin", "developer"];

/**
 * Who may do what. Staff see their own bookings only, and viewers, accountants and developers
 * see no contact data; bookings, events and raw messages carry all of it, so those roles are
 * refused them wholly as long as nothing narrows or masks what they are shown.
 */
const allowed: Readonly<Record<Action, readonly Role[]>> = {
  "session:read": ["owner", "admin", "manager", "staff", "viewer", "accountant", "developer"],
  "bookings:read": managers,
  "bookings:write": managers,
  "events:read": managers,
  "inbox:read": managers,
  "connections:read": [...operators, "manager"],
  "connections:manage": operators,
  "destinations:read": [...operators, "manager"],
  "destinations:manage": operators,
  "deliveries:read": [...operators, "manager"],
  "deliveries:manage": operators,
};

/** Whether somebody in `role` may do `action` in their organisation. */
export function can(role: Role, action: Action): boolean {
  return allowed[action].includes(role);
}

/** Whether `role` may undo, fix, reopen and reinstate: moves that the state table keeps back. */
export function mayCorrect(role: Role): boolean {
  return managers.includes(role);
}
