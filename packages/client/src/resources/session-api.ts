import type {
  ConfirmSession,
  CreateSession,
  List,
  SessionResource,
  SignedIn,
  SignInOptions,
} from "@slotwire/contract";
import type { Calls } from "./resource.ts";

/** Who signs in by e-mail and password; `code` when the account has a second factor. */
export type Credentials = Extract<CreateSession, { password: string }>;

/** Who is signed in. For browsers: the session lives in a cookie. */
export interface SessionApi {
  /** @throws ApiError 401 when nobody is signed in */
  get(): Promise<SessionResource>;
  /** How one can sign in here. Nobody has to be signed in for it. */
  options(): Promise<SignInOptions>;
  /** Uses up a one-time sign-in link. @param token the one in the link */
  signIn(token: string): Promise<SessionResource>;
  /** @throws ApiError 401 `E_SECOND_FACTOR` to ask for the same again with a code */
  signInByPassword(credentials: Credentials): Promise<SessionResource>;
  signOut(): Promise<void>;
  /** Shows again who it is, after a call was refused with `E_CONFIRM`. */
  confirm(proof: ConfirmSession): Promise<void>;
  /** Goes on in another organisation that the user belongs to. */
  switchOrganisation(organisationId: string): Promise<SessionResource>;
  /** The browsers that one is signed in with. */
  list(): Promise<List<SignedIn>>;
  /** Signs out one browser. */
  end(id: string): Promise<void>;
  /** Signs out everywhere else. */
  endOthers(): Promise<void>;
}

export const sessionCalls: Calls<SessionApi> = {
  get: "GET",
  options: "GET//sign-in-options",
  signIn: "POST!token",
  signInByPassword: "POST!",
  signOut: "DELETE",
  confirm: "POST/confirm!",
  switchOrganisation: "PUT/organisation!organisation_id",
  list: "GET//sessions",
  end: "DELETE//sessions/:",
  endOthers: "DELETE//sessions",
};
