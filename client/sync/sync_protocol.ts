/**
 * What the two threads of a SyncClient say to each other.
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
import type { DisplayNameResult, SendResult } from "../base/results.ts";
import type { ClientOptions } from "../connection/options.ts";

/** What the worker is started with. */
export interface WorkerStart {
  /** Tells this data from that of the program's other workers. */
  readonly roomz: "sync client";
  readonly port: MessagePort;
  readonly shared: Int32Array<SharedArrayBuffer>;
  readonly serverUrl: string;
  readonly sessionToken: string;
  readonly options: ClientOptions;
}

/** The shared integers: how many notices were sent, and the connection's state. */
export const SharedIndex = { NOTICES: 0, STATE: 1 } as const;

/** The states, at the index that stands for them in shared memory. */
export const STATES: readonly ConnectionState[] = [
  ConnectionState.DISCONNECTED,
  ConnectionState.CONNECTING,
  ConnectionState.CONNECTED,
  ConnectionState.RECONNECTING,
];

/** The calls that the worker carries out: their arguments and what they give. */
export interface Calls {
  readonly connect: { readonly args: readonly [token: string]; readonly result: void };
  readonly disconnect: { readonly args: readonly []; readonly result: void };
  readonly login: { readonly args: readonly [email: string]; readonly result: boolean };
  readonly whoami: { readonly args: readonly []; readonly result: Account };
  readonly send: {
    readonly args: readonly [content: string, options: { readonly timeout?: number }];
    readonly result: SendResult;
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

/** An error, as it crosses between threads: a class is lost on the way, its name is not. */
export interface PlainError {
  readonly name: string;
  readonly message: string;
}

/** An event, as it crosses between threads. */
export interface PlainEvent<K extends EventName = EventName> {
  readonly kind: "event";
  readonly name: K;
  readonly payload: EventMap[K];
  readonly user: User | null;
}

/** The end of a call. */
export type Outcome =
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

/** What the worker says. `user` is the client's as of then. */
export type Notice = PlainEvent | Outcome;

/** An error made ready to cross. */
export function toPlainError(error: unknown): PlainError {
  return error instanceof Error
    ? { name: error.name, message: error.message }
    : { name: "Error", message: String(error) };
}

/** The error on the other side, of the class that it had. */
export function fromPlainError({ name, message }: PlainError): Error {
  const classes = [AuthenticationError, ConnectionError, ConfigurationError, ClientError];
  const Class = classes.find((Class) => Class.name === name) ?? Error;
  return new Class(message);
}
