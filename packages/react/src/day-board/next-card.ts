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
  const from = card.getBoundingClientRect();
  let next: HTMLElement | null = null;
  let least = Number.POSITIVE_INFINITY;
  for (const other of cards) {
    const to = other.getBoundingClientRect();
    const right = to.left - from.left;
    const down = to.top - from.top;
    const ahead = right * x + down * y;
    // Straight on goes before aside.
    const distance = ahead + 4 * Math.abs(right * y + down * x);
    if (ahead >= 1 && distance < least) [next, least] = [other, distance];
  }
  return next;
}
