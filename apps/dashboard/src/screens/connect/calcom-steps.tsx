import { t } from "../../messages/messages.ts";
import { Icon } from "../../parts/icon.tsx";

/** What to do at Cal.com, in the order of its own form for webhooks. */
export function CalcomSteps() {
  return (
    <section className="panel p-5" aria-labelledby="calcom-steps">
      <h2 id="calcom-steps" className="mb-3 font-semibold">
        {t.connect.steps}
      </h2>
      <ol className="list-decimal space-y-3 pl-5 text-sm marker:font-semibold marker:text-accent">
        <li>{t.connect.stepOpen}</li>
        <li>{t.connect.stepAddress}</li>
        <li>
          {t.connect.stepEvents}
          <ul className="mt-1.5 space-y-1">
            {t.connect.events.map((event) => (
              <li key={event} className="flex items-center gap-2">
                <Icon name="check" className="size-3.5 text-ok" />
                {event}
              </li>
            ))}
          </ul>
        </li>
        <li>{t.connect.stepSecret}</li>
        <li>{t.connect.stepCheck}</li>
      </ol>
    </section>
  );
}
