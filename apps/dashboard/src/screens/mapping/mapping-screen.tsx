import type { ConnectionMapping, ConnectionResource, Mapping, Sample } from "@slotwire/contract";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { connectionsQuery } from "../../api/queries.ts";
import { mappingWords } from "../../messages/mapping.ts";
import { PageHeader } from "../../parts/page-header.tsx";
import { ProblemPanel } from "../../parts/problem-panel.tsx";
import { PageSkeleton } from "../../parts/skeleton.tsx";
import { NotFound } from "../../shell/not-found.tsx";
import { FirstMessage } from "./first-message.tsx";
import { MappingBuilder } from "./mapping-builder.tsx";
import { mappingQuery, samplesQuery, suggestionQuery } from "./queries.ts";

const route = getRouteApi("/app/settings/connections/$connectionId/mapping");

/** Where people say what the messages of a source mean. */
export function MappingScreen() {
  const { connectionId } = route.useParams();
  const connections = useQuery(connectionsQuery);
  const samples = useQuery(samplesQuery(connectionId));
  const live = useQuery(mappingQuery(connectionId));
  const connection = connections.data?.data.find(({ id }) => id === connectionId);
  const error = connections.error ?? samples.error ?? live.error;
  if (connections.data && connection === undefined) return <NotFound />;
  return (
    <>
      <PageHeader
        title={mappingWords.title(connection?.name ?? "")}
        above={
          <Link to="/settings/connections" className="text-accent hover:underline">
            {mappingWords.back}
          </Link>
        }
        below={mappingWords.intro}
      />
      {error && <ProblemPanel error={error} onRetry={() => void samples.refetch()} />}
      {!error && connection && samples.data && live.data ? (
        <Ready connection={connection} samples={samples.data.data} live={live.data} />
      ) : (
        !error && <PageSkeleton />
      )}
    </>
  );
}

interface ReadyProps {
  connection: ConnectionResource;
  samples: readonly Sample[];
  live: ConnectionMapping;
}

function Ready({ connection, samples, live }: ReadyProps) {
  const isNew = live.mapping === null;
  const suggestion = useQuery({
    ...suggestionQuery(connection.id),
    enabled: isNew && samples.length > 0,
  });
  const start: Mapping | undefined = live.mapping ?? suggestion.data?.mapping;
  if (samples.length === 0) return <FirstMessage connection={connection} />;
  if (suggestion.error) return <ProblemPanel error={suggestion.error} />;
  if (start === undefined) return <PageSkeleton />;
  return (
    <MappingBuilder
      connection={connection}
      samples={samples}
      live={live}
      start={start}
      isSuggested={isNew}
    />
  );
}
