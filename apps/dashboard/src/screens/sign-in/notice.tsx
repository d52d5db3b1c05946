import { Icon, type IconName } from "../../parts/icon.tsx";

const looks = {
  bad: { colours: "bg-bad-soft text-bad", icon: "warn" },
  ok: { colours: "bg-ok-soft text-ok", icon: "check" },
  info: { colours: "bg-accent-soft text-accent-strong", icon: "shield" },
} as const satisfies Record<string, { colours: string; icon: IconName }>;

interface NoticeProps {
  tone: keyof typeof looks;
  children: string;
}

/** One sentence about what happened, above a form. What went wrong is told at once. */
export function Notice({ tone, children }: NoticeProps) {
  const { colours, icon } = looks[tone];
  return (
    <p
      role={tone === "bad" ? "alert" : "status"}
      className={`flex gap-2.5 rounded-lg px-3 py-2.5 text-sm ${colours}`}
    >
      <Icon name={icon} className="mt-0.5 size-4" />
      <span className="min-w-0">{children}</span>
    </p>
  );
}
