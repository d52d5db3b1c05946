/**
 * A search parameter that may only have one of some values; anything else is as if it was not
 * there. The router keeps what is left out, so that it has to be overwritten.
 */
export function oneOf<Name extends string, Value extends string>(
  name: Name,
  values: readonly Value[],
  given: unknown,
): { [key in Name]: Value | undefined } {
  const value = values.find((one) => one === given);
  return { [name]: value } as { [key in Name]: Value | undefined };
}

/** A search parameter as it was given, whatever it is: the router reads numbers out of an address. */
export function asGiven<Name extends string>(
  name: Name,
  given: unknown,
): { [key in Name]: string | undefined } {
  return text(
    name,
    typeof given === "string" ? given : given === undefined ? given : JSON.stringify(given),
  );
}

/** A search parameter that may be any text that is not empty. */
export function text<Name extends string>(
  name: Name,
  given: unknown,
): { [key in Name]: string | undefined } {
  const value = typeof given === "string" && given !== "" ? given : undefined;
  return { [name]: value } as { [key in Name]: string | undefined };
}
