import { useState } from "react";
import { t } from "../../messages/messages.ts";
import { outbound } from "../../messages/outbound.ts";
import { CodeBlock } from "../../parts/code-block.tsx";
import { CopyButton } from "../deliveries/copy-button.tsx";
import { snippetLanguages, verifySnippets } from "./verify-snippets.ts";

const words = outbound.destination;

/** How a receiver checks what it gets, in a language of choice. */
export function VerifyChoice() {
  const [language, setLanguage] = useState<(typeof snippetLanguages)[number]>("TypeScript");
  return (
    <div>
      <h3 className="mb-1.5 text-sm font-medium">{words.verify}</h3>
      <div className="mb-1.5 flex flex-wrap items-center justify-between gap-2">
        <fieldset aria-label={words.language} className="flex flex-wrap gap-1">
          {snippetLanguages.map((one) => (
            <button
              key={one}
              type="button"
              aria-pressed={one === language}
              onClick={() => setLanguage(one)}
              className="h-7 rounded-full px-2.5 text-xs font-medium text-muted hover:bg-sunken hover:text-ink aria-pressed:bg-ink aria-pressed:text-canvas"
            >
              {one}
            </button>
          ))}
        </fieldset>
        <CopyButton label={t.copy.copy} text={verifySnippets[language]} />
      </div>
      <CodeBlock label={words.verify} text={verifySnippets[language]} isLimited />
    </div>
  );
}
