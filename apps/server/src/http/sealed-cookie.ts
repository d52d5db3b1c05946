import type { CookieSerializeOptions } from "@fastify/cookie";
import type { FastifyReply, FastifyRequest } from "fastify";
import { z } from "zod";
import { SlotwireError } from "../errors.ts";
import type { Hub } from "./app.types.ts";

/** A value that a browser keeps for the hub for a while, and can neither read nor change. */
export interface SealedCookie<Value> {
  /** @returns null when there is none, when it is not ours, or over */
  read(request: FastifyRequest): Value | null;
  write(reply: FastifyReply, value: Value): void;
  clear(reply: FastifyReply): void;
}

/** What a cookie is: its name, how many milliseconds it counts, and what is in it. */
export interface SealedCookieKind<Value> {
  readonly name: string;
  readonly lifetime: number;
  readonly schema: z.ZodType<Value>;
}

/**
 * Makes a cookie that no script reads. It is sent when a person comes back from another site by a
 * link or a redirect (SameSite=Lax), and with nothing else from there. Its own name and its end are
 * sealed in, so that no cookie passes for another and none outlives its time.
 */
export function sealedCookie<Value>(
  { config, clock, secretBox }: Pick<Hub, "config" | "clock" | "secretBox">,
  { name, lifetime, schema }: SealedCookieKind<Value>,
): SealedCookie<Value> {
  const secure = config.publicUrl.startsWith("https:");
  const fullName = `${secure ? "__Host-" : ""}slotwire_${name}`;
  const options: CookieSerializeOptions = { httpOnly: true, sameSite: "lax", path: "/", secure };
  const sealedSchema = z.strictObject({
    cookie: z.literal(name),
    until: z.number(),
    value: schema,
  });
  const open = (sealed: string): unknown => {
    try {
      return JSON.parse(secretBox.open(Buffer.from(sealed, "base64url")));
    } catch (error) {
      if (error instanceof SlotwireError || error instanceof SyntaxError) return null;
      throw error;
    }
  };
  return {
    read(request) {
      const sealed = request.cookies[fullName];
      if (sealed === undefined) return null;
      const parsed = sealedSchema.safeParse(open(sealed));
      const isLive = parsed.success && clock.now().getTime() < parsed.data.until;
      return isLive ? parsed.data.value : null;
    },
    write(reply, value) {
      const until = clock.now().getTime() + lifetime;
      const text = JSON.stringify({ cookie: name, until, value });
      const sealed = Buffer.from(secretBox.seal(text)).toString("base64url");
      void reply.setCookie(fullName, sealed, { ...options, expires: new Date(until) });
    },
    clear: (reply) => void reply.clearCookie(fullName, options),
  };
}
