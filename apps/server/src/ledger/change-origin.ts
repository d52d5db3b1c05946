/** Where a person's or a program's request came from; the audit log keeps it. */
export interface ChangeOrigin {
  readonly address: string | null;
  readonly userAgent: string | null;
  readonly requestId: string | null;
}
