/** Markup whose inserted texts have been escaped. */
export interface Html {
  readonly markup: string;
}

type Insert = string | Html | readonly Html[];

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

const escape = (text: string): string => text.replace(/[&<>"']/g, (char) => entities[char] ?? char);

function markupOf(insert: Insert): string {
  if (typeof insert === "string") return escape(insert);
  return "markup" in insert ? insert.markup : insert.map((part) => part.markup).join("");
}

/** Template tag for markup: strings that are inserted are escaped, markup is not. */
export function html(parts: TemplateStringsArray, ...inserts: readonly Insert[]): Html {
  const markup = parts
    .map((part, index) => {
      const insert = inserts[index];
      return insert === undefined ? part : part + markupOf(insert);
    })
    .join("");
  return { markup };
}
