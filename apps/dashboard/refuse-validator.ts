import { relative } from "node:path";
import type { Plugin } from "vite";

/**
 * Fails a build that would bring zod into the page. Of the contract the page takes types, and
 * values of those files alone that make no schemas (docs/decisions/0014-dashboard.md).
 */
export function refuseValidator(): Plugin {
  return {
    name: "slotwire:refuse-validator",
    apply: "build",
    generateBundle(_options, bundle) {
      const schemas = new Set<string>();
      for (const chunk of Object.values(bundle)) {
        if (chunk.type !== "chunk") continue;
        for (const [id, module] of Object.entries(chunk.modules)) {
          const takesIt = this.getModuleInfo(id)?.importedIds.some(isZod) ?? false;
          if (takesIt && module.code && !isZod(id)) schemas.add(relative(process.cwd(), id));
        }
      }
      if (schemas.size === 0) return;
      this.error(
        `These files would bring zod into the page: ${[...schemas].join(", ")}. Take their values from a file without schemas, like packages/contract/src/status.ts.`,
      );
    },
  };
}

const isZod = (id: string): boolean => id.includes("/node_modules/zod/");
