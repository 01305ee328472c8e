/**
 * What the two threads of a SyncClient say to each other.
 * @module
 */
import { ConnectionState } from "./connection_state.ts";
import {
  AuthenticationError,
  ClientError,
  ConfigurationError,
  ConnectionError,
} from "./errors.ts";
import type { EventMap, EventName, User } from "./events.ts";
import type { Account } from "./auth_api.ts";
import type { DisplayNameResult, SendResult } from "./results.ts";

/** The calls that the worker carries out: their arguments and what they give. */
export interface Calls {
  connect: { args: [token: string]; result: null };
  disconnect: { args: []; result: null };
  login: { args: [email: string]; result: boolean };
  logout: { args: []; result: null };
  whoami: { args: []; result: Account };
  send: { args: [content: string, timeout: number | undefined]; result: SendResult };
  setDisplayName: { args: [name: string | null]; result: DisplayNameResult };
}

/** A call to the worker. */
export type Request = {
  [M in keyof Calls]: { readonly id: number; readonly method: M; readonly args: Calls[M]["args"] };
}[keyof Calls];

/** An error, as it crosses between threads. */
export interface PlainError {
  readonly name: string;
  readonly message: string;
}

/** An event, as it crosses between threads. */
export type PlainEvent = {
  [K in EventName]: { readonly event: K; readonly payload: EventMap[K] };
}[EventName];

/** What the worker says: an event, or the end of a call; `user` is always as of then. */
export type Notice =
  & { readonly user: User | null }
  & (
    | PlainEvent
    | { readonly id: number; readonly result: Calls[keyof Calls]["result"] }
    | { readonly id: number; readonly error: PlainError }
  );

/** The shared integers: how many notices were sent, and the connection's state. */
export const SharedIndex = { NOTICES: 0, STATE: 1 } as const;

/** The states by the number that stands for them in shared memory. */
export const STATES: readonly ConnectionState[] = [
  ConnectionState.DISCONNECTED,
  ConnectionState.CONNECTING,
  ConnectionState.CONNECTED,
  ConnectionState.RECONNECTING,
];

/** An error made ready to cross. */
export function toPlainError(error: unknown): PlainError {
  if (error instanceof Error) return { name: error.name, message: error.message };
  return { name: "Error", message: String(error) };
}

/** The error on the other side, of the class it had. */
export function fromPlainError({ name, message }: PlainError): Error {
  for (const Class of [AuthenticationError, ConnectionError, ConfigurationError, ClientError]) {
    if (Class.prototype.name === name || Class.name === name) return new Class(message);
  }
  return new Error(message);
}
