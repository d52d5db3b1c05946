import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { acuityAppointment } from "../../src/connectors/acuity/fixtures.ts";
import { squareFixture } from "../../src/connectors/square/fixtures.ts";
import { oneOf, seededRandom } from "../../src/demo/seeded-random.ts";
import { mutateBody } from "./mutate.ts";

/**
 * The APIs of sources that have to be asked, on a free port of loopback. Half of their answers are
 * documented ones, the others are mutated.
 */
export async function startMutatedApi(
  seed: number,
): Promise<{ url: string; close: () => Promise<void> }> {
  const random = seededRandom(seed);
  const server = createServer((request, response) => {
    const id = decodeURIComponent(request.url?.split("?")[0]?.split("/").at(-1) ?? "");
    const body = (request.url ?? "").includes("/appointments/")
      ? acuityAppointment({ id: Number(id) })
      : { booking: { ...squareFixture("booking_moved").data.object.booking, id } };
    const status = random() < 0.9 ? 200 : (oneOf(random, [204, 400, 404, 410]) ?? 200);
    const bytes = random() < 0.5 ? JSON.stringify(body) : mutateBody(random, body, body);
    response.writeHead(status, { "content-type": "application/json" }).end(bytes);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
