import { useState } from "react";
import { demo as words } from "../../messages/demo.ts";
import { LinkButton } from "../../parts/button.tsx";
import { CodeBlock } from "../../parts/code-block.tsx";
import { Section } from "../../parts/section.tsx";
import { CopyButton } from "../deliveries/copy-button.tsx";
import { exampleCode, type ExampleName, exampleNames } from "./example-code.ts";

const text = words.examples;

/** How the same is done in an application of one's own. */
export function Examples() {
  const [name, setName] = useState<ExampleName>("react");
  const code = exampleCode(window.location.origin)[name];
  return (
    <Section title={text.title} text={text.text}>
      <div className="mb-2 flex flex-wrap items-center justify-between gap-2">
        <fieldset aria-label={text.language} className="flex flex-wrap gap-1">
          {exampleNames.map((one) => (
            <button
              key={one}
              type="button"
              aria-pressed={one === name}
              onClick={() => setName(one)}
              className="h-8 rounded-full px-3 text-sm font-medium text-muted hover:bg-sunken hover:text-ink aria-pressed:bg-ink aria-pressed:text-canvas"
            >
              {text.names[one]}
            </button>
          ))}
        </fieldset>
        <CopyButton key={name} label={text.copy} text={code} />
      </div>
      <CodeBlock label={text.names[name]} text={code} isLimited />
      <p className="mt-3 text-sm text-muted">{text.notes[name]}</p>
      <div className="mt-3">
        {name === "webhook" ? (
          <LinkButton to="/destinations" icon="target">
            {text.destinations}
          </LinkButton>
        ) : (
          <LinkButton to="/settings/keys" icon="key">
            {text.keys}
          </LinkButton>
        )}
      </div>
    </Section>
  );
}
