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
import type { Transport } from "../transport.ts";

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

export function customersApi(transport: Transport): CustomersApi {
  const path = "/api/v1/customers";
  return {
    list: (query = {}) => transport.json("GET", path, { query }),
    get: (id) => transport.json("GET", `${path}/${encodeURIComponent(id)}`),
    create: (body) => transport.json("POST", path, { body }),
    update: (id, body) => transport.json("PATCH", `${path}/${encodeURIComponent(id)}`, { body }),
  };
}

export function subjectsApi(transport: Transport): SubjectsApi {
  const path = "/api/v1/subjects";
  return {
    list: (query = {}) => transport.json("GET", path, { query }),
    get: (id) => transport.json("GET", `${path}/${encodeURIComponent(id)}`),
    create: (body) => transport.json("POST", path, { body }),
    update: (id, body) => transport.json("PATCH", `${path}/${encodeURIComponent(id)}`, { body }),
  };
}
