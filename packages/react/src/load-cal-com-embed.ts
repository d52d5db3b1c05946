/** One instruction of Cal.com's embed, such as `("inline", { … })`. */
type Instruction = readonly unknown[];

/** A namespace of the embed: it takes instructions, and keeps them until the script is there. */
export interface CalComNamespace {
  (...instruction: Instruction): void;
  q: Instruction[];
}

/** The page's global `Cal`. The script takes over the queues of what it finds under that name. */
export interface CalComGlobal extends CalComNamespace {
  readonly ns: Record<string, CalComNamespace>;
  readonly loaded: boolean;
}

const page = globalThis as { Cal?: CalComGlobal };
let loading: Promise<CalComGlobal> | null = null;

/**
 * Loads Cal.com's embed script, once for the page, from wherever it is asked for first: it serves
 * every origin. What the page has loaded itself is used as it is.
 * Names and behaviour: https://cal.com/help/embedding/embed-instructions
 * @throws Error when the script cannot be had; the next call tries again
 */
export function loadCalComEmbed(scriptUrl: string): Promise<CalComGlobal> {
  if (loading !== null) return loading;
  if (page.Cal !== undefined) return Promise.resolve(page.Cal);
  const cal = createGlobal();
  page.Cal = cal;
  loading = loadScript(scriptUrl).then(
    () => cal,
    (error: unknown) => {
      loading = null;
      delete page.Cal;
      throw error;
    },
  );
  return loading;
}

function loadScript(url: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.async = true;
    script.src = url;
    script.addEventListener("load", () => resolve());
    script.addEventListener("error", () => {
      script.remove();
      reject(new Error(url));
    });
    document.head.append(script);
  });
}

/** The global that the script expects to find: it hands instructions to the namespaces. */
function createGlobal(): CalComGlobal {
  const cal = createNamespace((instruction) => {
    const [method, namespace] = instruction;
    if (method !== "init" || typeof namespace !== "string") {
      cal.q.push(instruction);
      return;
    }
    const target = (cal.ns[namespace] ??= createNamespace((each) => target.q.push(each)));
    target.q.push(instruction);
    cal.q.push(["initNamespace", namespace]);
  }) as CalComGlobal;
  return Object.assign(cal, { ns: {}, loaded: true });
}

function createNamespace(take: (instruction: Instruction) => void): CalComNamespace {
  const q: Instruction[] = [];
  return Object.assign((...instruction: Instruction) => take(instruction), { q });
}
