interface CodeBlockProps {
  /** What the text is. */
  label: string;
  text: string;
  /** Keeps a long text from pushing everything else away. */
  isLimited?: boolean;
}

/** A text for machines, as it is. It scrolls by itself, also by keyboard. */
export function CodeBlock({ label, text, isLimited = false }: CodeBlockProps) {
  return (
    <pre
      // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- WCAG 2.1.1: what scrolls has to be reachable by keyboard
      tabIndex={0}
      aria-label={label}
      className={`overflow-auto rounded-lg bg-sunken p-3 font-mono text-xs leading-relaxed ${isLimited ? "max-h-[28rem]" : ""}`}
    >
      {text}
    </pre>
  );
}
