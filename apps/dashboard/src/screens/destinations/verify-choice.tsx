import { outbound } from "../../messages/outbound.ts";
import { CodeChoice } from "../../parts/code-choice.tsx";
import { snippetLanguages, verifySnippets } from "./verify-snippets.ts";

const words = outbound.destination;

/** How a receiver checks what it gets, in a language of choice. */
export function VerifyChoice() {
  return (
    <div>
      <h3 className="mb-1.5 text-sm font-medium">{words.verify}</h3>
      <CodeChoice
        label={words.language}
        names={snippetLanguages}
        wordOf={(one) => one}
        codeOf={(one) => verifySnippets[one]}
      />
    </div>
  );
}
