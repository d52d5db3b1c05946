import type { CreatedFeed, CreateFeed, FeedResource } from "@slotwire/contract";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { fieldError } from "../../api/field-error.ts";
import { hub } from "../../api/hub.ts";
import { feeds } from "../../messages/feeds.ts";
import { t } from "../../messages/messages.ts";
import { Button } from "../../parts/button.tsx";
import { ChoiceRow, framed } from "../../parts/choice-row.tsx";
import { Dialog } from "../../parts/dialog.tsx";
import { DialogActions } from "../../parts/dialog-actions.tsx";
import { FormField } from "../../parts/form-field.tsx";
import { ProblemPanel } from "../../parts/problem-panel.tsx";
import { RadioCards } from "../../parts/radio-cards.tsx";
import { CustomerChoice } from "./customer-choice.tsx";
import { feedInForm } from "./feed-in-form.ts";
import { feedsQuery } from "./queries.ts";

interface CreateFeedDialogProps {
  /** Whether one makes feeds of one's own bookings alone. */
  isOwn: boolean;
  onClose: () => void;
  onMade: (feed: CreatedFeed) => void;
}

/** The form of a new feed. */
export function CreateFeedDialog({ isOwn, onClose, onMade }: CreateFeedDialogProps) {
  const queries = useQueryClient();
  const [scope, setScope] = useState<FeedResource["scope"]>("organisation");
  const make = useMutation({
    mutationFn: (feed: CreateFeed) => hub.feeds.create(feed),
    onSuccess: (made) => {
      void queries.invalidateQueries({ queryKey: feedsQuery.queryKey });
      onMade(made);
    },
  });
  const wrong = (field: keyof CreateFeed) => fieldError(make.error, field);
  const isInField = wrong("name") ?? wrong("provider_email") ?? wrong("customer_id");
  return (
    <Dialog title={feeds.add} onClose={onClose} isWide>
      <form
        className="space-y-5"
        onSubmit={(event) => {
          event.preventDefault();
          make.mutate(feedInForm(new FormData(event.currentTarget)));
        }}
      >
        <FormField label={feeds.name} hint={feeds.nameHint} error={wrong("name")}>
          {(ids) => (
            <input
              {...ids}
              name="name"
              required
              maxLength={100}
              autoComplete="off"
              placeholder={feeds.namePlaceholder}
              className="field"
            />
          )}
        </FormField>
        {!isOwn && (
          <RadioCards
            legend={feeds.whose}
            name="scope"
            value={scope}
            words={feeds.scopes}
            onChange={setScope}
          />
        )}
        {!isOwn && scope === "provider" && (
          <FormField label={feeds.provider} error={wrong("provider_email")}>
            {(ids) => (
              <input {...ids} name="provider_email" type="email" required className="field" />
            )}
          </FormField>
        )}
        {!isOwn && scope === "customer" && <CustomerChoice error={wrong("customer_id")} />}
        <div className="overflow-hidden rounded-lg border border-line">
          <ChoiceRow
            type="checkbox"
            name="shows_names"
            title={feeds.names}
            text={feeds.namesHint}
            className={framed}
          />
        </div>
        {make.error && isInField === undefined && <ProblemPanel error={make.error} />}
        <DialogActions>
          <Button onClick={onClose}>{t.app.cancel}</Button>
          <Button type="submit" weight="primary" disabled={make.isPending}>
            {make.isPending ? feeds.creating : feeds.create}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
