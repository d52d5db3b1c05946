import { Outlet, useMatches } from "@tanstack/react-router";
import { useEffect } from "react";
import { Announcer } from "../live/announcer.tsx";
import { ConnectionState } from "../live/connection-state.tsx";
import { LostConnection } from "../live/lost-connection.tsx";
import { useLiveFeed } from "../live/use-live-feed.ts";
import { t } from "../messages/messages.ts";
import { OpenProofQuestion } from "../session/proof-question.tsx";
import { tellTabs } from "../session/tell-tabs.ts";
import { useMay } from "../session/use-may.ts";
import { AccountLink, OrganisationChoice, SignOutButton } from "./account.tsx";
import { AlertBell } from "./alert-bell.tsx";
import { BottomNavigation, SideNavigation } from "./navigation.tsx";
import { NoPassword } from "./no-password.tsx";
import { NotForYou } from "./not-for-you.tsx";
import { Mark, Wordmark } from "./wordmark.tsx";

/** What surrounds every screen: navigation, organisation, live connection. */
export function Shell() {
  useLiveFeed();
  useEffect(tellTabs, []);
  return (
    <div className="lg:grid lg:grid-cols-[13.5rem_minmax(0,1fr)]">
      <a
        href="#content"
        className="sr-only rounded-lg bg-surface px-3 py-2 focus:not-sr-only focus:fixed focus:top-2 focus:left-2 focus:z-50"
      >
        {t.app.skipToContent}
      </a>
      <SideBar />
      <div className="min-w-0">
        <TopBar />
        <LostConnection />
        <NoPassword />
        <main
          id="content"
          tabIndex={-1}
          className="mx-auto max-w-[96rem] px-4 pt-5 pb-24 outline-none sm:px-8 lg:pt-7 lg:pb-12"
        >
          <AllowedScreen />
        </main>
      </div>
      <nav
        aria-label={t.app.mainNavigation}
        className="fixed inset-x-0 bottom-0 z-30 border-t border-line bg-surface pb-[env(safe-area-inset-bottom)] lg:hidden"
      >
        <BottomNavigation />
      </nav>
      <Announcer />
      <OpenProofQuestion />
    </div>
  );
}

/** The screen of the address, if the role includes it. */
function AllowedScreen() {
  const may = useMay();
  const needs = useMatches({ select: (matches) => matches.map((match) => match.staticData.needs) });
  return needs.every((need) => need === undefined || may(need)) ? <Outlet /> : <NotForYou />;
}

function SideBar() {
  return (
    <header className="sticky top-0 hidden h-dvh flex-col overflow-y-auto border-r border-line px-3 py-5 lg:flex">
      <div className="mb-6 flex items-center justify-between pl-2.5">
        <Wordmark />
        <AlertBell />
      </div>
      <nav aria-label={t.app.mainNavigation}>
        <SideNavigation />
      </nav>
      <div className="mt-auto space-y-3 border-t border-line px-2.5 pt-4">
        <OrganisationChoice />
        <AccountLink />
        <div className="-ml-3">
          <SignOutButton />
        </div>
      </div>
    </header>
  );
}

function TopBar() {
  return (
    <header className="flex min-h-12 items-center gap-2 border-b border-line py-1.5 pr-2 pl-4 lg:hidden">
      <Mark />
      <div className="min-w-0 flex-1">
        <OrganisationChoice />
      </div>
      <ConnectionState />
      <AlertBell />
      <AccountLink isSmall />
    </header>
  );
}
