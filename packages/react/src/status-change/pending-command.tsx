"use client";

import type { SlotwireClient } from "@slotwire/client";
import type { CommandResource } from "@slotwire/contract";
import type { ReactElement } from "react";
import { type change, common as english } from "../messages/en.ts";
import { ProblemNote } from "../parts/problem-note.tsx";
import { commandWords } from "../parts/problem-words.ts";
import { useSend } from "../use-send.ts";
import { useWords } from "../use-words.ts";

/** The states that commands lead to. */
const targets = {
  cancel: "cancelled",
  confirm: "confirmed",
  no_show: "no_show",
  reject: "rejected",
} as const;

/** What a source was asked for and has not done yet. As long as it is not sent it can be taken back. */
export function PendingCommand({
  command,
  client,
  words,
  onWithdrawn,
}: {
  readonly command: CommandResource;
  readonly client: SlotwireClient;
  readonly words: typeof change;
  readonly onWithdrawn: () => void;
}): ReactElement {
  const { error, send } = useSend();
  const common = useWords("common", english);
  const { id, kind, status, source_name: source } = command;
  const state =
    status === "queued" ? words.notSent : status === "sending" ? words.sent : words.accepted;
  const withdraw = (): void => void send(() => client.commands.withdraw(id).finally(onWithdrawn));
  return (
    <div className="sw-stack">
      <output className="sw-info">
        <span aria-hidden="true">◷ </span>
        {words.pending(source)}
        {kind !== "reschedule" && ` (${words.moves[targets[kind]]})`} {state}.{" "}
        {commandWords(command, common)}
      </output>
      {status === "queued" && (
        <button type="button" className="sw-button" onClick={withdraw}>
          {words.withdraw}
        </button>
      )}
      {error !== null && <ProblemNote title={words.notDone} error={error} />}
    </div>
  );
}
