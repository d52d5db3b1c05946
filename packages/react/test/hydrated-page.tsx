/** Takes over what `server-page.tsx` has rendered; `e2e/react-18.test.ts` opens it. */
import { StrictMode, version } from "react";
import { hydrateRoot } from "react-dom/client";
import "../src/styles.css";
import { AllComponents } from "./all-components.tsx";

const main = document.querySelector("main");
if (main === null) throw new Error("there is nothing to take over");
hydrateRoot(
  main,
  <StrictMode>
    <AllComponents />
  </StrictMode>,
);
document.documentElement.dataset["react"] = version;
