import type {
  CreateCustomer,
  CreateSubject,
  CustomerDetail,
  CustomerListQuery,
  CustomerResource,
  List,
  PageQuery,
  SubjectResource,
  UpdateCustomer,
  UpdateSubject,
} from "@slotwire/contract";
import type { Calls } from "./resource.ts";

export interface CustomersApi {
  /** By name; `q` searches. */
  list(query?: Partial<CustomerListQuery>): Promise<List<CustomerResource>>;
  /** With everything by which they are recognised. */
  get(id: string): Promise<CustomerDetail>;
  create(customer: CreateCustomer): Promise<CustomerDetail>;
  update(id: string, changes: UpdateCustomer): Promise<CustomerDetail>;
}

/** What customers have: pets, homes, cars. */
export interface SubjectsApi {
  list(query?: Partial<PageQuery & { customer_id: string }>): Promise<List<SubjectResource>>;
  get(id: string): Promise<SubjectResource>;
  create(subject: CreateSubject): Promise<SubjectResource>;
  update(id: string, changes: UpdateSubject): Promise<SubjectResource>;
}

const calls = {
  list: "GET?",
  get: "GET/:",
  create: "POST!",
  update: "PATCH/:!",
} as const;

export const customersCalls: Calls<CustomersApi> = calls;
export const subjectsCalls: Calls<SubjectsApi> = calls;
