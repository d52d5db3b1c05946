import type { NamedKey } from "@slotwire/contract";

/** Several keys by name, with the beginning that people know each by. */
export function KeyNames({ keys }: { keys: readonly NamedKey[] }) {
  return (
    <ul className="mt-1.5 space-y-1">
      {keys.map(({ id, name, prefix }) => (
        <li key={id} className="flex flex-wrap items-center gap-x-2 gap-y-0.5 text-sm">
          <span className="min-w-0 font-medium wrap-anywhere">{name}</span>
          <code className="rounded bg-sunken px-1.5 py-0.5 text-xs text-muted">{prefix}…</code>
        </li>
      ))}
    </ul>
  );
}
