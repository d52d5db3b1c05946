import { Icon } from "./icon.tsx";

/** Something that people should see to, though nothing failed. */
export function Warning({ text }: { text: string }) {
  return (
    <p className="mt-1 flex items-start gap-1.5 text-sm text-warn">
      <Icon name="warn" className="mt-0.5 size-3.5 shrink-0" />
      {text}
    </p>
  );
}
