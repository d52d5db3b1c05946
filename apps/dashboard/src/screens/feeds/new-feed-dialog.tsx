import type { CreatedFeed } from "@slotwire/contract";
import { feeds } from "../../messages/feeds.ts";
import { Button } from "../../parts/button.tsx";
import { CopyField } from "../../parts/copy-field.tsx";
import { Dialog } from "../../parts/dialog.tsx";

interface NewFeedDialogProps {
  feed: CreatedFeed;
  onClose: () => void;
}

/** Shows the address of a feed, the one time that it can be seen. */
export function NewFeedDialog({ feed, onClose }: NewFeedDialogProps) {
  return (
    <Dialog title={feeds.createdTitle(feed.name)} isHeld onClose={onClose}>
      <div className="space-y-5">
        <p className="text-muted">{feeds.once}</p>
        <CopyField label={feeds.address} value={feed.url} labelled={false} />
        <p className="text-sm text-muted">{feeds.how}</p>
        <div className="flex justify-end">
          <Button weight="primary" onClick={onClose}>
            {feeds.done}
          </Button>
        </div>
      </div>
    </Dialog>
  );
}
