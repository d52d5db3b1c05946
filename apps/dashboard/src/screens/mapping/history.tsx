import type { ConnectionMapping, Mapping } from "@slotwire/contract";
import { mappingWords } from "../../messages/mapping.ts";
import { Button } from "../../parts/button.tsx";
import { Chip } from "../../parts/chip.tsx";
import { Section } from "../../parts/section.tsx";
import { useZone } from "../../session/use-session.ts";
import { formatShortDateTime } from "../../time/format-time.ts";

interface HistoryProps {
  live: ConnectionMapping;
  onLoad: (mapping: Mapping) => void;
}

/** What was live before, to be taken up again. */
export function History({ live, onLoad }: HistoryProps) {
  const zone = useZone();
  const words = mappingWords.history;
  return (
    <Section title={words.title} text={live.history.length === 0 ? words.none : undefined}>
      <ul className="divide-y divide-line">
        {live.history.map(({ version, mapping, made_by: who, made_at: when }) => (
          <li key={version} className="flex flex-wrap items-center justify-between gap-2 py-2">
            <span className="min-w-0">
              <span className="flex flex-wrap items-center gap-2 font-medium">
                {words.version(version)}
                {version === live.version && (
                  <Chip look={{ tone: "ok", icon: "check" }}>{words.now}</Chip>
                )}
              </span>
              <span className="block text-sm text-muted">
                {words.by(who, formatShortDateTime(when, zone))}
              </span>
            </span>
            <Button
              icon="retry"
              aria-label={words.loadLabel(version)}
              onClick={() => onLoad(mapping)}
            >
              {words.load}
            </Button>
          </li>
        ))}
      </ul>
    </Section>
  );
}
