import { z } from "zod";
import { emailSchema, nameSchema, passwordSchema } from "./access.ts";

const tokenSchema = z.string().min(20).max(200);
/** As it is typed when signing in: any length that could ever have been allowed. */
const typedPasswordSchema = z.string().min(1).max(200);
/** Six digits of the authenticator app, or a recovery code; spaces and dashes do not count. */
const codeSchema = z.string().trim().min(6).max(40);

/** How one signs in: with a one-time link's token, or with a password. */
export const createSessionSchema = z.union([
  z.strictObject({ token: tokenSchema }),
  z.strictObject({
    email: emailSchema,
    password: typedPasswordSchema,
    code: codeSchema.optional(),
  }),
]);
export type CreateSession = z.input<typeof createSessionSchema>;

export const confirmSessionSchema = z.strictObject({
  password: typedPasswordSchema,
  code: codeSchema.optional(),
});
export type ConfirmSession = z.input<typeof confirmSessionSchema>;

/** What the sign-in screen may offer. */
export const signInOptionsSchema = z.object({
  password: z.literal(true),
  /** What the button says after "Sign in with". */
  oidc: z.object({ label: z.string() }).nullable(),
  /** Whether no owner can sign in yet: the hub's terminal shows the link that begins. */
  setup: z.boolean(),
  /** Whether a forgotten password can be mended by e-mail. */
  password_reset: z.boolean(),
});
export type SignInOptions = z.infer<typeof signInOptionsSchema>;

export const updateAccountSchema = z
  .strictObject({ name: nameSchema, email: emailSchema })
  .partial();
export type UpdateAccount = z.input<typeof updateAccountSchema>;

/** The token of the link that was mailed to an account's next e-mail. */
export const confirmEmailSchema = z.strictObject({ token: tokenSchema });

export const setPasswordSchema = z.strictObject({
  password: passwordSchema,
  /** Needed when the account has a password and the last proof is older than ten minutes. */
  current_password: typedPasswordSchema.optional(),
});
export type SetPassword = z.input<typeof setPasswordSchema>;

/** What the authenticator app is told, once. */
export const totpSetupSchema = z.object({
  /** Base32, for typing. */
  secret: z.string(),
  /** `otpauth://` address, for a QR code. */
  uri: z.string(),
});
export type TotpSetup = z.infer<typeof totpSetupSchema>;

export const confirmTotpSchema = z.strictObject({ code: codeSchema });

/** Shown once; each works once. */
export const recoveryCodesSchema = z.object({ recovery_codes: z.array(z.string()) });
export type RecoveryCodes = z.infer<typeof recoveryCodesSchema>;

export const requestPasswordResetSchema = z.strictObject({ email: emailSchema });
export const resetPasswordSchema = z.strictObject({ token: tokenSchema, password: passwordSchema });
