import { ApiError } from "@slotwire/client";
import type { List } from "@slotwire/contract";

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

/** What is in a list; nothing for whoever may not see it. */
export const listUnlessForbidden = async <Row>(answer: Promise<List<Row>>): Promise<Row[]> =>
  (await unlessForbidden(answer, { data: [], next_cursor: null })).data;
