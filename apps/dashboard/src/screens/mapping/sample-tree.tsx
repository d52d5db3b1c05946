import type { Mapping, SampleField } from "@slotwire/contract";
import { useRef, useState, type KeyboardEvent } from "react";
import { mappingWords } from "../../messages/mapping.ts";
import { readsPath, type Target } from "./draft.ts";
import { nameOf } from "./name-of.ts";

interface SampleTreeProps {
  fields: readonly SampleField[];
  draft: Mapping;
  target: Target | null;
  onPick: (path: string) => void;
}

/**
 * The fields of a message in their groups, with their values. One stop of the Tab key: the arrows
 * go up and down, Enter takes the value.
 */
export function SampleTree({ fields, draft, target, onPick }: SampleTreeProps) {
  const list = useRef<HTMLUListElement>(null);
  const leaves = fields.filter(({ kind }) => kind !== "group" && kind !== "list");
  const [active, setActive] = useState(leaves[0]?.path);
  const move = (event: KeyboardEvent) => {
    const steps = { ArrowDown: 1, ArrowUp: -1, Home: -leaves.length, End: leaves.length };
    const step = steps[event.key as keyof typeof steps];
    if (step === undefined) return;
    event.preventDefault();
    const at = leaves.findIndex(({ path }) => path === active);
    const to = Math.min(Math.max(at + step, 0), leaves.length - 1);
    setActive(leaves[to]?.path);
    list.current?.querySelectorAll("button")[to]?.focus();
  };
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- the arrows move between its buttons
    <ul
      ref={list}
      aria-label={mappingWords.sample.tree}
      onKeyDown={move}
      className="-mx-2 max-h-[22rem] overflow-y-auto lg:max-h-[calc(100dvh-14rem)]"
    >
      {fields.map((field) => (
        <li key={field.path} style={{ paddingInlineStart: `${field.depth * 0.875}rem` }}>
          {field.kind === "group" || field.kind === "list" ? (
            <span className="block px-2 pt-1.5 font-mono text-xs font-semibold text-muted">
              {field.name}
            </span>
          ) : (
            <Leaf
              field={field}
              users={usersOf(draft, field.path)}
              target={target}
              tabIndex={field.path === active ? 0 : -1}
              onFocus={() => setActive(field.path)}
              onPick={() => onPick(field.path)}
            />
          )}
        </li>
      ))}
    </ul>
  );
}

interface LeafProps {
  field: SampleField;
  /** Our fields that read it. */
  users: readonly Target[];
  target: Target | null;
  tabIndex: number;
  onFocus: () => void;
  onPick: () => void;
}

function Leaf({ field, users, target, tabIndex, onFocus, onPick }: LeafProps) {
  const words = mappingWords.sample;
  const value = field.value ?? words.nothing;
  const isChosen = target !== null && users.includes(target);
  return (
    <button
      type="button"
      tabIndex={tabIndex}
      onFocus={onFocus}
      onClick={onPick}
      aria-disabled={target === null}
      aria-pressed={isChosen}
      className={`block w-full rounded-md px-2 py-1 text-left aria-disabled:cursor-default ${isChosen ? "bg-accent-soft" : "hover:bg-raised"}`}
    >
      <span className="flex flex-wrap items-baseline gap-x-2">
        <span className="font-mono text-xs text-muted">{field.name}</span>
        <span
          className={`min-w-0 text-sm wrap-anywhere ${field.value === null ? "text-muted italic" : ""}`}
        >
          {value}
        </span>
        {users.map((user) => (
          <span
            key={user}
            className="rounded-full bg-accent-soft px-1.5 text-xs font-medium text-accent"
          >
            {nameOf(user)}
          </span>
        ))}
      </span>
    </button>
  );
}

function usersOf({ fields, metadata }: Mapping, path: string): Target[] {
  const own = Object.entries(fields);
  const kept = Object.entries(metadata).map(([name, one]) => [`metadata.${name}`, one] as const);
  return [...own, ...kept]
    .filter(([, expression]) => readsPath(expression, path))
    .map(([name]) => name);
}
