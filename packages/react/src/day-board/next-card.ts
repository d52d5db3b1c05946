const directions: Readonly<Record<string, readonly [x: number, y: number]>> = {
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
};

/**
 * The card next to another in the direction of an arrow key, wherever cards are drawn: in a list or in
 * columns. Null for another key, and where there is none.
 */
export function nextCard(
  key: string,
  card: HTMLElement,
  cards: readonly HTMLElement[],
): HTMLElement | null {
  const direction = directions[key];
  if (direction === undefined) return null;
  const [x, y] = direction;
  const from = cornerOf(card);
  const distance = (other: HTMLElement): number => {
    const to = cornerOf(other);
    const [right, down] = [to[0] - from[0], to[1] - from[1]];
    const ahead = right * x + down * y;
    // Straight on goes before aside.
    return ahead < 1 ? Number.POSITIVE_INFINITY : ahead + 4 * Math.abs(right * y + down * x);
  };
  const [nearest] = cards
    .map((other) => [distance(other), other] as const)
    .filter(([far]) => far < Number.POSITIVE_INFINITY)
    .toSorted((a, b) => a[0] - b[0]);
  return nearest?.[1] ?? null;
}

function cornerOf(element: HTMLElement): readonly [number, number] {
  const { left, top } = element.getBoundingClientRect();
  return [left, top];
}
