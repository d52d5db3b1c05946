"use client";

import type { List, TaskResource } from "@slotwire/contract";
import { type ReactElement, useId, useState } from "react";
import { common, tasks } from "./messages/en.ts";
import { Panel, type PanelLook } from "./parts/panel.tsx";
import { ProblemNote } from "./parts/problem-note.tsx";
import { Chip } from "./parts/status-chip.tsx";
import { formatTime, relativeTime } from "./time/format-time.ts";
import { useNow } from "./time/use-now.ts";
import { type HubDataOptions, useHubData } from "./use-hub-data.ts";
import { useSlotwireClient } from "./use-slotwire-client.ts";
import { type MarkedTask, type TaskMarks, useTaskMarks } from "./use-task-marks.ts";
import { type Labels, useLocale, useWords } from "./use-words.ts";

export interface TasksWidgetProps extends HubDataOptions, PanelLook {
  /** How many are shown at first; 20 when absent. */
  readonly limit?: number;
  /** What a server has read already. */
  readonly initialData?: readonly TaskResource[];
  readonly labels?: Labels<"tasks">;
}

const MOST = 200;

/**
 * What is to be done, overdue first. A task is ticked off at once and can be taken back as long as the
 * widget is there. Styled by `tasks-widget.css`.
 */
export function TasksWidget({
  limit = 20,
  initialData,
  labels,
  refreshKey,
  ...props
}: TasksWidgetProps): ReactElement {
  const client = useSlotwireClient(props.client);
  const words = useWords("tasks", tasks, labels);
  const [saves, setSaves] = useState(0);
  const marks = useTaskMarks<TaskResource>(client, () => setSaves((last) => last + 1));
  const [most, setMost] = useState(limit);
  const found = useHubData<List<TaskResource>>({
    client,
    key: "tasks",
    async ask() {
      const list = await client.tasks.list({ upcoming: "true", limit: most });
      marks.forget("todo");
      return list;
    },
    initialData: initialData && { data: [...initialData], next_cursor: null },
    refreshKey: `${refreshKey} ${saves} ${most}`,
    concerns: () => true,
  });
  return (
    <Panel look={props} name="sw-tasks" title={words.title} failed={words.failed} from={found}>
      {({ data: open, next_cursor: next }, zone) => (
        <TaskList
          open={open}
          marks={marks}
          zone={zone}
          words={words}
          onMore={next !== null && most < MOST ? () => setMost(MOST) : undefined}
        />
      )}
    </Panel>
  );
}

interface TaskListProps {
  readonly open: readonly TaskResource[];
  readonly marks: TaskMarks<TaskResource>;
  readonly zone: string | null | undefined;
  readonly words: typeof tasks;
  /** Asks for the rest; there is none without it. */
  readonly onMore: (() => void) | undefined;
}

function TaskList({ open, marks, zone, words, onMore }: TaskListProps): ReactElement {
  const { more } = useWords("common", common);
  const rows = rowsOf(open, marks.marked);
  const done = rows.filter(({ mark }) => mark === "done").length;
  return (
    <>
      <output className="sw-muted">
        {rows.length === 0 ? words.empty : onMore === undefined && words.open(rows.length - done)}
      </output>
      {rows.length > 0 && (
        <ul className="sw-list">
          {rows.map((row) => (
            <Task key={row.task.id} row={row} marks={marks} zone={zone} words={words} />
          ))}
        </ul>
      )}
      {onMore && (
        <button type="button" className="sw-button" onClick={onMore}>
          {more}
        </button>
      )}
      {done > 0 && (
        <button type="button" className="sw-button" onClick={() => marks.forget("done")}>
          {words.hideDone(done)}
        </button>
      )}
    </>
  );
}

/** The open ones as they are marked here, and those that were ticked off here, in their places. */
function rowsOf(
  open: readonly TaskResource[],
  marked: ReadonlyMap<string, MarkedTask<TaskResource>>,
): MarkedTask<TaskResource>[] {
  const rows = new Map(
    open.map((task): [string, MarkedTask<TaskResource>] => [
      task.id,
      { task, mark: "todo", isSaving: false, error: null },
    ]),
  );
  for (const [id, row] of marked) rows.set(id, { ...row, task: rows.get(id)?.task ?? row.task });
  return [...rows.values()].toSorted(
    (one, other) => Date.parse(one.task.dueDate) - Date.parse(other.task.dueDate),
  );
}

const looks = { low: ["quiet", "▽"], medium: ["info", "◇"], high: ["bad", "▲"] } as const;

function Task({
  row: { task, mark, error },
  marks,
  zone,
  words,
}: Omit<TaskListProps, "open" | "onMore"> & {
  readonly row: MarkedTask<TaskResource>;
}): ReactElement {
  const id = useId();
  const isDone = mark === "done";
  const turn = (): void => void marks.mark(task, isDone ? "todo" : "done");
  const about = task.lead?.title ?? task.contact?.name;
  return (
    <li className="sw-row" data-done={isDone}>
      <input id={id} className="sw-check" type="checkbox" checked={isDone} onChange={turn} />
      <div className="sw-grow">
        <label htmlFor={id} className="sw-strong sw-tasks-title">
          {task.title}
        </label>
        {task.description && <p className="sw-muted">{task.description}</p>}
        {about && <p className="sw-muted">{about}</p>}
        {!isDone && <Due task={task} zone={zone} words={words} />}
        {error !== null && <ProblemNote title={words.notSaved} error={error} onRetry={turn} />}
      </div>
      {isDone ? (
        <button
          type="button"
          className="sw-button"
          aria-label={words.undoOf(task.title)}
          onClick={turn}
        >
          {words.undo}
        </button>
      ) : (
        <Chip tone={looks[task.priority][0]} icon={looks[task.priority][1]}>
          {words.priority[task.priority]}
        </Chip>
      )}
    </li>
  );
}

function Due({
  task: { dueDate },
  zone,
  words,
}: Pick<TaskListProps, "zone" | "words"> & { readonly task: TaskResource }): ReactElement {
  const now = useNow();
  const locale = useLocale();
  const isOfThisYear = now === null || dueDate.startsWith(new Date(now).toISOString().slice(0, 4));
  // What is due within the minute is due now.
  const isOverdue = now !== null && Date.parse(dueDate) <= now - 60_000;
  const when = now === null ? "" : relativeTime(dueDate, now, locale, zone ?? "UTC");
  const at = formatTime(isOfThisYear ? "dateTime" : "full", dueDate, locale, zone);
  return (
    <p className="sw-tasks-due" data-overdue={isOverdue}>
      {now !== null && (isOverdue ? words.overdue(when) : words.due(when))}
      {at && (
        <>
          {" · "}
          <time dateTime={dueDate}>{at}</time>
        </>
      )}
    </p>
  );
}
