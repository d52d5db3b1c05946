import { ApiError } from "@slotwire/client";
import type {
  ChangeDemo,
  DemoResource,
  DemoTestResult,
  DemoTestWebhook,
  Problem,
} from "@slotwire/contract";

// No part of `packages/client`: whoever uses that has no demo to steer.

async function ask<Result>(method: string, path: string, body?: unknown): Promise<Result> {
  const response = await fetch(`/api/v1/demo${path}`, {
    method,
    headers: {
      accept: "application/json",
      ...(body === undefined ? {} : { "content-type": "application/json" }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const answer: unknown = await response.json();
  if (!response.ok) throw new ApiError(answer as Problem);
  return answer as Result;
}

/** The simulated source. Every call throws ApiError when refused. */
export const demoApi = {
  /** @param after tells of the visits that changed after this change; of none when absent */
  read: (after?: number) => ask<DemoResource>("GET", after === undefined ? "" : `?after=${after}`),
  change: (settings: ChangeDemo) => ask<DemoResource>("PATCH", "", settings),
  begin: (count: number) => ask<DemoResource>("POST", "/happenings", { count }),
  cancel: () => ask<DemoResource>("DELETE", "/happenings"),
  testWebhook: (input: DemoTestWebhook) => ask<DemoTestResult>("POST", "/test-webhook", input),
};

/** Whether the hub has no demo now: it was started without one, or is about to start it. */
export const isNoDemo = (error: unknown): boolean =>
  error instanceof ApiError && error.status === 404;
