import { resumeSendingToCRM, sendBookingToCRM } from "@slotwire/client/node";

/*
 * A booking site of its own process, for tests that kill it: sends what an earlier one left, then
 * bookings one after the other, and prints the id of each as soon as it is safely kept or taken.
 * Arguments: address of the hub, secret, folder of the outbox, prefix of the ids, how many.
 */
const [url = "", secret = "", outboxFolder = "", prefix = "", count = "0"] = process.argv.slice(2);

await resumeSendingToCRM({ url, secret, outboxFolder });
for (let no = 0; no < Number(count); no += 1) {
  const bookingId = `${prefix}-${no}`;
  await sendBookingToCRM(
    {
      bookingId,
      eventType: "workshop",
      name: "Test Person",
      email: "test@example.com",
      scheduledDate: "2031-05-15T10:00:00Z",
      duration: 60,
      createdAt: "2026-01-02T08:00:00.000Z",
    },
    { url, secret, outboxFolder },
  );
  console.log(bookingId);
}
