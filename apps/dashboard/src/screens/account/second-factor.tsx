import type { TotpSetup } from "@slotwire/contract";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { hub } from "../../api/hub.ts";
import { sessionQuery } from "../../api/queries.ts";
import { access } from "../../messages/access.ts";
import { Button } from "../../parts/button.tsx";
import { Chip } from "../../parts/chip.tsx";
import { ConfirmButton } from "../../parts/confirm-button.tsx";
import { ProblemPanel } from "../../parts/problem-panel.tsx";
import { Section } from "../../parts/section.tsx";
import { proven } from "../../session/proof.ts";
import { useSession } from "../../session/use-session.ts";
import { AuthenticatorDialog } from "./authenticator-dialog.tsx";
import { RecoveryCodesDialog } from "./recovery-codes-dialog.tsx";
import { sessionsQuery } from "./sessions-query.ts";

/** The second factor: off, being set up, or on. */
export function SecondFactor() {
  const { has_password: hasPassword, has_second_factor: isOn } = useSession();
  return (
    <Section
      title={access.account.factorTitle}
      state={
        <Chip look={isOn ? { tone: "ok", icon: "shield" } : { tone: "quiet", icon: "barred" }}>
          {isOn ? access.account.factorOn : access.account.factorOff}
        </Chip>
      }
      text={isOn ? access.account.factorOnText : access.account.factorOffText}
    >
      {hasPassword ? <Actions isOn={isOn} /> : <p>{access.account.factorNeedsPassword}</p>}
    </Section>
  );
}

function Actions({ isOn }: { isOn: boolean }) {
  const queries = useQueryClient();
  const [setup, setSetup] = useState<TotpSetup | null>(null);
  const [codes, setCodes] = useState<readonly string[] | null>(null);
  const readAgain = () =>
    Promise.all(
      [sessionQuery, sessionsQuery].map(({ queryKey }) => queries.invalidateQueries({ queryKey })),
    );
  const start = useMutation({
    mutationFn: () => proven(() => hub.account.startTotp()),
    onSuccess: setSetup,
  });
  const turnOff = useMutation({
    mutationFn: () => proven(() => hub.account.removeTotp()),
    onSettled: readAgain,
  });
  const renew = useMutation({
    mutationFn: () => proven(() => hub.account.renewRecoveryCodes()),
    onSuccess: ({ recovery_codes }) => setCodes(recovery_codes),
  });
  const error = start.error ?? turnOff.error ?? renew.error;
  return (
    <>
      {error && <ProblemPanel error={error} />}
      <div className="flex flex-wrap gap-2">
        {isOn ? (
          <>
            <ConfirmButton
              icon="key"
              label={access.account.newCodes}
              question={access.account.newCodesConfirm}
              disabled={renew.isPending}
              onConfirm={() => renew.mutate()}
            />
            <ConfirmButton
              icon="barred"
              label={access.account.turnOff}
              question={access.account.turnOffConfirm}
              disabled={turnOff.isPending}
              onConfirm={() => turnOff.mutate()}
            />
          </>
        ) : (
          <Button icon="shield" disabled={start.isPending} onClick={() => start.mutate()}>
            {access.account.setUp}
          </Button>
        )}
      </div>
      {setup && (
        <AuthenticatorDialog
          setup={setup}
          onClose={() => setSetup(null)}
          onTurnedOn={(given) => {
            setSetup(null);
            setCodes(given);
            void readAgain();
          }}
        />
      )}
      {codes && <RecoveryCodesDialog codes={codes} onClose={() => setCodes(null)} />}
    </>
  );
}
