/** People's own words for a mail: without line breaks, so that they cannot look like the mail's. */
export function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, " ").trim();
}
