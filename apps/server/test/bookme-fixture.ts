import type { IncomingBooking } from "@slotwire/contract";
import { connectors } from "../src/cli/connectors.ts";
import { createLocalWake } from "../src/db/local-wake.ts";
import { type Queryable, tenant } from "../src/db/database.ts";
import { ensureEnvironmentConnections } from "../src/inbox/connections/ensure-environment-connections.ts";
import { createTestHub, type TestHub, type TestHubOptions } from "./test-hub.ts";

/** The secret that the booking site of the tests sends. */
export const siteSecret = "your-secret";

/** An answer of `/api/bookings/incoming`. */
export interface SiteAnswer {
  readonly status: number;
  readonly body: Record<string, unknown>;
}

/** A task as the tests look at it. */
export interface TaskRow {
  readonly id: string;
  readonly template_key: string;
  readonly title: string;
  readonly due_at: Date;
  readonly status: string;
  readonly priority: string;
  readonly late: boolean;
  readonly hand_edited: boolean;
}

/** A hub with one booking site connected, and short ways to talk to it and to its CRM. */
export interface BookmeFixture extends TestHub {
  /** Posts what the site has to say; signed with its secret unless another is given. */
  post(
    body: object | string,
    options?: { readonly secret?: string | null; readonly path?: string },
  ): Promise<SiteAnswer>;
  /** The same, for what has to be taken. */
  book(body: object): Promise<IncomingBooking>;
  query<Row extends object>(sql: string, values?: unknown[]): Promise<Row[]>;
  tasksOf(answer: IncomingBooking): Promise<TaskRow[]>;
}

/** Makes the hub on a database of its own. Close it in `afterAll`. */
export async function bookmeFixture(options: TestHubOptions = {}): Promise<BookmeFixture> {
  const test = await createTestHub({ connectors, wake: createLocalWake(), ...options });
  const { hub, app } = test;
  await ensureEnvironmentConnections(hub, hub.defaultOrgId, [
    { kind: "bookme", secret: siteSecret, needsSecret: true },
  ]);
  const post: BookmeFixture["post"] = async (body, { secret = siteSecret, path } = {}) => {
    const answer = await app.inject({
      method: "POST",
      url: path ?? "/api/bookings/incoming",
      headers: {
        "content-type": "application/json",
        ...(secret === null ? {} : { "x-webhook-secret": secret }),
      },
      payload: typeof body === "string" ? body : JSON.stringify(body),
    });
    return { status: answer.statusCode, body: answer.json() };
  };
  const query = <Row extends object>(sql: string, values: unknown[] = []): Promise<Row[]> =>
    hub.db.transaction(tenant(hub.defaultOrgId), (tx: Queryable) => tx.query<Row>(sql, values));
  return {
    ...test,
    post,
    query,
    async book(body) {
      const answer = await post(body);
      if (answer.status !== 200) throw new Error(`${answer.status} ${JSON.stringify(answer.body)}`);
      return answer.body as unknown as IncomingBooking;
    },
    tasksOf: ({ activity }) =>
      query<TaskRow>(
        `SELECT t.id, t.template_key, t.title, t.due_at, t.status, t.priority, t.late, t.hand_edited
           FROM task t JOIN activity a ON a.org_id = t.org_id AND a.booking_id = t.booking_id
          WHERE a.id = $1 ORDER BY t.position`,
        [activity?.id],
      ),
  };
}
