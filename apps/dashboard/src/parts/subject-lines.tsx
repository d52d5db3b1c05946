import type { BookingSubject } from "@slotwire/contract";
import { t } from "../messages/messages.ts";
import { Icon } from "./icon.tsx";

/** `Rex (Labrador)`. */
export function subjectName({ name, breed }: Pick<BookingSubject, "name" | "breed">): string {
  return breed === null || breed === "" ? name : t.booking.breed(name, breed);
}

/** What a visit is about, and what to be careful of. */
export function SubjectLines({ subjects }: { subjects: readonly BookingSubject[] }) {
  return (
    <>
      {subjects.map((subject) => (
        <span key={subject.id} className="block min-w-0">
          <span className="block truncate">{subjectName(subject)}</span>
          {subject.allergies.length > 0 && (
            <span className="flex items-start gap-1 font-medium text-warn">
              <Icon name="warn" className="mt-0.5 size-3.5" />
              <span className="min-w-0 wrap-anywhere">
                {t.booking.allergies(subject.allergies.join(", "))}
              </span>
            </span>
          )}
        </span>
      ))}
    </>
  );
}
