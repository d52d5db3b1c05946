import { ApiError } from "@slotwire/client";

/** What the hub answers; `otherwise` for whoever may not see it. */
export async function unlessForbidden<Answer>(
  answer: Promise<Answer>,
  otherwise: Answer,
): Promise<Answer> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof ApiError && error.status === 403) return otherwise;
    throw error;
  }
}
