/**
 * The server's HTTP routes for logging in.
 *
 * Source: roomz 0.4.0, `server/__init__.py`. The server reports failures as RFC 9457 problems.
 * @module
 */
import { AuthenticationError, ConnectionError, messageOf } from "../base/errors.ts";
import { isJsonObject, type JsonObject, parseJson } from "../base/json.ts";
import type { Platform } from "../base/platform.ts";
import { isSessionJwt } from "./session_token.ts";

/** The advice of errors that a new login solves. */
export const LOG_IN =
  "Request a new magic link with login(email), then pass its token to connect(token).";

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
    const { response, body } = await this.#call("/auth/request-magic-link", signal, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ email }),
    });
    if (response.ok && body?.status === "ok") return;
    if (typeof body?.detail === "string") {
      const { status } = response;
      throw new ConnectionError(`The login link was not sent: ${body.detail}`, { status });
    }
    throw this.#notRoomz(response);
  }

  /**
   * GET /auth/verify: exchanges a magic-link token for a session JWT. Works once for each token.
   * @throws {AuthenticationError} The token is wrong, already used or expired.
   * @throws {ConnectionError} The server did not answer, or is not a Roomz server.
   */
  async verify(token: string, signal: AbortSignal): Promise<string> {
    const path = `/auth/verify?token=${encodeURIComponent(token)}`;
    // The redirect is the answer: if it were followed, a bad token would look like success.
    const { response } = await this.#call(path, signal, { redirect: "manual" }, token);
    const location = response.headers.get("Location") ?? "";
    const failure = /[?&]error=(\w+)/.exec(location)?.[1];
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
    throw this.#notRoomz(response);
  }

  /**
   * GET /auth/me.
   * @throws {AuthenticationError} The server does not accept the session.
   * @throws {ConnectionError} The server did not answer, or is not a Roomz server.
   */
  async me(jwt: string, signal: AbortSignal): Promise<Account> {
    const init = { headers: { Cookie: sessionCookie(jwt) } };
    const { response, body } = await this.#call("/auth/me", signal, init, jwt);
    if (response.status === 401 && typeof body?.title === "string") throw sessionRefused();
    if (response.ok && body?.status === "ok" && isJsonObject(body.user)) {
      const { email, created_at } = body.user;
      if (typeof email === "string" && typeof created_at === "string") return { email, created_at };
    }
    throw this.#notRoomz(response);
  }

  async #call(
    path: string,
    signal: AbortSignal,
    init: RequestInit,
    secret = "",
  ): Promise<{ response: Response; body: JsonObject | undefined }> {
    try {
      const response = await this.#platform.fetch(this.#server + path, { ...init, signal });
      const value = parseJson(await response.text());
      return { response, body: isJsonObject(value) ? value : undefined };
    } catch (error) {
      signal.throwIfAborted();
      throw new ConnectionError(`No answer from ${this.#server} (${describe(error, secret)}).`, {
        advice: "Check the URL, http or https, and that the server is running.",
      });
    }
  }

  #notRoomz(response: Response): ConnectionError {
    const { status } = response;
    return new ConnectionError(`${this.#server} is not a Roomz server (HTTP ${status}).`, {
      advice: "Check the URL and its port.",
      status,
    });
  }
}

/** The error for a session that the server refuses. */
export function sessionRefused(): AuthenticationError {
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
  return secret === ""
    ? text
    : text.replaceAll(secret, "[secret]").replaceAll(encodeURIComponent(secret), "[secret]");
}
