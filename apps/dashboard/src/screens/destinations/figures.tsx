import type { DestinationStatistics } from "@slotwire/contract";
import type { ReactNode } from "react";
import { outbound } from "../../messages/outbound.ts";

const words = outbound.figures;

type Whole = DestinationStatistics["whole"];

const percent = (share: number | null): string =>
  share === null ? words.none : words.percent(share);
const ms = (value: number | null): string => (value === null ? words.none : words.ms(value));

interface FiguresProps {
  figures: Whole;
  /** Only those that fit beside a name. */
  isShort?: boolean;
}

/** How one destination or all of them fared. */
export function Figures({ figures, isShort = false }: FiguresProps) {
  const { first_try_rate: first, final_rate: final, open, exhausted } = figures;
  return (
    <dl className={`flex flex-wrap gap-y-2 ${isShort ? "gap-x-5" : "gap-x-8"}`}>
      <Figure name={words.firstTry} isBad={first !== null && first < 0.9} isShort={isShort}>
        {percent(first)}
      </Figure>
      {!isShort && (
        <>
          <Figure name={words.finally} isBad={final !== null && final < 1}>
            {percent(final)}
          </Figure>
          <Figure name={words.p50}>{ms(figures.p50_ms)}</Figure>
        </>
      )}
      <Figure name={words.p95} isShort={isShort}>
        {ms(figures.p95_ms)}
      </Figure>
      <Figure name={words.open} isShort={isShort}>
        {open.toLocaleString("en-GB")}
      </Figure>
      {!isShort && (
        <>
          <Figure name={words.exhausted} isBad={exhausted > 0}>
            {exhausted.toLocaleString("en-GB")}
          </Figure>
          <Figure name={words.sent}>{figures.sent.toLocaleString("en-GB")}</Figure>
        </>
      )}
    </dl>
  );
}

interface FigureProps {
  name: string;
  isBad?: boolean;
  isShort?: boolean;
  children: ReactNode;
}

function Figure({ name, isBad = false, isShort = false, children }: FigureProps) {
  return (
    <div className={isShort ? "min-w-14" : "min-w-16"}>
      <dt className="text-xs text-muted">{name}</dt>
      <dd
        className={`font-semibold tabular-nums ${isShort ? "" : "text-lg"} ${isBad ? "text-bad" : ""}`}
      >
        {children}
      </dd>
    </div>
  );
}
