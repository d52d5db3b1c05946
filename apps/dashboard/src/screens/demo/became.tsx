import type { DemoCounts } from "@slotwire/contract";
import { demo as words } from "../../messages/demo.ts";
import { Fact, FactList } from "../../parts/fact-list.tsx";
import { Section } from "../../parts/section.tsx";

const countNames = [
  "posted",
  "posted_twice",
  "lost_on_the_way",
  "answers_lost",
  "taken",
  "refused",
  "given_up",
  "held_back",
] as const satisfies readonly (keyof DemoCounts)[];

/** What has become of the source's messages. */
export function Became({ counts }: { counts: DemoCounts }) {
  return (
    <Section title={words.happened.title}>
      <FactList>
        {countNames.map((name) => (
          <Fact key={name} name={words.happened[name]}>
            <span className="block text-right">{words.number(counts[name])}</span>
          </Fact>
        ))}
      </FactList>
    </Section>
  );
}
