/**
 * A conversation on one server, wherever it is shown: what arrives becomes entries, what is sent is
 * followed to its end, and the connection is made again until the user leaves.
 * @module
 */
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

/** Something to show, as plain text that is not harmless yet. */
export interface Entry {
  /** Whose it is, and what became of it. A rule divides what is before it from what comes. */
  readonly kind: "message" | "mention" | "own" | "failed" | "notice" | "rule";
  /** The text, of one line or several. */
  readonly text: string;
  /** What the text of a message begins with. */
  readonly head?: { readonly time: string; readonly sender: string };
}

/** Where a conversation is shown. */
export interface View {
  /** Shows an entry below the others. */
  show(entry: Entry): void;
  /** The status or the pending messages have changed. */
  changed(): void;
}

const FIRST_RETRY = 1_000;
const LONGEST_RETRY = 30_000;

/** The conversation. */
export class Conversation {
  /** Who else is there. */
  readonly presence: Presence = new Presence();
  /** What was said. */
  readonly transcript: Transcript = new Transcript();
  readonly #client: AsyncClient;
  readonly #view: View;
  readonly #signal: AbortSignal;
  readonly #pending = new Set<{ readonly text: string }>();
  #connection: ConnectionStatus = { state: "connecting" };
  #connecting: AbortController | undefined;
  #wasConnected = false;
  #day = localDay(new Date().toISOString());
  #away = false;
  #unread = false;

  /** Ends when `signal` aborts. */
  constructor(client: AsyncClient, view: View, signal: AbortSignal) {
    this.#client = client;
    this.#view = view;
    this.#signal = signal;
    client.on("message", (message) => this.#received(message));
    client.on("authenticated", () => this.#authenticated());
    client.on("user_joined", ({ total_connections }) => {
      this.presence.counted(total_connections);
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
    client.on("error", ({ error, code }) => {
      if (code === 401) this.#loggedOut(new AuthenticationError(error));
      else this.#view.show({ kind: "notice", text: error });
    });
  }

  /** What the status line tells. */
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

  /** What was sent and is not acknowledged yet, oldest first. */
  get pending(): string[] {
    return Array.from(this.#pending, ({ text }) => text);
  }

  /** The user's display name here. */
  get displayName(): string | null {
    return this.#client.displayName;
  }

  /**
   * Connects with the session that is there, or with `token`; tries again while the server is not
   * reached. Where the user must log in, that is shown.
   */
  async connect(token = ""): Promise<void> {
    this.#connecting?.abort();
    const connecting = new AbortController();
    this.#connecting = connecting;
    const signal = AbortSignal.any([this.#signal, connecting.signal]);
    for (let attempt = 1; !signal.aborted; attempt++) {
      try {
        return await this.#client.connect(token, { signal });
      } catch (error) {
        if (signal.aborted) return;
        if (error instanceof AuthenticationError) return this.#loggedOut(error);
        if (!(error instanceof ConnectionError)) throw error;
        const delay = Math.min(FIRST_RETRY * 2 ** (attempt - 1), LONGEST_RETRY);
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

  /** Connects once. @throws As `connect` of the client does. */
  connectOnce(): Promise<void> {
    return this.#client.connect("", { signal: this.#signal });
  }

  /** Has a magic link sent. @throws {ConnectionError} The server refused, or did not answer. */
  async requestLink(email: string): Promise<void> {
    await this.#client.login(email);
  }

  /** Sets or clears the display name; gives it as others see it. */
  async setName(name: string | null): Promise<string | null> {
    const result = await this.#client.setDisplayName(name);
    if (result.status !== "ok") throw new ClientError(result.error);
    this.#view.changed();
    return result.display_name;
  }

  /** Disconnects, and forgets the session. */
  async logOut(): Promise<void> {
    this.#connecting?.abort();
    await this.#client.logout();
    this.#wasConnected = false;
    this.#setConnection({ state: "logged out" });
  }

  /** The text in parts that the server keeps whole: none of an empty text. */
  partsOf(text: string): string[] {
    return splitContent(text);
  }

  /** Sends each part when the one before arrived; stops where one does not. */
  async send(parts: readonly string[]): Promise<void> {
    const waiting = parts.map((text) => ({ text }));
    for (const part of waiting) this.#pending.add(part);
    this.#view.changed();
    try {
      for (const { text } of waiting) if (!await this.#sendOne(text)) return;
    } finally {
      for (const part of waiting) this.#pending.delete(part);
      this.#view.changed();
    }
  }

  /** The user went away from the screen, or came back to it. */
  setAway(away: boolean): void {
    if (away && !this.#away) this.#unread = false;
    this.#away = away;
  }

  /** Disconnects. */
  async close(): Promise<void> {
    this.#connecting?.abort();
    await this.#client.disconnect();
  }

  async #sendOne(content: string): Promise<boolean> {
    try {
      const result = await this.#client.send(content, { signal: this.#signal });
      if (result.status === "ok") return true;
      const mark = result.delivery === "unknown" ? "? may not have arrived" : "✗ not sent";
      this.#view.show({ kind: "failed", text: `${mark}: ${content}\n${result.error}` });
    } catch (error) {
      if (!(error instanceof ConnectionError)) throw error;
      const text = `✗ not sent: ${content}\n${error.facts}`;
      this.#view.show({ kind: "failed", text });
    }
    return false;
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
    this.presence.wrote(message);
    const kind = mentions(message.content, this.#client.displayName) ? "mention" : "message";
    this.#view.show({ kind, text, head });
  }

  #authenticated(): void {
    if (this.#wasConnected) {
      const text = "Reconnected. Messages sent while you were offline were missed.";
      this.#view.show({ kind: "notice", text });
    }
    this.#wasConnected = true;
    this.#view.changed();
  }

  #loggedOut(error: AuthenticationError): void {
    this.#setConnection({ state: "logged out" });
    this.#view.show({
      kind: "notice",
      text: `${error.facts}\nLog in: /login EMAIL has a link sent, /token TOKEN takes it.`,
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
