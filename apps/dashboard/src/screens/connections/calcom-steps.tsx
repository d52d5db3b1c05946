import { access } from "../../messages/access.ts";
import { Icon } from "../../parts/icon.tsx";

/** What to do at Cal.com, in the order of its own form for webhooks. */
export function CalcomSteps() {
  return (
    <section className="panel p-5" aria-labelledby="calcom-steps">
      <h2 id="calcom-steps" className="mb-3 font-semibold">
        {access.connections.steps}
      </h2>
      <ol className="list-decimal space-y-3 pl-5 text-sm marker:font-semibold marker:text-accent">
        <li>{access.connections.stepOpen}</li>
        <li>{access.connections.stepAddress}</li>
        <li>
          {access.connections.stepEvents}
          <ul className="mt-1.5 space-y-1">
            {access.connections.events.map((event) => (
              <li key={event} className="flex items-center gap-2">
                <Icon name="check" className="size-3.5 text-ok" />
                {event}
              </li>
            ))}
          </ul>
        </li>
        <li>{access.connections.stepSecret}</li>
        <li>{access.connections.stepCheck}</li>
      </ol>
    </section>
  );
}
