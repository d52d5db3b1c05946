import { createHash } from "node:crypto";
import type { Attendee, Heard, PersonWord } from "./booking.ts";

/** Everybody, as a key of `Heard.people`. */
const EVERYBODY = "*";

/**
 * The key under which words on a person are kept. A hash, so that an address which is erased from
 * the booking is not kept by this.
 * @returns null for somebody without an e-mail
 */
export function personKey(email: string | null): string | null {
  const plain = plainEmail(email);
  if (plain === null) return null;
  return createHash("sha256").update(plain).digest("hex").slice(0, 16);
}

function plainEmail(email: string | null): string | null {
  return email?.trim().toLowerCase() ?? null;
}

/** How what is said of people meets what is known of them. */
interface Meeting {
  /** What is said of the list counts. */
  readonly wins: boolean;
  /** Of what is said of a part of the one person; as the list unless given. */
  readonly winsPart?: (part: PersonPart) => boolean;
  /** It was not heard before: at equal times it counts. Default: true. */
  readonly isNew?: boolean;
}

/** Nobody is dropped: who is not mentioned still comes. */
export function mergeAttendees(
  current: readonly Attendee[],
  incoming: readonly Attendee[],
  meeting: Meeting,
): readonly Attendee[] {
  const merged = [...current];
  for (const attendee of incoming) {
    const at = meansTheOnly(current, incoming) ? 0 : indexOfPerson(merged, attendee);
    const known = merged[at];
    if (known === undefined) merged.push(attendee);
    else merged[at] = mergeAttendee(known, attendee, meeting);
  }
  return merged;
}

/** What is known of the one person of a booking, where there is one: each part goes by itself. */
export const personParts = ["name", "email", "phone"] as const;
type PersonPart = (typeof personParts)[number];

/** What a booking knows of its one person; null for nothing. */
export function personPart(attendees: readonly Attendee[], part: string): string | null {
  const known = personParts.find((one) => one === part);
  return known === undefined ? null : (attendees.at(-1)?.[known] ?? null);
}

/**
 * The one person of a booking after hearing of them once more, maybe under another name, address or
 * number. Who else was known is the same person, by what they were called before.
 * @param wins whether what is said of a part counts
 */
export function mergePerson(
  current: readonly Attendee[],
  said: Attendee,
  wins: (part: PersonPart) => boolean,
): readonly Attendee[] {
  const nobody = { ...said, name: null, email: null, phone: null };
  return [mergeAttendee(current.at(-1) ?? nobody, said, { wins: false, winsPart: wins })];
}

/** One person without an address, where one is known: it is them, under another name or number. */
function meansTheOnly(current: readonly Attendee[], incoming: readonly Attendee[]): boolean {
  const [[known], [said]] = [current, incoming];
  if (known === undefined || said === undefined) return false;
  if (current.length > 1 || incoming.length > 1) return false;
  return said.email === null && said.seatRef === null && known.seatRef === null;
}

/** A seat is found by its id before any other seat of the same person; a live one before a lost. */
function indexOfPerson(known: readonly Attendee[], attendee: Attendee): number {
  const { seatRef } = attendee;
  const bySeat = known.findIndex((other) => seatRef !== null && other.seatRef === seatRef);
  if (bySeat >= 0) return bySeat;
  const same = (other: Attendee): boolean => isSamePerson(other, attendee);
  const live = known.findIndex(
    (other) => same(other) && other.seatRef !== null && other.status !== "cancelled",
  );
  return live >= 0 ? live : known.findIndex(same);
}

/**
 * Whether two attendees are the same person: by seat where both have one, else by e-mail, else by
 * name and phone. Some messages about a seat name only the e-mail of who sits there.
 */
function isSamePerson(a: Attendee, b: Attendee): boolean {
  if (a.seatRef !== null && b.seatRef !== null) return a.seatRef === b.seatRef;
  if (a.email !== null || b.email !== null) return plainEmail(a.email) === plainEmail(b.email);
  return a.name === b.name && a.phone === b.phone;
}

/**
 * The state goes by the person's own time, the rest by the time of the list. Two words without a
 * time are taken in the order in which they come.
 */
function mergeAttendee(
  known: Attendee,
  attendee: Attendee,
  { wins, winsPart = () => wins, isNew = true }: Meeting,
): Attendee {
  const pick = (part: PersonPart): string | null => {
    const [before, said] = [known[part], attendee[part]];
    if (said === null || said === "") return before;
    return winsPart(part) || before === null ? said : before;
  };
  const hasTime = known.sourceUpdatedAt != null || attendee.sourceUpdatedAt != null;
  const lead = spokenAt(attendee) - spokenAt(known);
  const isLater = hasTime ? lead > 0 || (lead === 0 && isNew) : wins;
  const heard = isLater ? attendee.sourceUpdatedAt : known.sourceUpdatedAt;
  return {
    name: pick("name"),
    email: pick("email"),
    phone: pick("phone"),
    status: isLater ? attendee.status : known.status,
    seatRef: known.seatRef ?? attendee.seatRef,
    ...(heard === undefined ? {} : { sourceUpdatedAt: heard }),
  };
}

/** When a person was last accepted, or lost the seat, in ms; 0 when nobody said. */
export function spokenAt({ sourceUpdatedAt }: Attendee): number {
  return sourceUpdatedAt == null ? 0 : Date.parse(sourceUpdatedAt);
}

/**
 * What was said of people by e-mail, on top of what is known of each seat.
 * @param aliases the other addresses of the one person, where there is one
 */
export function applyWords(
  attendees: readonly Attendee[],
  { people = {}, aliases = [] }: Pick<Heard, "people" | "aliases">,
): readonly Attendee[] {
  return attendees.map((attendee) => {
    const word = wordOn(people, [personKey(attendee.email), ...aliases]);
    const status = statusAfter(attendee, word);
    return status === attendee.status ? attendee : { ...attendee, status };
  });
}

function statusAfter(attendee: Attendee, word: PersonWord): Attendee["status"] {
  const since = spokenAt(attendee);
  if ((word.goneAt ?? 0) > since || attendee.status === "cancelled") return "cancelled";
  if (word.missedAt === undefined) return attendee.status;
  return word.missedAt > since && word.missed === true ? "no_show" : "accepted";
}

function wordOn(
  people: NonNullable<Heard["people"]>,
  keys: readonly (string | null)[],
): PersonWord {
  const own = keys.map((key) => (key === null ? {} : (people[key] ?? {})));
  return [...own, people[EVERYBODY] ?? {}].reduce(joinWords);
}

/** Of two words on a person, what still counts. */
function joinWords(one: PersonWord, other: PersonWord): PersonWord {
  const goneAt = Math.max(one.goneAt ?? 0, other.goneAt ?? 0);
  const { missedAt, missed } = (other.missedAt ?? 0) > (one.missedAt ?? 0) ? other : one;
  return {
    ...(goneAt > 0 ? { goneAt } : {}),
    ...(missedAt === undefined || missed === undefined ? {} : { missedAt, missed }),
  };
}

/** Both books of words together. */
export function joinPeople(
  one: NonNullable<Heard["people"]>,
  other: NonNullable<Heard["people"]>,
): NonNullable<Heard["people"]> {
  const joined: Record<string, PersonWord> = { ...one };
  for (const [key, word] of Object.entries(other)) joined[key] = joinWords(joined[key] ?? {}, word);
  return joined;
}

/** A word on people; without e-mail it is about everybody. */
export function wordsOn(
  emails: readonly (string | null)[],
  word: PersonWord,
): NonNullable<Heard["people"]> {
  const keys = emails.map(personKey).filter((key) => key !== null);
  return Object.fromEntries((keys.length === 0 ? [EVERYBODY] : keys).map((key) => [key, word]));
}
