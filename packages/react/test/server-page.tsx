/** Renders every component on a server. */
import { StrictMode } from "react";
import { renderToString } from "react-dom/server";
import { AllComponents } from "./all-components.tsx";

export const render = (): string =>
  renderToString(
    <StrictMode>
      <AllComponents />
    </StrictMode>,
  );
