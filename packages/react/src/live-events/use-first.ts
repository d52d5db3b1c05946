"use client";

import { useEffect, useState } from "react";

type Place = (isFirst: boolean) => void;

const queues = new Map<string, Place[]>();

/**
 * Whether a component is the first on the page that does something which has to be done once.
 * @param what the something; null while it does not do it
 */
export function useFirst(what: string | null): boolean {
  const [isFirst, setIsFirst] = useState(false);
  useEffect(() => {
    if (what === null) return;
    const queue = queues.get(what) ?? [];
    queues.set(what, queue);
    queue.push(setIsFirst);
    const settle = (): void => queue.forEach((tell, index) => tell(index === 0));
    settle();
    return () => {
      queue.splice(queue.indexOf(setIsFirst), 1);
      setIsFirst(false);
      settle();
    };
  }, [what]);
  return isFirst;
}
