/** One message of an event stream. */
export interface StreamMessage {
  /** `message` when the stream does not name it. */
  readonly event: string;
  readonly data: string;
  /** The position that it stands for; null when it sets none. */
  readonly id: string | null;
}

export interface StreamParserEvents {
  onMessage(message: StreamMessage): void;
  /** A block without data set the position to come back with. */
  onPosition(id: string): void;
}

/**
 * Parses `text/event-stream` as the HTML Living Standard says (section 9.2.6, "Interpreting an
 * event stream"), whatever the boundaries of its chunks are. A message that the stream's end cuts
 * off is never handed out.
 */
export class EventStreamParser {
  readonly #events: StreamParserEvents;
  /** Drops a leading byte order mark and joins characters that chunks have split. */
  readonly #decoder = new TextDecoder();
  /** What follows the last complete line. */
  #rest = "";
  /** The last chunk ended in CR: an LF at the start of the next one belongs to it. */
  #afterCarriageReturn = false;
  #event = "";
  #data: string[] = [];
  #id: string | null = null;

  constructor(events: StreamParserEvents) {
    this.#events = events;
  }

  /** Takes the next bytes and reports what they complete. */
  push(bytes: Uint8Array): void {
    let text = this.#decoder.decode(bytes, { stream: true });
    if (text === "") return;
    if (this.#afterCarriageReturn && text.startsWith("\n")) text = text.slice(1);
    this.#afterCarriageReturn = text.endsWith("\r");
    if (!/[\r\n]/.test(text)) {
      this.#rest += text;
      return;
    }
    const lines = (this.#rest + text).split(/\r\n|\n|\r/);
    this.#rest = lines.pop() ?? "";
    for (const line of lines) this.#line(line);
  }

  #line(line: string): void {
    if (line === "") {
      this.#dispatch();
      return;
    }
    const [, field, value = ""] = /^([^:]*):? ?(.*)$/s.exec(line) ?? [];
    if (field === "data") this.#data.push(value);
    else if (field === "event") this.#event = value;
    else if (field === "id" && !value.includes("\0")) this.#id = value;
    // `retry` is left to the reader's own schedule; an empty field name is a comment.
  }

  #dispatch(): void {
    const message = {
      event: this.#event || "message",
      data: this.#data.join("\n"),
      id: this.#id,
    };
    const isMessage = this.#data.length > 0;
    this.#event = "";
    this.#data = [];
    this.#id = null;
    if (isMessage) this.#events.onMessage(message);
    else if (message.id !== null) this.#events.onPosition(message.id);
  }
}
