import { useEffect } from "react";
import { hub } from "../../api/hub.ts";
import { hearOfTabs } from "../../session/tell-tabs.ts";

/**
 * Goes on when somebody has signed in in another tab: at once when that tab tells of it, else when
 * one comes back to this one.
 * @param to where one goes on
 */
export function useSessionElsewhere(to: string): void {
  useEffect(() => {
    let isLooking = false;
    let isOver = false;
    const look = async (): Promise<void> => {
      if (isLooking) return;
      isLooking = true;
      // Whoever cannot be asked has signed nobody in; the next look will tell.
      const isSignedIn = await hub.session.get().then(
        () => true,
        () => false,
      );
      isLooking = false;
      // A fresh page: nothing of whoever was signed in before is left in it.
      if (isSignedIn && !isOver) window.location.replace(to);
    };
    const onReturn = (): void => {
      if (document.visibilityState === "visible") void look();
    };
    const stopHearing = hearOfTabs(() => void look());
    document.addEventListener("visibilitychange", onReturn);
    window.addEventListener("focus", onReturn);
    return () => {
      isOver = true;
      stopHearing();
      document.removeEventListener("visibilitychange", onReturn);
      window.removeEventListener("focus", onReturn);
    };
  }, [to]);
}
