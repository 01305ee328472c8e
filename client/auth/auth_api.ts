/**
 * The server's HTTP routes for logging in.
 *
 * Source: roomz 0.4.0, `server/__init__.py`. The server reports failures as RFC 9457 problems.
 * @module
 */
import { AuthenticationError, ConnectionError, messageOf } from "../base/errors.ts";
import { outOfDescriptors } from "../base/file_descriptors.ts";
import { isJsonObject, type JsonObject, parseJson } from "../base/json.ts";
import type { Platform } from "../base/platform.ts";
import { parseRetryAfter } from "./retry_after.ts";
import { isSessionJwt } from "./session_token.ts";
import { untraced } from "./untraced.ts";

/** The advice of errors that a new login solves. */
export const LOG_IN =
  "Request a new magic link with login(email), then pass its token to connect(token).";

/** How much of a body is read, bytes: no answer of the server is longer. */
const MAX_BODY = 8_192;

/** The account that a session belongs to, from `/auth/me`. */
export interface Account {
  /** The account's email address. */
  readonly email: string;
  /** When the session was created, ISO 8601. */
  readonly created_at: string;
}

/** The HTTP routes of one server. */
export class AuthApi {
  readonly #platform: Platform;
  /** The server's URL, without a trailing slash. */
  readonly #server: string;

  constructor(platform: Platform, server: string) {
    this.#platform = platform;
    this.#server = server;
  }

  /**
   * POST /auth/request-magic-link.
   * @throws {ConnectionError} The server refused, with its reason, or did not answer.
   */
  async requestMagicLink(email: string, signal: AbortSignal): Promise<void> {
    const path = "/auth/request-magic-link";
    const { response, body } = await this.#call(path, signal, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ email }),
    });
    if (response.ok && body?.status === "ok") return;
    if (typeof body?.detail === "string") {
      throw new ConnectionError(
        `The magic link was not sent: ${body.detail}`,
        this.#answerOf(response),
      );
    }
    throw this.#unexpected(response, path);
  }

  /**
   * GET /auth/verify: exchanges a magic-link token for a session JWT. Works once for each token.
   * @throws {AuthenticationError} The token is wrong, already used or expired.
   * @throws {ConnectionError} The server did not answer, or is not a Roomz server.
   */
  async verify(token: string, signal: AbortSignal): Promise<string> {
    const path = "/auth/verify";
    const query = `?token=${encodeURIComponent(token)}`;
    const { response } = await this.#call(path + query, signal, {}, token);
    const location = this.#locationOf(response, path);
    const failure = location?.host === new URL(this.#server).host
      ? location.searchParams.get("error") ?? undefined
      : undefined;
    if (failure === "unauthorized") {
      throw new AuthenticationError("The server no longer accepts this email address.", {
        advice: "Ask whoever runs the server.",
      });
    }
    if (failure !== undefined) {
      throw new AuthenticationError(
        "The server refused the magic-link token: it is wrong, already used, or older than " +
          "15 minutes.",
        { advice: LOG_IN },
      );
    }
    for (const cookie of response.headers.getSetCookie()) {
      const jwt = /^session_token=([^;]*)/.exec(cookie)?.[1];
      if (jwt !== undefined && isSessionJwt(jwt)) return jwt;
    }
    throw this.#unexpected(response, path, token);
  }

  /**
   * GET /auth/me.
   * @throws {AuthenticationError} The server does not accept the session.
   * @throws {ConnectionError} The server did not answer, or is not a Roomz server.
   */
  async me(jwt: string, signal: AbortSignal): Promise<Account> {
    const init = { headers: { Cookie: sessionCookie(jwt) } };
    const path = "/auth/me";
    const { response, body } = await this.#call(path, signal, init, jwt);
    if (response.status === 401 && typeof body?.title === "string") throw sessionRefused();
    if (response.ok && body?.status === "ok" && isJsonObject(body.user)) {
      const { email, created_at } = body.user;
      if (typeof email === "string" && typeof created_at === "string") return { email, created_at };
    }
    throw this.#unexpected(response, path);
  }

  async #call(
    path: string,
    signal: AbortSignal,
    init: RequestInit,
    secret = "",
  ): Promise<{ response: Response; body: JsonObject | undefined }> {
    try {
      // No cookie and no token goes where a redirect points; and verify answers with a redirect: if
      // it were followed, a bad token would look like success.
      const options: RequestInit = { ...init, signal, redirect: "manual" };
      const request = () => this.#platform.fetch(this.#server + path, options);
      // A span has the whole URL, and that of verify has the token.
      const response = await (path.includes("?") ? untraced(request) : request());
      const value = parseJson(await readBody(response));
      return { response, body: isJsonObject(value) ? value : undefined };
    } catch (error) {
      signal.throwIfAborted();
      const reason = describe(error, secret);
      throw outOfDescriptors(reason) ??
        new ConnectionError(`No answer from ${this.#server} (${reason}).`, {
          advice: "Check the URL, http or https, and that the server is running.",
        });
    }
  }

  /** The error for a response that Roomz does not give to a request for `path`. */
  #unexpected(response: Response, path: string, secret = ""): ConnectionError {
    const { status } = response;
    let facts = `is not a Roomz server (HTTP ${status}).`;
    let advice = "Check the URL and its port.";
    if (response.headers.has("Location") && status >= 300 && status < 400) {
      const target = this.#locationOf(response, path);
      // Without its query, which may repeat the token.
      const address = target && `${target.protocol}//${target.host}${target.pathname}`;
      const isSamePath = address?.endsWith(path) ?? false;
      const base = isSamePath ? address?.slice(0, -path.length) : address;
      const to = hide(secret, base ?? "an invalid address");
      facts = `redirects to ${to} (HTTP ${status}).`;
      advice = isSamePath && to !== this.#server
        ? `Set the server URL to ${to}.`
        : "Check the URL: a proxy or a sign-in page may be in front of the server.";
    } else if (status === 429 || status >= 500) {
      facts = `is unavailable (HTTP ${status}).`;
      advice = "Try again later.";
    }
    const answer = this.#answerOf(response);
    return new ConnectionError(`${this.#server} ${facts}`, { advice, ...answer });
  }

  #locationOf(response: Response, path: string): URL | null {
    const location = response.headers.get("Location");
    return location === null ? null : URL.parse(location, this.#server + path);
  }

  #answerOf({ status, headers }: Response): { status: number; retryAfter: number | undefined } {
    return { status, retryAfter: parseRetryAfter(headers, this.#platform.now()) };
  }
}

/** The body, or "" if it is longer than any of Roomz. */
async function readBody({ body }: Response): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  let size = 0;
  for await (const chunk of body ?? []) {
    size += chunk.length;
    if (size > MAX_BODY) return "";
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

/** The error for a session that the server refuses. */
function sessionRefused(): AuthenticationError {
  return new AuthenticationError(
    "The server does not accept this session: it has expired or was revoked.",
    { advice: LOG_IN },
  );
}

/** The cookie that carries a session. */
export function sessionCookie(jwt: string): string {
  return `session_token=${jwt}`;
}

/** The runtime's reason for a failure, without the URL that it quotes, which contains the token. */
function describe(error: unknown, secret: string): string {
  // The error of Deno's and Node's fetch only says that it failed; its cause says why.
  const reason = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const text = messageOf(reason)
    .replace(/^.*(?:\bfor url \([^)]*\)|\bclient error \(\w+\)):?\s*/, "");
  return hide(secret, text);
}

function hide(secret: string, text: string): string {
  return secret === ""
    ? text
    : text.replaceAll(secret, "[secret]").replaceAll(encodeURIComponent(secret), "[secret]");
}
