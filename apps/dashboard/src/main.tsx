// First: it says in which order the layers of all style sheets count.
import "./styles.css";
import { SlotwireProvider } from "@slotwire/react";
import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { hub } from "./api/hub.ts";
import { queries, router } from "./router.ts";

const place = document.getElementById("root");
if (place === null) throw new Error("index.html has no #root");

createRoot(place).render(
  <StrictMode>
    <QueryClientProvider client={queries}>
      <SlotwireProvider client={hub}>
        <RouterProvider router={router} />
      </SlotwireProvider>
    </QueryClientProvider>
  </StrictMode>,
);
