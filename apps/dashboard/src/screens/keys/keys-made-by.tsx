import { useQuery } from "@tanstack/react-query";
import { access } from "../../messages/access.ts";
import { ProblemPanel } from "../../parts/problem-panel.tsx";
import { KeyNames } from "./key-names.tsx";
import { keysMadeByQuery } from "./queries.ts";

/** The keys that end with this one, while one is asked whether to revoke it. */
export function KeysMadeBy({ keyId }: { keyId: string }) {
  const query = useQuery(keysMadeByQuery(keyId));
  if (query.error) return <ProblemPanel error={query.error} />;
  if (query.isPending) return <p className="mt-3 text-sm text-muted">{access.keys.looking}</p>;
  if (query.data.length === 0) return null;
  return (
    <div className="mt-4">
      <p>{access.keys.revokesToo(query.data.length)}</p>
      <KeyNames keys={query.data} />
    </div>
  );
}
