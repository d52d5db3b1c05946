import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";
import { compressFiles } from "./compress-files.ts";
import { refuseValidator } from "./refuse-validator.ts";

/** Where the hub listens while the dashboard is being worked on (`npm run dev`). */
const hub = "http://127.0.0.1:3000";

// A bundler's configuration has to be the default export.
export default defineConfig({
  plugins: [react(), tailwindcss(), refuseValidator(), compressFiles()],
  build: {
    outDir: "dist",
    emptyOutDir: true,
    manifest: true,
    // The hub's content security policy allows neither inline scripts nor data: URLs in scripts.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    target: "baseline-widely-available",
    rolldownOptions: {
      output: {
        // What most screens share comes with the first load, not as a dozen files of a few hundred bytes.
        // The texts of single screens come with these: no part that is shared may name them. Of the
        // React package everything goes where it is shown.
        codeSplitting: {
          groups: [
            { name: "vendor", test: /node_modules\/(?!uqr\/)/ },
            {
              name: "shared",
              test: /dashboard\/src\/(?!screens\/|main|messages\/(?!en|messages))|packages\/(?!react\/)/,
            },
          ],
        },
      },
    },
  },
  server: { port: 5173, proxy: { "/api": { target: hub } } },
});
