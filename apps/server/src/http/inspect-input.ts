import { SlotwireError } from "../errors.ts";

/** How deep JSON may be nested. */
const MAX_DEPTH = 64;

/** Text that PostgreSQL refuses: NUL in text, and lone surrogates in jsonb. */
function isStorable(text: string): boolean {
  return !text.includes("\0") && text.isWellFormed();
}

interface Place {
  readonly value: unknown;
  readonly path: string;
  readonly depth: number;
}

/**
 * Looks through anything that a client sent for what could never be stored. It uses no recursion,
 * so the depth of the input cannot exhaust the stack.
 * @param root the name of the input in error paths, for example `body`
 * @throws SlotwireError E_TOO_DEEP, E_VALIDATION
 */
export function inspectInput(input: unknown, root: string): void {
  const open: Place[] = [{ value: input, path: root, depth: 0 }];
  for (let place = open.pop(); place !== undefined; place = open.pop()) {
    const { value, path, depth } = place;
    if (typeof value === "string" && !isStorable(value)) throw unstorable(path);
    if (typeof value !== "object" || value === null || ArrayBuffer.isView(value)) continue;
    if (depth >= MAX_DEPTH) throw new SlotwireError("E_TOO_DEEP");
    for (const [key, inner] of Object.entries(value)) {
      if (!isStorable(key)) throw unstorable(path);
      open.push({ value: inner, path: `${path}.${key}`, depth: depth + 1 });
    }
  }
}

function unstorable(path: string): SlotwireError {
  const message = "Contains a NUL character or a lone surrogate, which is no text.";
  return new SlotwireError("E_VALIDATION", { errors: [{ path, message }] });
}
