import type {
  ConfirmSession,
  CreateSession,
  List,
  SessionResource,
  SignedIn,
  SignInOptions,
} from "@slotwire/contract";
import type { Transport } from "../transport.ts";

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

/** @param onChange told after another identity or organisation has taken effect */
export function sessionApi(transport: Transport, onChange: () => void): SessionApi {
  const path = "/api/v1/session";
  const all = "/api/v1/sessions";
  const changed = async <Result>(answer: Promise<Result>): Promise<Result> => {
    const result = await answer;
    onChange();
    return result;
  };
  return {
    get: () => transport.json("GET", path),
    options: () => transport.json("GET", "/api/v1/sign-in-options"),
    signIn: (token) => changed(transport.json("POST", path, { body: { token } })),
    signInByPassword: (body) => changed(transport.json("POST", path, { body })),
    signOut: () => changed(transport.json("DELETE", path)),
    confirm: (body) => transport.json("POST", `${path}/confirm`, { body }),
    switchOrganisation: (id) =>
      changed(transport.json("PUT", `${path}/organisation`, { body: { organisation_id: id } })),
    list: () => transport.json("GET", all),
    end: (id) => transport.json("DELETE", `${all}/${encodeURIComponent(id)}`),
    endOthers: () => transport.json("DELETE", all),
  };
}
