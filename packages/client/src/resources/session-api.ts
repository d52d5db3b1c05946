import type { SessionResource } from "@slotwire/contract";
import type { Transport } from "../transport.ts";

/** Who is signed in. For browsers: the session lives in a cookie. */
export interface SessionApi {
  /** @throws ApiError 401 when nobody is signed in */
  get(): Promise<SessionResource>;
  /** Uses up a one-time sign-in link. @param token the one in the link */
  signIn(token: string): Promise<SessionResource>;
  signOut(): Promise<void>;
  /** Goes on in another organisation that the user belongs to. */
  switchOrganisation(organisationId: string): Promise<SessionResource>;
}

/** @param onChange told after another identity or organisation has taken effect */
export function sessionApi(transport: Transport, onChange: () => void): SessionApi {
  const path = "/api/v1/session";
  const changed = async <Result>(answer: Promise<Result>): Promise<Result> => {
    const result = await answer;
    onChange();
    return result;
  };
  return {
    get: () => transport.json("GET", path),
    signIn: (token) => changed(transport.json("POST", path, { body: { token } })),
    signOut: () => changed(transport.json("DELETE", path)),
    switchOrganisation: (id) =>
      changed(transport.json("PUT", `${path}/organisation`, { body: { organisation_id: id } })),
  };
}
