"use client";

import type { SlotwireClient } from "@slotwire/client";
import { useEffect, useRef } from "react";
import { common } from "./messages/en.ts";
import { problemWords } from "./parts/problem-words.ts";
import { useSlotwireClient } from "./use-slotwire-client.ts";
import { useTaskMarks } from "./use-task-marks.ts";
import { useWords } from "./use-words.ts";

export interface UseMarkTaskCompleteOptions {
  /** The nearest provider's when absent, else the default client. */
  readonly client?: SlotwireClient;
  /** Called whenever the hub has answered: the time to read tasks again. */
  readonly onSaved?: () => void;
}

/** What somebody has made of a task here. */
export interface TaskMark {
  /** At once what was wished; what it was before, when that could not be saved. */
  readonly isComplete: boolean;
  /** Whether the hub has not answered yet. */
  readonly isSaving: boolean;
  /** Why it could not be saved, in words; null otherwise. */
  readonly reason: string | null;
}

export interface UseMarkTaskCompleteResult {
  /**
   * Marks a task as complete at once, and saves that behind it.
   * @returns when it is saved, or could not be: it never throws, the mark says what came of it
   */
  readonly markTaskComplete: (taskId: string) => Promise<void>;
  /** Makes it open again, the same way. */
  readonly undo: (taskId: string) => Promise<void>;
  /** Those that were marked here, by the id of the task. */
  readonly marks: ReadonlyMap<string, TaskMark>;
}

/**
 * Marks tasks as complete before the hub has answered, and takes that back. Of several wishes for one
 * task the last one is saved.
 */
export function useMarkTaskComplete({
  client: given,
  onSaved,
}: UseMarkTaskCompleteOptions = {}): UseMarkTaskCompleteResult {
  const client = useSlotwireClient(given);
  const words = useWords("common", common);
  const latest = useRef(onSaved);
  useEffect(() => {
    latest.current = onSaved;
  });
  const { marked, mark } = useTaskMarks(client, () => latest.current?.());
  const marks = [...marked].map(([id, { mark: shown, isSaving, error }]): [string, TaskMark] => [
    id,
    {
      isComplete: shown === "done",
      isSaving,
      reason: error === null ? null : problemWords(error, words),
    },
  ]);
  return {
    markTaskComplete: (id) => mark({ id }, "done"),
    undo: (id) => mark({ id }, "todo"),
    marks: new Map(marks),
  };
}
