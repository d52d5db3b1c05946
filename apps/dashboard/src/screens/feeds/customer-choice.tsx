import { useQuery } from "@tanstack/react-query";
import { useDeferredValue, useState } from "react";
import { customerSearchQuery } from "../../api/queries.ts";
import { feeds } from "../../messages/feeds.ts";
import { FormField } from "../../parts/form-field.tsx";
import { RadioCards } from "../../parts/radio-cards.tsx";
import { useMay } from "../../session/use-may.ts";

/** Searches customers, and lets one of those found be chosen as `customer_id`. */
export function CustomerChoice({ error }: { error: string | undefined }) {
  // Who is not shown contact data cannot search by it either.
  const hint = useMay()("contacts:read") ? feeds.customerHint : feeds.customerHintByName;
  const [typed, setTyped] = useState("");
  const [chosen, setChosen] = useState("");
  const q = useDeferredValue(typed.trim());
  const query = useQuery({ ...customerSearchQuery(q), enabled: q.length > 0 });
  const found = q.length > 0 ? query.data?.data : undefined;
  const words = Object.fromEntries(found?.map(({ id, name }) => [id, name]) ?? []);
  return (
    <div className="space-y-3">
      <FormField label={feeds.customer} hint={hint} error={error}>
        {(ids) => (
          <input
            {...ids}
            type="search"
            autoComplete="off"
            value={typed}
            onChange={(event) => setTyped(event.currentTarget.value)}
            className="field"
          />
        )}
      </FormField>
      {found?.length === 0 && <p className="text-sm text-muted">{feeds.nobody}</p>}
      {found !== undefined && found.length > 0 && (
        <RadioCards
          legend={feeds.customersFound}
          name="customer_id"
          value={chosen}
          words={words}
          onChange={setChosen}
        />
      )}
    </div>
  );
}
