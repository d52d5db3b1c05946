import type { IncomingBooking, List, TaskResource } from "@slotwire/contract";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { system, tenant } from "../db/database.ts";
import { crmFixture, type CrmFixture } from "../../test/crm-fixture.ts";
import { createTestKey, createTestMember } from "../../test/key-fixture.ts";
import { createTestOrganisation } from "../../test/test-database.ts";
import { withKey } from "../../test/test-hub.ts";

let crm: CrmFixture;
beforeAll(async () => {
  crm = await crmFixture();
});
afterAll(() => crm.site.close());

type Headers = Record<string, string>;
const list = async (query = "", headers: Headers = withKey): Promise<TaskResource[]> => {
  const url = `/api/v1/tasks?limit=200${query}`;
  const { status, body } = await crm.ask<List<TaskResource>>("GET", url, { headers });
  expect(status, JSON.stringify(body)).toBe(200);
  return body.data;
};
const set = async (id: string, status: "todo" | "done", headers: Headers = withKey) =>
  crm.ask<TaskResource>("PATCH", `/api/v1/tasks/${id}`, { headers, body: { status } });
const titlesOf = (tasks: readonly TaskResource[]) => tasks.map(({ title }) => title);
const bookingOf = async ({ activity }: IncomingBooking): Promise<string> => {
  const [row] = await crm.site.query<{ booking_id: string }>(
    "SELECT booking_id FROM activity WHERE id = $1",
    [activity?.id],
  );
  return row?.booking_id ?? "";
};
const stateOf = async (answer: IncomingBooking): Promise<string[]> => {
  const tasks = await crm.site.tasksOf(answer);
  return tasks.map(
    ({ template_key, due_at, status, hand_edited }) =>
      `${template_key} ${due_at.toISOString().slice(0, 10)} ${status}${hand_edited ? " by hand" : ""}`,
  );
};
const [prep, followUp] = [0, 1];
const taskOf = ({ tasks }: IncomingBooking, at: number): string => tasks[at]?.id ?? "";

describe("the list of tasks", () => {
  test("says what the seeds' components read", async () => {
    const made = await crm.book({ name: "Maria Test" });
    const bookingId = await bookingOf(made);
    const tasks = await list(`&booking_id=${bookingId}`);
    expect(titlesOf(tasks)).toEqual(["Send workshop prep info", "Workshop follow-up"]);
    expect(tasks[0]).toEqual({
      id: taskOf(made, prep),
      title: "Send workshop prep info",
      description: "Send email with preparation instructions, materials needed, and agenda",
      dueDate: "2031-05-08T10:00:00.000Z",
      priority: "high",
      status: "todo",
      late: false,
      lead: { id: made.lead?.id, title: "workshop - Maria Test" },
      contact: { id: made.contact?.id, name: "Maria Test" },
      booking_id: bookingId,
      updated_at: expect.any(String),
    });
  });

  test("keeps what is overdue among what is to be done, and has it first", async () => {
    const past = await crm.book({ scheduledDate: "2031-04-20T10:00:00Z" });
    await crm.book();
    const open = await list("&status=todo&upcoming=true");
    const overdue = open.findIndex(({ id }) => id === taskOf(past, followUp));
    expect(open[overdue]).toMatchObject({ dueDate: "2031-04-21T10:00:00.000Z" });
    const due = open.map(({ dueDate }) => dueDate);
    expect(due).toEqual(due.toSorted());
    await set(taskOf(past, followUp), "done");
    expect((await list("&upcoming=true")).map(({ id }) => id)).not.toContain(
      taskOf(past, followUp),
    );
    expect((await list("&status=done")).map(({ id }) => id)).toContain(taskOf(past, followUp));
  });

  test("comes page by page, and as an array at the seeds' address", async () => {
    const whole = await list("&upcoming=true");
    const paged: TaskResource[] = [];
    let cursor: string | null = null;
    do {
      const from: string = cursor === null ? "" : `&cursor=${cursor}`;
      const url = `/api/v1/tasks?upcoming=true&limit=2${from}`;
      const { body } = await crm.ask<List<TaskResource>>("GET", url);
      paged.push(...body.data);
      cursor = body.next_cursor;
    } while (cursor !== null);
    expect(paged).toEqual(whole);
    const { body } = await crm.ask("GET", "/api/tasks?status=todo&upcoming=true");
    expect(body).toEqual(whole.filter(({ status }) => status === "todo"));
  });
});

describe("a task", () => {
  test("that is done stays done, wherever its booking goes", async () => {
    const made = await crm.book();
    const answer = await set(taskOf(made, prep), "done");
    expect(answer).toMatchObject({ status: 200, body: { status: "done" } });
    await crm.tell(made.body, "rescheduled", { scheduledDate: "2031-06-15T10:00:00Z" });
    expect(await stateOf(made)).toEqual(["prep_info 2031-05-08 done", "follow_up 2031-06-16 todo"]);
    await crm.tell(made.body, "cancelled");
    expect(await stateOf(made)).toEqual([
      "prep_info 2031-05-08 done",
      "follow_up 2031-06-16 cancelled",
    ]);
  });

  test("that was opened again goes with its booking, as if nobody had finished it", async () => {
    const made = await crm.book();
    await set(taskOf(made, prep), "done");
    expect((await set(taskOf(made, prep), "todo")).body).toMatchObject({ status: "todo" });
    expect(await stateOf(made)).toEqual(["prep_info 2031-05-08 todo", "follow_up 2031-05-16 todo"]);
    await crm.tell(made.body, "rescheduled", { scheduledDate: "2031-06-15T10:00:00Z" });
    expect(await stateOf(made)).toEqual(["prep_info 2031-06-08 todo", "follow_up 2031-06-16 todo"]);
  });

  test("is due when its booking is now, if that moved while it was done", async () => {
    const made = await crm.book();
    await set(taskOf(made, prep), "done");
    await crm.tell(made.body, "rescheduled", { scheduledDate: "2031-06-15T10:00:00Z" });
    const { body } = await set(taskOf(made, prep), "todo");
    expect(body).toMatchObject({ status: "todo", dueDate: "2031-06-08T10:00:00.000Z" });
  });

  test("is the person's own when it is opened though no rule wants it", async () => {
    const made = await crm.book();
    await set(taskOf(made, prep), "done");
    await crm.tell(made.body, "cancelled");
    await set(taskOf(made, prep), "todo");
    await set(taskOf(made, followUp), "todo");
    const kept = ["prep_info 2031-05-08 todo by hand", "follow_up 2031-05-16 todo by hand"];
    expect(await stateOf(made)).toEqual(kept);
    await crm.tell({ ...made.body, notes: "Cancelled by mistake?" }, "cancelled");
    expect(await stateOf(made)).toEqual(kept);
  });

  test("that a rule cancelled and a person did is the person's, also when opened again", async () => {
    const made = await crm.book();
    await crm.tell(made.body, "cancelled");
    await set(taskOf(made, prep), "done");
    await set(taskOf(made, prep), "todo");
    expect((await stateOf(made))[prep]).toBe("prep_info 2031-05-08 todo by hand");
  });

  test("is changed once, however often that is asked for, and the log says by whom", async () => {
    const { hub } = crm.site;
    const member = await createTestMember(hub, hub.defaultOrgId, "manager");
    const made = await crm.book();
    const id = taskOf(made, prep);
    const answers = await Promise.all([1, 2, 3].map(() => set(id, "done", member.headers)));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    const again = await Promise.all([1, 2].map(() => set(id, "todo", member.headers)));
    expect(again.map(({ body }) => body.status)).toEqual(["todo", "todo"]);
    const lines = await hub.db.transaction(system, (tx) =>
      tx.query(
        `SELECT action, entity, actor_id, old, new FROM audit_log WHERE entity_id = $1 ORDER BY id`,
        [id],
      ),
    );
    expect(lines).toEqual([
      {
        action: "task.completed",
        entity: "task",
        actor_id: member.userId,
        old: { status: "todo" },
        new: { status: "done" },
      },
      {
        action: "task.reopened",
        entity: "task",
        actor_id: member.userId,
        old: { status: "done" },
        new: { status: "todo" },
      },
    ]);
  });

  test("is changed at the seeds' address too, and to no other state", async () => {
    const made = await crm.book();
    const url = `/api/tasks/${taskOf(made, prep)}`;
    const done = await crm.ask("PATCH", url, { body: { status: "done" } });
    expect(done).toMatchObject({ status: 200, body: { status: "done" } });
    const odd = await crm.ask("PATCH", url, { body: { status: "cancelled" } });
    expect(odd).toMatchObject({ status: 422, body: { code: "E_VALIDATION" } });
  });
});

test("opening tasks again and bookings that move wait for each other", async () => {
  const made = await crm.book();
  const ids = [taskOf(made, prep), taskOf(made, followUp)];
  await Promise.all(ids.map((id) => set(id, "done")));
  const days = ["10", "11", "12", "13"];
  await Promise.all([
    ...days.map((day) =>
      crm.tell(made.body, "rescheduled", { scheduledDate: `2031-06-${day}T10:00:00Z` }),
    ),
    ...ids.map((id) => set(id, "todo")),
  ]);
  const [row] = await crm.site.query<{ starts: string }>(
    "SELECT activity_at::date::text AS starts FROM activity WHERE id = $1",
    [made.activity?.id],
  );
  const start = Date.parse(`${row?.starts}T00:00:00Z`);
  const day = (offset: number) => new Date(start + offset * 86_400_000).toISOString().slice(0, 10);
  expect(await stateOf(made)).toEqual([`prep_info ${day(-7)} todo`, `follow_up ${day(1)} todo`]);
});

describe("who may what", () => {
  test("staff see and finish the tasks of their own bookings alone", async () => {
    const { hub } = crm.site;
    const staff = await createTestMember(hub, hub.defaultOrgId, "staff");
    const [own, other] = [await crm.book(), await crm.book()];
    await crm.assign(own, staff.email);
    const seen = await list("", staff.headers);
    expect(seen.map(({ id }) => id)).toEqual([taskOf(own, prep), taskOf(own, followUp)]);
    expect(seen[0]).toMatchObject({ lead: null, contact: { id: own.contact?.id } });
    expect(await list(`&booking_id=${await bookingOf(other)}`, staff.headers)).toEqual([]);
    expect(await set(taskOf(own, prep), "done", staff.headers)).toMatchObject({ status: 200 });
    expect(await set(taskOf(own, prep), "todo", staff.headers)).toMatchObject({
      status: 200,
      body: { status: "todo", lead: null },
    });
    expect(await set(taskOf(other, prep), "done", staff.headers)).toMatchObject({ status: 404 });
    await crm.assign(own, "another@example.com");
    expect(await set(taskOf(own, prep), "done", staff.headers)).toMatchObject({ status: 404 });
    expect(await list("", staff.headers)).toEqual([]);
  });

  test("the database keeps staff to the tasks of their own bookings, whatever the query", async () => {
    const { hub } = crm.site;
    const made = await crm.book();
    await crm.assign(made, "own@example.com");
    await crm.book();
    const rows = await hub.db.transaction(
      tenant(hub.defaultOrgId, { providerEmail: "own@example.com" }),
      (tx) => tx.query<{ id: string }>("SELECT id FROM task ORDER BY position"),
    );
    expect(rows.map(({ id }) => id)).toEqual([taskOf(made, prep), taskOf(made, followUp)]);
    const touched = await hub.db.transaction(
      tenant(hub.defaultOrgId, { providerEmail: null }),
      (tx) => tx.query("UPDATE task SET status = 'done' RETURNING id"),
    );
    expect(touched).toEqual([]);
  });

  test("viewers see no contact data, developers no words, and neither changes anything", async () => {
    const { hub } = crm.site;
    const made = await crm.book({ name: "call 0701234567", email: "hidden@example.com" });
    const [viewer, developer] = [
      await createTestMember(hub, hub.defaultOrgId, "viewer"),
      await createTestMember(hub, hub.defaultOrgId, "developer"),
    ];
    const query = `&booking_id=${await bookingOf(made)}`;
    const [shown] = await list(query, viewer.headers);
    expect(shown).toMatchObject({ title: "Send workshop prep info" });
    expect(JSON.stringify(shown)).not.toMatch(/hidden|1234567/);
    const [bare] = await list(query, developer.headers);
    expect(bare).toMatchObject({
      title: "",
      description: "",
      status: "todo",
      lead: { title: "" },
      contact: { name: null },
    });
    for (const { headers } of [viewer, developer]) {
      expect(await set(taskOf(made, prep), "done", headers)).toMatchObject({ status: 403 });
    }
  });

  test("another organisation finds none of it", async () => {
    const { orgId } = await createTestOrganisation(crm.site.hub.db);
    const { headers } = await createTestKey(crm.site.hub, orgId);
    const made = await crm.book();
    expect(await list("", headers)).toEqual([]);
    expect(await set(taskOf(made, prep), "done", headers)).toMatchObject({ status: 404 });
    expect((await stateOf(made))[prep]).toContain("todo");
  });
});
