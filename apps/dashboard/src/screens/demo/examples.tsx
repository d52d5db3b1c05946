import { useState } from "react";
import { demo as words } from "../../messages/demo.ts";
import { LinkButton } from "../../parts/button.tsx";
import { CodeChoice } from "../../parts/code-choice.tsx";
import { Section } from "../../parts/section.tsx";
import { useZone } from "../../session/use-session.ts";
import { exampleCode, type ExampleName, exampleNames } from "./example-code.ts";

const text = words.examples;

/** How the same is done in an application of one's own. */
export function Examples() {
  const [name, setName] = useState<ExampleName>("react");
  const code = exampleCode(window.location.origin, useZone());
  return (
    <Section title={text.title} text={text.text}>
      <CodeChoice
        label={text.language}
        names={exampleNames}
        wordOf={(one) => text.names[one]}
        codeOf={(one) => code[one]}
        onChoose={setName}
      />
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
