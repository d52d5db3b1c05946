import type { ConnectionKind, ConnectionResource } from "@slotwire/contract";
import { useState } from "react";
import { access } from "../../messages/access.ts";
import { EditConnection } from "./edit-connection.tsx";

interface NoComparisonProps {
  connection: ConnectionResource;
  kind: ConnectionKind;
  why: "no_key" | "no_api";
  mayManage: boolean;
}

/** Says why a connection's bookings cannot be compared with its source, and lets one give the key. */
export function NoComparison({ connection, kind, why, mayManage }: NoComparisonProps) {
  const [isOpen, setIsOpen] = useState(false);
  const words = access.connections.noComparison;
  // Where the secret is the key, its own line says that it is missing.
  if (kind.secret_is_api_key) return null;
  if (why === "no_api") return <li>{words.no_api}</li>;
  return (
    <li>
      {words.no_key}
      {mayManage && (
        <>
          {" "}
          <button
            type="button"
            className="font-medium text-accent hover:underline"
            onClick={() => setIsOpen(true)}
          >
            {words.add}
          </button>
        </>
      )}
      {isOpen && (
        <EditConnection
          connection={connection}
          focusOn="api_key"
          onClose={() => setIsOpen(false)}
        />
      )}
    </li>
  );
}
