import { editDistance } from "../domain/edit-distance.ts";
import { type CommandName, commandNames } from "./command-table.ts";

/** What people type who know other programs. */
const otherWords: ReadonlyMap<string, CommandName> = new Map([
  ["start", "serve"],
  ["run", "serve"],
]);

/**
 * The command that was probably meant: the one that takes the fewest corrections to get to.
 * @returns null when none is near, or several are: whoever is told of a command may well run it
 */
export function nearestCommand(typed: string): CommandName | null {
  const known = otherWords.get(typed);
  if (known !== undefined) return known;
  const ranked = commandNames
    .flatMap((name) =>
      waysToType(name).map((words) => ({ name, words, corrections: editDistance(typed, words) })),
    )
    .filter(({ words, corrections }) => corrections <= Math.max(1, Math.floor(words.length / 4)))
    .toSorted((one, other) => one.corrections - other.corrections);
  const fewest = ranked[0]?.corrections;
  const nearest = new Set(
    ranked.filter(({ corrections }) => corrections === fewest).map(({ name }) => name),
  );
  const [only] = nearest;
  return only !== undefined && nearest.size === 1 ? only : null;
}

/** Its words, in the other order too; whoever typed one of two has the other still to come. */
function waysToType(name: CommandName): string[] {
  const words = name.split(" ");
  return [name, words.toReversed().join(" "), ...words];
}
