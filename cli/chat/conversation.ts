/**
 * A conversation on one server, independent of how it is shown: turns incoming messages into entries,
 * follows each send to its result, and reconnects until the user quits.
 * @module
 */
import { Backoff } from "../../client/connection/backoff.ts";
import {
  type AsyncClient,
  AuthenticationError,
  ClientError,
  ConnectionError,
  type Message,
  splitContent,
} from "../../client/mod.ts";
import { localDay, localTime, messageEntry, sender } from "../messages/message_line.ts";
import { mentions } from "./mention.ts";
import { Presence } from "./presence.ts";
import type { ConnectionStatus, Status } from "./status_line.ts";
import { Transcript } from "./transcript.ts";

/** Something to show, as plain text that is not sanitized for the terminal yet. */
export interface Entry {
  /** What it is, which decides how it looks. A rule separates the entries before and after it. */
  readonly kind: "message" | "mention" | "own" | "failed" | "notice" | "rule";
  /** The text, one or more lines. */
  readonly text: string;
  /** The parts that the text of a message starts with. */
  readonly head?: { readonly time: string; readonly sender: string };
}

/** The screen or plain output that shows a conversation. */
export interface View {
  /** Appends an entry. */
  show(entry: Entry): void;
  /** Called when the status or the pending messages have changed. */
  changed(): void;
}

/** The mark of a message that did not go out. */
const NOT_SENT = "✗ not sent";

/** The upper bound of the first retry delay, milliseconds. */
const FIRST_RETRY_DELAY = 1_000;

export class Conversation {
  readonly presence: Presence = new Presence();
  readonly transcript: Transcript = new Transcript();
  readonly #client: AsyncClient;
  readonly #view: View;
  readonly #signal: AbortSignal;
  readonly #pending = new Set<{ readonly text: string }>();
  #machineName: string | undefined;
  #connection: ConnectionStatus = { state: "connecting" };
  #connecting: AbortController | undefined;
  #wasConnected = false;
  #day = localDay(new Date().toISOString());
  #away = false;
  #unread = false;

  /**
   * Stops connecting and sending when `signal` aborts. `machineName` is the client's display name if
   * nobody chose it.
   */
  constructor(client: AsyncClient, view: View, signal: AbortSignal, machineName?: string) {
    this.#machineName = machineName;
    this.#client = client;
    this.#view = view;
    this.#signal = signal;
    client.on("message", (message) => this.#received(message));
    client.on("authenticated", () => this.#authenticated());
    client.on("user_joined", ({ total_connections }) => {
      this.presence.connectionsCounted(total_connections);
      view.changed();
    });
    client.on("user_left", (event) => {
      this.presence.left(event);
      view.changed();
    });
    client.on("display_name_changed", (event) => this.presence.renamed(event));
    client.on("disconnect", () => this.presence.forget());
    client.on("connection_state_changed", ({ state, reason, attempt, retryIn }) => {
      const retryAt = retryIn === undefined ? undefined : Date.now() + retryIn;
      this.#setConnection({ state, reason, attempt, retryAt });
    });
    client.on("error", ({ error, code, cause }) => {
      // The advice of the client's errors is for programs.
      const text = cause instanceof ClientError ? cause.facts : error;
      if (code === 401) this.#showLogin(text);
      else this.#view.show({ kind: "notice", text });
    });
  }

  /** What the status line shows. */
  get status(): Status {
    const { user, displayName, serverUrl } = this.#client;
    return {
      connection: this.#connection,
      server: serverUrl,
      identity: user === null ? undefined : sender({ ...user, display_name: displayName }),
      email: user?.email,
      connections: this.presence.connections,
    };
  }

  /** Whether messages can be sent now. */
  get connected(): boolean {
    return this.#client.connected;
  }

  /** The messages that were sent but not acknowledged yet, oldest first. */
  get pending(): string[] {
    return Array.from(this.#pending, ({ text }) => text);
  }

  /** The name that others see, once the server has acknowledged it. */
  get displayName(): string | null {
    return this.#client.user?.display_name ?? null;
  }

  /**
   * Connects with `token` or the stored session. Retries while the server is unreachable. If the
   * user must log in, shows how.
   */
  async connect(token = ""): Promise<void> {
    this.#connecting?.abort();
    const connecting = new AbortController();
    this.#connecting = connecting;
    const signal = AbortSignal.any([this.#signal, connecting.signal]);
    const backoff = new Backoff(FIRST_RETRY_DELAY, Math.random);
    for (let attempt = 1; !signal.aborted; attempt++) {
      try {
        return await this.#client.connect(token, { signal });
      } catch (error) {
        if (signal.aborted) return;
        if (error instanceof AuthenticationError) return this.#showLogin(error.facts);
        if (!(error instanceof ConnectionError)) throw error;
        const delay = backoff.next();
        const { facts: reason } = error;
        this.#setConnection({
          state: "reconnecting",
          reason,
          attempt,
          retryAt: Date.now() + delay,
        });
        await sleep(delay, signal);
      }
    }
  }

  /** Connects without retrying. @throws Like `connect` of the client. */
  connectOnce(): Promise<void> {
    return this.#client.connect("", { signal: this.#signal });
  }

  /** Requests a magic link. @throws {ConnectionError} The server refused or did not answer. */
  async requestLink(email: string): Promise<void> {
    await this.#client.login(email);
  }

  /** Sets or clears the display name. @returns The name as others see it. */
  async setName(name: string | null): Promise<string | null> {
    const result = await this.#client.setDisplayName(name);
    if (result.status !== "ok") throw new ClientError(result.error);
    this.#machineName = undefined;
    this.#view.changed();
    return result.display_name;
  }

  /** Disconnects and deletes the stored session. */
  async logOut(): Promise<void> {
    this.#connecting?.abort();
    await this.#client.logout();
    this.#wasConnected = false;
    this.#setConnection({ state: "logged out" });
  }

  /** The text split into parts that fit in a message; no part if the text is empty. */
  partsOf(text: string): string[] {
    return splitContent(text);
  }

  /**
   * Sends the text, in parts if it is long; nothing else that the user sends gets between them. Shows
   * each part as pending until it is acknowledged, and as failed if it is not.
   */
  async send(text: string): Promise<void> {
    const pending = this.partsOf(text).map((text) => ({ text }));
    if (pending.length === 0) return;
    for (const part of pending) this.#pending.add(part);
    this.#view.changed();
    let next = 0;
    const onPart = (): void => {
      const part = pending[next++];
      if (part !== undefined) this.#pending.delete(part);
      this.#view.changed();
    };
    const fail = (mark: string, reason: string): void => {
      const [first, ...others] = pending.slice(next).map((part) => part.text);
      this.#view.show({ kind: "failed", text: `${mark}: ${first}\n${reason}` });
      for (const part of others) this.#view.show({ kind: "failed", text: `${NOT_SENT}: ${part}` });
    };
    try {
      const result = await this.#client.sendText(text, { signal: this.#signal, onPart });
      if (result.status === "ok") return;
      const mark = result.delivery === "unknown" ? "? may not have arrived" : NOT_SENT;
      fail(mark, result.error);
    } catch (error) {
      if (!(error instanceof ConnectionError)) throw error;
      fail(NOT_SENT, error.facts);
    } finally {
      for (const part of pending) this.#pending.delete(part);
      this.#view.changed();
    }
  }

  /** Records whether the user is away from the screen. */
  setAway(away: boolean): void {
    if (away && !this.#away) this.#unread = false;
    this.#away = away;
  }

  async close(): Promise<void> {
    this.#connecting?.abort();
    await this.#client.disconnect();
  }

  #received(message: Message): void {
    const day = localDay(message.timestamp);
    if (day !== this.#day && day !== "") {
      this.#day = day;
      this.#view.show({ kind: "rule", text: day });
    }
    const text = messageEntry(message);
    const head = { time: localTime(message.timestamp), sender: sender(message.user) };
    this.transcript.add(text);
    if (message.own === true) return this.#view.show({ kind: "own", text, head });
    if (this.#away && !this.#unread) {
      this.#unread = true;
      this.#view.show({ kind: "rule", text: "unread" });
    }
    this.presence.sawMessage(message);
    const { displayName } = this.#client;
    const isMention = mentions(message.content, displayName, displayName === this.#machineName);
    this.#view.show({ kind: isMention ? "mention" : "message", text, head });
  }

  #authenticated(): void {
    if (this.#wasConnected) {
      const text = "Reconnected. Messages sent while you were offline were missed.";
      this.#view.show({ kind: "notice", text });
    }
    this.#wasConnected = true;
    this.#view.changed();
  }

  /** Says how to log in; `facts` is why. */
  #showLogin(facts: string): void {
    this.#setConnection({ state: "logged out" });
    this.#view.show({
      kind: "notice",
      text:
        `${facts}\nTo log in, request a link with /login EMAIL, then connect with /token TOKEN.`,
    });
  }

  #setConnection(connection: ConnectionStatus): void {
    this.#connection = connection;
    this.#view.changed();
  }
}

/** Resolves after `milliseconds`, or when `signal` aborts. */
async function sleep(milliseconds: number, signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, milliseconds);
  signal.addEventListener("abort", () => resolve(), { once: true });
  await promise;
  clearTimeout(timer);
}
