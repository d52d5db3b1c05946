import { useMutation } from "@tanstack/react-query";
import { hub } from "../../api/hub.ts";
import { demo as words } from "../../messages/demo.ts";
import { Button } from "../../parts/button.tsx";
import { CopyField } from "../../parts/copy-field.tsx";
import { EmptyState } from "../../parts/empty-state.tsx";
import { ProblemPanel } from "../../parts/problem-panel.tsx";
import { useSession } from "../../session/use-session.ts";
import { demoSlug } from "../../shell/places.ts";

/** What to do to see the demo, where it is not. */
export function NoDemo() {
  const { organisation, organisations } = useSession();
  const change = useMutation({
    mutationFn: (id: string) => hub.session.switchOrganisation(id),
    onSuccess: () => window.location.reload(),
  });
  const isHere = organisation.slug === demoSlug;
  const other = organisations.find(({ slug }) => slug === demoSlug);
  const title = isHere ? words.none.notRunning : words.none.title;
  return (
    <div className="panel">
      {!isHere && other ? (
        <EmptyState icon="play" title={title} text={words.none.switchTo(other.name)}>
          <Button
            weight="primary"
            disabled={change.isPending}
            onClick={() => change.mutate(other.id)}
          >
            {words.none.switch}
          </Button>
          {change.error && <ProblemPanel error={change.error} />}
        </EmptyState>
      ) : (
        <EmptyState
          icon="play"
          title={title}
          text={isHere ? words.none.notRunningText : words.none.start}
        >
          <div className="w-full max-w-sm text-left">
            <CopyField label={words.none.command} labelled={false} value="npm start -- --demo" />
          </div>
        </EmptyState>
      )}
    </div>
  );
}
