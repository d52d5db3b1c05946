import type { DeliveryAttemptResource, DemoTestResult } from "@slotwire/contract";
import { useMutation } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { type ReactNode, useEffect } from "react";
import { say } from "../../live/announcer.tsx";
import { demo as words } from "../../messages/demo.ts";
import { t } from "../../messages/messages.ts";
import { outbound } from "../../messages/outbound.ts";
import { Button } from "../../parts/button.tsx";
import { Icon } from "../../parts/icon.tsx";
import { ProblemPanel } from "../../parts/problem-panel.tsx";
import { Section } from "../../parts/section.tsx";
import { useTrial } from "../destinations/destination-actions.tsx";
import { demoApi } from "./demo-api.ts";
import { type Forgettable, useForgetWhenBack } from "./use-forget-when-back.ts";

type Attempt = DeliveryAttemptResource;

const text = words.webhook;
const link = "text-accent underline underline-offset-2";

/** Tries out what comes in and what goes out. */
export function WebhookTests({ destinationId }: { destinationId: string }) {
  return (
    <Section title={text.title} text={text.text}>
      <div className="space-y-4">
        <Incoming signature="right" label={text.right} />
        <Incoming signature="wrong" label={text.wrong} />
        <Outgoing destinationId={destinationId} />
      </div>
    </Section>
  );
}

function Incoming({ signature, label }: { signature: "right" | "wrong"; label: string }) {
  const test = useMutation({
    mutationFn: () => demoApi.testWebhook({ signature }),
    onSuccess: (result) => say(answerIn(result)),
  });
  return (
    <Trial label={label} test={test}>
      {test.data && (
        <Outcome
          isGood={(test.data.action !== null) === (signature === "right")}
          says={answerIn(test.data)}
        >
          {test.data.message_id === null ? (
            text.keptOut
          ) : (
            <Link
              to="/inbox/$messageId"
              params={{ messageId: test.data.message_id }}
              className={link}
            >
              {text.message}
            </Link>
          )}
        </Outcome>
      )}
    </Trial>
  );
}

function answerIn({ status, action, title }: DemoTestResult): string {
  if (status === null) return text.nobody;
  return action === null ? text.refused(status, title ?? "") : text.taken(status);
}

function Outgoing({ destinationId }: { destinationId: string }) {
  const test = useTrial(destinationId);
  const { data: attempt } = test;
  useEffect(() => {
    if (attempt !== undefined) say(outcomeOf(attempt));
  }, [attempt]);
  return (
    <Trial label={text.outgoing} test={test}>
      {attempt && (
        <Outcome isGood={isDelivered(attempt)} says={outcomeOf(attempt)}>
          {isDelivered(attempt) ? (
            <Link to="/deliveries" search={{ destination: destinationId }} className={link}>
              {text.deliveries}
            </Link>
          ) : (
            <>
              {wordsOf(attempt).todo}{" "}
              <Link to="/destinations/$destinationId" params={{ destinationId }} className={link}>
                {text.destination}
              </Link>
            </>
          )}
        </Outcome>
      )}
    </Trial>
  );
}

const isDelivered = ({ status_code: status, error_class: error }: Attempt): boolean =>
  error === null && status !== null;

const wordsOf = ({ error_class: error }: Attempt) =>
  outbound.errors[error ?? ""] ?? outbound.unknownError;

function outcomeOf(attempt: Attempt): string {
  const { status_code: status, total_ms: ms } = attempt;
  if (!isDelivered(attempt) || status === null) return text.failed(wordsOf(attempt).what, status);
  return text.delivered(status, t.deliveries.took(ms));
}

interface TrialProps {
  label: string;
  test: Forgettable & { readonly isPending: boolean; readonly mutate: () => void };
  children: ReactNode;
}

function Trial({ label, test, children }: TrialProps) {
  useForgetWhenBack(test);
  return (
    <div className="space-y-2">
      <Button icon="send" disabled={test.isPending} onClick={() => test.mutate()}>
        {test.isPending ? text.busy : label}
      </Button>
      {test.error !== null && <ProblemPanel error={test.error} />}
      {children}
    </div>
  );
}

interface OutcomeProps {
  isGood: boolean;
  says: string;
  children: ReactNode;
}

function Outcome({ isGood, says, children }: OutcomeProps) {
  return (
    <p className="flex items-start gap-2 text-sm">
      <Icon
        name={isGood ? "check" : "barred"}
        className={`mt-0.5 size-4 ${isGood ? "text-ok" : "text-bad"}`}
      />
      <span className="min-w-0">
        {says} {children}
      </span>
    </p>
  );
}
