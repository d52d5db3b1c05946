/** One block of an event stream. */
export interface StreamMessage {
  /** `message` when the stream does not name it. */
  readonly event: string;
  /** Null when there was none: then it is no message, and all it does is to set a position. */
  readonly data: string | null;
  /** The position to come back with; null when it sets none. */
  readonly id: string | null;
}

/**
 * Makes a parser of `text/event-stream` as the HTML Living Standard describes it (section 9.2.6,
 * "Interpreting an event stream"), whatever the boundaries of its chunks are. A message that the
 * stream's end cuts off is never handed out.
 * @returns takes the next bytes, and gives the blocks with data or a position that they complete
 */
export function createEventStreamParser(): (bytes: Uint8Array) => StreamMessage[] {
  /** Drops a leading byte order mark and joins characters that chunks have split. */
  const decoder = new TextDecoder();
  /** What follows the last complete line. */
  let rest = "";
  /** The last chunk ended in CR: an LF at the start of the next one belongs to it. */
  let isAfterCarriageReturn = false;
  let event = "";
  let data: string[] = [];
  let id: string | null = null;

  const linesIn = (bytes: Uint8Array): string[] => {
    let text = decoder.decode(bytes, { stream: true });
    if (text === "") return [];
    if (isAfterCarriageReturn) text = text.replace(/^\n/, "");
    isAfterCarriageReturn = text.endsWith("\r");
    const lines = text.split(/\r\n|\n|\r/);
    lines[0] = rest + lines[0];
    rest = lines.pop() ?? "";
    return lines;
  };
  return (bytes) => {
    const blocks: StreamMessage[] = [];
    for (const line of linesIn(bytes)) {
      // An empty field name is a comment; `retry` is left to the reader's own schedule.
      const [, field, value = ""] = /^([^:]*):? ?(.*)$/s.exec(line) ?? [];
      if (field === "data") data.push(value);
      else if (field === "event") event = value;
      else if (field === "id" && !value.includes("\0")) id = value;
      if (line !== "") continue;
      const text = data.length > 0 ? data.join("\n") : null;
      if ((text ?? id) !== null) blocks.push({ event: event || "message", data: text, id });
      [event, data, id] = ["", [], null];
    }
    return blocks;
  };
}
