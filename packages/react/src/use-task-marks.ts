"use client";

import type { SlotwireClient } from "@slotwire/client";
import type { TaskResource } from "@slotwire/contract";
import { useRef, useState } from "react";

type Mark = "todo" | "done";

/** A task that somebody has marked here. */
export interface MarkedTask {
  readonly task: TaskResource;
  /** As it is shown: at once what was wished, and what it was before when that could not be saved. */
  readonly mark: Mark;
  /** What saving failed by; null otherwise. */
  readonly error: unknown;
}

export interface TaskMarks {
  readonly marked: ReadonlyMap<string, MarkedTask>;
  readonly mark: (task: TaskResource, mark: Mark) => void;
  /** Forgets those of one mark that are saved. */
  readonly forget: (mark: Mark) => void;
}

/**
 * Marks tasks as done, and open again, before the hub has answered. Of several wishes for one task the
 * last one is what is saved.
 * @param onSaved called after each one
 */
export function useTaskMarks(client: SlotwireClient, onSaved: () => void): TaskMarks {
  const [marked, setMarked] = useState<ReadonlyMap<string, MarkedTask>>(new Map());
  /** The last wish of each task that is being saved. */
  const wishes = useRef(new Map<string, Mark>());
  const show = (shown: MarkedTask): void =>
    setMarked((last) => new Map(last).set(shown.task.id, shown));

  const save = async (task: TaskResource): Promise<void> => {
    const { id } = task;
    let saved: Mark = wishes.current.get(id) === "done" ? "todo" : "done";
    try {
      for (;;) {
        const wish = wishes.current.get(id) ?? saved;
        if (wish === saved) break;
        await client.tasks.update(id, { status: wish });
        saved = wish;
      }
      wishes.current.delete(id);
    } catch (error) {
      wishes.current.delete(id);
      show({ task, mark: saved, error });
    }
    onSaved();
  };

  return {
    marked,
    mark(task, mark) {
      show({ task, mark, error: null });
      const isSaving = wishes.current.has(task.id);
      wishes.current.set(task.id, mark);
      if (!isSaving) void save(task);
    },
    forget: (mark) =>
      setMarked((last) => {
        const isKept = ([id, entry]: [string, MarkedTask]): boolean =>
          entry.mark !== mark || entry.error !== null || wishes.current.has(id);
        const kept = [...last].filter(isKept);
        return kept.length === last.size ? last : new Map(kept);
      }),
  };
}
