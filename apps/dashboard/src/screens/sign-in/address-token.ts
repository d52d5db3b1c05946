import { useEffect, useState } from "react";

function inFragment(name: string): string | null {
  return new URLSearchParams(window.location.hash.slice(1)).get(name);
}

function tokenInAddress(): string | null {
  return new URLSearchParams(window.location.search).get("token") ?? inFragment("token");
}

/**
 * The token of a link that opened the page, from `#token=` or `?token=`; also when the link is
 * pasted into a tab that shows the page already.
 */
export function useAddressToken(): string | null {
  const [token, setToken] = useState(tokenInAddress);
  useEffect(() => {
    const readAgain = (): void => setToken(tokenInAddress());
    window.addEventListener("hashchange", readAgain);
    return () => window.removeEventListener("hashchange", readAgain);
  }, []);
  return token;
}

/** What the hub says went wrong at the sign-in provider, from `#error=`. */
export function errorInAddress(): string | null {
  return inFragment("error");
}

/** Takes the fragment out of the address and of the browser's history. */
export function forgetFragment(): void {
  const { pathname, search } = window.location;
  window.history.replaceState(window.history.state, "", `${pathname}${search}`);
}
