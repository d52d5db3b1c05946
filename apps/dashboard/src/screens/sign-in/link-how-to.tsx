import { access } from "../../messages/access.ts";
import { CopyField } from "../../parts/copy-field.tsx";

/** How to get a one-time link from the hub's terminal; closed where that is not the usual way. */
export function LinkHowTo({ isOpen = false }: { isOpen?: boolean }) {
  if (isOpen) {
    return (
      <section className="space-y-3">
        <h2 className="font-semibold">{access.signIn.linkTitle}</h2>
        <Steps text={access.signIn.linkText} />
      </section>
    );
  }
  return (
    <details>
      <summary className="text-muted hover:text-ink">
        <h2 className="inline">{access.signIn.linkTitle}</h2>
      </summary>
      <div className="panel mt-3 space-y-3 p-4">
        <Steps text={access.signIn.linkText} />
      </div>
    </details>
  );
}

/** What to type in the hub's terminal. */
export function Steps({ text }: { text: string }) {
  return (
    <>
      <p className="text-muted">{text}</p>
      <CopyField label={access.signIn.command} value={access.signIn.command} labelled={false} />
      <p className="text-muted">{access.signIn.once}</p>
    </>
  );
}
