/** How much a request wants one kind of answer (RFC 9110, 12.5.1). */
interface Wish {
  readonly isNamed: boolean;
  /** From 0 to 1. */
  readonly weight: number;
}

/**
 * Whether a request asks for a JSON page rather than for an event stream: it wants
 * `application/json` more, or as much and names it alone. Whoever says nothing gets the stream.
 */
export function acceptsPage(accept: string | undefined): boolean {
  const ranges = rangesOf(accept ?? "");
  const page = wishFor(ranges, "application", "json");
  const stream = wishFor(ranges, "text", "event-stream");
  if (page.weight !== stream.weight) return page.weight > stream.weight;
  return page.weight > 0 && page.isNamed && !stream.isNamed;
}

function rangesOf(accept: string): ReadonlyMap<string, number> {
  const ranges = accept.split(",").map((range): [string, number] => {
    const [type = "", ...parameters] = range.split(";").map((part) => part.trim().toLowerCase());
    const weight = parameters.find((parameter) => parameter.startsWith("q="))?.slice(2);
    return [type, weight === undefined ? 1 : Number(weight) || 0];
  });
  return new Map(ranges);
}

/** The range that names it most exactly decides. */
function wishFor(ranges: ReadonlyMap<string, number>, type: string, subtype: string): Wish {
  const named = ranges.get(`${type}/${subtype}`);
  if (named !== undefined) return { isNamed: true, weight: named };
  return { isNamed: false, weight: ranges.get(`${type}/*`) ?? ranges.get("*/*") ?? 0 };
}
