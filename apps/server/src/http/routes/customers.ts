import {
  createCustomerSchema,
  createSubjectSchema,
  customerDetailSchema,
  customerListQuerySchema,
  customerSchema,
  listOf,
  subjectListQuerySchema,
  subjectSchema,
  updateCustomerSchema,
  updateSubjectSchema,
} from "@slotwire/contract";
import { z } from "zod";
import { createCustomer } from "../../customers/create-customer.ts";
import { createSubject } from "../../customers/create-subject.ts";
import { getCustomer } from "../../customers/get-customer.ts";
import { getSubject } from "../../customers/get-subject.ts";
import { listCustomers } from "../../customers/list-customers.ts";
import { listSubjects } from "../../customers/list-subjects.ts";
import { updateCustomer } from "../../customers/update-customer.ts";
import { updateSubject } from "../../customers/update-subject.ts";
import { viewOf } from "../../access/view-of.ts";
import type { App, Hub } from "../app.types.ts";
import { requireAuthor, requireView } from "../authorise.ts";
import { versionTag } from "../booking-caller.ts";
import { decodeCursor, encodeCursor } from "../cursor.ts";
import { customerCaller } from "../customer-caller.ts";

const params = z.object({ id: z.uuid() });
const idCursorSchema = z.tuple([z.uuid()]);
const ifMatch = "With `If-Match`, the change is only made to the version that the ETag names.";

/** Customers, and what is theirs. */
export function customersRoutes(app: App, hub: Hub): void {
  addCustomers(app, hub);
  addCustomerChanges(app, hub);
  addSubjects(app, hub);
  addSubjectChanges(app, hub);
}

function addCustomers(app: App, hub: Hub): void {
  const tags = ["customers"];
  app.get(
    "/api/v1/customers",
    {
      schema: {
        tags,
        summary: "List customers",
        description:
          "By name. `q` is part of a name of theirs or of what is theirs, or the beginning of an address, a number or an id. Who is not shown contact data does not find anybody by it.",
        querystring: customerListQuerySchema,
        response: { 200: listOf(customerSchema) },
      },
    },
    async (request) => {
      const { view } = requireView(request, "customers:read");
      const { limit, cursor, q } = request.query;
      const page = { limit, after: afterId(cursor) };
      const { customers, next } = await listCustomers(hub, view, q, page);
      return { data: customers, next_cursor: next && encodeCursor([next]) };
    },
  );

  app.get(
    "/api/v1/customers/:id",
    {
      schema: {
        tags,
        summary: "Read a customer",
        description: "With what is theirs, and with everything by which they are recognised.",
        params,
        response: { 200: customerDetailSchema },
      },
    },
    async (request, reply) => {
      const { view } = requireView(request, "customers:read");
      const customer = await getCustomer(hub, view, request.params.id);
      return reply.header("etag", versionTag(customer)).send(customer);
    },
  );
}

function addCustomerChanges(app: App, hub: Hub): void {
  const tags = ["customers"];
  app.post(
    "/api/v1/customers",
    {
      schema: {
        tags,
        summary: "Create a customer",
        description:
          "With an `Idempotency-Key`, repeating the request creates nobody and answers the same customer as they are now, with `Idempotent-Replayed: true`.",
        headers: z.object({ "idempotency-key": z.string().min(1).max(255).optional() }),
        body: createCustomerSchema,
        response: { 201: customerDetailSchema },
      },
    },
    async (request, reply) => {
      const author = requireAuthor(request, "customers:write");
      const { principal } = requireView(request, "customers:write");
      const { customer, replayed } = await createCustomer(
        hub,
        { view: viewOf(principal, "customers:write"), author },
        request.body,
        request.headers["idempotency-key"] ?? null,
      );
      if (replayed) reply.header("idempotent-replayed", "true");
      return reply
        .code(201)
        .header("location", `/api/v1/customers/${customer.id}`)
        .header("etag", versionTag(customer))
        .send(customer);
    },
  );

  app.patch(
    "/api/v1/customers/:id",
    {
      schema: {
        tags,
        summary: "Change a customer",
        description: `${ifMatch} Messages of sources leave alone what was changed here. An address or a number replaces the one that is shown.`,
        params,
        body: updateCustomerSchema,
        response: { 200: customerDetailSchema },
      },
    },
    async (request, reply) => {
      const caller = customerCaller(request);
      const customer = await updateCustomer(hub, caller, request.params.id, request.body);
      return reply.header("etag", versionTag(customer)).send(customer);
    },
  );
}

function addSubjects(app: App, hub: Hub): void {
  const tags = ["subjects"];
  app.get(
    "/api/v1/subjects",
    {
      schema: {
        tags,
        summary: "List what customers have",
        description: "Pets, homes, cars: what bookings are about.",
        querystring: subjectListQuerySchema,
        response: { 200: listOf(subjectSchema) },
      },
    },
    async (request) => {
      const { view } = requireView(request, "customers:read");
      const { limit, cursor, customer_id: customerId } = request.query;
      const page = { limit, after: afterId(cursor) };
      const { subjects, next } = await listSubjects(hub, view, customerId, page);
      return { data: subjects, next_cursor: next && encodeCursor([next]) };
    },
  );

  app.get(
    "/api/v1/subjects/:id",
    {
      schema: { tags, summary: "Read a subject", params, response: { 200: subjectSchema } },
    },
    async (request, reply) => {
      const { view } = requireView(request, "customers:read");
      const subject = await getSubject(hub, view, request.params.id);
      return reply.header("etag", versionTag(subject)).send(subject);
    },
  );
}

function addSubjectChanges(app: App, hub: Hub): void {
  const tags = ["subjects"];
  app.post(
    "/api/v1/subjects",
    {
      schema: {
        tags,
        summary: "Add to what a customer has",
        body: createSubjectSchema,
        response: { 201: subjectSchema },
      },
    },
    async (request, reply) => {
      const subject = await createSubject(hub, customerCaller(request), request.body);
      return reply
        .code(201)
        .header("location", `/api/v1/subjects/${subject.id}`)
        .header("etag", versionTag(subject))
        .send(subject);
    },
  );

  app.patch(
    "/api/v1/subjects/:id",
    {
      schema: {
        tags,
        summary: "Change a subject",
        description: `${ifMatch} One that is inactive keeps its bookings and is offered for no other.`,
        params,
        body: updateSubjectSchema,
        response: { 200: subjectSchema },
      },
    },
    async (request, reply) => {
      const caller = customerCaller(request);
      const subject = await updateSubject(hub, caller, request.params.id, request.body);
      return reply.header("etag", versionTag(subject)).send(subject);
    },
  );
}

function afterId(cursor: string | undefined): string | null {
  return cursor === undefined ? null : decodeCursor(cursor, idCursorSchema)[0];
}
