/** Whose log an answer is of, and as whom it is read; null where the hub does not say. */
export function whoseLog(headers: Headers): string | null {
  const organisation = headers.get("slotwire-organisation");
  return organisation && `${organisation} ${headers.get("slotwire-reader")}`;
}
