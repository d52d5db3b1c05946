import { importBookingSchema, importedBookingSchema } from "@slotwire/contract";
import { readCrmRecords } from "../../crm/read-crm-records.ts";
import { importBooking } from "../../reconcile/import-booking.ts";
import type { App, Hub } from "../app.types.ts";
import { requireAuthor } from "../authorise.ts";

/** Brings in one booking by the id that it has at its source. */
export function importBookingRoutes(app: App, hub: Hub): void {
  app.post(
    "/api/v1/bookings/import",
    {
      schema: {
        tags: ["bookings"],
        summary: "Import one booking from its source",
        description:
          "Asks the API of the connection's source for it, and records what the source says like a message of it, so that the CRM and all receivers follow. With `preview` it only tells what would be imported. Asking again changes nothing, unless the source tells something new. `connection_id` may be left out while there is one connection that can be asked; 409 `E_CONNECTION_CHOICE` names several in `connections`. 404 `E_SOURCE_UNKNOWN` when the source knows no such booking.",
        body: importBookingSchema,
        response: { 200: importedBookingSchema },
      },
    },
    async (request) => {
      const author = requireAuthor(request, "bookings:import");
      const imported = await importBooking(hub, author, request.body);
      const { booking } = imported;
      const about = booking && { orgId: author.orgId, bookingId: booking.id };
      const records = about && (await readCrmRecords(hub, about));
      return { ...imported, lead: records?.lead ?? null };
    },
  );
}
