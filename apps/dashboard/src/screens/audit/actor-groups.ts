import type { AuditActorResource, MemberResource } from "@slotwire/contract";
import { access } from "../../messages/access.ts";

/** One that the log can be narrowed to. */
export interface ActorChoice {
  readonly id: string;
  readonly name: string;
}

/** Those who belong together in the list; the members come first, without a title. */
export interface ActorGroup {
  readonly title: string | null;
  readonly actors: readonly ActorChoice[];
}

/**
 * Whom the log can be narrowed to: every member, and whoever else stands in it, be it somebody who
 * has left or a key that was revoked. None of the groups is empty.
 * @param chosen the id in the address; listed by itself when nobody is known by it
 */
export function actorGroups(
  members: readonly Pick<MemberResource, "user_id" | "name">[],
  actors: readonly Pick<AuditActorResource, "kind" | "id" | "name">[],
  chosen: string | undefined,
): ActorGroup[] {
  const present = members.map(({ user_id: id, name }) => ({ id, name }));
  const isPresent = new Set(present.map(({ id }) => id));
  const others = actors.filter(({ id }) => !isPresent.has(id));
  const former = others.filter(({ kind }) => kind === "user");
  const keys = others.filter(({ kind }) => kind !== "user");
  const isKnown = isPresent.has(chosen ?? "") || others.some(({ id }) => id === chosen);
  const unknown = chosen === undefined || isKnown ? [] : [{ id: chosen, name: chosen }];
  return [
    { title: null, actors: [...present, ...unknown] },
    { title: access.audit.formerly, actors: former.map(choiceOf) },
    { title: access.audit.keys, actors: keys.map(choiceOf) },
  ].filter((group) => group.actors.length > 0);
}

const choiceOf = ({ id, name }: ActorChoice): ActorChoice => ({ id, name });
