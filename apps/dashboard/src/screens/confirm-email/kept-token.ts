/** Where the token waits while its person signs in. */
const KEY = "slotwire.confirm-email";

/**
 * Keeps the token of a mailed link for this tab: the address that leads to the page to sign in, and
 * back, is sent to the hub and must not carry it.
 */
export function keepToken(token: string): void {
  window.sessionStorage.setItem(KEY, token);
}

/** The token that was kept; null for none. */
export function keptToken(): string | null {
  return window.sessionStorage.getItem(KEY);
}

export function forgetToken(): void {
  window.sessionStorage.removeItem(KEY);
}
