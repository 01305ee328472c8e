/**
 * The events of the Roomz protocol as they are on the wire.
 * @module
 */

/** A member of the channel, as one of its connections shows it. */
export interface WireUser {
  readonly id: string;
  readonly email: string;
  /** HTML-escaped. */
  readonly display_name: string | null;
}

/** What the server sends. */
export interface ServerEvents {
  authenticated: (
    payload: { readonly user: WireUser; readonly channel: string; readonly server_time: string },
  ) => void;
  user_joined: (
    payload: {
      readonly user: WireUser;
      readonly timestamp: string;
      readonly total_connections: number;
    },
  ) => void;
  message: (
    payload: {
      readonly id: string;
      readonly user: WireUser;
      readonly content: string;
      readonly timestamp: string;
    },
  ) => void;
  display_name_changed: (
    payload: {
      readonly user: WireUser;
      readonly timestamp: string;
      readonly connection_id: string;
    },
  ) => void;
  user_left: (
    payload: {
      readonly user: WireUser;
      readonly timestamp: string;
      readonly remaining_connections: number;
    },
  ) => void;
}

/** What clients send: anything may come with it, so nothing is assumed of the arguments. */
export interface ClientEvents {
  message: (...args: unknown[]) => void;
  set_display_name: (...args: unknown[]) => void;
}

/** How a client event is acknowledged. */
export type Acknowledgement =
  | { readonly status: "ok"; readonly message_id: string; readonly timestamp: string }
  | { readonly status: "ok"; readonly display_name: string | null }
  | { readonly error: string; readonly code: number };
