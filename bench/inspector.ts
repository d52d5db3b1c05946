import type { HubProcess } from "./hub-process.ts";

/** V8's inspector in a hub's process. */
export interface Inspector {
  readonly call: (method: string, params?: object) => Promise<unknown>;
  readonly close: () => void;
}

/** @throws Error when the hub was started without an inspector */
export async function openInspector(hub: HubProcess): Promise<Inspector> {
  const socket = new WebSocket(hub.inspectorUrl());
  await new Promise<void>((resolve, reject) => {
    socket.addEventListener("open", () => resolve(), { once: true });
    socket.addEventListener("error", () => reject(new Error("no inspector in the hub")), {
      once: true,
    });
  });
  const waiting = new Map<number, (result: unknown) => void>();
  socket.addEventListener("message", (event) => {
    const message = JSON.parse(String(event.data)) as { id?: number; result?: unknown };
    if (message.id !== undefined) waiting.get(message.id)?.(message.result);
  });
  let id = 0;
  return {
    call: (method, params = {}) =>
      new Promise((resolve) => {
        waiting.set((id += 1), resolve);
        socket.send(JSON.stringify({ id, method, params }));
      }),
    close: () => socket.close(),
  };
}

/** How many bytes of objects and buffers the hub holds, its garbage collected. */
export async function heapOf(hub: HubProcess): Promise<number> {
  const inspector = await openInspector(hub);
  try {
    await inspector.call("HeapProfiler.collectGarbage");
    const { usedSize, backingStorageSize } = (await inspector.call("Runtime.getHeapUsage")) as {
      readonly usedSize: number;
      readonly backingStorageSize: number;
    };
    return usedSize + backingStorageSize;
  } finally {
    inspector.close();
  }
}
