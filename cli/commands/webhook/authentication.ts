/**
 * Whether a request comes from somebody who knows the secret.
 * @module
 */
import { verify } from "@octokit/webhooks-methods";

/** The parts of a request that can prove it. */
export interface Proof {
  readonly headers: Headers;
  readonly url: string;
  readonly body: string;
}

/**
 * Whether a request proves that its sender knows the secret, by the first of these that it has: the
 * signature of the body as GitHub makes it (`X-Hub-Signature-256`), the header `Authorization: Bearer`,
 * or the last part of the path. All comparisons take the same time wherever the texts differ.
 */
export async function isAuthentic({ headers, url, body }: Proof, secret: string): Promise<boolean> {
  const signature = headers.get("x-hub-signature-256");
  if (signature !== null) {
    return signature !== "" && body !== "" && await verify(secret, body, signature);
  }
  const authorization = headers.get("authorization");
  if (authorization !== null) {
    const [, token = ""] = /^Bearer +(\S+)$/i.exec(authorization) ?? [];
    return await areEqual(token, secret);
  }
  const [last = ""] = new URL(url).pathname.split("/").slice(-1);
  return await areEqual(decoded(last), secret);
}

async function areEqual(given: string, secret: string): Promise<boolean> {
  const [a, b] = await Promise.all([digest(given), digest(secret)]);
  return a.reduce((different, byte, at) => different | (byte ^ (b[at] ?? 0)), 0) === 0;
}

/** Texts of any length become 32 bytes, so that the comparison does not tell the length. */
async function digest(text: string): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text)));
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return "";
  }
}
