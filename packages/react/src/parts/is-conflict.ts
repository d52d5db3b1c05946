import { ApiError } from "@slotwire/client";

/** Whether it failed because somebody else changed the same meanwhile. */
export const isConflict = (error: unknown): boolean =>
  error instanceof ApiError && (error.status === 412 || error.code === "E_CONFLICT");
