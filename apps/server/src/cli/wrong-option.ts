import { SlotwireError } from "../errors.ts";

/** An option whose value cannot be meant: like a line that is not understood, nothing was tried. */
export class WrongOption extends SlotwireError {
  constructor(detail: string) {
    super("E_CONFIG", { detail });
  }
}
