"use client";

import type { SlotwireClient } from "@slotwire/client";
import { useRef, useState } from "react";
import { isSignedOut } from "./signed-out.ts";
import { useLiveState } from "./use-live-state.ts";

type Mark = "todo" | "done";

/** A task that somebody has marked here. */
export interface MarkedTask<Task> {
  readonly task: Task;
  /** As it is shown: at once what was wished, and what it was before when that could not be saved. */
  readonly mark: Mark;
  /** Whether the hub has not answered yet. */
  readonly isSaving: boolean;
  /** What saving failed by; null otherwise. */
  readonly error: unknown;
}

export interface TaskMarks<Task> {
  readonly marked: ReadonlyMap<string, MarkedTask<Task>>;
  /** @returns when its last wish is saved, or could not be */
  readonly mark: (task: Task, mark: Mark) => Promise<void>;
  /** Forgets those of one mark that are saved. */
  readonly forget: (mark: Mark) => void;
}

interface Wish {
  mark: Mark;
  readonly saving: Promise<void>;
}

/**
 * Marks tasks as done, and open again, before the hub has answered. Of several wishes for one task the
 * last one is what is saved. They are forgotten when the session ends, as who signs in next may be somebody
 * else, and with another client.
 * @param onSaved called after each one
 */
export function useTaskMarks<Task extends { readonly id: string }>(
  client: SlotwireClient,
  onSaved: () => void,
): TaskMarks<Task> {
  const [marked, setMarked] = useState<ReadonlyMap<string, MarkedTask<Task>>>(new Map());
  /** The last wish of each task that is being saved. */
  const wishes = useRef(new Map<string, Wish>());
  /** Null while nobody is signed in. */
  const reader = useLiveState(client, () => (isSignedOut(client) ? null : client));
  const [owner, setOwner] = useState(reader);
  if (owner !== reader) {
    setOwner(reader);
    setMarked(new Map());
  }
  const show = (shown: MarkedTask<Task>): void =>
    setMarked((last) => new Map(last).set(shown.task.id, shown));

  const save = async (task: Task, first: Mark): Promise<void> => {
    const { id } = task;
    let saved: Mark = first === "done" ? "todo" : "done";
    let error: unknown = null;
    try {
      for (let wish = first; wish !== saved; wish = wishes.current.get(id)?.mark ?? saved) {
        await client.tasks.update(id, { status: wish });
        saved = wish;
      }
    } catch (failure) {
      error = failure;
    }
    wishes.current.delete(id);
    const saving = { task, mark: saved, isSaving: false, error };
    // It may be forgotten by now.
    setMarked((last) => (last.has(id) ? new Map(last).set(id, saving) : last));
    onSaved();
  };

  return {
    marked,
    mark(task, mark) {
      show({ task, mark, isSaving: true, error: null });
      const wish = wishes.current.get(task.id);
      if (wish !== undefined) {
        wish.mark = mark;
        return wish.saving;
      }
      const saving = save(task, mark);
      wishes.current.set(task.id, { mark, saving });
      return saving;
    },
    forget: (mark) =>
      setMarked((last) => {
        const isKept = ([, entry]: [string, MarkedTask<Task>]): boolean =>
          entry.mark !== mark || entry.error !== null || entry.isSaving;
        const kept = [...last].filter(isKept);
        return kept.length === last.size ? last : new Map(kept);
      }),
  };
}
