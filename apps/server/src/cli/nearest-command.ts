import { type CommandName, commandNames } from "./command-table.ts";

/** The command that was probably meant: the one that takes the fewest corrections to get to. */
export function nearestCommand(typed: string): CommandName {
  const [first, ...others] = commandNames as readonly [CommandName, ...CommandName[]];
  const corrections = (name: CommandName): number =>
    Math.min(...waysToType(name).map((words) => editDistance(typed, words)));
  return others.reduce(
    (nearest, name) => (corrections(name) < corrections(nearest) ? name : nearest),
    first,
  );
}

/** Its words, in the other order too; whoever typed one of two has the other still to come. */
function waysToType(name: CommandName): string[] {
  const words = name.split(" ");
  return [name, words.toReversed().join(" "), ...words];
}

/** How many letters to add, take away or change (Levenshtein). */
function editDistance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (const [index, letter] of from.split("").entries()) {
    const next = [index + 1];
    for (let column = 1; column <= to.length; column++) {
      const changed = (row[column - 1] ?? 0) + (to[column - 1] === letter ? 0 : 1);
      next.push(Math.min(changed, (row[column] ?? 0) + 1, (next[column - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[to.length] ?? 0;
}
