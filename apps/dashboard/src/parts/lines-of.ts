/** What stands in a field that takes one thing a line; commas divide, too. */
export function linesOf(text: string): string[] {
  return text.split(/[\n,]/).flatMap((line) => (line.trim() === "" ? [] : [line.trim()]));
}
