/** How a receiver in Node checks what it gets, by Standard Webhooks 1.0.0. */
export const verifySnippet = `import { Webhook } from "standardwebhooks";

const webhook = new Webhook(process.env.SLOTWIRE_SECRET);

// body: the request's raw body as text
const event = webhook.verify(body, request.headers);`;
