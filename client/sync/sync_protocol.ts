/**
 * The messages between the two threads of a SyncClient.
 * @module
 */
import type { MessagePort } from "node:worker_threads";
import type { Account } from "../auth/auth_api.ts";
import { ConnectionState } from "../base/connection_state.ts";
import {
  AuthenticationError,
  ClientError,
  ConfigurationError,
  ConnectionError,
} from "../base/errors.ts";
import type { EventMap, EventName, User } from "../base/events.ts";
import type { DisplayNameResult, SendResult, SendTextResult } from "../base/results.ts";
import type { ClientOptions } from "../connection/options.ts";

/** The worker's start data. */
export interface WorkerStart {
  /** Distinguishes this data from that of the program's other workers. */
  readonly roomz: "sync client";
  readonly port: MessagePort;
  readonly shared: Int32Array<SharedArrayBuffer>;
  readonly serverUrl: string;
  readonly sessionToken: string;
  readonly options: ClientOptions;
}

/** The shared integers: the number of notices sent, and the connection's state. */
export const SharedIndex = { NOTICES: 0, STATE: 1 } as const;

/** The states, each at the index that represents it in shared memory. */
export const STATES: readonly ConnectionState[] = [
  ConnectionState.DISCONNECTED,
  ConnectionState.CONNECTING,
  ConnectionState.CONNECTED,
  ConnectionState.RECONNECTING,
];

/** The calls that the worker executes: their arguments and results. */
export interface Calls {
  readonly connect: { readonly args: readonly [token: string]; readonly result: void };
  readonly disconnect: { readonly args: readonly []; readonly result: void };
  readonly login: { readonly args: readonly [email: string]; readonly result: boolean };
  readonly whoami: { readonly args: readonly []; readonly result: Account };
  readonly send: {
    readonly args: readonly [content: string, options: { readonly timeout?: number }];
    readonly result: SendResult;
  };
  readonly sendText: {
    readonly args: readonly [text: string, options: { readonly timeout?: number }];
    readonly result: SendTextResult;
  };
  readonly setDisplayName: {
    readonly args: readonly [name: string | null];
    readonly result: DisplayNameResult;
  };
}

/** A call to the worker. */
export type Request = {
  [M in keyof Calls]: {
    readonly id: number;
    readonly method: M;
    readonly args: Calls[M]["args"];
  };
}[keyof Calls];

/** An error as data: a class cannot cross between threads, its name can. */
export interface PlainError {
  readonly name: string;
  /** The message without the advice. */
  readonly facts: string;
  readonly advice?: string | undefined;
  readonly status?: number | undefined;
  readonly retryAfter?: number | undefined;
}

/** An event as data. */
export interface PlainEvent<K extends EventName = EventName> {
  readonly kind: "event";
  readonly name: K;
  readonly payload: EventMap[K];
  readonly user: User | null;
}

/** The result of a call, or its failure. */
export type CallResult =
  | {
    readonly kind: "result";
    readonly id: number;
    readonly value: Calls[keyof Calls]["result"];
    readonly user: User | null;
  }
  | {
    readonly kind: "failure";
    readonly id: number;
    readonly error: PlainError;
    readonly user: User | null;
  };

/** What the worker sends. `user` is the client's at that time. */
export type Notice = PlainEvent | CallResult;

/** Converts an error to data. */
export function toPlainError(error: unknown): PlainError {
  if (error instanceof ClientError) {
    const { name, facts, advice } = error;
    if (!(error instanceof ConnectionError)) return { name, facts, advice };
    const { status, retryAfter } = error;
    return { name, facts, advice, status, retryAfter };
  }
  return error instanceof Error
    ? { name: error.name, facts: error.message }
    : { name: "Error", facts: String(error) };
}

/** Converts data to an error of the original class. */
export function fromPlainError({ name, facts, ...options }: PlainError): Error {
  const classes = [AuthenticationError, ConnectionError, ConfigurationError, ClientError];
  const Class = classes.find((Class) => Class.name === name);
  return Class === undefined ? new Error(facts) : new Class(facts, options);
}
