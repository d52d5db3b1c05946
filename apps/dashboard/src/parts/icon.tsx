/** Outlines on a 16 × 16 grid, drawn for this dashboard. */
const outlines = {
  today:
    "M2.5 6.5h11M5 2v2.5M11 2v2.5M3.5 3.5h9a1 1 0 0 1 1 1v8a1 1 0 0 1-1 1h-9a1 1 0 0 1-1-1v-8a1 1 0 0 1 1-1ZM5.5 9.5h2",
  inbox:
    "M2.5 9.5 4.4 3.7a1 1 0 0 1 1-.7h5.2a1 1 0 0 1 1 .7l1.9 5.8v3a1 1 0 0 1-1 1h-9a1 1 0 0 1-1-1ZM2.5 9.5h3l1 1.5h3l1-1.5h3",
  send: "M13.5 2.5 7 9M13.5 2.5 9.3 13.5 7 9 2.5 6.7Z",
  bell: "M8 2.5a3.5 3.5 0 0 0-3.5 3.5c0 3-1.5 4-1.5 5h10c0-1-1.5-2-1.5-5A3.5 3.5 0 0 0 8 2.5ZM6.8 13.2a1.3 1.3 0 0 0 2.4 0",
  target: "M8 13.5a5.5 5.5 0 1 0 0-11 5.5 5.5 0 0 0 0 11ZM8 10a2 2 0 1 0 0-4 2 2 0 0 0 0 4Z",
  plug: "M6 2v3M10 2v3M4 5h8v2.5a4 4 0 0 1-8 0ZM8 11.5V14",
  check: "m3.5 8.5 3 3 6-7",
  clock: "M8 13.5a5.5 5.5 0 1 0 0-11 5.5 5.5 0 0 0 0 11ZM8 5v3l2 1.5",
  question:
    "M8 13.5a5.5 5.5 0 1 0 0-11 5.5 5.5 0 0 0 0 11ZM6.5 6.5a1.5 1.5 0 1 1 2.2 1.3c-.5.3-.7.6-.7 1.2M8 11v.01",
  arrived: "M9 3h3a1 1 0 0 1 1 1v8a1 1 0 0 1-1 1H9M2.5 8H9M6.5 5.5 9 8l-2.5 2.5",
  play: "M5 3.5v9l7.5-4.5Z",
  done: "M2 8.5l3 3 5.5-7M7.5 10.5l1 1 5.5-7",
  absent:
    "M8 8a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5ZM3 13.5c.4-2.4 2.3-4 5-4M10.5 10.5l3 3M13.5 10.5l-3 3",
  cross: "m4 4 8 8M12 4l-8 8",
  barred: "M8 13.5a5.5 5.5 0 1 0 0-11 5.5 5.5 0 0 0 0 11ZM4.2 4.2l7.6 7.6",
  pause: "M5.5 3.5v9M10.5 3.5v9",
  retry: "M13 8a5 5 0 1 1-1.5-3.5M12.5 2v3h-3",
  warn: "M8 2.5 14 13H2ZM8 6.5v3M8 11.5v.01",
  equal: "M4 6.5h8M4 9.5h8",
  skip: "M3.5 4v8L9 8ZM12 4v8",
  video:
    "M2.5 4.5h7a1 1 0 0 1 1 1v5a1 1 0 0 1-1 1h-7a1 1 0 0 1-1-1v-5a1 1 0 0 1 1-1ZM10.5 7l4-2v6l-4-2",
  pin: "M8 14s4.5-4 4.5-7.5a4.5 4.5 0 0 0-9 0C3.5 10 8 14 8 14ZM8 8a1.5 1.5 0 1 0 0-3 1.5 1.5 0 0 0 0 3Z",
  previous: "M10 3.5 5.5 8l4.5 4.5",
  next: "M6 3.5 10.5 8 6 12.5",
  copy: "M5.5 5.5v-2a1 1 0 0 1 1-1h6a1 1 0 0 1 1 1v6a1 1 0 0 1-1 1h-2M3.5 5.5h6a1 1 0 0 1 1 1v6a1 1 0 0 1-1 1h-6a1 1 0 0 1-1-1v-6a1 1 0 0 1 1-1Z",
  key: "M10.5 9.5a3.5 3.5 0 1 0-3.3-2.4L2.5 11.8v1.7h2v-1.5H6v-1.5h1.5l.9-.9c.6.3 1.3.4 2.1-.1ZM11 5.5v.01",
  plus: "M8 3v10M3 8h10",
  leave: "M6.5 13.5h-3a1 1 0 0 1-1-1v-9a1 1 0 0 1 1-1h3M10.5 11l3-3-3-3M13.5 8h-7",
  shield: "M8 2 3 4v4c0 3 2.2 5.2 5 6 2.8-.8 5-3 5-6V4ZM5.8 8l1.6 1.6 2.8-3.2",
  users:
    "M6 7.5a2.25 2.25 0 1 0 0-4.5 2.25 2.25 0 0 0 0 4.5ZM2 13c.3-2.2 1.9-3.5 4-3.5s3.7 1.3 4 3.5M10.5 3.2a2.25 2.25 0 0 1 0 4.2M11.5 9.7c1.4.4 2.3 1.6 2.5 3.3",
  person: "M8 7.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5ZM3 13.5c.4-2.6 2.4-4 5-4s4.6 1.4 5 4",
  log: "M4 2.5h8a1 1 0 0 1 1 1v9a1 1 0 0 1-1 1H4a1 1 0 0 1-1-1v-9a1 1 0 0 1 1-1ZM5.5 5.5h5M5.5 8h5M5.5 10.5h3",
  more: "M3.5 8h.01M8 8h.01M12.5 8h.01",
  mail: "M3 3.5h10a1 1 0 0 1 1 1v7a1 1 0 0 1-1 1H3a1 1 0 0 1-1-1v-7a1 1 0 0 1 1-1ZM2.5 5l5.5 4 5.5-4",
  eye: "M1.5 8S4 3.5 8 3.5 14.5 8 14.5 8 12 12.5 8 12.5 1.5 8 1.5 8ZM8 10a2 2 0 1 0 0-4 2 2 0 0 0 0 4Z",
  laptop: "M4 3.5h8a1 1 0 0 1 1 1V10H3V4.5a1 1 0 0 1 1-1ZM1.5 12.5h13",
  phone: "M5.5 1.5h5a1 1 0 0 1 1 1v11a1 1 0 0 1-1 1h-5a1 1 0 0 1-1-1v-11a1 1 0 0 1 1-1ZM7.5 12.5h1",
  download: "M8 2.5v7.5M4.5 7 8 10.5 11.5 7M3 13.5h10",
  edit: "M10.5 3 13 5.5 5.5 13H3v-2.5Z",
  feed: "M4 12v.01M3.5 8a4.5 4.5 0 0 1 4.5 4.5M3.5 3.5a9 9 0 0 1 9 9",
  link: "M6.5 9.5l3-3M7 4.5l1-1a3 3 0 0 1 4.5 4.2l-1.2 1.2M9 11.5l-1 1a3 3 0 0 1-4.5-4.2l1.2-1.2",
} as const;

export type IconName = keyof typeof outlines;

/** A small outline that goes with a text; it says nothing by itself. */
export function Icon({ name, className = "size-4" }: { name: IconName; className?: string }) {
  return (
    <svg
      viewBox="0 0 16 16"
      className={`shrink-0 ${className}`}
      fill="none"
      stroke="currentColor"
      strokeWidth="1.5"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
    >
      <path d={outlines[name]} />
    </svg>
  );
}
