/** Languages in which a receiver is shown how to check what it gets. */
export const snippetLanguages = ["TypeScript", "Python", "PHP", "Go"] as const;

export type SnippetLanguage = (typeof snippetLanguages)[number];

/**
 * How receivers check what they get, by Standard Webhooks 1.0.0: with what the language brings
 * along, but for Node, which has a package for it. The body is the raw one, byte for byte.
 */
export const verifySnippets: Readonly<Record<SnippetLanguage, string>> = {
  TypeScript: `import type { IncomingHttpHeaders } from "node:http";
import { Webhook } from "standardwebhooks";

const secret = process.env.SLOTWIRE_WEBHOOK_SECRET;
if (!secret) throw new Error("Set SLOTWIRE_WEBHOOK_SECRET.");
const webhook = new Webhook(secret);

// body: the request's raw body as text
// headers: Node's; of a Request they are Object.fromEntries(request.headers)
export function verify(body: string, headers: IncomingHttpHeaders): unknown {
  return webhook.verify(body, headers as Record<string, string>);
}`,

  Python: `import base64, hashlib, hmac, json, os, time

KEY = base64.b64decode(os.environ["SLOTWIRE_WEBHOOK_SECRET"].removeprefix("whsec_"))

# body: the request's raw body as bytes
def verify(body, headers):
    sent_at = headers["webhook-timestamp"]
    if abs(time.time() - int(sent_at)) > 300:
        raise ValueError("too old or too new")
    signed = f"{headers['webhook-id']}.{sent_at}.".encode() + body
    ours = "v1," + base64.b64encode(hmac.new(KEY, signed, hashlib.sha256).digest()).decode()
    theirs = headers["webhook-signature"].split(" ")
    if not any(hmac.compare_digest(ours, one) for one in theirs):
        raise ValueError("the signature does not match")
    return json.loads(body)`,

  PHP: `<?php
// $body: file_get_contents("php://input"); $headers: names in lower case
function verify(string $body, array $headers): mixed {
    $key = base64_decode(substr(getenv("SLOTWIRE_WEBHOOK_SECRET"), strlen("whsec_")));
    $sentAt = $headers["webhook-timestamp"];
    if (abs(time() - (int) $sentAt) > 300) {
        throw new Exception("too old or too new");
    }
    $signed = $headers["webhook-id"] . "." . $sentAt . "." . $body;
    $ours = "v1," . base64_encode(hash_hmac("sha256", $signed, $key, true));
    foreach (explode(" ", $headers["webhook-signature"]) as $theirs) {
        if (hash_equals($ours, $theirs)) {
            return json_decode($body, true);
        }
    }
    throw new Exception("the signature does not match");
}`,

  Go: `package receiver

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"net/http"
	"os"
	"strconv"
	"strings"
	"time"
)

// Verify checks the request's raw body.
func Verify(body []byte, headers http.Header) error {
	secret := strings.TrimPrefix(os.Getenv("SLOTWIRE_WEBHOOK_SECRET"), "whsec_")
	key, err := base64.StdEncoding.DecodeString(secret)
	if err != nil {
		return err
	}
	sentAt := headers.Get("webhook-timestamp")
	seconds, err := strconv.ParseInt(sentAt, 10, 64)
	if err != nil || time.Since(time.Unix(seconds, 0)).Abs() > 5*time.Minute {
		return errors.New("too old or too new")
	}
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(headers.Get("webhook-id") + "." + sentAt + "."))
	mac.Write(body)
	ours := "v1," + base64.StdEncoding.EncodeToString(mac.Sum(nil))
	for _, theirs := range strings.Split(headers.Get("webhook-signature"), " ") {
		if hmac.Equal([]byte(ours), []byte(theirs)) {
			return nil
		}
	}
	return errors.New("the signature does not match")
}`,
};
