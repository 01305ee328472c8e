/**
 * Plays a scenario on a server and records what its clients observe.
 * @module
 */
import { SignJWT } from "jose";
import { JWT_SECRET, REFUSED_EMAIL, type TargetServer } from "../target.ts";
import { Normalizer } from "./normalizer.ts";
import { Peer } from "./peer.ts";
import { exchange } from "./raw_http.ts";
import { type HeaderTemplate, SLOTS, type Step } from "./scenario.ts";

/** The sessions of a scenario by their names in its headers, the same for every server. */
export type Sessions = Readonly<Record<string, string>>;

/** Creates the sessions of two accounts. */
export async function mintSessions(emails: readonly [string, string]): Promise<Sessions> {
  const now = Math.floor(Date.now() / 1000) - 2;
  const sign = (email: string, claims = {}, secret = JWT_SECRET) =>
    new SignJWT({
      sub: `user:${email}`,
      email,
      iat: now,
      exp: now + 3600,
      channel_token: "differential",
      ver: 1,
      ...claims,
    }).setProtectedHeader({ alg: "HS256", typ: "JWT" }).sign(new TextEncoder().encode(secret));
  const entries = await Promise.all(emails.map(async (email, account) => [
    [`good${account}`, await sign(email)],
    [`expired${account}`, await sign(email, { exp: now - 60 })],
    [`forged${account}`, await sign(email, {}, "another secret, 32 characters or more")],
    [`stranger${account}`, await sign(REFUSED_EMAIL)],
    [`garbage${account}`, "not-a-session"],
    [`otherVersion${account}`, await sign(email, { ver: 2 })],
    [`noChannel${account}`, await sign(email, { channel_token: undefined })],
    [`future${account}`, await sign(email, { iat: now + 1800 })],
    [`noSubject${account}`, await sign(email, { sub: undefined })],
    [`upperCase${account}`, await sign(email.toUpperCase())],
  ]));
  return Object.fromEntries(entries.flat());
}

/** The observations, step by step. */
export interface Transcript {
  readonly lines: readonly string[];
  /** How many frames and requests were sent, except those that only wait for others. */
  readonly sent: number;
}

export async function replay(
  server: TargetServer,
  steps: readonly Step[],
  emails: readonly [string, string],
  sessions: Sessions,
): Promise<Transcript> {
  const run = new Replay(server, emails, sessions);
  try {
    for (const [index, step] of steps.entries()) await run.step(index, step);
  } finally {
    await run.end();
  }
  return { lines: run.lines, sent: run.sent };
}

class Replay {
  readonly lines: string[] = [];
  sent = 0;
  readonly #server: TargetServer;
  readonly #emails: readonly [string, string];
  readonly #values: Map<string, string>;
  readonly #normalizer = new Normalizer();
  readonly #slots: (Peer | undefined)[] = Array.from({ length: SLOTS });
  /** One watcher per account, always in its channel. */
  readonly #watchers: Peer[] = [];

  constructor(server: TargetServer, emails: readonly [string, string], sessions: Sessions) {
    this.#server = server;
    this.#emails = emails;
    this.#values = new Map([
      ...Object.entries(sessions),
      ["stranger", REFUSED_EMAIL],
      ...emails.flatMap((email, account) => [
        [`email${account}`, email] as const,
        [`EMAIL${account}`, ` ${email.toUpperCase()}\t`] as const,
        [`token${account}`, "no-token-yet"] as const,
      ]),
    ]);
  }

  async step(index: number, step: Step): Promise<void> {
    if (this.#watchers.length === 0) await this.#startWatching();
    if (!await this.#perform(index, step)) return;
    for (const [slot, peer] of this.#slots.entries()) this.#write(index, `slot ${slot}`, peer);
    for (const [account, peer] of this.#watchers.entries()) {
      this.#write(index, `watcher ${account}`, peer);
    }
  }

  async end(): Promise<void> {
    for (const peer of [...this.#slots, ...this.#watchers]) await peer?.close();
  }

  async #startWatching(): Promise<void> {
    for (const account of [0, 1]) {
      const headers = this.#fill([["Cookie", `session_token={good${account}}`]]);
      const target = "/socket.io/?EIO=4&transport=websocket";
      const peer = await Peer.open(this.#server.url, "websocket", target, headers);
      await join(peer, "40");
      peer.take();
      this.#watchers.push(peer);
    }
  }

  /** False if the step is not possible in the current state and was skipped. */
  async #perform(index: number, step: Step): Promise<boolean> {
    if (step.do === "request") {
      await this.#request(index, step);
      return true;
    }
    const peer = this.#slots[step.slot];
    if (step.do === "open") {
      if (peer !== undefined && !peer.closed) return false;
      const headers = this.#fill(step.headers);
      this.#slots[step.slot] = await Peer.open(
        this.#server.url,
        step.transport,
        step.path,
        headers,
      );
      this.sent++;
      return true;
    }
    if (peer === undefined || peer.closed) return false;
    if (step.do !== "close" && peer.mute) return false;
    // The service accepts attachments only from clients that have joined.
    if (step.do === "binary" && !peer.joined) return false;
    this.sent++;
    switch (step.do) {
      case "join":
      case "frame":
        if (!peer.joined && /^40(?!\/admin)/.test(step.packet)) await join(peer, step.packet);
        else await peer.send(step.packet);
        break;
      case "burst":
        if (!peer.joined) break;
        this.sent += step.packets.length - 1;
        await peer.sendAll(step.packets);
        await peer.settle();
        peer.sortByKind();
        break;
      case "binary":
        await peer.send(step.packet);
        for (const attachment of step.attachments) {
          this.sent++;
          const bytes = new Uint8Array(attachment);
          await peer.send(step.asText ? `b${bytes.toBase64()}` : bytes);
        }
        break;
      case "leave":
        await this.#leave(peer, async () => {
          peer.mute = step.packet === "1";
          await peer.send(step.packet);
        });
        break;
      case "close":
        await this.#leave(peer, () => peer.close());
        break;
    }
    // Twice, because the first answer can overtake an event's own acknowledgement.
    await peer.settle();
    await peer.settle();
    const others = [...this.#slots, ...this.#watchers].filter((other) => other !== peer);
    await Promise.all(others.map((other) => other?.settle()));
    return true;
  }

  /** Waits until a remaining peer has received it, if there is one. */
  async #leave(peer: Peer, how: () => Promise<void>): Promise<void> {
    const { joined, email } = peer;
    await how();
    peer.joined = false;
    if (!joined) return;
    const left = (packet: string) => packet.startsWith('42["user_left",');
    const witness = [...this.#watchers, ...this.#slots]
      .find((other) => other !== peer && other?.joined && other.email === email);
    if (witness && !await witness.waitFor(left)) this.lines.push("nobody received its user_left");
    if (!peer.closed && !await peer.waitFor(left)) {
      this.lines.push("it did not receive its own user_left");
    }
  }

  async #request(index: number, step: Step & { readonly do: "request" }): Promise<void> {
    this.sent++;
    const { method } = step;
    const response = await exchange(this.#server.url, {
      method,
      target: this.#fillText(step.target),
      headers: this.#fill(step.headers),
      ...(step.body === undefined ? {} : { body: this.#fillText(step.body) }),
    });
    const line = this.#normalizer.response(response);
    this.lines.push(`${index} ${method}: ${line}`);
    if (step.asksFor !== undefined && response.status === 200) {
      const email = this.#emails[step.asksFor] ?? "";
      this.#values.set(`token${step.asksFor}`, await this.#server.magicLinkToken(email));
    }
  }

  #fill(headers: readonly HeaderTemplate[]): readonly HeaderTemplate[] {
    return headers.map(([name, value]) => [name, this.#fillText(value)]);
  }

  #fillText(text: string): string {
    return text.replace(/\{(\w+)\}/g, (all, name) => this.#values.get(name) ?? all);
  }

  #write(index: number, who: string, peer: Peer | undefined): void {
    for (const packet of peer?.take() ?? []) {
      this.lines.push(`${index} ${who}: ${this.#normalizer.packet(packet)}`);
    }
  }
}

/** Asks to join the channel, and waits for the answer. */
async function join(peer: Peer, packet: string): Promise<void> {
  await peer.send(packet);
  await peer.waitFor((packet) => /^(40\{|44)/.test(packet));
  peer.joined = peer.received.some((packet) => packet.startsWith("40{"));
  peer.email = peer.received.map((packet) => /"channel":"user:([^"]*)"/.exec(packet)?.[1])
    .find((email) => email !== undefined) ?? "";
}
