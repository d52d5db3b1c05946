import { useState } from "react";
import { t } from "../messages/messages.ts";
import { CodeBlock } from "./code-block.tsx";
import { CopyButton } from "./copy-button.tsx";
import { Pills } from "./pills.tsx";

interface CodeChoiceProps<Name extends string> {
  /** What the choice is between. */
  label: string;
  names: readonly Name[];
  wordOf: (name: Name) => string;
  codeOf: (name: Name) => string;
  /** Told of what is chosen. */
  onChoose?: (name: Name) => void;
}

/** The same as code of several kinds, to copy; the first of them to begin with. */
export function CodeChoice<Name extends string>(props: CodeChoiceProps<Name>) {
  const { label, names, wordOf, codeOf, onChoose } = props;
  const [chosen, choose] = useState<Name>();
  const name = chosen ?? names[0];
  if (name === undefined) return null;
  return (
    <>
      <div className="mb-2 flex items-start justify-between gap-2">
        <Pills
          label={label}
          values={names}
          nameOf={wordOf}
          value={name}
          onChange={(next) => {
            choose(next);
            onChoose?.(next);
          }}
        />
        <CopyButton key={name} label={t.copy.copy} text={codeOf(name)} />
      </div>
      <CodeBlock label={wordOf(name)} text={codeOf(name)} isLimited />
    </>
  );
}
