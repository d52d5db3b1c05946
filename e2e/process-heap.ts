/** The debugger's address, as Node prints it. */
const debuggerAddress = /Debugger listening on (?<url>ws:\S+)/;

/** What the debugger answers to `Runtime.getHeapUsage`. */
interface HeapUsage {
  readonly usedSize: number;
  readonly backingStorageSize: number;
}

/**
 * How many bytes of objects and buffers a Node process holds, its garbage collected.
 * @param output what it has printed since it was started with `--inspect`
 */
export async function heapOfProcess(output: string): Promise<number> {
  const { url } = debuggerAddress.exec(output)?.groups ?? {};
  if (url === undefined) throw new Error(`It was not started with --inspect: ${output}`);
  const socket = new WebSocket(url);
  await answer(socket, "open");
  let calls = 0;
  const call = async (method: string): Promise<unknown> => {
    calls += 1;
    socket.send(JSON.stringify({ id: calls, method }));
    const { data } = (await answer(socket, "message")) as MessageEvent<string>;
    return (JSON.parse(data) as { readonly result: unknown }).result;
  };
  try {
    await call("HeapProfiler.collectGarbage");
    const { usedSize, backingStorageSize } = (await call("Runtime.getHeapUsage")) as HeapUsage;
    return usedSize + backingStorageSize;
  } finally {
    socket.close();
  }
}

function answer(socket: WebSocket, type: "open" | "message"): Promise<Event> {
  return new Promise((resolve, reject) => {
    const listening = new AbortController();
    const once = { once: true, signal: listening.signal };
    const settle = (end: () => void): void => {
      listening.abort();
      end();
    };
    socket.addEventListener(type, (event) => settle(() => resolve(event)), once);
    socket.addEventListener("close", () => settle(() => reject(new Error("It is gone."))), once);
  });
}
