import { editDistance } from "../domain/edit-distance.ts";
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
