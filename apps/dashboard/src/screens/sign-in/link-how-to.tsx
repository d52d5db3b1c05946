import { access } from "../../messages/access.ts";
import { CopyField } from "../../parts/copy-field.tsx";

/** How to get the first one-time link, while nobody can sign in otherwise. */
export function FirstLink() {
  return (
    <section className="space-y-3">
      <h2 className="font-semibold">{access.signIn.linkTitle}</h2>
      <RestartSteps text={access.signIn.linkText} />
    </section>
  );
}

/** How to get a one-time link where it is not the usual way; closed. */
export function LostWayIn() {
  return (
    <details>
      <summary className="text-muted hover:text-ink">
        <h2 className="inline">{access.signIn.linkTitle}</h2>
      </summary>
      <div className="panel mt-3 p-4">
        <LinkCommands />
      </div>
    </details>
  );
}

/** Restarting a hub without passwords: each start prints a link. */
export function RestartSteps({ text }: { text: string }) {
  return (
    <div className="space-y-3">
      <p className="text-muted">{text}</p>
      <CopyField label={access.signIn.command} value={access.signIn.command} labelled={false} />
      <p className="text-muted">{access.signIn.once}</p>
    </div>
  );
}

/** What prints a link once an owner can sign in: a mere restart does not. */
export function LinkCommands() {
  const words = access.signIn;
  return (
    <div className="space-y-3">
      <p className="text-muted">{words.lostText}</p>
      <CopyField label={words.ownerCommandLabel} value={words.ownerCommand} isWhole />
      <CopyField label={words.memberCommandLabel} value={words.memberCommand} isWhole />
      <p className="text-muted">{words.once}</p>
    </div>
  );
}
