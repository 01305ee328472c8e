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

/** What the server sends: the payload of each event. */
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

/** How a client event is acknowledged. */
export type Acknowledgement =
  | { readonly status: "ok"; readonly message_id: string; readonly timestamp: string }
  | { readonly status: "ok"; readonly display_name: string | null }
  | { readonly error: string; readonly code: number };
