/**
 * The events of the Roomz protocol, in their wire format.
 * @module
 */

/** The user of a connection. */
export interface WireUser {
  readonly id: string;
  readonly email: string;
  /** HTML-escaped. */
  readonly display_name: string | null;
}

/** The payload of each event that the server sends. */
export interface ServerEvents {
  readonly authenticated: {
    readonly user: WireUser;
    readonly channel: string;
    readonly server_time: string;
  };
  readonly user_joined: {
    readonly user: WireUser;
    readonly timestamp: string;
    readonly total_connections: number;
  };
  readonly message: {
    readonly id: string;
    readonly user: WireUser;
    readonly content: string;
    readonly timestamp: string;
  };
  readonly display_name_changed: {
    readonly user: WireUser;
    readonly timestamp: string;
    readonly connection_id: string;
  };
  readonly user_left: {
    readonly user: WireUser;
    readonly timestamp: string;
    readonly remaining_connections: number;
  };
}

/** The acknowledgement of an event from a client. */
export type Acknowledgement =
  | { readonly status: "ok"; readonly message_id: string; readonly timestamp: string }
  | { readonly status: "ok"; readonly display_name: string | null }
  | { readonly error: string; readonly code: number };
