/**
 * One account on one host: connecting, standing by, answering, and handing over.
 * @module
 */
import { messageOf } from "../../../client/base/errors.ts";
import { Backoff } from "../../../client/connection/backoff.ts";
import { AuthenticationError, ConnectionError, type Message } from "../../../client/mod.ts";
import type { BotClient } from "../../context/bot_client.ts";
import { type BotLogger, SubjectLogger } from "../../context/bot_logger.ts";
import type { Bot } from "../../run/bot.ts";
import type { Claims, Effect } from "../../run/claims.ts";
import type { Platform } from "../../run/platform.ts";
import type { CompleteSettings } from "../../run/run_options.ts";
import { RunningBot } from "../../run/running_bot.ts";
import { AccountClaims, type EffectOwner } from "../claims/account_claims.ts";
import { AccountGap, type GapOwner } from "./account_gap.ts";
import type { ConnectPacer } from "./connect_pacer.ts";
import type { AccountRecord } from "../store/fleet_records.ts";
import type { HostFigures } from "../report/fleet_report.ts";
import type { Versioned } from "../store/fleet_view.ts";
import type { HostLease } from "../lease/host_lease.ts";
import { type ClientOwner, LeasedClient } from "../lease/leased_client.ts";

/**
 * How long an account that is handed over goes on answering, milliseconds: its client may still hold back
 * a message that came before the successor was connected, until it knows whose it is.
 */
const LINGER = 1_000;

/** The upper bound of the delay before the first attempt after a loss, and of all others, milliseconds. */
const FIRST_DELAY = 250;
const MAX_DELAY = 2_000;

/** A time in which nobody received the messages of an account. */
export interface HeldGap {
  readonly account: AccountRecord;
  /** Since when, milliseconds since 1970 by this host's clock; undefined if that is unknown. */
  readonly from: number | undefined;
  /** Until when. */
  readonly to: number;
}

/** A message, an event or a tick of which nobody can say whether it was answered. */
export interface LeftOutcome {
  readonly account: AccountRecord;
  /** The message's id; for events and ticks, their name. */
  readonly id: string;
  /** Why its outcome is unknown: the end of a sentence. */
  readonly reason: string;
}

/** What the accounts of a host share. */
export interface HostServices {
  readonly bot: Bot;
  readonly platform: Platform;
  readonly settings: CompleteSettings;
  readonly lease: HostLease;
  readonly pacer: ConnectPacer;
  /** Makes the client of an account, not connected yet; it does not have to reconnect by itself. */
  openClient(id: string, account: AccountRecord): Promise<BotClient>;
  /** The claims of an account. */
  claimsOf(id: string, account: AccountRecord): Claims;
  /** Resolves when all that was finished is stored, or cannot be. */
  flushClaims(): Promise<void>;
  /** An account has become ready, or its end has come: there may be something to do. */
  onChanged(): void;
  onUnknown(outcome: LeftOutcome): void;
  onGap(gap: HeldGap): void;
  readonly figures: HostFigures;
}

/** An account that this host is connected for, or about to be. */
export class HeldAccount implements ClientOwner, EffectOwner, GapOwner {
  /** The record that it was made from. */
  readonly source: Versioned<AccountRecord>;
  /** The times in which its messages are missed. */
  readonly gap: AccountGap;
  readonly #services: HostServices;
  readonly #id: string;
  readonly #log: BotLogger;
  #client: LeasedClient | undefined;
  #claims: AccountClaims | undefined;
  #bot: RunningBot | undefined;
  /** Resolves when the bot has ended. */
  #running: Promise<void> | undefined;
  #phase: "held" | "draining" | "drained" | "closed" = "held";
  /** Whether this host is the one that may answer. */
  #opened = false;
  #succeeds = false;
  /** Why the server or the vault refuses the account. */
  #refused: string | undefined;
  #connecting = false;
  /** When it connected last, and when it lost a connection last, by the monotonic clock. */
  #connectedSince: number | undefined;
  #lostAt: number | undefined;
  #backoff: Backoff | undefined;
  #isNamed = false;
  #successor: string | null | undefined;
  /** Since when the successor receives what is said, by the monotonic clock; undefined if there is none. */
  #leftAt: number | undefined;
  #notices: string[] | undefined;

  /** Starts to connect. */
  constructor(services: HostServices, id: string, source: Versioned<AccountRecord>) {
    this.#services = services;
    this.#id = id;
    this.source = source;
    this.gap = new AccountGap(services.platform, this);
    const { email } = source.record;
    this.#log = new SubjectLogger(services.settings.logger, email);
    void this.#connect();
  }

  /** Whether it is connected, so that no message is missed. */
  get ready(): boolean {
    return this.#client?.connected === true;
  }

  /** What it does, for the status of the fleet. */
  get state(): "connecting" | "standing by" | "answering" | "draining" | "set aside" {
    if (this.#refused !== undefined) return "set aside";
    if (this.#phase !== "held") return "draining";
    if (!this.ready) return "connecting";
    return this.#opened ? "answering" : "standing by";
  }

  /** Why the account cannot be served; undefined if it can. */
  get refused(): string | undefined {
    return this.#refused;
  }

  /** Whether it has finished what it was answering. */
  get drained(): boolean {
    return this.#phase === "drained";
  }

  /** Whether it accepts nothing any more. */
  get ended(): boolean {
    return this.#phase !== "held";
  }

  /** Since when the oldest event waits to be let through, by the monotonic clock; undefined if none does. */
  get waitingSince(): number | undefined {
    return this.#client?.waitingSince;
  }

  /** Whether it may have answered. */
  get opened(): boolean {
    return this.#opened;
  }

  /**
   * This host is the only one that may answer: what has arrived so far is let through. `fence` is that of
   * its record; the first holder of an account has 1.
   */
  open(fence: number): void {
    if (this.#opened || this.#phase !== "held") return;
    this.#opened = true;
    this.#isNamed = true;
    this.#succeeds = fence > 1;
    this.#start();
  }

  /** Says something in the room, as soon as the bot runs. */
  announce(text: string): void {
    (this.#notices ??= []).push(text);
    this.#sayNotices();
  }

  /** The lease is valid again: what waited goes on. */
  restored(): void {
    this.#client?.restored();
  }

  /**
   * Stops accepting messages and finishes those that were accepted, within `limit` milliseconds. With a
   * successor, that begins a little later.
   */
  async drain(hasSuccessor: boolean, limit: number): Promise<void> {
    if (this.#phase !== "held") return;
    this.#phase = "draining";
    if (this.#bot !== undefined) {
      if (hasSuccessor) await this.#wait(LINGER);
      this.#client?.drain();
      this.#bot.stop("The account is handed over to another host.", limit);
      await this.#running;
      this.#claims?.interrupt();
      await this.#services.flushClaims();
    }
    if (this.#phase !== "draining") return; // The host has been given up meanwhile.
    this.#phase = "drained";
    this.#services.onChanged();
  }

  /** Stops at once, also in the middle of a `drain`: what is still being answered is reported. */
  async interrupt(): Promise<void> {
    if (this.#phase === "held") return await this.drain(false, 0);
    this.#claims?.interrupt();
    await this.#services.flushClaims();
  }

  /** The record names this host, so that what arrives here may arrive nowhere else. */
  named(): void {
    this.#isNamed = true;
  }

  /** The record names `host` as the next: from now on that host receives what is said. */
  leaveTo(host: string | null): void {
    if (host === this.#successor) return;
    this.#successor = host;
    this.#leftAt = host === null ? undefined : this.#services.platform.monotonic();
  }

  /** Disconnects. What has arrived and was not let through is reported, unless a successor has it. */
  async close(): Promise<void> {
    this.#end();
    await this.#client?.disconnect();
  }

  /** The host has been given up: nothing may be sent any more. */
  async abandon(): Promise<void> {
    this.#end();
    this.#claims?.abandon();
    this.#bot?.stop("This host has lost its lease.", 0);
    await this.#client?.disconnect();
  }

  #end(): void {
    // It has not been connected again, and whoever is the next was not connected then.
    this.gap.end();
    this.#phase = "closed";
    this.#client?.close(this.#isNamed ? this.#leftAt ?? Infinity : -Infinity);
  }

  async #connect(): Promise<void> {
    if (this.#connecting) return;
    this.#connecting = true;
    const started = this.#services.platform.now();
    let warned = false;
    while (!this.#isClosed && this.#refused === undefined && !this.ready) {
      try {
        await this.#pauseAfterLoss();
        await this.#services.pacer.connect(this.source.record.server, () => this.#connectNow());
        if (this.ready) this.#connected();
      } catch (error) {
        if (this.#isClosed) break;
        if (error instanceof AuthenticationError) {
          this.#refused = error.facts;
          break;
        }
        if (!warned) this.#log.warn(`not connected, trying again: ${messageOf(error)}`);
        warned = true;
        if (this.#isNamed) this.gap.failed(started);
        // The pacer waits for the server; this is for the session, which cannot be read now.
        if (!(error instanceof ConnectionError)) await this.#wait(MAX_DELAY);
      }
    }
    this.#connecting = false;
    this.#services.onChanged();
  }

  /** After a loss, a random delay, which grows if connections do not last. */
  async #pauseAfterLoss(): Promise<void> {
    if (this.#lostAt === undefined) return;
    const { platform } = this.#services;
    this.#backoff ??= new Backoff(FIRST_DELAY, () => platform.random(), MAX_DELAY);
    this.#backoff.connectionLasted(this.#lostAt - (this.#connectedSince ?? this.#lostAt));
    this.#lostAt = undefined;
    await this.#wait(this.#backoff.next());
  }

  #connected(): void {
    const { platform, figures } = this.#services;
    if (this.#connectedSince !== undefined) figures.reconnects++;
    this.#connectedSince = platform.monotonic();
    this.gap.connected(this.#client?.silence);
    this.#start();
  }

  async #connectNow(): Promise<void> {
    if (this.#isClosed) return;
    // In its turn, because reading the session takes time as well.
    this.#client ??= await this.#newClient();
    if (this.#isClosed) return;
    await this.#client.connect();
    if (this.#isClosed) await this.#client.disconnect();
  }

  get #isClosed(): boolean {
    return this.#phase === "closed";
  }

  async #newClient(): Promise<LeasedClient> {
    const { bot, lease, openClient } = this.#services;
    const client = await openClient(this.#id, this.source.record);
    return new LeasedClient(client, lease, bot.name, this);
  }

  /** See `EffectOwner`. */
  get failedSends(): number {
    return this.#client?.failedSends ?? 0;
  }

  /** See `EffectOwner`. */
  unknown({ id }: Effect, reason: string): void {
    this.#services.onUnknown({ account: this.source.record, id, reason });
  }

  /** See `ClientOwner`. */
  monotonic(): number {
    return this.#services.platform.monotonic();
  }

  /** See `ClientOwner`. */
  lost(): void {
    // Failed attempts to connect end here, too.
    if (this.#isClosed || this.#connecting) return;
    const { platform } = this.#services;
    this.#lostAt = platform.monotonic();
    this.gap.lost(this.#isNamed);
    void this.#connect();
  }

  /** Starts the bot, the first time that the account is connected and its own to answer. */
  #start(): void {
    const client = this.#client;
    if (!this.#opened || !this.ready || client === undefined || this.#phase !== "held") return;
    if (this.#bot === undefined) {
      const { bot, platform, settings, figures } = this.#services;
      const claims = this.#services.claimsOf(this.#id, this.source.record);
      this.#claims = new AccountClaims(claims, figures, this);
      const own = {
        ...settings,
        logger: this.#log,
        claims: this.#claims,
        succeeds: this.#succeeds,
      };
      this.#bot = new RunningBot(bot, client, own, platform);
      this.#running = this.#bot.run().catch((error: unknown) => {
        this.#log.error("the bot stopped", error);
      });
    }
    client.open();
    this.#sayNotices();
  }

  #sayNotices(): void {
    const client = this.#client;
    if (this.#bot === undefined || client === undefined || !client.connected) return;
    const notices = this.#notices ?? [];
    this.#notices = undefined;
    for (const text of notices) {
      client.send(text).catch((error: unknown) => {
        this.#log.warn(`could not say in the room: ${text} (${messageOf(error)})`);
      });
    }
  }

  /** See `GapOwner`. */
  reportGap(from: number | undefined, to: number): void {
    this.#services.onGap({ account: this.source.record, from, to });
  }

  /** See `ClientOwner`. */
  dropped(message: Message): void {
    if (message.own === true) return;
    this.#services.onUnknown({
      account: this.source.record,
      id: message.id,
      reason: "it was received while this host could not answer",
    });
  }

  #wait(delay: number): Promise<void> {
    return new Promise((resolve) => this.#services.platform.schedule(resolve, delay));
  }
}
