/**
 * What a promise gives, unless the signal is aborted before.
 * @throws the reason of the signal; whatever the promise rejects with
 */
export function unlessAborted<Result>(
  work: Promise<Result>,
  signal: AbortSignal | undefined,
): Promise<Result> {
  if (signal === undefined) return work;
  const aborted = new Promise<never>((_resolve, reject) => {
    signal.throwIfAborted();
    signal.addEventListener("abort", () => reject(signal.reason as Error));
  });
  return Promise.race([work, aborted]);
}
